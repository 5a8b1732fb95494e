"""What people write: labels, technologies, rates, typed lines. Pure and light; imported by whoever reads text."""
