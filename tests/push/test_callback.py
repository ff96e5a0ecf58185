"""Callback of an account."""

from dataclasses import replace

from custom_components.stellantis_connect.api.rate_limit import RateLimiter
from custom_components.stellantis_connect.auth.client import (
    SignInSession,
    async_create_client,
)
from simulator.application import Application

from ..commands.common import error_of
from ..common import requested_paths
from ..conftest import new_token
from ..harness import PETROL, Harness


async def labels(harness: Harness) -> list[str]:
    """Return the labels of all callbacks."""
    client = harness.entry.runtime_data.account.client
    return [callback.label for callback in await client.get_callbacks()]


async def test_first_command_creates_callback(harness: Harness) -> None:
    """Polling needs none; then there is one for all cars, also after a restart."""
    assert await labels(harness) == []
    await harness.use("sound_horn", "press")
    await harness.use("sound_horn", "press", PETROL)
    await harness.restart()
    await harness.use("sound_horn", "press")
    assert len(await labels(harness)) == 1


async def test_deleted_callback_is_created_again(harness: Harness) -> None:
    """The command that misses it is sent."""
    await harness.use("sound_horn", "press")
    await harness.fault("forget_callbacks")
    await harness.use("sound_horn", "press")
    assert (await harness.truth())["horns"] == 2


async def test_callback_receives_nothing(harness: Harness) -> None:
    """Its target cannot exist."""
    await harness.use("sound_horn", "press")
    [callback] = await harness.entry.runtime_data.account.client.get_callbacks()
    assert callback.subscribe.target.endswith(".invalid/")


async def test_lost_response_finds_callback(harness: Harness) -> None:
    """It is not created twice."""
    await harness.fault("drop_after", method="POST", path="*/callbacks")
    await harness.use("sound_horn", "press")
    assert len(await labels(harness)) == 1


async def test_lost_request_is_not_sent(harness: Harness) -> None:
    """The next command creates the callback."""
    await harness.fault("drop", method="POST", path="*/callbacks")
    assert await error_of(harness, "sound_horn", "press") == "remote_server_error"
    await harness.use("sound_horn", "press")
    assert len(await labels(harness)) == 1


async def test_removed_entry_deletes_its_callback(harness: Harness) -> None:
    """Callbacks of others stay."""
    client = harness.entry.runtime_data.account.client
    await harness.use("sound_horn", "press")
    [own] = await client.get_callbacks()
    await client.create_callback(replace(own.subscribe, label="another"))
    await harness.hass.config_entries.async_remove(harness.entry.entry_id)
    token = await new_token(harness.simulator)
    client = await async_create_client(
        harness.hass,
        harness.entry.data,
        SignInSession(token["access_token"], Application().client_id),
        RateLimiter(),
    )
    assert [one.label for one in await client.get_callbacks()] == ["another"]


async def test_callback_that_stays_listed_is_deleted_once(harness: Harness) -> None:
    """A removal sends a bounded number of requests."""
    await harness.use("sound_horn", "press")
    await harness.fault(
        "error", method="DELETE", path="*/user/callbacks/*", status=404, times=None
    )
    requested_paths(harness.simulator)
    await harness.hass.config_entries.async_remove(harness.entry.entry_id)
    assert len(requested_paths(harness.simulator)) <= 4
