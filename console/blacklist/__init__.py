"""Refused numbers in the console (S4-102, S4-103)."""
