"""The telephony daemon: it speaks with Asterisk and knows nothing of screens."""

__version__ = "0.1.0"
