"""The phonebook: shared and private entries, speed dial, and the books of desk phones."""
