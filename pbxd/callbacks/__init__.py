"""Callbacks: callers who want, or should, be called back, from every source in one life-cycle."""
