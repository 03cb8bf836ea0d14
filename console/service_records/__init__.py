"""Service records: what was done for a customer, when, by whom, for how much."""
