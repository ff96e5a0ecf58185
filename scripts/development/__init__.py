"""Run the simulator's cars in a Home Assistant for development."""


class DevelopmentError(Exception):
    """Development cannot start, for a reason that a person can resolve."""
