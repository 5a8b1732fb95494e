"""The pages of the web."""
