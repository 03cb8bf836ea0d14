"""The office's own lists of words: grades, groups, classes … (S1-81, S1-85 … S1-89, S3-32)."""
