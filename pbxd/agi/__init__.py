"""FastAGI: the dialplan's questions, each with a deadline and a default answer."""
