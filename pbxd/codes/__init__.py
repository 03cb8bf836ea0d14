"""Keys pressed and codes dialled at a phone: what the buttons do, without a screen."""
