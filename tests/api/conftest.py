"""A client, and a server that says what it is told to."""

from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.stellantis_connect.api.models.brand import Brand, Platform
from custom_components.stellantis_connect.api.rate_limit import RateLimitLedger
from custom_components.stellantis_connect.api.stellantis import StellantisClient

from .stand import SetClock, Stand, Tokens


@pytest.fixture(autouse=True)
def _custom_integration() -> None:
    """Leave Home Assistant out: the client works without."""


@pytest.fixture(autouse=True)
def _no_pauses() -> None:
    """Keep the pauses: the clock that is set makes them short."""


@pytest.fixture
def clock() -> SetClock:
    """Return a clock at noon."""
    return SetClock()


@pytest.fixture
def stand() -> Stand:
    """Return what the server says."""
    return Stand()


@pytest.fixture
async def platform(stand: Stand) -> AsyncIterator[Platform]:
    """Return a platform whose every host is the server."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", stand.answer)
    async with TestServer(application) as server:
        yield Platform(Brand.PEUGEOT, host=server.make_url("/"))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def ledger(clock: SetClock) -> RateLimitLedger:
    """Return a ledger which knows that many requests fit into a second."""
    ledger = RateLimitLedger(clock)
    ledger.record({"X-RateLimit-Limit-2": "1000"})
    return ledger


@pytest.fixture
def client(
    session: aiohttp.ClientSession,
    platform: Platform,
    ledger: RateLimitLedger,
    clock: SetClock,
) -> StellantisClient:
    """Return a client with two tokens."""
    return StellantisClient(
        session,
        Tokens("first", "second"),
        platform,
        "my-id",
        ledger=ledger,
        clock=clock,
    )
