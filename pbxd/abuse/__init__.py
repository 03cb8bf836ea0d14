"""Protection of agents from abusive callers (민원차단, S4-57, S4-58)."""
