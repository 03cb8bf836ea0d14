"""Away, wrap-up, available: whether calls are sent to an agent (자리비움, S4-60)."""
