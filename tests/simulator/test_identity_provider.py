"""Sign-in, consent, and tokens."""

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
VERIFIER = "a-verifier-of-43-to-128-characters-0123456789"
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
    """Sign in; return the next page."""
    form = {"username": email, "password": "anything"}
    async with session.post(AUTHORIZE, params=query, data=form) as response:
        assert response.status == 200
        return await response.text()


async def decide(
    session: aiohttp.ClientSession,
    query: dict[str, str],
    decision: str = "accept",
    declined: str = "",
) -> dict[str, str]:
    """Sign in and decide; return the query of the redirect."""
    page = await consent_page(session, query)
    ticked = [
        scope
        for scope in re.findall(r"name='scope' value='([^']+)'", page)
        if scope != declined
    ]
    (hidden,) = re.findall(r"name='session' value='([^']+)'", page)
    form = [
        ("session", hidden),
        ("decision", decision),
        *(("scope", scope) for scope in ticked),
    ]
    async with session.post(
        AUTHORIZE, params=query, data=form, allow_redirects=False
    ) as response:
        assert response.status == 302
        target = response.headers["Location"]
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
    """Return status and body of a token request."""
    credentials = base64.b64encode(
        f"{quote_plus('simulated-client')}:{quote_plus(secret)}".encode()
    ).decode()
    headers = {"Authorization": f"Basic {credentials}"}
    async with session.post(
        path, params=query or {}, data=form, headers=headers
    ) as response:
        return response.status, await response.json()


def code_form(code: str, **changes: str) -> dict[str, str]:
    """Return the form that exchanges a code for tokens."""
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        **changes,
    }


async def test_sign_in_and_consent_return_a_valid_token(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """PKCE is supported."""
    query = request(code_challenge=CHALLENGE, code_challenge_method="S256")
    redirect = await decide(session, query)
    assert redirect["state"] == "s&t"
    assert set(redirect["scope"].split()) == {"openid", *API_SCOPES}

    status, response = await token(
        session, code_form(redirect["code"], code_verifier=VERIFIER)
    )

    assert status == 200
    assert response["token_type"] == "Bearer"
    assert response["expires_in"] == 3600
    claims = jwt.decode(response["id_token"], options={"verify_signature": False})
    assert claims["email"] == "dev@example.com"
    assert claims["aud"] == "simulated-client"
    client = Client(simulator, session, response["access_token"])
    assert (await client.get("/user"))["email"] == "dev@example.com"


async def test_redirect_to_custom_scheme_keeps_its_query(
    session: aiohttp.ClientSession,
) -> None:
    """An app's scheme is accepted."""
    redirect = await decide(
        session, request(redirect_uri="mymap://oauth2redirect/fr?from=idp")
    )
    assert redirect["from"] == "idp"
    assert redirect["code"]


async def test_declined_scope_is_not_granted(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """Redirect and token response lack it."""
    redirect = await decide(session, request(), declined="data:position")
    assert "data:position" not in redirect["scope"].split()
    _, response = await token(session, code_form(redirect["code"]))
    assert "data:position" not in response["scope"].split()
    client = Client(simulator, session, response["access_token"])
    assert (
        await client.call("GET", f"{await client.car()}/lastPosition")
    ).status == 403


async def test_declined_consent_redirects_with_error_and_state(
    session: aiohttp.ClientSession,
) -> None:
    """The error is access_denied."""
    redirect = await decide(session, request(), decision="decline")
    assert redirect["error"] == "access_denied"
    assert redirect["state"] == "s&t"


async def test_unknown_user_gets_an_error_message(
    session: aiohttp.ClientSession,
) -> None:
    """The page is the sign-in."""
    page = await consent_page(session, request(), email="stranger@example.com")
    assert "Unknown e-mail address or wrong password" in page


async def test_second_consent_leads_to_sign_in(session: aiohttp.ClientSession) -> None:
    """A consent is valid once."""
    page = await consent_page(session, request())
    (hidden,) = re.findall(r"name='session' value='([^']+)'", page)
    form = {"session": hidden, "decision": "decline"}
    async with session.post(
        AUTHORIZE, params=request(), data=form, allow_redirects=False
    ) as response:
        assert response.status == 302
    async with session.post(
        AUTHORIZE, params=request(), data=form, allow_redirects=False
    ) as response:
        assert response.status == 200
        assert "Please sign in again" in await response.text()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"scope": "data:telemetry data:everything"}, "invalid_scope"),
        ({"scope": "data:telemetry,data:position"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
    ],
)
async def test_invalid_authorization_request_redirects_with_error(
    session: aiohttp.ClientSession, changes: dict[str, str], error: str
) -> None:
    """The error is the specification's."""
    async with session.get(
        AUTHORIZE, params=request(**changes), allow_redirects=False
    ) as response:
        assert response.status == 302
        assert parse_qs(urlsplit(response.headers["Location"]).query)["error"] == [
            error
        ]


async def test_unregistered_scope_is_refused(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """The error is invalid_scope."""
    simulator.backend.application.scopes = {"openid", "data:telemetry"}
    async with session.get(
        AUTHORIZE, params=request(), allow_redirects=False
    ) as response:
        assert "error=invalid_scope" in response.headers["Location"]
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
async def test_unknown_client_or_redirect_is_not_redirected(
    simulator: Simulator, session: aiohttp.ClientSession, changes: dict[str, str]
) -> None:
    """The identity provider shows an error page."""
    simulator.backend.application.redirect_uris = {REDIRECT}
    async with session.get(
        AUTHORIZE, params=request(**changes), allow_redirects=False
    ) as response:
        assert response.status == 400


async def test_registered_scopes_are_granted_without_being_announced(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """The scope `openid profile` grants what is registered."""
    redirect = await decide(session, request(scope="openid profile"))
    assert redirect["scope"] == "openid profile"
    _, response = await token(session, code_form(redirect["code"]))
    assert response["scope"] == "openid profile"
    client = Client(simulator, session, response["access_token"])
    assert await client.get(f"{await client.car()}/status")


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://home.example/other"},
        {"code_verifier": "wrong"},
        {"code": "unknown"},
    ],
)
async def test_invalid_code_or_verifier_is_refused(
    session: aiohttp.ClientSession, changes: dict[str, str]
) -> None:
    """A failed attempt invalidates the code."""
    query = request(code_challenge=CHALLENGE, code_challenge_method="S256")
    code = (await decide(session, query))["code"]
    right = code_form(code, code_verifier=VERIFIER)
    status, response = await token(session, {**right, **changes})
    assert (status, response["error"]) == (400, "invalid_grant")
    expected = 200 if "code" in changes else 400
    assert (await token(session, right))[0] == expected


async def test_code_after_two_minutes_is_refused(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """It has expired."""
    code = (await decide(session, request()))["code"]
    simulator.clock.advance(timedelta(minutes=2))
    assert (await token(session, code_form(code)))[0] == 400


async def test_invalid_client_secret_is_unauthorized(
    session: aiohttp.ClientSession,
) -> None:
    """The code stays valid."""
    code = (await decide(session, request()))["code"]
    status, response = await token(session, code_form(code), secret="wrong")
    assert (status, response["error"]) == (401, "invalid_client")
    assert (await token(session, code_form(code)))[0] == 200


async def test_client_secret_with_special_characters_is_decoded(
    session: aiohttp.ClientSession, simulator: Simulator
) -> None:
    """It is form-encoded first (RFC 6749)."""
    simulator.backend.application.client_secret = "p:s%+ é"
    code = (await decide(session, request()))["code"]
    assert (await token(session, code_form(code), secret="p:s%+ é"))[0] == 200


async def test_refresh_replaces_the_refresh_token(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """The former one is refused; the new one stays valid."""
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
async def test_refresh_without_its_realm_is_refused(
    session: aiohttp.ClientSession, query: dict[str, str]
) -> None:
    """The refresh token stays valid."""
    _, first = await token(
        session, code_form((await decide(session, request()))["code"])
    )
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    status, response = await token(session, form, query=query)
    assert (status, response["error"]) == (400, "invalid_request")
    assert (await token(session, form, query=REALM))[0] == 200


async def test_unknown_grant_type_is_refused(session: aiohttp.ClientSession) -> None:
    """Passwords are not supported."""
    assert (await token(session, {"grant_type": "password"}))[1][
        "error"
    ] == "unsupported_grant_type"


async def test_revocation_of_refresh_token_invalidates_its_access_tokens(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """It cannot be refreshed."""
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


async def test_access_token_after_an_hour_is_refused(
    simulator: Simulator, client: Client
) -> None:
    """The error has the form of the gateway."""
    simulator.clock.advance(timedelta(minutes=59))
    assert await client.get("/user")
    simulator.clock.advance(timedelta(minutes=1))
    response = await client.call("GET", "/user")
    assert response.status == 401
    assert response.body["moreInformation"].startswith(
        "Cannot pass the security checks"
    )
