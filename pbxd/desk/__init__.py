"""What an agent may do to a call: one verb a file, one definite result each."""
