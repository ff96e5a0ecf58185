"""Charge limit: the charge is stopped there, once per plug-in."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from custom_components.stellantis_connect.commands.models import ChargeLimit

from ..harness import PLUG_IN, SECOND, Harness

LIMIT = 80
STOP = {"charging": {"immediate": False}}
START = {"charging": {"immediate": True}}


@pytest.fixture
async def charging(harness: Harness) -> Harness:
    """Return a car that charges and is close to its limit."""
    await harness.change(charging=True, level=LIMIT - 2)
    await harness.refresh()
    await harness.use("charge_limit", "set_value", value=LIMIT)
    return harness


async def reach(harness: Harness, level: float) -> Mapping[str, Any]:
    """Change the level and refresh; return the car after what that leads to."""
    await harness.change(level=level)
    await harness.refresh()
    await harness.pass_time(15 * SECOND)
    return await harness.truth()


async def test_charge_at_limit_is_stopped(charging: Harness) -> None:
    """Below the limit, the car charges."""
    assert (await reach(charging, LIMIT - 1))["charging"] == "InProgress"
    assert (await reach(charging, LIMIT))["charging"] == "Stopped"
    assert await charging.sent() == [STOP]
    assert charging.state("charge").state == "off"
    assert charging.state("command").attributes["command"] == "stop_charging"


async def test_polled_charge_is_stopped(charging: Harness) -> None:
    """The interval of a charging car is short enough."""
    for _ in range(12):
        charging.freezer.tick(timedelta(minutes=5))
        await charging.pass_time(15 * SECOND, SECOND)
    assert (await charging.truth())["charging"] == "Stopped"
    assert LIMIT <= (await charging.truth())["level"] < LIMIT + 4
    assert await charging.sent() == [STOP]


async def test_charge_without_limit_continues(harness: Harness) -> None:
    """100 % is no limit."""
    await harness.change(charging=True, level=99)
    assert (await reach(harness, 99.5))["charging"] == "InProgress"
    assert await harness.sent() == []


async def test_charge_started_after_stop_continues(charging: Harness) -> None:
    """The owner may start it in the car or at the charger."""
    await reach(charging, LIMIT)
    await charging.change(charging=True)
    assert (await reach(charging, LIMIT + 5))["charging"] == "InProgress"
    assert await charging.sent() == [STOP]


async def test_charge_started_beyond_limit_continues(harness: Harness) -> None:
    """The owner may start it by a command, although none was stopped before."""
    await harness.change(plugged=True, charging=False, level=LIMIT + 5)
    await harness.refresh()
    await harness.use("charge_limit", "set_value", value=LIMIT)
    await harness.use("charge", "turn_on")
    assert (await reach(harness, LIMIT + 6))["charging"] == "InProgress"
    assert await harness.sent() == [START]


async def test_next_plug_in_is_stopped_again(charging: Harness) -> None:
    """The limit applies again once the car was unplugged."""
    await reach(charging, LIMIT)
    await charging.change(plugged=False)
    await charging.refresh()
    await charging.change(charging=True)
    await reach(charging, LIMIT + 1)
    assert await charging.sent() == [STOP, STOP]


async def test_charge_after_unseen_trip_is_stopped_again(charging: Harness) -> None:
    """A car that has moved was unplugged, even if no status shows it."""
    mileage = (await reach(charging, LIMIT))["odometer"]
    await charging.change(odometer=mileage + 7, charging=True)
    await reach(charging, LIMIT + 1)
    assert await charging.sent() == [STOP, STOP]


async def test_lower_limit_stops_charge_at_once(charging: Harness) -> None:
    """A limit below the level does not wait for the next status."""
    await charging.use("charge_limit", "set_value", value=60)
    await charging.pass_time(15 * SECOND)
    assert await charging.sent() == [STOP]


class TestRestart:
    """The limit over restarts."""

    async def test_limit_is_restored(self, charging: Harness) -> None:
        """The limit applies after a restart."""
        await charging.restart()
        assert float(charging.state("charge_limit").state) == LIMIT
        await reach(charging, LIMIT)
        assert await charging.sent() == [STOP]

    async def test_limit_reached_while_unloaded_stops_charge(
        self, charging: Harness
    ) -> None:
        """The first status after a restart stops the charge."""
        await charging.hass.config_entries.async_unload(charging.entry.entry_id)
        charging.freezer.tick(timedelta(minutes=40))
        await charging.hass.config_entries.async_setup(charging.entry.entry_id)
        await charging.pass_time(60 * SECOND, SECOND)
        assert (await charging.truth())["charging"] == "Stopped"
        assert await charging.sent() == [STOP]

    async def test_charge_started_before_restart_continues(
        self, charging: Harness
    ) -> None:
        """The owner's wish survives a restart."""
        await reach(charging, LIMIT)
        await charging.change(charging=True)
        await charging.refresh()
        await charging.restart()
        assert (await reach(charging, LIMIT + 5))["charging"] == "InProgress"
        assert await charging.sent() == [STOP]


async def test_failed_stop_is_retried_three_times(charging: Harness) -> None:
    """Each status that shows the charge leads to another attempt."""
    await charging.fault("remote_fails", message="VehicleError", times=None)
    for step in range(6):
        await reach(charging, LIMIT + step)
    assert await charging.sent() == [STOP] * 3
    assert charging.state("command").attributes["reason"] == "remote_vehicle_error"


async def test_car_that_cannot_stop_has_no_limit(harness: Harness) -> None:
    """The limit needs the command to stop a charge."""
    assert harness.state("charge_limit").state == "100"
    with pytest.raises(KeyError):
        harness.state("charge_limit", PLUG_IN)


@pytest.mark.parametrize("level", [-1, 9, 101])
def test_stored_limit_out_of_bounds_is_refused(level: int) -> None:
    """The store is set aside."""
    with pytest.raises(ValueError, match="Invalid level"):
        ChargeLimit(level=level)
