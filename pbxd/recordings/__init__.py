"""Recordings: taken from Asterisk's spool, checked, kept, found again, deleted when it is time."""
