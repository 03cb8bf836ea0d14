"""The live stream to every open page."""
