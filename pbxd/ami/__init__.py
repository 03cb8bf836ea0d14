"""The link to Asterisk's manager interface (AMI)."""
