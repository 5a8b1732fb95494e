"""The composition root: builds, wires, runs."""
