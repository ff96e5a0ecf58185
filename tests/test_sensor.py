"""The sensors of a car and of its account."""

from collections.abc import Sequence
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.vehicle import Motorization
from custom_components.stellantis_connect.models import VehicleState
from custom_components.stellantis_connect.sensor import STATUS_DESCRIPTIONS
from homeassistant.components.sensor import (
    DEVICE_CLASS_STATE_CLASSES,
    DEVICE_CLASS_UNITS,
)
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from simulator.cars.garage import Recording

from .common import platform_states, recording


@pytest.fixture(autouse=True)
def _evening(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time: the recording has no maintenance, so it depends on the clock."""
    freezer.move_to("2026-02-03T18:00:00+00:00")


@pytest.fixture
def recordings() -> Sequence[Recording]:
    """Return the car with most values."""
    return [recording("made-status-phev")]


@pytest.mark.usefixtures("_all_entities_enabled")
async def test_sensors_of_recorded_car_match_snapshot(
    hass: HomeAssistant, entry: MockConfigEntry, snapshot: SnapshotAssertion
) -> None:
    """Each sensor has a name, a value and a unit."""
    assert platform_states(hass, entry, Platform.SENSOR) == snapshot


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
        "electric_consumption_instant",
        "electric_engine_speed",
        "fuel_consumption_instant",
        "fuel_consumption_total",
        "preconditioning_starting_cause",
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
