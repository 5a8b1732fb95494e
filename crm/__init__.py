"""The business: every decision, every select."""
