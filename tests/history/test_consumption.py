"""Tests of consumptions."""

import pytest

from custom_components.stellantis_connect.api.models.energy import EnergyType
from custom_components.stellantis_connect.api.models.trips import DetailedTrip
from custom_components.stellantis_connect.history.consumption import (
    Consumption,
    trip_consumption,
)


def trip(consumption: dict[str, object] | None, end_level: float = 70) -> DetailedTrip:
    """Return a trip of 20 km from 80 % on."""
    return DetailedTrip.from_json(
        {
            "id": "1",
            "distance": 20,
            "startEnergies": [{"type": "Electric", "level": 80, "autonomy": 200}],
            "endEnergies": [{"type": "Electric", "level": end_level, "autonomy": 175}],
            "energyConsumptions": [{"type": "Electric", **consumption}]
            if consumption
            else [],
        }
    )


@pytest.mark.parametrize(
    ("one", "consumption"),
    [
        pytest.param(
            trip({"consumption": 3000, "avgConsumption": 15_000}),
            Consumption(amount=3, average=15, estimated=False),
            id="reported",
        ),
        pytest.param(
            trip({"consumption": 3000}),
            Consumption(amount=3, average=15, estimated=False),
            id="reported without an average",
        ),
        pytest.param(
            trip(None), Consumption(amount=5, average=25, estimated=True), id="levels"
        ),
        pytest.param(trip(None, end_level=80), None, id="level unchanged"),
        pytest.param(trip(None, end_level=90), None, id="level higher"),
    ],
)
def test_consumption_is_reported_estimated_or_unknown(
    one: DetailedTrip, consumption: Consumption | None
) -> None:
    """What the car reports is preferred to what its levels imply."""
    assert trip_consumption(one, EnergyType.ELECTRIC, 50) == consumption


def test_consumption_with_unknown_capacity_is_unknown() -> None:
    """Levels are no energy without a capacity."""
    assert trip_consumption(trip(None), EnergyType.ELECTRIC, None) is None


def test_fuel_is_not_estimated() -> None:
    """The capacity is that of the battery."""
    energies = {
        "startEnergies": [{"type": "Fuel", "level": 80}],
        "endEnergies": [{"type": "Fuel", "level": 70}],
    }
    one = DetailedTrip.from_json({"id": "1", "distance": 20, **energies})
    assert trip_consumption(one, EnergyType.FUEL, 50) is None
