"""The actions that fetch trips, waypoints, and telemetry."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.services.history import (
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
from .harness import Harness
from .simulator_client import control

BATTERY = "Compact Electric"
PLUG_IN = "Family Plug-in Hybrid"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _night(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time when all simulated cars are parked."""
    freezer.move_to("2026-03-18T03:00:00+00:00")


async def call(
    hass: HomeAssistant, action: str, label: str = BATTERY, **data: object
) -> Any:
    """Return the response of an action for a car."""
    [device] = [one for one in dr.async_get(hass).devices if one.name == label]
    return await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": device.id, **data},
        blocking=True,
        return_response=True,
    )


@pytest.mark.usefixtures("init_integration")
async def test_get_trips_range_of_several_pages_returns_each_trip_once(
    hass: HomeAssistant, connected_simulator: Simulator
) -> None:
    """A caller sees no pages."""
    since = (dt_util.utcnow() - 70 * DAY).isoformat()
    requested_paths(connected_simulator)
    response = await call(hass, SERVICE_GET_TRIPS, start=since, limit=1000)
    trips = simulated_car(connected_simulator, BATTERY).trips
    assert [one["id"] for one in response["trips"]] == [one.id for one in trips]
    assert response["complete"]
    assert len(requested_paths(connected_simulator, "/trips")) == -(-len(trips) // 60)
    last = response["trips"][-1]
    assert last["distance"] == pytest.approx(
        trips[-1].drive.road.length, rel=0.01, abs=0.1
    )
    assert last["average_speed"] > 10
    assert last["electric_consumption_estimated"] is False


@pytest.mark.usefixtures("init_integration")
async def test_get_trips_without_range_returns_last_week(
    hass: HomeAssistant, connected_simulator: Simulator
) -> None:
    """It takes one request."""
    requested_paths(connected_simulator)
    response = await call(hass, SERVICE_GET_TRIPS, limit=3)
    assert [one["id"] for one in response["trips"]] == [
        one.id for one in simulated_car(connected_simulator, BATTERY).trips[-3:]
    ]
    assert not response["complete"]
    assert len(requested_paths(connected_simulator)) == 1


@pytest.mark.usefixtures("init_integration")
async def test_get_trips_missing_energy_is_estimated(
    hass: HomeAssistant, connected_simulator: Simulator
) -> None:
    """The plug-in hybrid sends no electric consumption."""
    response = await call(hass, SERVICE_GET_TRIPS, PLUG_IN)
    trip, returned = (
        simulated_car(connected_simulator, PLUG_IN).trips[-1],
        response["trips"][-1],
    )
    assert trip.stop
    energy = (trip.start.energy - trip.stop.energy) / 1000
    assert returned["electric_consumption"] == pytest.approx(energy, abs=0.02)
    assert returned["electric_consumption_estimated"] is True


@pytest.mark.usefixtures("init_integration")
async def test_get_trip_waypoints_without_trip_returns_last_trip(
    hass: HomeAssistant,
) -> None:
    """GeoJSON, longitude first, with a time for each point."""
    response = await call(hass, SERVICE_GET_TRIP_WAYPOINTS)
    assert (response["type"], response["geometry"]["type"]) == ("Feature", "LineString")
    longitude, latitude, *_ = response["geometry"]["coordinates"][0]
    assert (round(longitude), round(latitude)) == (-1, 48) or latitude > 40
    assert len(response["properties"]["times"]) == len(
        response["geometry"]["coordinates"]
    )
    assert response["properties"]["complete"]

    few = await call(hass, SERVICE_GET_TRIP_WAYPOINTS, limit=2)
    assert len(few["geometry"]["coordinates"]) == 2
    assert not few["properties"]["complete"]
    point = await call(hass, SERVICE_GET_TRIP_WAYPOINTS, limit=1)
    assert point["geometry"] is None


@pytest.mark.usefixtures("init_integration")
async def test_get_trip_waypoints_of_last_trip_are_fetched_once(
    hass: HomeAssistant, connected_simulator: Simulator
) -> None:
    """A dashboard shows them each time that it is loaded; others are fetched anew."""
    first, last = simulated_car(connected_simulator, BATTERY).trips[-2:]
    for trip_id, requests in ((first.id, 1), (last.id, 1), (last.id, 0), (first.id, 1)):
        requested_paths(connected_simulator)
        await call(hass, SERVICE_GET_TRIP_WAYPOINTS, trip_id=trip_id)
        assert len(requested_paths(connected_simulator)) == requests


@pytest.mark.usefixtures("init_integration")
async def test_get_telemetry_returns_messages_oldest_first(
    hass: HomeAssistant, connected_simulator: Simulator
) -> None:
    """Kinds filter the blocks of the messages."""
    since = (dt_util.utcnow() - 2 * DAY).isoformat()
    response = await call(hass, SERVICE_GET_TELEMETRY, start=since, kinds=["energies"])
    times = [one["createdAt"] for one in response["messages"]]
    assert times == sorted(times)
    assert len(times) > 20
    assert all("energies" in one["vehicle"] for one in response["messages"])
    assert all("odometer" not in one["vehicle"] for one in response["messages"])
    assert all("_links" not in one for one in response["messages"])


async def test_fetch_action_near_the_quota_is_refused(
    hass: HomeAssistant, connected_simulator: Simulator, init_integration: ConfigEntry
) -> None:
    """The rest of the quota is for the status of cars."""
    await control(connected_simulator, "PATCH", "application", per_day=30)
    for car in init_integration.runtime_data.account.vehicles.values():
        await car.async_refresh()
    requested_paths(connected_simulator)
    with pytest.raises(HomeAssistantError) as error:
        await call(hass, SERVICE_GET_TRIPS)
    assert error.value.translation_key == "remote_quota_exceeded"
    assert requested_paths(connected_simulator) == []


@pytest.mark.usefixtures("init_integration")
@pytest.mark.parametrize(
    ("status", "code", "key"),
    [(403, 40300, "forbidden"), (404, 40404, "not_for_this_vehicle")],
)
async def test_fetch_action_with_error_of_the_platform_raises_it(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    status: int,
    code: int,
    key: str,
) -> None:
    """The error says why there is no response."""
    await control(
        connected_simulator,
        "POST",
        "faults",
        kind="error",
        status=status,
        code=code,
        form="api",
        path="*/trips",
        times=None,
    )
    with pytest.raises(HomeAssistantError) as error:
        await call(hass, SERVICE_GET_TRIPS)
    assert error.value.translation_key == f"remote_{key}"


async def test_fetch_action_with_revoked_token_starts_reauthentication(
    hass: HomeAssistant, connected_simulator: Simulator, init_integration: ConfigEntry
) -> None:
    """The error says so, too."""
    await control(connected_simulator, "POST", "faults", kind="revoke_tokens")
    with pytest.raises(HomeAssistantError) as error:
        await call(hass, SERVICE_GET_TRIPS)
    assert error.value.translation_key == "remote_sign_in_needed"
    assert any(init_integration.async_get_active_flows(hass, {SOURCE_REAUTH}))


async def test_get_trip_waypoints_without_any_trip_is_refused(
    hass: HomeAssistant, init_integration: ConfigEntry
) -> None:
    """The car has not been driven."""
    for car in init_integration.runtime_data.account.vehicles.values():
        car.data = type(car.data)()
    with pytest.raises(HomeAssistantError) as error:
        await call(hass, SERVICE_GET_TRIP_WAYPOINTS)
    assert error.value.translation_key == "no_trip"


@pytest.mark.usefixtures("init_integration")
async def test_get_trip_waypoints_unknown_trip_is_refused(hass: HomeAssistant) -> None:
    """The platform does not know the ID."""
    with pytest.raises(ServiceValidationError) as error:
        await call(hass, SERVICE_GET_TRIP_WAYPOINTS, trip_id="nowhere")
    assert error.value.translation_key == "unknown_trip"


@pytest.mark.usefixtures("init_integration")
@pytest.mark.parametrize("action", [SERVICE_GET_TRIPS, SERVICE_GET_TELEMETRY])
async def test_fetch_action_range_that_ends_before_it_starts_is_refused(
    hass: HomeAssistant, connected_simulator: Simulator, action: str
) -> None:
    """The default start counts, too; nothing is requested."""
    requested_paths(connected_simulator)
    with pytest.raises(ServiceValidationError) as error:
        await call(hass, action, end=(dt_util.utcnow() - 8 * DAY).isoformat())
    assert error.value.translation_key == "ends_before_start"
    assert requested_paths(connected_simulator) == []


async def test_fetch_action_without_response_in_time_is_refused(
    harness: Harness,
) -> None:
    """An action returns within 90 s."""
    fault = await harness.fault("hold", endpoint="trips", times=None)
    with pytest.raises(HomeAssistantError) as error:
        await harness.act(SERVICE_GET_TRIPS)
    assert error.value.translation_key == "remote_server_error"
    await harness.delete_faults(fault)
