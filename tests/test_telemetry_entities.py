"""The entities of telemetry, which costs requests of its own."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.stellantis_connect import binary_sensor, sensor
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.entity import StellantisEntityDescription
from custom_components.stellantis_connect.polling.endpoints import Endpoint
from custom_components.stellantis_connect.sensor import EnumDescription
from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator.server import Simulator

from .conftest import CreateConfigEntry

DESCRIPTIONS: tuple[StellantisEntityDescription[Any], ...] = (
    *binary_sensor.TELEMETRY_DESCRIPTIONS,
    *sensor.TELEMETRY_DESCRIPTIONS,
)


def is_telemetry_requested(simulator: Simulator) -> bool:
    """Return whether telemetry was requested."""
    return any(request.path.endswith("/telemetry") for request in simulator.backend.log)


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=lambda one: one.key)
def test_telemetry_entity_is_disabled_by_default(
    description: sensor.StellantisSensorDescription,
) -> None:
    """Telemetry is fetched only while such an entity is enabled."""
    assert description.source.endpoint is Endpoint.TELEMETRY
    assert not description.entity_registry_enabled_default


@pytest.mark.parametrize(
    "description",
    [
        one
        for one in (*sensor.STATUS_DESCRIPTIONS, *DESCRIPTIONS)
        if isinstance(one, EnumDescription)
    ],
    ids=lambda one: one.key,
)
def test_enum_sensor_has_options(description: EnumDescription) -> None:
    """Home Assistant takes options of enum sensors only."""
    assert description.device_class is SensorDeviceClass.ENUM
    assert description.options


async def test_telemetry_entity_without_capabilities_exists(
    init_integration: ConfigEntry,
) -> None:
    """The owner enables it to find out whether it has values."""
    cars = init_integration.runtime_data.account.vehicles.values()
    for car in cars:
        unsupported = [one.key for one in DESCRIPTIONS if not one.is_supported(car)]
        assert bool(unsupported) == (car.vehicle.label == "City Electric 2021")
        car.vehicle = replace(car.vehicle, capabilities=None)
        assert all(one.is_supported(car) for one in DESCRIPTIONS)


async def test_enabled_telemetry_entity_fetches_telemetry(
    hass: HomeAssistant,
    setup_integration: CreateConfigEntry,
    connected_simulator: Simulator,
    entity_registry: er.EntityRegistry,
) -> None:
    """The wipers have a state after a reload."""
    entry = await setup_integration()
    assert not is_telemetry_requested(connected_simulator)
    [entity_id] = [
        entity.entity_id
        for entity in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
        if entity.unique_id.endswith("_wipers")
        and entity.entity_id.startswith("binary_sensor.compact_electric")
        and entity.platform == DOMAIN
    ]
    entity_registry.async_update_entity(entity_id, disabled_by=None)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    for car in entry.runtime_data.account.vehicles.values():
        await car.async_refresh()
    await hass.async_block_till_done()
    assert is_telemetry_requested(connected_simulator)
    state = hass.states.get(entity_id)
    assert state
    assert state.state in ("on", "off")
