"""The monitors of a car, by its motorization, the permissions, the charge limit and the zones."""

from itertools import product
import json

import pytest

from custom_components.stellantis_connect.api.models.position import Position
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.vehicle import (
    Motorization,
    OnboardCapabilities,
    Vehicle,
)
from custom_components.stellantis_connect.push.monitors import (
    has_watched_change,
    key_of,
    monitors_for,
)
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


AT = {"updatedAt": "2026-03-18T05:00:00Z"}
CREATED = {"createdAt": AT["updatedAt"]}


def charging(**values: object) -> dict[str, object]:
    """Return the energies of a status."""
    return {"energies": [{"type": "Electric", "level": 50, "charging": values}]}


def doors(**values: object) -> dict[str, object]:
    """Return the doors of a status."""
    return {"doorsState": values}


def opening(state: str) -> dict[str, str]:
    """Return the state of the front door."""
    return {"identifier": "Driver", "state": state}


CHANGES = [
    (
        "data:telemetry:vehicle:energies",
        charging(status="Disconnected"),
        charging(status="InProgress"),
    ),
    (
        "data:telemetry:vehicle:energies",
        charging(plugged=False),
        charging(plugged=True),
    ),
    (
        "data:telemetry:vehicle:doorsState",
        doors(lockedStates=["Locked"]),
        doors(lockedStates=["Unlocked"]),
    ),
    (
        "data:telemetry:vehicle:doorsState",
        doors(opening=[opening("Closed")]),
        doors(opening=[opening("Open")]),
    ),
    (
        "data:telemetry:vehicle:preconditioning",
        {"preconditioning": {"airConditioning": {"status": "Disabled"}}},
        {"preconditioning": {"airConditioning": {"status": "Enabled"}}},
    ),
    (
        "data:telemetry:vehicle:kinetic",
        {"kinetic": {**CREATED, "moving": False}},
        {"kinetic": {**CREATED, "moving": True}},
    ),
    (
        "data:telemetry:privacy",
        {"privacy": {"state": "None"}},
        {"privacy": {"state": "Full"}},
    ),
]


@pytest.mark.parametrize(("capability", "before", "after"), CHANGES)
def test_change_is_watched_if_the_car_has_the_datum(
    capability: str, before: dict[str, object], after: dict[str, object]
) -> None:
    """Without the capability or the permission, and of a value that was unknown, no message is due."""

    def is_watched(
        data: set[str],
        scope: Scope = Scope.TELEMETRY,
        old: dict[str, object] = before,
        new: dict[str, object] = after,
    ) -> bool:
        vehicle = Vehicle(
            id="1",
            motorization=Motorization.ELECTRIC,
            capabilities=OnboardCapabilities(data=frozenset(data)),
        )
        old_status, new_status = (
            Status.from_json({**AT, **one}, Motorization.ELECTRIC) for one in (old, new)
        )
        return has_watched_change(vehicle, {scope}, old_status, new_status)

    others = {one for one, *_ in CHANGES} - {capability}
    assert is_watched({capability, *others})
    assert not is_watched(others)
    assert not is_watched({capability}, Scope.TRIP)
    assert not is_watched({capability}, old={})
    assert not is_watched({capability}, new={})
    assert not is_watched({capability}, old=after)
