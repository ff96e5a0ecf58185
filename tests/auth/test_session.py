"""The token that is never lost."""

import asyncio
from dataclasses import replace
import hashlib
import random
import time
from typing import Any

from aiohttp import ClientSession
import jwt
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.stellantis_connect.api.exceptions import (
    AuthenticationError,
    InvalidClientError,
    QuotaExceededError,
    ServerError,
    StellantisError,
)
from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.vehicle import User
from custom_components.stellantis_connect.auth.session import (
    EntryTokens,
    account_ids,
    async_entry_tokens,
    token_store,
)
from custom_components.stellantis_connect.const import CONF_SCOPES
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from simulator import Simulator
from simulator.faults import Fault

from ..conftest import CreateConfigEntry, new_token
from ..simulator_client import control

TOKEN = "*/access_token"
REFRESHES = 1000
ID_TOKEN = jwt.encode({"sub": "owner"}, "a key that nobody looks at, of 32 bytes")
BY_EMAIL = f"peugeot_{hashlib.sha256(b'dev@example.com').hexdigest()}"


class KilledError(Exception):
    """Home Assistant was killed at this point."""


@pytest.fixture
async def entry(
    create_config_entry: CreateConfigEntry, hass_storage: dict[str, Any]
) -> MockConfigEntry:
    """Return an account that has signed in and is not set up."""
    return await create_config_entry()


@pytest.fixture
async def tokens(hass: HomeAssistant, entry: MockConfigEntry) -> EntryTokens:
    """Return the account's token source."""
    return await async_entry_tokens(hass, entry)


def let_end(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Let the access token end now."""
    token = {**entry.data[CONF_TOKEN], "expires_at": time.time()}
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_TOKEN: token}
    )


async def works(simulator: Simulator, access_token: str) -> bool:
    """Tell whether the platform takes an access token."""
    async with (
        ClientSession() as session,
        session.get(
            f"{simulator.url}/connectedcar/v4/user?client_id=simulated-client",
            headers={
                "Authorization": f"Bearer {access_token}",
                "x-introspect-realm": Brand.PEUGEOT.realm,
            },
        ) as answer,
    ):
        return answer.status == 200


def refreshes(simulator: Simulator) -> int:
    """Count the requests for a token."""
    return sum(entry.path.endswith("access_token") for entry in simulator.backend.log)


async def test_token_serves_while_it_lives(
    tokens: EntryTokens, entry: MockConfigEntry, connected_simulator: Simulator
) -> None:
    """A good token costs no request."""
    assert (
        await tokens.async_get_access_token() == entry.data[CONF_TOKEN]["access_token"]
    )
    assert refreshes(connected_simulator) == 0


async def test_one_refresh_serves_all_who_ask(
    hass: HomeAssistant,
    tokens: EntryTokens,
    entry: MockConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """Whoever asks while the token is renewed gets the new one."""
    let_end(hass, entry)
    got = await asyncio.gather(*(tokens.async_get_access_token() for _ in range(10)))
    assert len({*got}) == 1
    assert refreshes(connected_simulator) == 1
    assert await works(connected_simulator, got[0])


async def test_rejected_token_is_renewed_once(
    tokens: EntryTokens, connected_simulator: Simulator
) -> None:
    """Two requests that were refused with one token lead to one refresh."""
    old = await tokens.async_get_access_token()
    first, second = await asyncio.gather(
        tokens.async_get_access_token(rejected=old),
        tokens.async_get_access_token(rejected=old),
    )
    assert first == second != old
    assert refreshes(connected_simulator) == 1


async def test_new_token_is_on_disk_before_it_is_used(
    hass: HomeAssistant,
    tokens: EntryTokens,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """The store has the token that the caller gets, whenever Home Assistant writes the entry."""
    let_end(hass, entry)
    token = await tokens.async_get_access_token()
    key = token_store(hass, entry.entry_id).key
    assert hass_storage[key]["data"]["access_token"] == token


async def test_refresh_is_carried_through_though_its_caller_is_gone(
    hass: HomeAssistant,
    tokens: EntryTokens,
    entry: MockConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """A reload in the middle of a refresh does not lose the answer."""
    let_end(hass, entry)
    await control(
        connected_simulator, "POST", "faults", kind="delay", seconds=0.1, path=TOKEN
    )
    caller = asyncio.create_task(tokens.async_get_access_token())
    await asyncio.sleep(0.02)
    caller.cancel()
    assert await works(connected_simulator, await tokens.async_get_access_token())
    assert refreshes(connected_simulator) == 1


async def test_refused_token_gives_way_to_a_newer_one_on_disk(
    hass: HomeAssistant,
    tokens: EntryTokens,
    entry: MockConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """What the entry holds may be old, after a backup was restored say: the store is asked."""
    old = entry.data[CONF_TOKEN]
    let_end(hass, entry)
    await tokens.async_get_access_token()
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_TOKEN: {**old, "expires_at": 0}}
    )
    assert await works(connected_simulator, await tokens.async_get_access_token())


async def test_revoked_consent_needs_a_sign_in(
    tokens: EntryTokens, connected_simulator: Simulator
) -> None:
    """When the owner withdrew access, only a sign-in helps."""
    old = await tokens.async_get_access_token()
    await control(connected_simulator, "POST", "faults", kind="revoke_tokens")
    with pytest.raises(AuthenticationError):
        await tokens.async_get_access_token(rejected=old)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "error", "status": 500, "form": "api"}, ServerError),
        ({"kind": "error", "status": 502, "form": "html"}, ServerError),
        ({"kind": "error", "status": 403, "form": "html"}, ServerError),
        ({"kind": "error", "status": 429, "form": "api"}, QuotaExceededError),
        ({"kind": "drop"}, ServerError),
        (
            {
                "kind": "error",
                "status": 401,
                "form": "oauth",
                "message": "invalid_client",
            },
            InvalidClientError,
        ),
    ],
)
async def test_trouble_at_the_identity_provider_is_never_a_sign_in(
    hass: HomeAssistant,
    tokens: EntryTokens,
    entry: MockConfigEntry,
    connected_simulator: Simulator,
    fault: dict[str, Any],
    error: type[StellantisError],
) -> None:
    """The token outlives the trouble."""
    let_end(hass, entry)
    await control(connected_simulator, "POST", "faults", **fault, path=TOKEN)
    with pytest.raises(error):
        await tokens.async_get_access_token()
    assert await works(connected_simulator, await tokens.async_get_access_token())


async def test_fewer_scopes_in_an_answer_are_taken_up(
    hass: HomeAssistant,
    tokens: EntryTokens,
    entry: MockConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """What the owner has withdrawn shows in the entry after the next refresh."""
    await control(
        connected_simulator,
        "POST",
        "faults",
        kind="withdraw_scopes",
        scopes=[Scope.TRIP],
        times=None,
    )
    let_end(hass, entry)
    await tokens.async_get_access_token()
    assert {*Scope} - {*entry.data[CONF_SCOPES]} == {Scope.TRIP}


@pytest.mark.parametrize(
    ("token", "email", "names"),
    [
        ({"id_token": ID_TOKEN}, "Dev@Example.com", ["peugeot_owner", BY_EMAIL]),
        ({"id_token": ID_TOKEN}, None, ["peugeot_owner"]),
        ({"id_token": "no.token"}, "dev@example.com", [BY_EMAIL]),
        ({"id_token": 42}, "dev@example.com", [BY_EMAIL]),
        ({}, "dev@example.com", [BY_EMAIL]),
        ({}, None, []),
    ],
)
def test_accounts_are_told_apart(
    token: dict[str, object], email: str | None, names: list[str]
) -> None:
    """By what the identity provider calls the owner, and by the e-mail, of which nothing is kept."""
    assert account_ids(Brand.PEUGEOT, token, User(email=email)) == names


async def test_thousand_refreshes_in_bad_weather(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    connected_simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sign-in is needed exactly as often as the platform burned a token that nobody received.

    That is: the answer to a refresh was lost, or Home Assistant was killed between the
    answer and the write.
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
    burned = sign_ins = 0
    lost = False

    async def killed(store: object, token: object) -> None:
        raise KilledError

    async def restart(data: dict[str, Any]) -> EntryTokens:
        """Start over with what had reached the disk."""
        hass.config_entries.async_update_entry(entry, data=data)
        source = EntryTokens(hass, entry)
        await source.async_load()
        return source

    tokens = await restart(dict(entry.data))
    for _ in range(REFRESHES):
        written = dict(entry.data)
        old = written[CONF_TOKEN]["access_token"]
        if fault := dice.choice(faults):
            connected_simulator.backend.faults.add(replace(fault))
        kill = dice.choice(kills)
        with monkeypatch.context() as patch:
            if kill == "before the write":
                patch.setattr(Store, "async_save", killed)
            answers = await asyncio.gather(
                *(tokens.async_get_access_token(rejected=old) for _ in range(2)),
                return_exceptions=True,
            )
        connected_simulator.backend.faults.delete()
        answer_lost = fault is not None and fault.kind == "drop_after"
        for answer in answers:
            if isinstance(answer, KilledError) or (
                isinstance(answer, ServerError) and answer_lost and not lost
            ):
                burned += 1
                lost = True
        if any(isinstance(answer, AuthenticationError) for answer in answers):
            assert lost
            lost = False
            sign_ins += 1
            written = {**entry.data, CONF_TOKEN: await new_token(connected_simulator)}
            tokens = await restart(written)
        elif kill != "no":
            tokens = await restart(written)
    assert burned > 100
    assert sign_ins == burned - lost
