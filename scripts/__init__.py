"""What a developer calls, and what it is made of."""
