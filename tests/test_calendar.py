"""Tests of calendars."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.models.scope import Scope
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.server import Simulator

from .common import advance_time, entity_ids, requested_paths
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


async def test_trip_has_distance_duration_and_consumption(
    hass: HomeAssistant, init_integration: ConfigEntry
) -> None:
    """Units need no translation."""
    calendar = entity_ids(hass, init_integration, BATTERY)["trips"]
    trip = (await events(hass, calendar, 7))[-1]
    assert trip["summary"].partition(", ")[0].endswith(" km")
    assert trip["summary"].endswith(" min")
    assert trip["description"].endswith(" kWh")
    assert trip["location"].startswith("48.")


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
    assert trip["summary"].endswith(f" {(end - begin) / MINUTE:.0f} min")

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
    assert hass.states.is_state(calendar, "on")
    for _ in range(80):
        await advance_time(hass, freezer, timedelta(minutes=2))
    assert hass.states.is_state(calendar, "off")
