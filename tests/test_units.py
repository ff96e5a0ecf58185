"""Tests of units: those of the owner's unit system."""

import pytest

from custom_components.stellantis_connect.api.models.energy import EnergyType
from homeassistant.core import HomeAssistant
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from .common import entity_ids
from .conftest import SetupIntegration
from .harness import BATTERY, PETROL


async def test_consumption_has_the_unit_of_the_unit_system(
    hass: HomeAssistant, setup_integration: SetupIntegration
) -> None:
    """Home Assistant by itself converts no energy per distance, and no fuel."""
    hass.config.units = US_CUSTOMARY_SYSTEM
    entry = await setup_integration()
    for label, key, energy, unit, factor in (
        (BATTERY, "electric", EnergyType.ELECTRIC, "mi/kWh", 62.137),
        (PETROL, "fuel", EnergyType.FUEL, "mpg", 235.215),
    ):
        entity_id = entity_ids(hass, entry, label)[f"last_trip_{key}_consumption"]
        [trip] = [
            car.data.history.trips.latest
            for car in entry.runtime_data.account.vehicles.values()
            if car.vehicle.label == label
        ]
        average = trip.detailed().consumptions[energy].avg_consumption
        state = hass.states.get(entity_id)
        assert state
        assert state.attributes["unit_of_measurement"] == unit
        assert float(state.state) == pytest.approx(factor / average, rel=0.01)
