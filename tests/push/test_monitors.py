"""The monitors of a car, by its motorization, the permissions, the charge limit and the zones."""

from itertools import product
import json

import pytest

from custom_components.stellantis_connect.api.models.position import Position
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.vehicle import (
    Motorization,
    OnboardCapabilities,
    Vehicle,
)
from custom_components.stellantis_connect.push.monitors import key_of, monitors_for
from custom_components.stellantis_connect.push.zones import Zone, entered_zone
from simulator.push.subscriptions import read_monitor

HOME = Zone("zone.home", 2.0, 48.0, 1)
WORK = Zone("zone.work", 2.1, 48.1, 2)
SHOP = Zone("zone.shop", 2.2, 48.2, 1)
DATA_SCOPES = (Scope.TELEMETRY, Scope.POSITION, Scope.TRIP, Scope.ALERT)


@pytest.mark.parametrize("motorization", [None, *Motorization])
@pytest.mark.parametrize("limit", [None, 80])
@pytest.mark.parametrize("zones", [(), (HOME,), (HOME, WORK, SHOP)])
def test_monitors_of_any_permissions_fit_the_platform(
    motorization: Motorization | None, limit: int | None, zones: tuple[Zone, ...]
) -> None:
    """There are at most five, and the platform accepts each with the permissions."""
    vehicle = Vehicle(id="1", motorization=motorization)
    for granted in product([False, True], repeat=len(DATA_SCOPES)):
        scopes = {
            one
            for one, is_granted in zip(DATA_SCOPES, granted, strict=True)
            if is_granted
        }
        monitors = monitors_for(vehicle, scopes, limit, zones)
        assert len(monitors) <= 5
        for label, monitor in monitors.items():
            assert monitor.label == label
            body = json.loads(json.dumps(monitor.body()))
            assert read_monitor(body).scopes <= scopes


@pytest.mark.parametrize(
    ("limit", "zones", "keys"),
    [
        (None, (), {"parked", "trip", "safety"}),
        (80, (), {"parked", "trip", "safety", "level"}),
        (None, (HOME,), {"parked", "trip", "safety", "left", "entered"}),
        (80, (HOME,), {"parked", "trip", "safety", "left_or_level", "entered"}),
    ],
)
def test_monitors_of_limit_and_zones(
    limit: int | None, zones: tuple[Zone, ...], keys: set[str]
) -> None:
    """They share two monitors."""
    vehicle = Vehicle(id="1", motorization=Motorization.ELECTRIC)
    assert {*map(key_of, monitors_for(vehicle, DATA_SCOPES, limit, zones))} == keys


def test_monitors_petrol_car_has_no_charge() -> None:
    """A petrol car has neither a plug nor a charge limit."""
    vehicle = Vehicle(id="1", motorization=Motorization.THERMIC)
    monitors = monitors_for(vehicle, DATA_SCOPES, 80, ())
    assert "charging" not in str([one.body() for one in monitors.values()])
    assert {*map(key_of, monitors)} == {"parked", "trip", "safety"}


def test_monitors_capabilities_limit_triggers() -> None:
    """Only data that the car reports are triggers."""
    capabilities = OnboardCapabilities(
        data=frozenset({"data:telemetry:vehicle:doorsState"})
    )
    vehicle = Vehicle(id="1", capabilities=capabilities)
    monitors = monitors_for(vehicle, {Scope.TELEMETRY}, None, ())
    [monitor] = monitors.values()
    assert [one.body()["data"] for one in monitor.triggers.values()] == [
        {"data": "vehicle.doorsState.lockedState", "op": "onChange"},
        {"data": "vehicle.doorsState.opening", "op": "onChange"},
    ]


def test_labels_change_with_the_parameters_alone() -> None:
    """A monitor with the same label is the same."""
    vehicle = Vehicle(id="1", motorization=Motorization.ELECTRIC)
    before = monitors_for(vehicle, DATA_SCOPES, 80, (HOME,))
    assert before.keys() == monitors_for(vehicle, DATA_SCOPES, 80, (HOME,)).keys()
    changed = before.keys() - monitors_for(vehicle, DATA_SCOPES, 90, (HOME,)).keys()
    assert {*map(key_of, changed)} == {"left_or_level"}


@pytest.mark.parametrize(
    ("latitude", "zone"), [(48.005, HOME), (48.5, None), (48.1, WORK), (None, None)]
)
def test_entered_zone_is_the_nearest_around_the_position(
    latitude: float | None, zone: Zone | None
) -> None:
    """No zone is entered far from all of them, or without a position."""
    longitude = 2.1 if latitude == 48.1 else 2.0
    position = Position(latitude=latitude, longitude=longitude)
    assert entered_zone([HOME, WORK], position) == zone
