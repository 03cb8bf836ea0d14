"""Extensions, and one's own phone."""
