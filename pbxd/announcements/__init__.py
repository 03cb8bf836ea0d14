"""What is said on the telephone: the office's own recordings and texts, per language."""
