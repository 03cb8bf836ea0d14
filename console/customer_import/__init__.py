"""Customers out of Excel and CSV files: mapped, tried out, read in, taken back (S0-12, S4-107)."""
