"""The supervisor's page."""
