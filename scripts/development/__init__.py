"""A garage to look at: the simulator's cars in a Home Assistant of one's own."""


class GarageError(Exception):
    """The garage cannot be shown, for a reason that a person can act upon."""
