"""Long-call protection in the console."""
