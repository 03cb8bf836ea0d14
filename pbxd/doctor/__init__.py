"""`pbxd doctor`: looks at everything and says what to do."""
