"""A real telephone office on one machine: Asterisk 22, desk phones and the outside world."""
