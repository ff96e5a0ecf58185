"""Trading grants for tokens."""

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

from .recorded import load
from .stand import Handler, SetClock, Stand, drop, say

TOKEN = {"access_token": "new", "refresh_token": "newer", "expires_in": 3600}
CODE = {"grant_type": "authorization_code", "code": "c", "redirect_uri": "http://r"}
REFRESH = {"grant_type": "refresh_token", "refresh_token": "old"}


@pytest.fixture
def provider(
    session: aiohttp.ClientSession, platform: Hosts, clock: SetClock
) -> IdentityProvider:
    """Return the identity provider."""
    return IdentityProvider(session, platform, "my-id", "my-secret", clock=clock)


async def test_code_is_traded_for_a_token(
    provider: IdentityProvider, stand: Stand
) -> None:
    """With HTTP Basic, and without a realm."""
    stand.will(say(TOKEN))
    assert await provider.token(CODE) == TOKEN
    (request,) = stand.requests
    assert request.path == "/idp/peugeot/am/oauth2/access_token"
    assert not request.query
    assert request.headers["Authorization"] == aiohttp.encode_basic_auth(
        "my-id", "my-secret"
    )
    assert stand.forms == [CODE]


async def test_refresh_names_the_realm(
    provider: IdentityProvider, stand: Stand
) -> None:
    """In the query, as the platform wants it."""
    stand.will(say(TOKEN))
    assert await provider.token(REFRESH) == TOKEN
    assert dict(stand.requests[0].query) == {"realm": "clientsB2CPeugeot"}
    assert stand.forms == [REFRESH]


async def test_revocation(provider: IdentityProvider, stand: Stand) -> None:
    """Of a refresh token, which takes its access tokens along; an empty answer will do."""
    stand.will(say())
    await provider.revoke("old")
    (request,) = stand.requests
    assert request.path == "/idp/peugeot/am/oauth2/token/revoke"
    assert dict(request.query) == {"realm": "clientsB2CPeugeot"}
    assert stand.forms == [{"token": "old"}]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (say(load("ha509-error-oauth-invalid-grant"), 400), AuthenticationError),
        (say({"error": "invalid_client"}, 401), InvalidClientError),
        (say({"error": "unauthorized_client"}, 400), InvalidClientError),
        (say(load("psacc1079-error-401-client"), 401), InvalidClientError),
        (say({"error": "invalid_request"}, 400), BadRequestError),
        (say({}, 429), QuotaExceededError),
        (say(load("ha580-error-500-cvs"), 500), ServerError),
        (say("<html>", 502), ServerError),
        (say("<html>", 400), ServerError),
        (drop, ServerError),
        (say("<html>"), InvalidResponseError),
        (say('{"access_token": "n'), InvalidResponseError),
    ],
)
async def test_refusals_are_told_apart(
    provider: IdentityProvider,
    stand: Stand,
    clock: SetClock,
    answer: Handler,
    error: type[StellantisError],
) -> None:
    """Only a refused grant means to sign in again; nothing is tried twice."""
    stand.will(answer)
    with pytest.raises(error) as caught:
        await provider.token(REFRESH)
    assert type(caught.value) is error
    assert len(stand.requests) == 1
    assert clock.slept == []
