"""Abuse block in the console."""
