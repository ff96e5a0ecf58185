"""The sensors of a car: how they look, and which are there for whom."""

from collections.abc import Sequence
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.vehicle import Motorization
from custom_components.stellantis_connect.models import VehicleState
from custom_components.stellantis_connect.sensor import DESCRIPTIONS
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
    """Hold the time, on which the maintenance depends that no recording holds."""
    freezer.move_to("2026-02-03T18:00:00+00:00")


@pytest.fixture
def recordings() -> Sequence[Recording]:
    """Return the car that tells most."""
    return [recording("made-status-phev")]


@pytest.mark.usefixtures("_all_entities_enabled")
async def test_sensors(
    hass: HomeAssistant, entry: MockConfigEntry, snapshot: SnapshotAssertion
) -> None:
    """Each sensor has a name, a value and a unit."""
    assert platform_states(hass, entry, Platform.SENSOR) == snapshot


def test_some_sensors_are_disabled_at_first() -> None:
    """What few people want, or what cars tell badly, is there for those who look for it."""
    assert {
        one.key for one in DESCRIPTIONS if not one.entity_registry_enabled_default
    } == {
        "acceleration",
        "battery_capacity",
        "battery_health_resistance",
        "battery_residual",
        "electric_consumption_instant",
        "engine_speed",
        "fuel_consumption_instant",
        "fuel_consumption_total",
    }


def test_some_sensors_are_for_diagnosis() -> None:
    """What tells of the car's health or of the connection stays off the dashboards."""
    assert {
        one.key
        for one in DESCRIPTIONS
        if one.entity_category is EntityCategory.DIAGNOSTIC
    } == {
        "auxiliary_battery_level",
        "battery_health_capacity",
        "battery_health_resistance",
        "last_command",
        "last_update",
        "position_time",
        "privacy",
        "wake_ups",
    }


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=lambda one: one.key)
def test_units_fit_the_device_class(description: Any) -> None:
    """Home Assistant knows how to convert and to record each sensor."""
    if device_class := description.device_class:
        units = DEVICE_CLASS_UNITS.get(device_class, {None})
        assert description.native_unit_of_measurement in units
    if description.state_class:
        allowed = DEVICE_CLASS_STATE_CLASSES.get(
            device_class, {description.state_class}
        )
        assert description.state_class in allowed


def value(key: str, raw: dict[str, Any], motorization: Motorization | None) -> object:
    """Return what a sensor makes of a status."""
    [description] = [one for one in DESCRIPTIONS if one.key == key]
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
def test_total_range_is_for_cars_with_two_energies(
    energies: list[dict[str, Any]], motorization: Motorization, total: float | None
) -> None:
    """Where there is one energy, its own range says it all."""
    assert value("total_range", {"energies": energies}, motorization) == total


def test_hydrogen_is_not_told_in_litres() -> None:
    """A tank of hydrogen has a level, and a consumption in kilograms that is not shown."""
    status = {"energies": [HYDROGEN]}
    assert value("fuel_level", status, Motorization.HYDROGEN) == 60
    assert value("fuel_consumption_total", status, Motorization.HYDROGEN) is None
    assert value("fuel_consumption_instant", status, Motorization.HYDROGEN) is None
