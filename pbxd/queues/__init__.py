"""Waiting queues."""
