"""Tests of calendars."""

from datetime import timedelta
from itertools import pairwise
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.const import CONF_MAX_STOP, DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_load_integrations
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_system import (
    METRIC_SYSTEM,
    US_CUSTOMARY_SYSTEM,
    UnitSystem,
)
from simulator.server import Simulator

from .common import add_zone, advance_time, entity_ids, requested_paths, simulated_car
from .conftest import SetupIntegration
from .simulator_client import control

BATTERY = "Compact Electric"
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _night(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time at an hour without trips."""
    freezer.move_to("2026-03-18T03:00:00+00:00")


async def events(
    hass: HomeAssistant, entity_id: str, days: float
) -> list[dict[str, Any]]:
    """Return the events of the last days."""
    now = dt_util.utcnow()
    response = await hass.services.async_call(
        "calendar",
        "get_events",
        {
            "entity_id": entity_id,
            "start_date_time": now - timedelta(days=days),
            "end_date_time": now,
        },
        blocking=True,
        return_response=True,
    )
    found: Any = response and response[entity_id]
    shown: list[dict[str, Any]] = found["events"]
    return shown


async def test_calendar_has_trips_without_requests(
    hass: HomeAssistant, connected_simulator: Simulator, init_integration: ConfigEntry
) -> None:
    """Showing a calendar fetches nothing."""
    calendar = entity_ids(hass, init_integration, BATTERY)["trips"]
    requested_paths(connected_simulator)
    shown = await events(hass, calendar, 70)
    [car] = [
        one
        for one in connected_simulator.backend.garages.built()
        if one.model.label == BATTERY
    ]
    assert len(shown) == len(car.trips)
    assert len(await events(hass, calendar, 1)) < 8
    assert requested_paths(connected_simulator) == []


async def test_trip_outside_of_zones_has_distance_duration_and_consumption(
    hass: HomeAssistant, init_integration: ConfigEntry
) -> None:
    """The title has no coordinates."""
    calendar = entity_ids(hass, init_integration, BATTERY)["trips"]
    trip = (await events(hass, calendar, 7))[-1]
    assert re.fullmatch(r"\d+\.\d km, \d+ min", trip["summary"])
    assert re.fullmatch(r"\d+ min, \d+ km/h, \d+\.\d kWh", trip["description"])
    assert trip["location"].startswith("48.")


@pytest.mark.parametrize(
    ("language", "units", "titles"),
    [
        (
            "en",
            US_CUSTOMARY_SYSTEM,
            [
                r"Home to Work, \d+\.\d mi",
                r"Work to Home, \d+\.\d mi",
                r"To Home, \d+\.\d mi",
                r"From Home, \d+\.\d mi",
            ],
        ),
        (
            "de",
            METRIC_SYSTEM,
            [
                r"Home nach Work, \d+,\d km",
                r"Work nach Home, \d+,\d km",
                r"Nach Home, \d+,\d km",
                r"Ab Home, \d+,\d km",
            ],
        ),
        (
            "fr",
            METRIC_SYSTEM,
            [
                r"Home – Work, \d+,\d km",
                r"Work – Home, \d+,\d km",
                r"Vers Home, \d+,\d km",
                r"Depuis Home, \d+,\d km",
            ],
        ),
    ],
)
async def test_title_has_zones_in_the_language_and_units_of_the_owner(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    init_integration: ConfigEntry,
    language: str,
    units: UnitSystem,
    titles: list[str],
) -> None:
    """A trip to a place without a zone has the other one."""
    await hass.config.async_update(language=language)
    await async_load_integrations(hass, {DOMAIN})
    hass.config.units = units
    add_work_and_home(hass, connected_simulator)
    calendar = entity_ids(hass, init_integration, BATTERY)["trips"]
    shown = {one["summary"] for one in await events(hass, calendar, 9)}
    for title in titles:
        assert any(re.fullmatch(title, one) for one in shown)
    assert all(any(re.fullmatch(title, one) for title in titles) for one in shown)


def add_work_and_home(hass: HomeAssistant, simulator: Simulator) -> None:
    """Add the zones of a car's home and its owner's work."""
    car = simulated_car(simulator, BATTERY)
    trip = next(one for one in car.trips if one.drive.destination == "work")
    assert trip.stop
    add_zone(hass, "Home", trip.start.fix.place)
    add_zone(hass, "Work", trip.stop.fix.place)


async def test_trips_with_short_stops_are_shown_as_one(
    hass: HomeAssistant, connected_simulator: Simulator, init_integration: ConfigEntry
) -> None:
    """A stop of the length of the option is not short."""
    calendar = entity_ids(hass, init_integration, BATTERY)["trips"]
    add_work_and_home(hass, connected_simulator)
    trips = simulated_car(connected_simulator, BATTERY).trips
    stops = sorted(
        following.start.at - one.stop.at
        for one, following in pairwise(trips)
        if one.stop
    )
    assert len(await events(hass, calendar, 9)) == len(trips)
    for merged, limit in ((0, stops[0]), (1, stops[0] + MINUTE)):
        options = {CONF_MAX_STOP: limit / MINUTE}
        hass.config_entries.async_update_entry(init_integration, options=options)
        shown = await events(hass, calendar, 9)
        assert len(shown) == len(trips) - merged
    assert any(one["summary"].startswith("Round trip from Home, ") for one in shown)


async def test_trip_without_position_permission_has_no_location(
    hass: HomeAssistant, setup_integration: SetupIntegration
) -> None:
    """Positions need a permission of their own."""
    entry = await setup_integration(scopes=[Scope.TELEMETRY, Scope.TRIP])
    calendar = entity_ids(hass, entry, BATTERY)["trips"]
    assert all("location" not in one for one in await events(hass, calendar, 7))


async def test_trip_without_a_time_is_complete_or_left_out(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
) -> None:
    """A trip without an end has one by its duration; one without a start is left out."""
    trips = {"kind": "mistype", "path": "*/trips", "times": None}
    await control(connected_simulator, "POST", "faults", key="stoppedAt", **trips)
    entry = await setup_integration()
    whole = await events(hass, entity_ids(hass, entry, BATTERY)["trips"], 7)
    trip = whole[-1]
    begin, end = (dt_util.parse_datetime(trip[name]) for name in ("start", "end"))
    assert begin
    assert end
    assert trip["description"].startswith(f"{(end - begin) / MINUTE:.0f} min")

    await control(connected_simulator, "POST", "faults", key="startedAt", **trips)
    await hass.config_entries.async_remove(entry.entry_id)
    entry = await setup_integration()
    assert await events(hass, entity_ids(hass, entry, BATTERY)["trips"], 7) == []


async def test_calendar_is_on_during_a_trip(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    init_integration: ConfigEntry,
) -> None:
    """An automation can wait for the end of a trip."""
    calendar = entity_ids(hass, init_integration, BATTERY)["trips"]
    assert hass.states.is_state(calendar, "off")
    [car] = [
        one
        for one in connected_simulator.backend.garages.built()
        if one.model.label == BATTERY
    ]
    await control(connected_simulator, "PATCH", f"vehicles/{car.id}", trip="seaside")
    await advance_time(hass, freezer, timedelta(minutes=31))
    state = hass.states.get(calendar)
    assert state
    assert state.state == "on"
    assert state.attributes["message"] == "Trip"
    for _ in range(80):
        await advance_time(hass, freezer, timedelta(minutes=2))
    assert hass.states.is_state(calendar, "off")
