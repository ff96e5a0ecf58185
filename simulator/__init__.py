"""A stand-in for the whole platform: identity providers, API, cars and their clock."""

from .server import Simulator

__all__ = ["Simulator"]
