"""Channels → legs → calls: what happens on the telephone line."""
