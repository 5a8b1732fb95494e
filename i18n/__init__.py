"""Words to people."""
