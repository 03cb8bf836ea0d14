"""Customers who are entered twice: found, compared, made one (S3-54)."""
