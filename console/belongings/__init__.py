"""What belongs to a customer in other capabilities: goes along when two are made one."""
