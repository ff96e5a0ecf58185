"""Tests of the OAuth2 session."""

import asyncio
from dataclasses import replace
import random
import time
from typing import Any

from aiohttp import ClientSession
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.stellantis_connect.api.exceptions import (
    AuthenticationError,
    InvalidClientError,
    InvalidResponseError,
    QuotaExceededError,
    ServerError,
    StellantisError,
)
from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.auth.session import (
    StellantisOAuth2Session,
    async_create_session,
)
from custom_components.stellantis_connect.const import CONF_SCOPES, DOMAIN
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from simulator import Simulator
from simulator.faults import Fault

from ..conftest import new_token
from ..simulator_client import control

TOKEN = "*/access_token"
REFRESHES = 1000
DAY = 86400


class KilledError(Exception):
    """Home Assistant was killed at this point."""


@pytest.fixture
async def session(
    hass: HomeAssistant, mock_config_entry: MockConfigEntry
) -> StellantisOAuth2Session:
    """Return the session of the account."""
    return await async_create_session(hass, mock_config_entry)


@pytest.fixture
async def expired(
    hass: HomeAssistant, mock_config_entry: MockConfigEntry
) -> StellantisOAuth2Session:
    """Return a session of the account, whose access token has expired."""
    update_token(hass, mock_config_entry, expires_at=time.time())
    return await async_create_session(hass, mock_config_entry)


def update_token(hass: HomeAssistant, entry: MockConfigEntry, **token: object) -> None:
    """Change the token of the config entry."""
    data = {**entry.data, CONF_TOKEN: {**entry.data[CONF_TOKEN], **token}}
    hass.config_entries.async_update_entry(entry, data=data)


async def add_fault(simulator: Simulator, **fault: object) -> None:
    """Let token requests fail."""
    await control(simulator, "POST", "faults", **fault, path=TOKEN)


async def is_valid(simulator: Simulator, access_token: str) -> bool:
    """Return whether the API accepts an access token."""
    async with (
        ClientSession() as session,
        session.get(
            f"{simulator.url}/connectedcar/v4/user?client_id=simulated-client",
            headers={
                "Authorization": f"Bearer {access_token}",
                "x-introspect-realm": Brand.PEUGEOT.realm,
            },
        ) as response,
    ):
        return response.status == 200


def token_requests(simulator: Simulator) -> int:
    """Return the number of requests for a token."""
    return sum(entry.path.endswith("access_token") for entry in simulator.backend.log)


async def start_refresh(
    session: StellantisOAuth2Session, simulator: Simulator
) -> asyncio.Task[str]:
    """Return a refresh whose response is held until the faults are deleted."""
    fault = Fault(kind="hold_after", path=TOKEN)
    simulator.backend.faults.add(fault)
    refresh = asyncio.create_task(session.async_get_access_token())
    async with asyncio.timeout(10):
        while fault.times:
            await asyncio.sleep(0.001)
    return refresh


def stored_token(storage: dict[str, Any], entry: MockConfigEntry) -> dict[str, Any]:
    """Return the token in the storage."""
    token: dict[str, Any] = storage[f"{DOMAIN}.{entry.entry_id}.token"]["data"]
    return token


async def test_session_token_valid_sends_no_request(
    session: StellantisOAuth2Session,
    mock_config_entry: MockConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """A valid token is used as it is."""
    token = mock_config_entry.data[CONF_TOKEN]["access_token"]
    assert await session.async_get_access_token() == token
    assert session.token["access_token"] == token
    assert token_requests(connected_simulator) == 0


async def test_session_concurrent_calls_refresh_once(
    expired: StellantisOAuth2Session, connected_simulator: Simulator
) -> None:
    """All callers get the token of one refresh."""
    tokens = await asyncio.gather(
        *(expired.async_get_access_token() for _ in range(10))
    )
    assert len({*tokens}) == 1
    assert token_requests(connected_simulator) == 1
    assert await is_valid(connected_simulator, tokens[0])


async def test_session_token_rejected_twice_refreshes_once(
    session: StellantisOAuth2Session, connected_simulator: Simulator
) -> None:
    """Two requests that were rejected with one token lead to one refresh."""
    old = await session.async_get_access_token()
    first, second = await asyncio.gather(
        session.async_get_access_token(rejected=old),
        session.async_get_access_token(rejected=old),
    )
    assert first == second != old
    assert token_requests(connected_simulator) == 1


async def test_session_refresh_stores_token_before_use(
    expired: StellantisOAuth2Session,
    mock_config_entry: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """The storage has the token that the caller gets."""
    token = await expired.async_get_access_token()
    assert stored_token(hass_storage, mock_config_entry)["access_token"] == token


async def test_session_caller_canceled_completes_refresh(
    expired: StellantisOAuth2Session, connected_simulator: Simulator
) -> None:
    """The response to a refresh is not lost with its caller."""
    caller = await start_refresh(expired, connected_simulator)
    caller.cancel()
    await control(connected_simulator, "DELETE", "faults")
    await expired.async_wait_for_refresh()
    assert await is_valid(connected_simulator, await expired.async_get_access_token())
    assert token_requests(connected_simulator) == 1


async def test_session_stored_token_newer_replaces_token_of_entry(
    hass: HomeAssistant,
    expired: StellantisOAuth2Session,
    mock_config_entry: MockConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """Home Assistant was killed before it wrote the config entry."""
    before = dict(mock_config_entry.data)
    token = await expired.async_get_access_token()
    hass.config_entries.async_update_entry(mock_config_entry, data=before)
    session = await async_create_session(hass, mock_config_entry)
    assert await session.async_get_access_token() == token
    assert mock_config_entry.data[CONF_TOKEN]["access_token"] == token
    assert token_requests(connected_simulator) == 1


@pytest.mark.parametrize("clock", [-DAY, 0, DAY], ids=["behind", "right", "ahead"])
async def test_session_sign_in_replaces_stored_token_whatever_the_clock(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    expired: StellantisOAuth2Session,
    mock_config_entry: MockConfigEntry,
    connected_simulator: Simulator,
    hass_storage: dict[str, Any],
    clock: int,
) -> None:
    """A token that was stored under a wrong clock does not outlive a sign-in."""
    freezer.tick(clock)
    await expired.async_get_access_token()
    freezer.tick(-clock)
    signed_in = await new_token(connected_simulator)
    update_token(hass, mock_config_entry, **signed_in, generation=1, rotation=0)
    session = await async_create_session(hass, mock_config_entry)
    token = await session.async_get_access_token()
    assert (
        token
        == mock_config_entry.data[CONF_TOKEN]["access_token"]
        == signed_in["access_token"]
    )
    assert stored_token(hass_storage, mock_config_entry)["access_token"] == token


async def test_session_sign_in_during_refresh_keeps_token_and_scopes(
    hass: HomeAssistant,
    expired: StellantisOAuth2Session,
    mock_config_entry: MockConfigEntry,
    connected_simulator: Simulator,
    hass_storage: dict[str, Any],
) -> None:
    """A refresh that ends after a sign-in changes neither the entry nor the storage."""
    stored = stored_token(hass_storage, mock_config_entry)
    refresh = await start_refresh(expired, connected_simulator)
    signed_in = await new_token(connected_simulator)
    update_token(hass, mock_config_entry, **signed_in, generation=1, rotation=0)
    hass.config_entries.async_update_entry(
        mock_config_entry, data={**mock_config_entry.data, CONF_SCOPES: [Scope.TRIP]}
    )
    await control(connected_simulator, "DELETE", "faults")
    await refresh
    assert (
        mock_config_entry.data[CONF_TOKEN]["access_token"] == signed_in["access_token"]
    )
    assert mock_config_entry.data[CONF_SCOPES] == [Scope.TRIP]
    assert stored_token(hass_storage, mock_config_entry) == stored


async def test_session_refresh_token_refused_is_sent_once(
    expired: StellantisOAuth2Session, connected_simulator: Simulator
) -> None:
    """A spent refresh token is not sent again by the next caller."""
    await control(connected_simulator, "POST", "faults", kind="revoke_tokens")
    for _ in range(5):
        with pytest.raises(AuthenticationError):
            await expired.async_get_access_token()
    assert token_requests(connected_simulator) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "error", "status": 500, "form": "api"}, ServerError),
        ({"kind": "error", "status": 502, "form": "html"}, ServerError),
        ({"kind": "error", "status": 403, "form": "html"}, ServerError),
        ({"kind": "error", "status": 429, "form": "api"}, QuotaExceededError),
        ({"kind": "drop"}, ServerError),
        ({"kind": "remove", "key": "access_token"}, InvalidResponseError),
        (
            {"kind": "set_value", "key": "access_token", "value": ""},
            InvalidResponseError,
        ),
        (
            {
                "kind": "error",
                "status": 401,
                "form": "oauth",
                "message": "invalid_client",
            },
            InvalidClientError,
        ),
        (
            {"kind": "set_value", "key": "access_token", "value": "no\nheader"},
            InvalidResponseError,
        ),
        (
            {"kind": "set_value", "key": "access_token", "value": "Z\u00fcge"},
            InvalidResponseError,
        ),
    ],
)
async def test_session_identity_provider_fails_keeps_token(
    expired: StellantisOAuth2Session,
    mock_config_entry: MockConfigEntry,
    connected_simulator: Simulator,
    fault: dict[str, Any],
    error: type[StellantisError],
) -> None:
    """No failure of the identity provider is a reason to sign in."""
    before = mock_config_entry.data[CONF_TOKEN]
    await add_fault(connected_simulator, **fault)
    with pytest.raises(error):
        await expired.async_get_access_token()
    assert mock_config_entry.data[CONF_TOKEN] == before


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "remove", "key": "refresh_token"},
        {"kind": "set_value", "key": "refresh_token", "value": None},
        {"kind": "set_value", "key": "refresh_token", "value": ""},
        {"kind": "mistype", "key": "refresh_token"},
    ],
)
async def test_session_refresh_without_refresh_token_keeps_old_one(
    expired: StellantisOAuth2Session,
    mock_config_entry: MockConfigEntry,
    connected_simulator: Simulator,
    fault: dict[str, Any],
) -> None:
    """Not every identity provider rotates."""
    before = mock_config_entry.data[CONF_TOKEN]
    await add_fault(connected_simulator, **fault)
    token = await expired.async_get_access_token()
    assert token != before["access_token"]
    assert (
        mock_config_entry.data[CONF_TOKEN]["refresh_token"] == before["refresh_token"]
    )


async def test_session_scopes_withdrawn_updates_entry(
    expired: StellantisOAuth2Session,
    mock_config_entry: MockConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """The scopes of the entry follow those of the refresh."""
    await control(
        connected_simulator,
        "POST",
        "faults",
        kind="withdraw_scopes",
        scopes=[Scope.TRIP],
        times=None,
    )
    await expired.async_get_access_token()
    assert {*Scope} - {*mock_config_entry.data[CONF_SCOPES]} == {Scope.TRIP}


@pytest.mark.parametrize("scope", [None, 42, {}, [], "", "openid profile"])
async def test_session_scopes_unnamed_keeps_those_of_entry(
    expired: StellantisOAuth2Session,
    mock_config_entry: MockConfigEntry,
    connected_simulator: Simulator,
    scope: object,
) -> None:
    """A response that names no scope withdraws none."""
    await add_fault(connected_simulator, kind="set_value", key="scope", value=scope)
    await expired.async_get_access_token()
    assert mock_config_entry.data[CONF_SCOPES] == [*Scope]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (60, 60),
        ("60", 60),
        (None, 3600),
        ([], 3600),
        ("soon", 3600),
        (0, 3600),
        (-1, 3600),
        (1e300, 3600),
        (10**18, 3600),
    ],
)
async def test_session_lifetime_invalid_is_an_hour(
    freezer: FrozenDateTimeFactory,
    expired: StellantisOAuth2Session,
    connected_simulator: Simulator,
    value: object,
    seconds: int,
) -> None:
    """The token is refreshed when it expires, however that is sent."""
    await add_fault(
        connected_simulator, kind="set_value", key="expires_in", value=value
    )
    first = await expired.async_get_access_token()
    freezer.tick(seconds - 30)
    assert await expired.async_get_access_token() == first
    freezer.tick(30)
    assert await expired.async_get_access_token() != first


@pytest.mark.parametrize(
    "stored",
    [
        {"version": 1, "data": {}},
        {"version": 1, "data": None},
        {"version": 1, "data": []},
        {"version": 1, "data": {"access_token": 1, "refresh_token": 2}},
        {"version": 99, "data": {"access_token": "a"}},
    ],
)
async def test_session_store_unreadable_uses_token_of_entry(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    stored: dict[str, Any],
) -> None:
    """No content of the store blocks the setup."""
    key = f"{DOMAIN}.{mock_config_entry.entry_id}.token"
    hass_storage[key] = {"key": key, "minor_version": 1, **stored}
    session = await async_create_session(hass, mock_config_entry)
    token = await session.async_get_access_token()
    assert token == mock_config_entry.data[CONF_TOKEN]["access_token"]
    assert stored_token(hass_storage, mock_config_entry)["access_token"] == token


async def test_session_thousand_refreshes_with_faults_lose_no_token(
    hass: HomeAssistant,
    mock_config_entry: MockConfigEntry,
    connected_simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sign-in is needed exactly as often as a token was issued that was never stored.

    That is: the response to a refresh was lost, or Home Assistant was killed between the
    response and the write.
    """
    dice = random.Random(2026)
    faults = [
        None,
        Fault(kind="error", path=TOKEN, status=503),
        Fault(kind="error", path=TOKEN, status=502, form="html"),
        Fault(kind="error", path=TOKEN, status=429),
        Fault(kind="delay", path=TOKEN, seconds=0.002),
        Fault(kind="drop", path=TOKEN),
        Fault(kind="drop_after", path=TOKEN),
    ]
    kills = ["no", "no", "no", "no", "before the write", "after the write"]
    lost_tokens = sign_ins = 0
    is_lost = False

    async def killed(store: object, token: object) -> None:
        raise KilledError

    async def restart(data: dict[str, Any]) -> StellantisOAuth2Session:
        """Start with what was written."""
        hass.config_entries.async_update_entry(mock_config_entry, data=data)
        return await async_create_session(hass, mock_config_entry)

    session = await restart(dict(mock_config_entry.data))
    for _ in range(REFRESHES):
        written = dict(mock_config_entry.data)
        old = written[CONF_TOKEN]["access_token"]
        if fault := dice.choice(faults):
            connected_simulator.backend.faults.add(replace(fault))
        kill = dice.choice(kills)
        with monkeypatch.context() as patch:
            if kill == "before the write":
                patch.setattr(Store, "async_save", killed)
            results = await asyncio.gather(
                *(session.async_get_access_token(rejected=old) for _ in range(2)),
                return_exceptions=True,
            )
        connected_simulator.backend.faults.delete()
        response_lost = fault is not None and fault.kind == "drop_after"
        for result in results:
            if isinstance(result, KilledError) or (
                isinstance(result, ServerError) and response_lost and not is_lost
            ):
                lost_tokens += 1
                is_lost = True
        if any(isinstance(result, AuthenticationError) for result in results):
            assert is_lost
            is_lost = False
            sign_ins += 1
            signed_in = {
                **await new_token(connected_simulator),
                "generation": written[CONF_TOKEN].get("generation", 0) + 1,
            }
            session = await restart({**mock_config_entry.data, CONF_TOKEN: signed_in})
        elif kill != "no":
            session = await restart(written)
    assert lost_tokens > 100
    assert sign_ins == lost_tokens - is_lost
