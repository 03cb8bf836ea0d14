"""Agents: who works here, at which extension and phone, and what that phone does."""
