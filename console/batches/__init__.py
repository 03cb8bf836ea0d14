"""Changes to many customers at once, each of which can be taken back as a whole."""
