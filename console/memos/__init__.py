"""A memo for each call (S2-30), with what the customer was like at that time (S2-34)."""
