"""The customer's fields: which there are, what the office calls them, and its own ones."""
