"""What happened to a car, and what is derived from it."""
