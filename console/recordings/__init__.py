"""Recordings: the list, the player, who listened, what is kept."""
