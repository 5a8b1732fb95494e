"""What the pages do; listed in backoffice.routes alone."""
