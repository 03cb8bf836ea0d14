"""Customers by any of what is known about them; results kept, added to, saved (S3-20 … S3-31)."""
