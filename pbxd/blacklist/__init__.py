"""Numbers whose calls get no further (S4-102, S4-103)."""
