"""Backups of the database: by the clock or by hand, tried out, kept by rule; and back again."""
