"""Fixtures: a simulator with a clock that tests advance, and a client."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from simulator import Simulator

from .client import Client

START = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
"""A Wednesday noon: cars are at work."""


@pytest.fixture(autouse=True)
def _custom_integration() -> None:
    """Run these tests without Home Assistant."""


@pytest.fixture
def history() -> timedelta:
    """Return the length of the cars' history; tests override it."""
    return timedelta(days=9)


@pytest.fixture
def by_the_book() -> bool:
    """Return whether the simulator follows the specification; tests override it."""
    return True


@pytest.fixture
async def simulator(
    socket_enabled: None, history: timedelta, by_the_book: bool
) -> AsyncIterator[Simulator]:
    """Return a simulator at a fixed time."""
    async with Simulator(
        now=lambda: START, history=history, by_the_book=by_the_book
    ) as simulator:
        yield simulator


@pytest.fixture
async def session(simulator: Simulator) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session with the simulator."""
    async with aiohttp.ClientSession(simulator.url) as session:
        yield session


@pytest.fixture
async def client(simulator: Simulator, session: aiohttp.ClientSession) -> Client:
    """Return a client with all scopes of the default account's Peugeots."""
    return await Client.signed_in(simulator, session)
