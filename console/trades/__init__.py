"""The office's trade: lists, fields, names and phrases that fit it, added in one act (S3-04)."""
