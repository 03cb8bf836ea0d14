"""By what customers are sorted: one place for every list of them."""
