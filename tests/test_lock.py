"""Lock of a car."""

import asyncio

import pytest

from custom_components.stellantis_connect.api.models.scope import Scope
from homeassistant.components.lock import LockState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .common import entity_ids
from .conftest import SetupIntegration
from .harness import BATTERY, OLD_BATTERY, SECOND, Harness


async def test_pending_command_shows_locking_or_unlocking(
    harness: Harness, hass: HomeAssistant
) -> None:
    """The state is assumed until the outcome."""
    for service, pending in (
        ("unlock", LockState.UNLOCKING),
        ("lock", LockState.LOCKING),
    ):
        action = asyncio.ensure_future(harness.use("lock", service))
        await harness.pass_time(SECOND)
        state = harness.state("lock")
        assert state.state == pending
        assert state.attributes["assumed_state"] is True
        await harness.done(action)
        assert "assumed_state" not in harness.state("lock").attributes


async def test_lock_replaces_sensor(
    hass: HomeAssistant, harness: Harness, setup_integration: SetupIntegration
) -> None:
    """A car without the command has a sensor."""
    assert "locked" not in entity_ids(hass, harness.entry, BATTERY)
    assert "lock" not in entity_ids(hass, harness.entry, OLD_BATTERY)


async def test_missing_permission_shows_sensor(
    hass: HomeAssistant, setup_integration: SetupIntegration
) -> None:
    """Without the permission there is no lock."""
    entry = await setup_integration(
        scopes=[scope for scope in Scope if scope is not Scope.DOOR]
    )
    ids = entity_ids(hass, entry, BATTERY)
    assert "lock" not in ids
    assert "locked" in ids


async def test_failed_command_shows_reported_state(harness: Harness) -> None:
    """The assumed state ends with the failure."""
    await harness.change(open=["Trunk"])
    await harness.refresh()
    with pytest.raises(HomeAssistantError) as refusal:
        await harness.use("lock", "lock")
    assert refusal.value.translation_key == "remote_doors_open"
    assert harness.state("lock").state == LockState.UNLOCKED
