"""The desk in the browser: call bar, softphone, screen pop, home page."""
