"""Scheduled calls in the console."""
