"""Log-in accounts."""
