"""What somebody typed and did not save, for when his browser is gone with it."""
