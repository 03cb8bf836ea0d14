"""Who may call what, and which number is shown."""
