"""Who is to be called back, who was missed, what was promised: the page of things to do."""
