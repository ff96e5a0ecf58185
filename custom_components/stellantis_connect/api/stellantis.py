"""The whole of the client."""

from .reading import Reading


class StellantisClient(Reading):
    """One owner's view of the platform."""
