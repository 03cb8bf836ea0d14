"""Announcements in the console: listen, speak a text, put a recording in its place."""
