"""Does later what was promised."""
