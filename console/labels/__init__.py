"""Address labels on sheets: to whom, on what, with what, from which place of a used sheet."""
