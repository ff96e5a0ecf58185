"""The lock of a car."""

import asyncio

import pytest

from custom_components.stellantis_connect.api.models.scope import Scope
from homeassistant.components.lock import LockState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .common import entity_ids
from .conftest import SetupIntegration
from .harness import BATTERY, OLD_BATTERY, SECOND, Harness


async def test_shows_what_is_under_way(harness: Harness, hass: HomeAssistant) -> None:
    """Until the car has answered, the lock is unlocking or locking, and says that it assumes so."""
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


async def test_takes_the_place_of_the_sensor(
    hass: HomeAssistant, harness: Harness, setup_integration: SetupIntegration
) -> None:
    """A car has a lock, or else a sensor that tells whether it is locked."""
    assert "locked" not in entity_ids(hass, harness.entry, BATTERY)
    assert "lock" not in entity_ids(hass, harness.entry, OLD_BATTERY)


async def test_takes_the_right_to_it(
    hass: HomeAssistant, setup_integration: SetupIntegration
) -> None:
    """Without the right to the doors there is no lock, and the sensor is back."""
    entry = await setup_integration(
        scopes=[scope for scope in Scope if scope is not Scope.DOOR]
    )
    ids = entity_ids(hass, entry, BATTERY)
    assert "lock" not in ids
    assert "locked" in ids


@pytest.mark.parametrize("service", ["lock", "unlock"])
async def test_leaves_a_driving_car_alone(harness: Harness, service: str) -> None:
    """A car that has just driven off is looked at before it is locked, and nothing is sent."""
    await harness.change(trip="start")
    with pytest.raises(HomeAssistantError) as refusal:
        await harness.use("lock", service)
    assert refusal.value.translation_key == "vehicle_drives"
    assert await harness.sent() == []
    assert harness.state("command").attributes["event_type"] == "not_sent"


async def test_returns_to_the_truth(harness: Harness) -> None:
    """Where the car refuses, the entity shows what the car tells."""
    await harness.change(open=["Trunk"])
    await harness.refresh()
    with pytest.raises(HomeAssistantError) as refusal:
        await harness.use("lock", "lock")
    assert refusal.value.translation_key == "remote_doors_open"
    assert harness.state("lock").state == LockState.UNLOCKED
