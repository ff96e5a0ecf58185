"""All triggers and conditions through a simulated week with restarts, compared with the truth."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from custom_components.stellantis_connect.condition import CONDITIONS
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.trigger import TRIGGERS
from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.const import (
    ATTR_DEVICE_ID,
    CONF_ZONE,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
)
from homeassistant.core import CoreState, Event
from homeassistant.helpers import condition
from homeassistant.util import dt as dt_util
from simulator.cars import blocks
from simulator.cars.car import Car
from simulator.cars.state import State

from .common import add_zone, simulated_car
from .harness import BATTERY, MINUTE, SECOND, Harness
from .test_trigger import add_automations, device_id, fired

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
MAX_AGE = timedelta(hours=11)
# The data of Home Assistant is that much older than that of the car, restarts included.
MAX_DELAY = timedelta(hours=2)
DURATION = {"hours": MAX_AGE // HOUR}
LEVEL = 75
RANGE = 200
HYSTERESIS = 1.1


@pytest.fixture(autouse=True)
async def _end_automations(harness: Harness) -> AsyncIterator[None]:
    """End the automations after the test."""
    yield
    await switch_automations(harness, SERVICE_TURN_OFF)


async def switch_automations(harness: Harness, service: str) -> None:
    """Turn all automations on or off."""
    await harness.hass.services.async_call(
        AUTOMATION, service, {"entity_id": "all"}, blocking=True
    )


async def restart(harness: Harness) -> None:
    """Restart Home Assistant, which is down for half an hour; triggers begin anew."""
    hass = harness.hass
    await switch_automations(harness, SERVICE_TURN_OFF)
    await hass.config_entries.async_unload(harness.entry.entry_id)
    await harness.pass_time(30 * MINUTE, 10 * MINUTE)
    hass.set_state(CoreState.starting)
    await hass.config_entries.async_setup(harness.entry.entry_id)
    await switch_automations(harness, SERVICE_TURN_ON)
    hass.set_state(CoreState.running)
    await harness.pass_time(MINUTE, 20 * SECOND)


async def fail_command(harness: Harness) -> None:
    """Send a command that a sleeping car does not carry out."""
    await harness.change(sleep="deep")
    await harness.use("lock", "lock")
    await harness.pass_time(10 * MINUTE, MINUTE)
    await harness.change(sleep="auto")


async def pass_week(harness: Harness, check: Callable[[], None]) -> Mapping[str, int]:
    """Pass a week with restarts; return how often what has no timetable happened."""
    happened: Counter[str] = Counter()
    start = dt_util.utcnow()
    hour = 0
    while dt_util.utcnow() < start + WEEK:
        hour += 1
        await harness.pass_time(HOUR, 10 * MINUTE)
        if hour % 23 == 0:
            await harness.change(alarm="RoofBreakIn")
            happened["alarm_triggered"] += 1
        if (
            hour % 41 == 0
            and not simulated_car(harness.simulator, BATTERY).at(dt_util.utcnow()).drive
        ):
            await fail_command(harness)
            happened["command_failed"] += 1
        if hour % 11 == 0:
            await restart(harness)
        if hour % 17 == 0:
            await harness.restart()
        if hour % 3 == 0:
            await harness.refresh()
            check()
    await harness.pass_time(2 * HOUR, 10 * MINUTE)
    await harness.refresh()
    return happened


def sent_states(car: Car, start: datetime) -> list[State]:
    """Return the states that the car has sent since, and the one before."""
    moments = [*car.uploads(start - WEEK, dt_util.utcnow())]
    first = max(moment for moment in moments if moment <= start)
    return [car.at(moment) for moment in moments if moment >= first]


def rises(values: Iterable[bool]) -> int:
    """Return how often a value becomes true."""
    return sum(now and not before for before, now in pairwise(values))


def low_ranges(states: Iterable[State], car: Car) -> Iterator[bool]:
    """Yield whether the range is low, until it is clearly higher."""
    low = False
    for state in states:
        limit = RANGE * HYSTERESIS if low else RANGE
        low = blocks.electric_range(car.model, state) < limit
        yield low


def truth(car: Car, start: datetime) -> Mapping[str, int]:
    """Return how often the simulated car did what its timetable has."""
    states = sent_states(car, start)
    plugged = [one.plugged for one in states]
    parked_at_home = [one.where == "home" and not one.drive for one in states]
    charges = [one for one in car.charges if one.ended > start]
    levels = [
        (
            blocks.electric_level(car.model, car.at(one.started)),
            blocks.electric_level(car.model, car.at(one.ended)),
        )
        for one in charges
    ]
    current = states[-1].charge is not None
    moments = [*(one.at for one in states), dt_util.utcnow()]
    ages = [following - moment for moment, following in pairwise(moments)]
    assert not any(MAX_AGE - MAX_DELAY < age <= MAX_AGE for age in ages)
    return {
        "plugged_in": rises(plugged),
        "unplugged": rises(not one for one in plugged),
        "arrived": rises(parked_at_home),
        "left": rises(not one for one in parked_at_home),
        "charging_started": len([one for one in charges if one.started > start])
        + current,
        "charging_ended": len(charges),
        "charged_to": sum(before < LEVEL <= after for before, after in levels),
        "range_below": rises(low_ranges(states, car)),
        "trip_started": len([one for one in car.trips if one.start.at > start]),
        "trip_ended": len(
            [one for one in car.trips if one.stop and one.stop.at > start]
        ),
        "alert_raised": len([one for one in car.alerts if one.start.at > start]),
        "alert_cleared": len(
            [one for one in car.alerts if one.end and one.end.at > start]
        ),
        "data_older_than": sum(age > MAX_AGE for age in ages),
    }


CONDITION_TRUTHS: Mapping[str, Callable[[State], bool]] = {
    "has_data_newer_than": lambda state: dt_util.utcnow() - state.at < MAX_AGE,
    "is_charging": lambda state: state.charge is not None,
    "is_in_zone": lambda state: state.where == "home" and not state.drive,
    "is_locked": lambda state: "Unlocked" not in state.locks,
    "is_plugged_in": lambda state: state.plugged,
}


async def test_week_with_restarts_is_as_it_was(harness: Harness) -> None:
    """Each trigger fires once for each happening; each condition is met as the car is."""
    hass = harness.hass
    car = simulated_car(harness.simulator, BATTERY)
    zone = add_zone(hass, "Garage", car.at(dt_util.utcnow()).fix.place)
    await harness.change(sleep="auto")
    await harness.refresh()
    options: dict[str, dict[str, Any]] = {
        "arrived": {CONF_ZONE: zone},
        "charged_to": {"level": LEVEL},
        "data_older_than": {"duration": DURATION},
        "left": {CONF_ZONE: zone},
        "range_below": {"range": RANGE},
    }
    events: list[Event[Any]] = await add_automations(
        harness, {key: options.get(key, {}) for key in TRIGGERS}
    )
    checkers = {}
    for key in CONDITIONS:
        config = {
            "condition": f"{DOMAIN}.{key}",
            "target": {ATTR_DEVICE_ID: device_id(harness)},
            "options": {
                "has_data_newer_than": {"duration": DURATION},
                "is_in_zone": {CONF_ZONE: zone},
            }.get(key, {}),
        }
        config = await condition.async_validate_condition_config(hass, config)
        checkers[key] = await condition.async_from_config(hass, config)
    seen: dict[str, set[bool]] = {key: set() for key in CONDITIONS}

    def check() -> None:
        state = car.reported(dt_util.utcnow())
        for key, checker in checkers.items():
            expected = CONDITION_TRUTHS[key](state)
            assert (key, checker.async_check()) == (key, expected)
            seen[key].add(expected)

    start = dt_util.utcnow()
    happened = await pass_week(harness, check)
    assert seen == {key: {False, True} for key in CONDITIONS}
    expected = {**truth(car, start), **happened}
    assert expected.keys() == TRIGGERS.keys()
    assert all(expected.values())
    assert Counter(fired(events)) == expected
    for checker in checkers.values():
        checker.async_unload()
