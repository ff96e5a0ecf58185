"""A server that says what it is told to, and a clock that is set."""

import pytest


@pytest.fixture(autouse=True)
def _custom_integration() -> None:
    """Leave Home Assistant out: the client works without."""
