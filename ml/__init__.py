"""From posts to labels."""
