"""Signing in: what a person sees, and what a client gets."""

import base64
from datetime import timedelta
import hashlib
import re
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import aiohttp
import jwt
import pytest

from simulator import Simulator
from simulator.application import API_SCOPES

from .client import Client

AUTHORIZE = "/idp/peugeot/am/oauth2/authorize"
TOKEN = "/idp/peugeot/am/oauth2/access_token"
REVOKE = "/idp/peugeot/am/oauth2/token/revoke"
REALM = {"realm": "clientsB2CPeugeot"}
SECRET = "simulated-secret"
VERIFIER = "a-verifier-that-nobody-guesses-0123456789-abcdef"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    .rstrip(b"=")
    .decode()
)
REDIRECT = "https://home.example/auth/external/callback"


def request(**changes: str) -> dict[str, str]:
    """Return the query of an authorization request."""
    query = {
        "client_id": "simulated-client",
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": f"openid {' '.join(API_SCOPES)}",
        "state": "s&t",
    }
    return {**query, **changes}


async def consent_page(
    session: aiohttp.ClientSession,
    query: dict[str, str],
    email: str = "dev@example.com",
) -> str:
    """Sign in; return the page that comes then."""
    form = {"username": email, "password": "anything"}
    async with session.post(AUTHORIZE, params=query, data=form) as answer:
        assert answer.status == 200
        return await answer.text()


async def decide(
    session: aiohttp.ClientSession,
    query: dict[str, str],
    decision: str = "accept",
    untick: str = "",
) -> dict[str, str]:
    """Walk through both pages; return what the redirect carries."""
    page = await consent_page(session, query)
    ticked = [
        scope
        for scope in re.findall(r"name='scope' value='([^']+)'", page)
        if scope != untick
    ]
    (hidden,) = re.findall(r"name='session' value='([^']+)'", page)
    form = [
        ("session", hidden),
        ("decision", decision),
        *(("scope", scope) for scope in ticked),
    ]
    async with session.post(
        AUTHORIZE, params=query, data=form, allow_redirects=False
    ) as answer:
        assert answer.status == 302
        target = answer.headers["Location"]
    assert target.startswith(query["redirect_uri"])
    return {
        name: values[0] for name, values in parse_qs(urlsplit(target).query).items()
    }


async def token(
    session: aiohttp.ClientSession,
    form: dict[str, str],
    secret: str = SECRET,
    path: str = TOKEN,
    query: dict[str, str] | None = None,
) -> tuple[int, Any]:
    """Ask the token endpoint."""
    credentials = base64.b64encode(
        f"{quote_plus('simulated-client')}:{quote_plus(secret)}".encode()
    ).decode()
    headers = {"Authorization": f"Basic {credentials}"}
    async with session.post(
        path, params=query or {}, data=form, headers=headers
    ) as answer:
        return answer.status, await answer.json()


def code_form(code: str, **changes: str) -> dict[str, str]:
    """Return the form that turns a code into tokens."""
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        **changes,
    }


async def test_whole_way_from_browser_to_data(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """A person signs in and consents; the client gets tokens that open the API."""
    query = request(code_challenge=CHALLENGE, code_challenge_method="S256")
    redirect = await decide(session, query)
    assert redirect["state"] == "s&t"
    assert set(redirect["scope"].split()) == {"openid", *API_SCOPES}

    status, answer = await token(
        session, code_form(redirect["code"], code_verifier=VERIFIER)
    )

    assert status == 200
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 3600
    claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
    assert claims["email"] == "dev@example.com"
    assert claims["aud"] == "simulated-client"
    client = Client(simulator, session, answer["access_token"])
    assert (await client.get("/user"))["email"] == "dev@example.com"


async def test_custom_scheme_keeps_its_form(session: aiohttp.ClientSession) -> None:
    """A redirect to an app's own scheme is neither mended nor refused."""
    redirect = await decide(
        session, request(redirect_uri="mymap://oauth2redirect/fr?from=idp")
    )
    assert redirect["from"] == "idp"
    assert redirect["code"]


async def test_unticked_scope_is_not_granted(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """A single scope can be left out, and the redirect says so."""
    redirect = await decide(session, request(), untick="data:position")
    assert "data:position" not in redirect["scope"].split()
    _, answer = await token(session, code_form(redirect["code"]))
    assert "data:position" not in answer["scope"].split()
    client = Client(simulator, session, answer["access_token"])
    assert (
        await client.call("GET", f"{await client.car()}/lastPosition")
    ).status == 403


async def test_decline_returns_the_state(session: aiohttp.ClientSession) -> None:
    """Declining is told to the client."""
    redirect = await decide(session, request(), decision="decline")
    assert redirect["error"] == "access_denied"
    assert redirect["state"] == "s&t"


async def test_wrong_user_is_told(session: aiohttp.ClientSession) -> None:
    """An unknown address stays on the sign-in page, with a sentence."""
    page = await consent_page(session, request(), email="stranger@example.com")
    assert "Unknown e-mail address or wrong password" in page


async def test_consent_page_is_good_once(session: aiohttp.ClientSession) -> None:
    """A consent sent twice leads back to the sign-in."""
    page = await consent_page(session, request())
    (hidden,) = re.findall(r"name='session' value='([^']+)'", page)
    form = {"session": hidden, "decision": "decline"}
    async with session.post(
        AUTHORIZE, params=request(), data=form, allow_redirects=False
    ) as answer:
        assert answer.status == 302
    async with session.post(
        AUTHORIZE, params=request(), data=form, allow_redirects=False
    ) as answer:
        assert answer.status == 200
        assert "Please sign in again" in await answer.text()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"scope": "data:telemetry data:everything"}, "invalid_scope"),
        ({"scope": "data:telemetry,data:position"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
    ],
)
async def test_wrong_requests_are_redirected(
    session: aiohttp.ClientSession, changes: dict[str, str], error: str
) -> None:
    """What the client did wrong comes back to it."""
    async with session.get(
        AUTHORIZE, params=request(**changes), allow_redirects=False
    ) as answer:
        assert answer.status == 302
        assert parse_qs(urlsplit(answer.headers["Location"]).query)["error"] == [error]


async def test_scope_beyond_the_registration_is_refused(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """An application registered for less gets nothing by asking for all."""
    simulator.backend.application.scopes = {"openid", "data:telemetry"}
    async with session.get(
        AUTHORIZE, params=request(), allow_redirects=False
    ) as answer:
        assert "error=invalid_scope" in answer.headers["Location"]
    redirect = await decide(session, request(scope="data:telemetry"))
    assert redirect["scope"] == "data:telemetry"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "other"},
        {"redirect_uri": "nowhere"},
        {"redirect_uri": "https://evil.example/"},
    ],
)
async def test_nobody_is_redirected_to_a_stranger(
    simulator: Simulator, session: aiohttp.ClientSession, changes: dict[str, str]
) -> None:
    """An unknown client or address ends on a page of the identity provider."""
    simulator.backend.application.redirect_uris = {REDIRECT}
    async with session.get(
        AUTHORIZE, params=request(**changes), allow_redirects=False
    ) as answer:
        assert answer.status == 400


async def test_silent_scopes(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """`openid profile` gives what is registered, and names only itself."""
    redirect = await decide(session, request(scope="openid profile"))
    assert redirect["scope"] == "openid profile"
    _, answer = await token(session, code_form(redirect["code"]))
    assert answer["scope"] == "openid profile"
    client = Client(simulator, session, answer["access_token"])
    assert await client.get(f"{await client.car()}/status")


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://home.example/other"},
        {"code_verifier": "wrong"},
        {"code": "unknown"},
    ],
)
async def test_code_that_does_not_fit(
    session: aiohttp.ClientSession, changes: dict[str, str]
) -> None:
    """A code is bound to its redirect and its proof, and any attempt uses it up."""
    query = request(code_challenge=CHALLENGE, code_challenge_method="S256")
    code = (await decide(session, query))["code"]
    right = code_form(code, code_verifier=VERIFIER)
    status, answer = await token(session, {**right, **changes})
    assert (status, answer["error"]) == (400, "invalid_grant")
    expected = 200 if "code" in changes else 400
    assert (await token(session, right))[0] == expected


async def test_code_does_not_live_long(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """A code that nobody redeems is void after minutes."""
    code = (await decide(session, request()))["code"]
    simulator.clock.advance(timedelta(minutes=2))
    assert (await token(session, code_form(code)))[0] == 400


async def test_wrong_secret(session: aiohttp.ClientSession) -> None:
    """A client that cannot prove itself gets 401, and keeps its code."""
    code = (await decide(session, request()))["code"]
    status, answer = await token(session, code_form(code), secret="wrong")
    assert (status, answer["error"]) == (401, "invalid_client")
    assert (await token(session, code_form(code)))[0] == 200


async def test_credentials_are_form_decoded(
    session: aiohttp.ClientSession, simulator: Simulator
) -> None:
    """A secret with special characters is escaped before it is encoded (RFC 6749)."""
    simulator.backend.application.client_secret = "p:s%+ é"
    code = (await decide(session, request()))["code"]
    assert (await token(session, code_form(code), secret="p:s%+ é"))[0] == 200


async def test_refresh_rotates(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """Every refresh replaces the refresh token; the old one is refused, and harms nothing."""
    _, first = await token(
        session, code_form((await decide(session, request()))["code"])
    )
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    status, second = await token(session, form, query=REALM)
    assert status == 200
    assert second["refresh_token"] != first["refresh_token"]
    status, refusal = await token(session, form, query=REALM)
    assert (status, refusal["error"]) == (400, "invalid_grant")
    form["refresh_token"] = second["refresh_token"]
    assert (await token(session, form, query=REALM))[0] == 200


@pytest.mark.parametrize("query", [{}, {"realm": "clientsB2COpel"}])
async def test_refresh_needs_the_realm(
    session: aiohttp.ClientSession, query: dict[str, str]
) -> None:
    """A refresh without the realm, or with another brand's, is refused and burns nothing."""
    _, first = await token(
        session, code_form((await decide(session, request()))["code"])
    )
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    status, answer = await token(session, form, query=query)
    assert (status, answer["error"]) == (400, "invalid_request")
    assert (await token(session, form, query=REALM))[0] == 200


async def test_unknown_grant_type(session: aiohttp.ClientSession) -> None:
    """Passwords are no way in."""
    assert (await token(session, {"grant_type": "password"}))[1][
        "error"
    ] == "unsupported_grant_type"


async def test_revocation_ends_the_access(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """Revoking the refresh token revokes its access tokens."""
    _, first = await token(
        session, code_form((await decide(session, request()))["code"])
    )
    client = Client(simulator, session, first["access_token"])
    assert await client.get("/user")
    status, _ = await token(
        session, {"token": first["refresh_token"]}, path=REVOKE, query=REALM
    )
    assert status == 200
    assert (await client.call("GET", "/user")).status == 401
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    assert (await token(session, form, query=REALM))[0] == 400


async def test_access_token_lives_an_hour(simulator: Simulator, client: Client) -> None:
    """An expired token is refused by the gateway, in the gateway's form."""
    simulator.clock.advance(timedelta(minutes=59))
    assert await client.get("/user")
    simulator.clock.advance(timedelta(minutes=1))
    answer = await client.call("GET", "/user")
    assert answer.status == 401
    assert answer.body["moreInformation"].startswith("Cannot pass the security checks")
