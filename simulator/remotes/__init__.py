"""Remotes: what can be asked of a car from afar, and how that goes."""
