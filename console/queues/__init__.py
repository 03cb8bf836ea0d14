"""Waiting queues and the wallboard."""
