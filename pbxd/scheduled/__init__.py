"""Calls at a time that was set (예약콜, S1-12 … S1-21)."""
