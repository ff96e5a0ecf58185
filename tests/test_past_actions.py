"""The actions that answer what has happened, whatever the number of pages."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.past_actions import (
    SERVICE_GET_TELEMETRY,
    SERVICE_GET_TRIP_WAYPOINTS,
    SERVICE_GET_TRIPS,
)
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from simulator.server import Simulator

from .common import requested_paths, simulated_car
from .simulator_client import control

BATTERY = "Compact Electric"
PLUG_IN = "Family Plug-in Hybrid"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _night(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time at an hour when cars stand."""
    freezer.move_to("2026-03-18T03:00:00+00:00")


async def ask(
    hass: HomeAssistant, action: str, label: str = BATTERY, **data: object
) -> Any:
    """Return what an action answers about a car."""
    [device] = [one for one in dr.async_get(hass).devices if one.name == label]
    return await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device.id, **data},
        blocking=True,
        return_response=True,
    )


@pytest.mark.usefixtures("entry")
async def test_trips_of_all_pages_are_answered_at_once(
    hass: HomeAssistant, connected_simulator: Simulator
) -> None:
    """The caller learns nothing of pages, and each trip once."""
    since = (dt_util.utcnow() - 70 * DAY).isoformat()
    requested_paths(connected_simulator)
    answer = await ask(hass, SERVICE_GET_TRIPS, start=since, limit=1000)
    trips = simulated_car(connected_simulator, BATTERY).trips
    assert [one["id"] for one in answer["trips"]] == [one.id for one in trips]
    assert answer["complete"]
    assert len(requested_paths(connected_simulator, "/trips")) == -(-len(trips) // 60)
    last = answer["trips"][-1]
    assert last["distance"] == pytest.approx(
        trips[-1].drive.road.length, rel=0.01, abs=0.1
    )
    assert last["average_speed"] > 10
    assert last["electric_consumption_estimated"] is False


@pytest.mark.usefixtures("entry")
async def test_trips_are_those_of_the_last_week_by_default(
    hass: HomeAssistant, connected_simulator: Simulator
) -> None:
    """Few need more, and it costs one request."""
    requested_paths(connected_simulator)
    answer = await ask(hass, SERVICE_GET_TRIPS, limit=3)
    assert [one["id"] for one in answer["trips"]] == [
        one.id for one in simulated_car(connected_simulator, BATTERY).trips[-3:]
    ]
    assert not answer["complete"]
    assert len(requested_paths(connected_simulator)) == 1


@pytest.mark.usefixtures("entry")
async def test_energy_that_is_not_told_is_reckoned_and_marked(
    hass: HomeAssistant, connected_simulator: Simulator
) -> None:
    """The plug-in leaves its electric consumption out."""
    answer = await ask(hass, SERVICE_GET_TRIPS, PLUG_IN)
    trip, told = (
        simulated_car(connected_simulator, PLUG_IN).trips[-1],
        answer["trips"][-1],
    )
    assert trip.stop
    energy = (trip.start.energy - trip.stop.energy) / 1000
    assert told["electric_consumption"] == pytest.approx(energy, abs=0.02)
    assert told["electric_consumption_estimated"] is True


@pytest.mark.usefixtures("entry")
async def test_way_of_the_last_trip_is_a_line_on_the_map(hass: HomeAssistant) -> None:
    """GeoJSON, longitude first, with a time for each point."""
    answer = await ask(hass, SERVICE_GET_TRIP_WAYPOINTS)
    assert (answer["type"], answer["geometry"]["type"]) == ("Feature", "LineString")
    longitude, latitude, *_ = answer["geometry"]["coordinates"][0]
    assert (round(longitude), round(latitude)) == (-1, 48) or latitude > 40
    assert len(answer["properties"]["times"]) == len(answer["geometry"]["coordinates"])
    assert answer["properties"]["complete"]

    few = await ask(hass, SERVICE_GET_TRIP_WAYPOINTS, limit=2)
    assert len(few["geometry"]["coordinates"]) == 2
    assert not few["properties"]["complete"]
    point = await ask(hass, SERVICE_GET_TRIP_WAYPOINTS, limit=1)
    assert point["geometry"] is None


@pytest.mark.usefixtures("entry")
async def test_telemetry_is_what_the_car_sent_oldest_first(
    hass: HomeAssistant, connected_simulator: Simulator
) -> None:
    """Kinds narrow it down."""
    since = (dt_util.utcnow() - 2 * DAY).isoformat()
    answer = await ask(hass, SERVICE_GET_TELEMETRY, start=since, kinds=["energies"])
    times = [one["createdAt"] for one in answer["messages"]]
    assert times == sorted(times)
    assert len(times) > 20
    assert all("energies" in one["vehicle"] for one in answer["messages"])
    assert all("odometer" not in one["vehicle"] for one in answer["messages"])
    assert all("_links" not in one for one in answer["messages"])


async def test_nothing_is_asked_when_the_plan_is_used_up(
    hass: HomeAssistant, connected_simulator: Simulator, entry: ConfigEntry
) -> None:
    """What is left is for the cars' status."""
    await control(connected_simulator, "PATCH", "application", per_day=50)
    for car in entry.runtime_data.account.vehicles.values():
        await car.async_refresh()
    requested_paths(connected_simulator)
    with pytest.raises(HomeAssistantError) as refused:
        await ask(hass, SERVICE_GET_TRIPS)
    assert refused.value.translation_key == "quota_exceeded"
    assert requested_paths(connected_simulator) == []


@pytest.mark.usefixtures("entry")
@pytest.mark.parametrize(
    ("status", "key"), [(403, "forbidden"), (404, "not_for_this_vehicle")]
)
async def test_refusals_are_told(
    hass: HomeAssistant, connected_simulator: Simulator, status: int, key: str
) -> None:
    """Whoever asked learns why there is no answer."""
    await control(
        connected_simulator,
        "POST",
        "faults",
        kind="error",
        status=status,
        form="api",
        path="*/trips",
        times=None,
    )
    with pytest.raises(HomeAssistantError) as refused:
        await ask(hass, SERVICE_GET_TRIPS)
    assert refused.value.translation_key == key


async def test_lost_sign_in_is_asked_for(
    hass: HomeAssistant, connected_simulator: Simulator, entry: ConfigEntry
) -> None:
    """Whoever asked learns of it, and finds where to sign in."""
    await control(connected_simulator, "POST", "faults", kind="revoke_tokens")
    with pytest.raises(HomeAssistantError) as refused:
        await ask(hass, SERVICE_GET_TRIPS)
    assert refused.value.translation_key == "sign_in_needed"
    assert any(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))


async def test_way_takes_a_trip(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """A car that has not gone anywhere has no way."""
    for car in entry.runtime_data.account.vehicles.values():
        car.data = type(car.data)()
    with pytest.raises(HomeAssistantError) as refused:
        await ask(hass, SERVICE_GET_TRIP_WAYPOINTS)
    assert refused.value.translation_key == "no_trip"


@pytest.mark.usefixtures("entry")
async def test_way_takes_a_trip_that_there_was(hass: HomeAssistant) -> None:
    """An id that the platform does not know is told to be the mistake."""
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, SERVICE_GET_TRIP_WAYPOINTS, trip_id="nowhere")
    assert refused.value.translation_key == "unknown_trip"


@pytest.mark.usefixtures("entry")
@pytest.mark.parametrize("action", [SERVICE_GET_TRIPS, SERVICE_GET_TELEMETRY])
async def test_range_ends_after_it_starts(
    hass: HomeAssistant, connected_simulator: Simulator, action: str
) -> None:
    """Also where its start is the one by default; nothing is asked for."""
    requested_paths(connected_simulator)
    with pytest.raises(ServiceValidationError) as refused:
        await ask(hass, action, end=(dt_util.utcnow() - 8 * DAY).isoformat())
    assert refused.value.translation_key == "ends_before_start"
    assert requested_paths(connected_simulator) == []
