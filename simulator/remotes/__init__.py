"""Remotes: the commands to cars, and their progress."""
