"""A client, and a server that says what it is told to."""

from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.stellantis_connect.api.client import StellantisClient
from custom_components.stellantis_connect.api.models.brand import Hosts
from custom_components.stellantis_connect.api.rate_limit import RateLimiter

from .fake_server import FakeClock, FakeServer, FakeTokens, ServerHosts


@pytest.fixture(autouse=True)
def _custom_integration() -> None:
    """Leave Home Assistant out: the client works without."""


@pytest.fixture(autouse=True)
def _no_pauses() -> None:
    """Keep the pauses: the clock that is set makes them short."""


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock at noon."""
    return FakeClock()


@pytest.fixture
def server() -> FakeServer:
    """Return what the server says."""
    return FakeServer()


@pytest.fixture
async def platform(server: FakeServer) -> AsyncIterator[Hosts]:
    """Return a platform whose every host is the server."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.answer)
    async with TestServer(application) as test_server:
        yield ServerHosts(server=test_server.make_url("/"))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def rate_limiter(clock: FakeClock) -> RateLimiter:
    """Return a ledger which knows that many requests fit into a second."""
    rate_limiter = RateLimiter(clock)
    rate_limiter.record({"X-RateLimit-Limit-2": "1000"})
    return rate_limiter


@pytest.fixture
def client(
    session: aiohttp.ClientSession,
    platform: Hosts,
    rate_limiter: RateLimiter,
    clock: FakeClock,
) -> StellantisClient:
    """Return a client with two tokens."""
    return StellantisClient(
        session,
        FakeTokens("first", "second", "third"),
        platform,
        "my-id",
        rate_limiter=rate_limiter,
        clock=clock,
    )
