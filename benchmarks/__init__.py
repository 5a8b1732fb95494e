"""What the project promises in figures: `python -m benchmarks.NAME [--short]`, each with a baseline of the same run."""
