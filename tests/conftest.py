"""Fixtures on the real Asterisk are there for every folder of tests."""

pytest_plugins = ["lab.pytest_plugin"]
