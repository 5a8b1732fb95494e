"""One function keeps one kind of promise; listed in worker.runner alone."""
