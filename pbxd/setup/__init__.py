"""`pbxd init`: points pbxd at an Asterisk."""
