"""The phonebook on the screen, in files, and on desk phones."""
