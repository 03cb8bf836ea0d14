"""Away, wrap-up and their settings in the console (자리비움, S4-60)."""
