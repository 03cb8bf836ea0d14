"""Call forwarding (착신전환, S1-22)."""
