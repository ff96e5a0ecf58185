"""Tests of the identity provider."""

import aiohttp
import pytest

from custom_components.stellantis_connect.api.exceptions import (
    AuthenticationError,
    BadRequestError,
    InvalidClientError,
    InvalidResponseError,
    QuotaExceededError,
    ServerError,
    StellantisError,
)
from custom_components.stellantis_connect.api.identity import IdentityProvider
from custom_components.stellantis_connect.api.models.brand import Hosts

from .fake_server import FakeClock, FakeServer, Handler, close_connection, respond
from .recorded import load

TOKEN = {"access_token": "new", "refresh_token": "newer", "expires_in": 3600}
CODE = {"grant_type": "authorization_code", "code": "c", "redirect_uri": "http://r"}
REFRESH = {"grant_type": "refresh_token", "refresh_token": "old"}


@pytest.fixture
def provider(
    session: aiohttp.ClientSession, hosts: Hosts, clock: FakeClock
) -> IdentityProvider:
    """Return the identity provider."""
    return IdentityProvider(session, hosts, "my-id", "my-secret", clock=clock)


async def test_code_is_exchanged_for_a_token(
    provider: IdentityProvider, server: FakeServer
) -> None:
    """The request carries HTTP Basic, and no realm."""
    server.respond_with(respond(TOKEN))
    assert await provider.token(CODE) == TOKEN
    (request,) = server.requests
    assert request.path == "/idp/peugeot/am/oauth2/access_token"
    assert not request.query
    assert request.headers["Authorization"] == aiohttp.encode_basic_auth(
        "my-id", "my-secret"
    )
    assert server.forms == [CODE]


async def test_refresh_sends_the_realm(
    provider: IdentityProvider, server: FakeServer
) -> None:
    """The realm is in the query."""
    server.respond_with(respond(TOKEN))
    assert await provider.token(REFRESH) == TOKEN
    assert dict(server.requests[0].query) == {"realm": "clientsB2CPeugeot"}
    assert server.forms == [REFRESH]


async def test_revocation_with_an_empty_response_succeeds(
    provider: IdentityProvider, server: FakeServer
) -> None:
    """The refresh token and the realm are sent."""
    server.respond_with(respond())
    await provider.revoke("old")
    (request,) = server.requests
    assert request.path == "/idp/peugeot/am/oauth2/token/revoke"
    assert dict(request.query) == {"realm": "clientsB2CPeugeot"}
    assert server.forms == [{"token": "old"}]


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (respond(load("ha509-error-oauth-invalid-grant"), 400), AuthenticationError),
        (respond({"error": "invalid_client"}, 401), InvalidClientError),
        (respond({"error": "unauthorized_client"}, 400), InvalidClientError),
        (respond(load("psacc1079-error-401-client"), 401), InvalidClientError),
        (respond({"error": "invalid_request"}, 400), BadRequestError),
        (respond({}, 429), QuotaExceededError),
        (respond(load("ha580-error-500-cvs"), 500), ServerError),
        (respond("<html>", 502), ServerError),
        (respond("<html>", 400), ServerError),
        (close_connection, ServerError),
        (respond("<html>"), InvalidResponseError),
        (respond('{"access_token": "n'), InvalidResponseError),
    ],
)
async def test_refused_token_request_raises_its_error(
    provider: IdentityProvider,
    server: FakeServer,
    clock: FakeClock,
    response: Handler,
    error: type[StellantisError],
) -> None:
    """Only a refused grant requires a sign-in; no request is repeated."""
    server.respond_with(response)
    with pytest.raises(error) as caught:
        await provider.token(REFRESH)
    assert type(caught.value) is error
    assert len(server.requests) == 1
    assert clock.slept == []
