"""Entities of what is in a car's messages alone."""

from dataclasses import replace

import pytest

from custom_components.stellantis_connect import binary_sensor, sensor
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.polling.endpoints import Endpoint
from custom_components.stellantis_connect.sensor import EnumDescription
from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator.server import Simulator

from .conftest import CreateConfigEntry

DESCRIPTIONS = (
    *binary_sensor.TELEMETRY_DESCRIPTIONS,
    *sensor.TELEMETRY_DESCRIPTIONS,
)


def asked_for_messages(simulator: Simulator) -> bool:
    """Tell whether the messages were asked for."""
    return any(request.path.endswith("/telemetry") for request in simulator.backend.log)


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=lambda one: one.key)
def test_nobody_pays_for_messages_unasked(
    description: sensor.StellantisSensorDescription,
) -> None:
    """They are disabled by default, and it is the messages that they need."""
    assert description.resource is Endpoint.TELEMETRY
    assert not description.entity_registry_enabled_default


@pytest.mark.parametrize(
    "description",
    [
        one
        for one in (*sensor.DESCRIPTIONS, *DESCRIPTIONS)
        if isinstance(one, EnumDescription)
    ],
    ids=lambda one: one.key,
)
def test_enumerations_show_their_options(description: EnumDescription) -> None:
    """Home Assistant takes options from enumerations only."""
    assert description.device_class is SensorDeviceClass.ENUM
    assert description.options


async def test_car_may_not_say_what_it_sends(entry: ConfigEntry) -> None:
    """Then whoever wants one enables it, and sees."""
    cars = entry.runtime_data.account.vehicles.values()
    for car in cars:
        silent = [one.key for one in DESCRIPTIONS if not one.is_seen(car)]
        assert bool(silent) == (car.vehicle.label == "City Electric 2021")
        car.vehicle = replace(car.vehicle, capabilities=None)
        assert all(one.is_seen(car) for one in DESCRIPTIONS)


async def test_messages_are_asked_for_once_one_is_enabled(
    hass: HomeAssistant,
    setup_integration: CreateConfigEntry,
    connected_simulator: Simulator,
    entity_registry: er.EntityRegistry,
) -> None:
    """An owner who enables the wipers sees the wipers."""
    entry = await setup_integration()
    assert not asked_for_messages(connected_simulator)
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
    assert asked_for_messages(connected_simulator)
    state = hass.states.get(entity_id)
    assert state
    assert state.state in ("on", "off")
