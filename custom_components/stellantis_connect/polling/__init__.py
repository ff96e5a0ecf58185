"""What to poll, how often, and within which quota."""
