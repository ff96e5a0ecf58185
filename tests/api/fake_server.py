"""A server, a clock and a token source for tests of the client."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import json
from typing import Any, override

from aiohttp import web
from yarl import URL

from custom_components.stellantis_connect.api.clock import Clock
from custom_components.stellantis_connect.api.models.brand import Brand, Hosts

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class ServerHosts(Hosts):
    """One server as all hosts."""

    brand: Brand = Brand.PEUGEOT
    server: URL = field(kw_only=True)

    @property
    @override
    def identity_provider_url(self) -> URL:
        """Return the root of the identity provider."""
        return self.server / "idp" / self.brand

    @property
    @override
    def api_url(self) -> URL:
        """Return the root of the API."""
        return self.server / "connectedcar" / "v4"


NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)


class FakeClock(Clock):
    """A clock that advances only while something sleeps."""

    def __init__(self) -> None:
        """Initialize the clock at noon."""
        self.time = NOON
        self.slept: list[float] = []

    @override
    def now(self) -> datetime:
        """Return the time of day."""
        return self.time

    @override
    def monotonic(self) -> float:
        """Return the seconds since the start."""
        return (self.time - NOON).total_seconds()

    @override
    async def sleep(self, seconds: float) -> None:
        """Advance the time at once."""
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)


class FakeTokens:
    """A token source with several tokens."""

    def __init__(self, *tokens: str) -> None:
        """Initialize the source."""
        self._tokens = list(tokens)

    async def async_get_access_token(self, rejected: str | None = None) -> str:
        """Return the current token, or the next one if it was rejected."""
        if rejected == self._tokens[0] and len(self._tokens) > 1:
            del self._tokens[0]
        return self._tokens[0]


class FakeServer:
    """Sends responses in order, and repeats the last one."""

    def __init__(self) -> None:
        """Initialize the server."""
        self.requests: list[web.Request] = []
        self.forms: list[Mapping[str, Any]] = []
        self.bodies: list[Any] = []
        self._handlers: list[Handler] = []

    def respond_with(self, *handlers: Handler) -> None:
        """Send these responses from now on."""
        self._handlers = list(handlers)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Handle a request."""
        self.requests.append(request)
        self.forms.append(dict(await request.post()))
        is_json = request.content_type == "application/json"
        self.bodies.append(await request.json() if is_json else None)
        handler = self._handlers[0]
        if len(self._handlers) > 1:
            del self._handlers[0]
        return await handler(request)


def respond(
    body: Any = "", status: int = 200, headers: Mapping[str, str] | None = None
) -> Handler:
    """Return a handler that sends a text, or something else as JSON."""
    text = body if isinstance(body, str) else json.dumps(body)

    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=text, status=status, headers=headers)

    return handler


async def close_connection(request: web.Request) -> web.StreamResponse:
    """Close the connection without a response."""
    assert request.transport
    request.transport.close()
    return web.Response()


async def interrupt(request: web.Request) -> web.StreamResponse:
    """Close the connection within the body."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"updatedAt"')
    return await close_connection(request)
