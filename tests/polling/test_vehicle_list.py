"""Tests for the identification of listed cars."""

import pytest

from custom_components.stellantis_connect.api.models.vehicle import Vehicle
from custom_components.stellantis_connect.polling.vehicle_list import identified

KNOWN = {"VIN1": Vehicle(id="1", vin="VIN1"), "2": Vehicle(id="2")}


@pytest.mark.parametrize(
    ("listed", "key", "vin"),
    [
        pytest.param(Vehicle(id="1", vin="VIN1"), "VIN1", "VIN1", id="unchanged"),
        pytest.param(Vehicle(id="1"), "VIN1", "VIN1", id="VIN missing"),
        pytest.param(Vehicle(id="9", vin="VIN1"), "VIN1", "VIN1", id="another id"),
        pytest.param(Vehicle(id="2", vin="VIN2"), "2", "VIN2", id="VIN learned later"),
        pytest.param(Vehicle(id="1", vin="VIN9"), "VIN9", "VIN9", id="another car"),
        pytest.param(Vehicle(id="3", vin="VIN3"), "VIN3", "VIN3", id="new"),
        pytest.param(Vehicle(id="3"), "3", None, id="new without VIN"),
    ],
)
def test_listed_car_keeps_its_key(listed: Vehicle, key: str, vin: str | None) -> None:
    """The key is the first VIN or, without one, the first id."""
    vehicles = identified(KNOWN, [listed])
    assert [*vehicles] == [key]
    assert vehicles[key].vin == vin
