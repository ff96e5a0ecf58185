"""The cars, their lives, and the data that they send."""
