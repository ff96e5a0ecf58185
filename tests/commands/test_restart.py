"""Commands over reloads, restarts and crashes."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from custom_components.stellantis_connect.commands.queue import COMMAND_TIMEOUT
from homeassistant.exceptions import HomeAssistantError

from ..common import crash
from ..harness import BATTERY, MINUTE, SECOND, Harness
from .common import HORN, LOCK, PRECONDITION, UNLOCK, outcome


async def test_sent_command_is_followed_after_reload(harness: Harness) -> None:
    """It is shown as pending at once, and not sent again."""
    await harness.change(sleep="asleep")
    action = asyncio.ensure_future(harness.use("lock", "unlock"))
    await harness.pass_time(5 * SECOND)
    await harness.hass.config_entries.async_reload(harness.entry.entry_id)
    await action
    assert harness.state("lock").state == "unlocking"
    await harness.pass_time(3 * MINUTE, SECOND)
    assert harness.state("lock").state == "unlocked"
    assert outcome(harness)["event_type"] == "success"
    assert await harness.sent() == [UNLOCK]


async def test_command_in_check_is_not_sent_after_reload(harness: Harness) -> None:
    """The run that was unloaded sends nothing, whatever the response that it waited for."""
    await harness.fault("hold", car=BATTERY, endpoint="status")
    action = asyncio.ensure_future(harness.using("lock", "unlock"))
    await harness.pass_time(SECOND)
    await harness.hass.config_entries.async_reload(harness.entry.entry_id)
    with pytest.raises(HomeAssistantError) as raised:
        await harness.done(action)
    assert raised.value.translation_key == "command_interrupted"
    await harness.use("lock", "unlock")
    await harness.use("lock", "lock")
    await harness.delete_faults()
    await harness.pass_time(MINUTE, SECOND)
    assert await harness.sent() == [UNLOCK, LOCK]
    assert harness.state("lock").state == "locked"
    assert "Locked" in (await harness.truth())["locked"]


async def test_queued_command_raises_at_unload(harness: Harness) -> None:
    """What was sent is followed by the next run; what was not is not sent."""
    await harness.change(sleep="deep")
    sent = asyncio.ensure_future(harness.using("sound_horn", "press"))
    queued = asyncio.ensure_future(harness.using("precondition", "turn_on"))
    await harness.pass_time(5 * SECOND)
    await harness.hass.config_entries.async_unload(harness.entry.entry_id)
    with pytest.raises(HomeAssistantError) as raised:
        await harness.done(queued)
    assert raised.value.translation_key == "command_interrupted"
    await harness.done(sent)
    await harness.hass.config_entries.async_setup(harness.entry.entry_id)
    await harness.change(sleep="awake")
    await harness.pass_time(COMMAND_TIMEOUT + MINUTE, SECOND)
    assert await harness.sent() == [HORN]
    assert outcome(harness)["event_type"] == "not_sent"
    assert outcome(harness)["reason"] == "command_interrupted"
    assert harness.state("precondition").state == "off"


async def test_queued_command_is_not_sent_after_crash(
    harness: Harness, hass_storage: dict[str, Any]
) -> None:
    """Its age is not known: the clock may have been ahead."""
    await harness.change(sleep="deep")
    actions = asyncio.gather(
        harness.using("sound_horn", "press"),
        harness.using("precondition", "turn_on"),
        return_exceptions=True,
    )
    await harness.pass_time(5 * SECOND)
    await crash(harness.hass, hass_storage, harness.entry)
    await harness.done(actions)
    await harness.pass_time(COMMAND_TIMEOUT + MINUTE, SECOND)
    assert PRECONDITION not in await harness.sent()
    assert outcome(harness)["reason"] == "command_interrupted"
    assert harness.vehicle().commands.state.pending == ()


async def test_command_being_sent_at_unload_is_unconfirmed(harness: Harness) -> None:
    """The next run searches for it, and does not send it again."""
    await harness.fault("hold", method="POST", path="*/remotes")
    action = asyncio.ensure_future(harness.using("sound_horn", "press"))
    await harness.pass_time(SECOND)
    await harness.hass.config_entries.async_unload(harness.entry.entry_id)
    await harness.done(action)
    await harness.hass.config_entries.async_setup(harness.entry.entry_id)
    await harness.pass_time(MINUTE, SECOND)
    assert outcome(harness)["reason"] == "outcome_unknown"
    assert await harness.sent() == []
    assert harness.vehicle().commands.state.pending == ()


async def test_failure_while_unloaded_is_reported(harness: Harness) -> None:
    """The outcome of a command that ended meanwhile is polled once."""
    await harness.change(sleep="asleep", auxiliary=80)
    await harness.fault("remote_fails", message="VehicleError")
    action = asyncio.ensure_future(harness.use("lock", "unlock"))
    await harness.pass_time(3 * SECOND)
    await harness.hass.config_entries.async_unload(harness.entry.entry_id)
    await action
    harness.freezer.tick(timedelta(hours=1))
    await harness.hass.config_entries.async_setup(harness.entry.entry_id)
    await harness.pass_time(20 * SECOND)
    assert harness.state("lock").state == "locked"
    assert outcome(harness)["reason"] == "remote_vehicle_error"
    assert harness.vehicle().commands.state.pending == ()
