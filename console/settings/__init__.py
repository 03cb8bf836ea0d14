"""The office's settings: one page that leads to those of every capability."""
