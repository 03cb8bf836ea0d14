"""A supervisor at a live call: listen, whisper, barge in, take over."""
