"""The desk in the browser: pure parts."""
