"""The whole of the client."""

from .commanding import Commanding
from .reading import Reading


class StellantisClient(Reading, Commanding):
    """One owner's view of the platform."""
