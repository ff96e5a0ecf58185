"""Fixtures of a client and a server."""

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
    """Override the fixture: the client needs no Home Assistant."""


@pytest.fixture(autouse=True)
def _no_pauses() -> None:
    """Override the fixture: the fake clock shortens the pauses."""


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock at noon."""
    return FakeClock()


@pytest.fixture
def server() -> FakeServer:
    """Return the server."""
    return FakeServer()


@pytest.fixture
async def hosts(server: FakeServer) -> AsyncIterator[Hosts]:
    """Return hosts that are all the server."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.handle)
    async with TestServer(application) as test_server:
        yield ServerHosts(server=test_server.make_url("/"))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def rate_limiter(clock: FakeClock) -> RateLimiter:
    """Return a rate limiter of a plan with a large burst."""
    rate_limiter = RateLimiter(clock)
    rate_limiter.record({"X-RateLimit-Limit-2": "1000"})
    return rate_limiter


@pytest.fixture
def client(
    session: aiohttp.ClientSession,
    hosts: Hosts,
    rate_limiter: RateLimiter,
    clock: FakeClock,
) -> StellantisClient:
    """Return a client with three tokens."""
    return StellantisClient(
        session,
        FakeTokens("first", "second", "third"),
        hosts,
        "my-id",
        rate_limiter=rate_limiter,
        clock=clock,
    )
