"""Opening hours: when the office's lines are answered, and what callers hear when they are not."""
