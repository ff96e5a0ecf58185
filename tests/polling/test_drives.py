"""Days of simulated cars without push: what Home Assistant sees of their drives."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.stellantis_connect.polling.endpoints import IN_USE
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, State
from homeassistant.util import dt as dt_util

from ..common import requested_paths, simulated_car
from ..harness import BATTERY, MINUTE, OLD_BATTERY, PETROL, PLUG_IN, Harness

CARS = (BATTERY, PLUG_IN, PETROL, OLD_BATTERY)
LONG_DRIVE = 10 * MINUTE


@pytest.fixture
def history() -> timedelta:
    """Return two months of trips to learn from."""
    return timedelta(days=62)


async def test_drives_of_a_day_are_seen_and_trigger_their_events_once(
    harness: Harness,
) -> None:
    """The four cars drive and charge by themselves."""
    for label in CARS:
        await harness.change(label, sleep="auto")
    await harness.hass.config.async_set_time_zone("Europe/Paris")
    events: list[Event[EventStateChangedData]] = async_capture_events(
        harness.hass, EVENT_STATE_CHANGED
    )
    start = dt_util.utcnow()
    requested_paths(harness.simulator)
    while dt_util.now().date() == dt_util.as_local(start).date():
        is_used = any(harness.car(label).data.activity in IN_USE for label in CARS)
        step = MINUTE if is_used else 5 * MINUTE
        await harness.pass_time(step, step)

    def shown(key: str, label: str) -> list[tuple[datetime, State]]:
        entity_id = harness.entity_id(key, label)
        return [
            (event.time_fired, state)
            for event in events
            if (state := event.data["new_state"]) and state.entity_id == entity_id
        ]

    paths = requested_paths(harness.simulator)
    drives = seen = 0
    for label in CARS:
        moved_at = [time for time, one in shown("moving", label) if one.state == "on"]
        trips = [
            (trip.start.at, trip.stop.at)
            for trip in simulated_car(harness.simulator, label).trips
            if trip.stop and trip.start.at > start
        ]
        for started_at, stopped_at in trips:
            if stopped_at - started_at > LONG_DRIVE:
                drives += 1
                seen += any(started_at <= time <= stopped_at for time in moved_at)
        happened = Counter(
            (one.attributes["event_type"], one.attributes["started_at"])
            for _, one in shown("trip", label)
        )
        assert {*happened.values()} == {1}
        assert happened.total() == 2 * len(trips)
        vehicle_id = harness.car(label).vehicle.id
        assert sum(vehicle_id in path for path in paths) <= 200
    assert seen >= 0.9 * drives > 5
