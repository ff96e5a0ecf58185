"""The charge limit: the charge is stopped there, once per plug-in."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from ..harness import PLUG_IN, SECOND, Harness

LIMIT = 80
STOP = {"charging": {"immediate": False}}
START = {"charging": {"immediate": True}}


@pytest.fixture
async def charging(harness: Harness) -> Harness:
    """Return people whose car charges up to a limit, and is nearly there."""
    await harness.change(charging=True, level=LIMIT - 2)
    await harness.refresh()
    await harness.use("charge_limit", "set_value", value=LIMIT)
    return harness


async def reach(harness: Harness, level: float) -> Mapping[str, Any]:
    """Let the battery reach a level, the next look come, and what follows from it be done."""
    await harness.change(level=level)
    await harness.refresh()
    await harness.pass_time(15 * SECOND)
    return await harness.truth()


async def test_charge_is_stopped(charging: Harness) -> None:
    """Below the limit the car charges; there it is stopped, and that is told."""
    assert (await reach(charging, LIMIT - 1))["charging"] == "InProgress"
    assert (await reach(charging, LIMIT))["charging"] == "Stopped"
    assert await charging.sent() == [STOP]
    assert charging.state("charge").state == "off"
    assert charging.state("command").attributes["command"] == "charge"


async def test_poll_is_enough(charging: Harness) -> None:
    """A car that charges by itself is stopped at the limit by the looks of every five minutes."""
    for _ in range(12):
        charging.freezer.tick(timedelta(minutes=5))
        await charging.pass_time(15 * SECOND, SECOND)
    assert (await charging.truth())["charging"] == "Stopped"
    assert LIMIT <= (await charging.truth())["level"] < LIMIT + 4
    assert await charging.sent() == [STOP]


async def test_without_a_limit_nothing_is_stopped(harness: Harness) -> None:
    """A full battery is no limit."""
    await harness.change(charging=True, level=99)
    assert (await reach(harness, 99.5))["charging"] == "InProgress"
    assert await harness.sent() == []


async def test_owner_may_go_on(charging: Harness) -> None:
    """A charge that the owner starts after that is left alone, however it was started."""
    await reach(charging, LIMIT)
    await charging.change(charging=True)
    assert (await reach(charging, LIMIT + 5))["charging"] == "InProgress"
    assert await charging.sent() == [STOP]


async def test_owner_may_start_beyond_it(harness: Harness) -> None:
    """A charge that the owner asks for beyond the limit goes on, though none was stopped before."""
    await harness.change(plugged=True, charging=False, level=LIMIT + 5)
    await harness.refresh()
    await harness.use("charge_limit", "set_value", value=LIMIT)
    await harness.use("charge", "turn_on")
    assert (await reach(harness, LIMIT + 6))["charging"] == "InProgress"
    assert await harness.sent() == [START]


async def test_holds_anew_with_the_next_plug_in(charging: Harness) -> None:
    """Once unplugged, the limit counts again."""
    await reach(charging, LIMIT)
    await charging.change(plugged=False)
    await charging.refresh()
    await charging.change(charging=True)
    await reach(charging, LIMIT + 1)
    assert await charging.sent() == [STOP, STOP]


async def test_holds_anew_after_a_drive_that_nobody_saw(charging: Harness) -> None:
    """A car that stands elsewhere was unplugged, whether that was seen or not."""
    mileage = (await reach(charging, LIMIT))["odometer"]
    await charging.change(odometer=mileage + 7, charging=True)
    await reach(charging, LIMIT + 1)
    assert await charging.sent() == [STOP, STOP]


async def test_new_limit_counts_at_once(charging: Harness) -> None:
    """Who lowers the limit below the level has the charge stopped."""
    await charging.use("charge_limit", "set_value", value=60)
    await charging.pass_time(15 * SECOND)
    assert await charging.sent() == [STOP]


class TestRestart:
    """Home Assistant may have been away."""

    async def test_limit_is_kept(self, charging: Harness) -> None:
        """The limit counts after a restart too."""
        await charging.restart()
        assert float(charging.state("charge_limit").state) == LIMIT
        await reach(charging, LIMIT)
        assert await charging.sent() == [STOP]

    async def test_reached_meanwhile(self, charging: Harness) -> None:
        """A car that is plugged in at the limit already is stopped after the restart."""
        await charging.hass.config_entries.async_unload(charging.entry.entry_id)
        charging.freezer.tick(timedelta(minutes=40))
        await charging.hass.config_entries.async_setup(charging.entry.entry_id)
        await charging.pass_time(60 * SECOND, SECOND)
        assert (await charging.truth())["charging"] == "Stopped"
        assert await charging.sent() == [STOP]

    async def test_owner_is_remembered(self, charging: Harness) -> None:
        """What the owner started before goes on afterwards."""
        await reach(charging, LIMIT)
        await charging.change(charging=True)
        await charging.refresh()
        await charging.restart()
        assert (await reach(charging, LIMIT + 5))["charging"] == "InProgress"
        assert await charging.sent() == [STOP]


async def test_failure_is_tried_again(charging: Harness) -> None:
    """A charge that could not be stopped is tried with the next news, and not for ever."""
    await charging.fault("remote_fails", message="VehicleError", times=None)
    for step in range(6):
        await reach(charging, LIMIT + step)
    assert await charging.sent() == [STOP] * 3
    assert charging.state("command").attributes["reason"] == "remote_vehicle_error"


async def test_takes_a_car_that_can_stop(harness: Harness) -> None:
    """A car whose charge cannot be stopped from afar has no limit."""
    assert harness.state("charge_limit").state == "100"
    with pytest.raises(KeyError):
        harness.state("charge_limit", PLUG_IN)
