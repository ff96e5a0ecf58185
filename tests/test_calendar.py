"""The calendar shows where a car went, and when."""

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
    """Hold the time at an hour when cars stand."""
    freezer.move_to("2026-03-18T03:00:00+00:00")


async def events(
    hass: HomeAssistant, entity_id: str, days: float
) -> list[dict[str, Any]]:
    """Return what the calendar shows of the last days."""
    now = dt_util.utcnow()
    answer = await hass.services.async_call(
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
    found: Any = answer and answer[entity_id]
    shown: list[dict[str, Any]] = found["events"]
    return shown


async def test_trips_of_two_months_are_there_and_cost_nothing_to_look_at(
    hass: HomeAssistant, connected_simulator: Simulator, entry: ConfigEntry
) -> None:
    """A dashboard with a calendar asks the platform for nothing."""
    calendar = entity_ids(hass, entry, BATTERY)["trips"]
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


async def test_trip_tells_how_far_how_long_and_what_it_took(
    hass: HomeAssistant, entry: ConfigEntry
) -> None:
    """In units, which need no translation."""
    calendar = entity_ids(hass, entry, BATTERY)["trips"]
    trip = (await events(hass, calendar, 7))[-1]
    assert trip["summary"].partition(", ")[0].endswith(" km")
    assert trip["summary"].endswith(" min")
    assert trip["description"].endswith(" kWh")
    assert trip["location"].startswith("48.")


async def test_trip_has_no_place_where_the_owner_withholds_it(
    hass: HomeAssistant, setup_integration: SetupIntegration
) -> None:
    """Without the right to positions there is no location."""
    entry = await setup_integration(scopes=[Scope.TELEMETRY, Scope.TRIP])
    calendar = entity_ids(hass, entry, BATTERY)["trips"]
    assert all("location" not in one for one in await events(hass, calendar, 7))


async def test_trip_may_lack_a_time(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
) -> None:
    """A trip without an end is as long as it took; one without a beginning is nowhere."""
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


async def test_calendar_is_on_while_the_car_is_on_its_way(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    entry: ConfigEntry,
) -> None:
    """An automation may wait for the end of the trip."""
    calendar = entity_ids(hass, entry, BATTERY)["trips"]
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
