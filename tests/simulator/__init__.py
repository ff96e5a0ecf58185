"""What the simulator promises to those who develop and test against it."""
