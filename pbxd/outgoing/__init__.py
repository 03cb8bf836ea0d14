"""Calls that go out: who may call what, and which number he shows."""
