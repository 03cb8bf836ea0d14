"""Extensions, one's own phone, and the list of functions."""
