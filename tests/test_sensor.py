"""The sensors of a car and of its account."""

from collections.abc import Sequence
from datetime import timedelta
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.stellantis_connect.api.models.alerts import (
    Alert,
    AlertSeverity,
    AlertType,
)
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.vehicle import Motorization
from custom_components.stellantis_connect.history.models import History
from custom_components.stellantis_connect.history.records import Records
from custom_components.stellantis_connect.models import VehicleState
from custom_components.stellantis_connect.sensor import (
    HISTORY_DESCRIPTIONS,
    STATUS_DESCRIPTIONS,
)
from homeassistant.components.sensor import (
    DEVICE_CLASS_STATE_CLASSES,
    DEVICE_CLASS_UNITS,
    SensorDeviceClass,
)
from homeassistant.const import EntityCategory
from homeassistant.core import Event, EventStateChangedData, HomeAssistant
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
from simulator.cars.garage import Recording
from simulator.server import Simulator

from .api.recorded import load
from .common import advance_time, entity_ids, entity_states, recording, set_status
from .conftest import SetupIntegration


@pytest.fixture(autouse=True)
def _evening(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time: the recording has no maintenance, so it depends on the clock."""
    freezer.move_to("2026-02-03T18:00:00+00:00")


@pytest.fixture
def recordings() -> Sequence[Recording]:
    """Return the car with most values."""
    return [recording("made-status-phev")]


def test_sensors_few_people_need_are_disabled_by_default() -> None:
    """So are those that cars report badly."""
    assert {
        one.key
        for one in STATUS_DESCRIPTIONS
        if not one.entity_registry_enabled_default
    } == {
        "acceleration",
        "battery_capacity",
        "battery_health_resistance",
        "battery_residual",
        "charging_mode",
        "charging_rate",
        "charging_status",
        "coolant_level",
        "coolant_temperature",
        "driving_mode",
        "electric_consumption_instant",
        "electric_engine_speed",
        "engine_air_temperature",
        "fuel_consumption_instant",
        "fuel_consumption_total",
        "ignition",
        "last_command",
        "last_update",
        "oil_level",
        "oil_temperature",
        "position_time",
        "powertrain",
        "preconditioning_starting_cause",
        "preconditioning_status",
        "speed",
        "thermic_engine_speed",
    }


def test_sensors_of_health_and_connection_are_diagnostic() -> None:
    """They stay off generated dashboards."""
    assert {
        one.key
        for one in STATUS_DESCRIPTIONS
        if one.entity_category is EntityCategory.DIAGNOSTIC
    } == {
        "auxiliary_battery_level",
        "battery_health_capacity",
        "battery_health_resistance",
        "charging_power_level",
        "charging_programs",
        "charging_state",
        "charging_status",
        "charging_type",
        "last_command",
        "last_update",
        "position_time",
        "privacy",
        "wake_ups",
    }


@pytest.mark.parametrize("description", STATUS_DESCRIPTIONS, ids=lambda one: one.key)
def test_unit_and_state_class_fit_the_device_class(description: Any) -> None:
    """Home Assistant can convert and record each sensor."""
    if device_class := description.device_class:
        units = DEVICE_CLASS_UNITS.get(device_class, {None})
        assert description.native_unit_of_measurement in units
    if description.state_class:
        allowed = DEVICE_CLASS_STATE_CLASSES.get(
            device_class, {description.state_class}
        )
        assert description.state_class in allowed


def value(key: str, raw: dict[str, Any], motorization: Motorization | None) -> object:
    """Return the value of a sensor for a status."""
    [description] = [one for one in STATUS_DESCRIPTIONS if one.key == key]
    state = VehicleState(status=Status.from_json(raw, motorization))
    return description.value_fn(state)


FUEL = {"type": "Fuel", "level": 40, "autonomy": 300}
ELECTRIC = {"type": "Electric", "level": 80, "autonomy": 50}
HYDROGEN = {
    "type": "Fuel",
    "subType": "Hydrogen",
    "level": 60,
    "extension": {"fuel": {"consumptions": {"total": 5000, "instant": 1}}},
}


@pytest.mark.parametrize(
    ("energies", "motorization", "total"),
    [
        pytest.param([FUEL, ELECTRIC], Motorization.HYBRID, 350, id="both"),
        pytest.param([ELECTRIC], Motorization.ELECTRIC, None, id="battery alone"),
        pytest.param([FUEL], Motorization.THERMIC, None, id="tank alone"),
        pytest.param([FUEL], Motorization.HYBRID, None, id="one of both is missing"),
    ],
)
def test_total_range_with_one_energy_is_unknown(
    energies: list[dict[str, Any]], motorization: Motorization, total: float | None
) -> None:
    """Its own range is the total."""
    assert value("total_range", {"energies": energies}, motorization) == total


def test_hydrogen_consumption_in_liters_is_unknown() -> None:
    """Hydrogen has a level, and a consumption in kilograms."""
    status = {"energies": [HYDROGEN]}
    assert value("fuel_level", status, Motorization.HYDROGEN) == 60
    assert value("fuel_consumption_total", status, Motorization.HYDROGEN) is None
    assert value("fuel_consumption_instant", status, Motorization.HYDROGEN) is None


def test_auxiliary_battery_is_no_battery_of_the_device() -> None:
    """Home Assistant would take it for that of the locks."""
    [description] = [
        one for one in STATUS_DESCRIPTIONS if one.key == "auxiliary_battery_level"
    ]
    assert description.device_class is None


async def test_active_alerts_of_any_number_fit_the_recorder(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """The attributes of a state have at most 16 KiB, and the list is not recorded."""
    now = dt_util.utcnow()
    alerts = tuple(
        Alert(
            id=str(number),
            type=max(AlertType, key=len),
            severity=AlertSeverity.INFORMATION,
            active=True,
            started_at=now,
        )
        for number in range(200)
    )
    state = VehicleState(history=History(alerts=Records(alerts, now)))
    [description] = [one for one in HISTORY_DESCRIPTIONS if one.key == "active_alerts"]
    assert description.attributes_fn
    attributes = description.attributes_fn(hass, state)
    assert description.value_fn(state) == 200
    assert len(json.dumps(attributes, default=str)) < 16384
    shown = hass.states.get(entity_ids(hass, init_integration)["active_alerts"])
    assert shown
    assert shown.state_info
    assert attributes.keys() <= shown.state_info["unrecorded_attributes"]


async def test_next_charging_time_without_permission_is_shown_read_only(
    hass: HomeAssistant, setup_integration: SetupIntegration
) -> None:
    """It has the format of the entity that sets it."""
    entry = await setup_integration(scopes=set(Scope) - {Scope.CHARGING})
    entity_id = entity_ids(hass, entry)["charging_next_delayed_time"]
    state = hass.states.get(entity_id)
    assert state
    assert entity_id.startswith("sensor.")
    # The car sends 22:05 in Paris.
    assert state.state == "13:05:00"


@pytest.mark.parametrize(
    "scopes", [[*Scope], [scope for scope in Scope if scope is not Scope.CHARGING]]
)
@pytest.mark.parametrize(
    "time",
    ["PT90000000H", "P400D", "-PT5M", "PT24H", "Unheard-of", 17, None],
)
async def test_impossible_charging_time_is_unknown(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    setup_integration: SetupIntegration,
    simulator: Simulator,
    caplog: pytest.LogCaptureFixture,
    scopes: list[Scope],
    time: object,
) -> None:
    """It raises nothing, neither in the sensor nor in the control."""
    entry = await setup_integration(scopes=scopes)
    status = load("made-status-phev")
    charging = status["energies"][1]["extension"]["electric"]["charging"]
    charging["nextDelayedTime"] = time
    set_status(simulator, status)
    await advance_time(hass, freezer, timedelta(hours=2))
    assert entity_states(hass, entry)["charging_next_delayed_time"] == "unknown"
    assert "Traceback" not in caplog.text


async def test_requests_left_are_written_once_an_hour(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    init_integration: MockConfigEntry,
) -> None:
    """Each request changes their number, which is no event of its own."""
    changes: list[Event[EventStateChangedData]] = []
    async_track_state_change_event(
        hass, "sensor.peugeot_account_requests_left_today", changes.append
    )
    account = init_integration.runtime_data.account
    for _ in range(24):
        for car in account.vehicles.values():
            await car.async_refresh()
        await advance_time(hass, freezer, timedelta(minutes=15))
    assert 1 <= len(changes) <= 6


async def test_value_has_no_noise_of_calculations(
    hass: HomeAssistant, simulator: Simulator, setup_integration: SetupIntegration
) -> None:
    """The state itself is rounded, not only what is displayed."""
    entry = await setup_integration()
    status = load("made-status-phev")
    status["odometer"]["mileage"] = 24512.300000001
    set_status(simulator, status)
    [car] = entry.runtime_data.account.vehicles.values()
    await car.async_refresh()
    assert entity_states(hass, entry)["odometer"] == "24512.3"


async def test_times_of_updates_are_not_in_the_logbook(
    hass: HomeAssistant, setup_integration: SetupIntegration
) -> None:
    """They would have a line per minute of a drive, and are disabled by default."""
    entry = await setup_integration()
    times = {
        key
        for key, entity_id in entity_ids(hass, entry).items()
        if (state := hass.states.get(entity_id))
        and state.attributes.get("device_class") == SensorDeviceClass.TIMESTAMP
    }
    assert times <= {"charging_end"}
