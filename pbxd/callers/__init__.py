"""Telephone numbers and who calls."""
