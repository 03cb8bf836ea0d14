"""A made-up office to try things in: people, customers and ninety days of calls."""
