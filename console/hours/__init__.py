"""Opening hours: the week, days that are not as usual, and the switch."""
