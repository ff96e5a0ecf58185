"""Which data and commands a car offers, and why something is missing."""
