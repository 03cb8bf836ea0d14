"""Lists: which columns somebody sees, and filters under a name."""
