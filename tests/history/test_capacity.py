"""Tests of the usable capacity."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.trips import Trip
from custom_components.stellantis_connect.history.capacity import (
    Capacity,
    CapacitySource,
    driven_capacity,
    learned_capacity,
)
from custom_components.stellantis_connect.history.charging import Charge

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
LEARNED, REPORTED = CapacitySource.LEARNED, CapacitySource.REPORTED


def trip(energy: float | None, used: float = 20) -> Trip:
    """Return a trip of 40 km that took kWh and percent."""
    levels = ((80.0, "startEnergies"), (80 - used, "endEnergies"))
    consumptions = [{"type": "Electric", "consumption": energy and energy * 1000}]
    return Trip.from_json(
        {
            "id": "1",
            "distance": 40,
            "energyConsumptions": consumptions,
            **{
                name: [{"type": "Electric", "level": level, "autonomy": 100}]
                for level, name in levels
            },
        }
    )


def charge(capacity: float | None) -> Charge:
    """Return a charge during which the car reported kWh."""
    return Charge(
        started_at=NOON,
        ended_at=NOON + timedelta(hours=1),
        start_level=20,
        end_level=80,
        capacity=capacity and capacity * 1000,
    )


def status(capacity: float | None) -> Status:
    """Return a status with a capacity in kWh."""
    load = {"capacity": capacity and capacity * 1000}
    electric = {"extension": {"electric": {"battery": {"load": load}}}}
    return Status.from_json({"energies": [{"type": "Electric", **electric}]})


@pytest.mark.parametrize(
    ("trips", "charges", "present", "expected"),
    [
        pytest.param([], [], None, None, id="nothing known"),
        pytest.param(
            [], [], 46.3, Capacity(energy=46.3, source=REPORTED), id="reported"
        ),
        pytest.param(
            [trip(9.0)] * 6,
            [],
            46.3,
            Capacity(energy=46.3, source=REPORTED),
            id="trips agree",
        ),
        pytest.param(
            [trip(9.3)] * 6,
            [],
            35.168,
            Capacity(energy=46.5, source=LEARNED, trips=6),
            id="a third low",
        ),
        pytest.param(
            [trip(9.3)] * 4,
            [],
            35.168,
            Capacity(energy=35.2, source=REPORTED),
            id="too few trips",
        ),
        pytest.param(
            [trip(9.3)] * 6 + [trip(2.0), trip(18.0), trip(None), trip(3, used=1)],
            [],
            None,
            Capacity(energy=46.5, source=LEARNED, trips=6),
            id="some trips contradict the others",
        ),
        pytest.param(
            [],
            [charge(12.4), charge(12.4), charge(None), charge(9.3)],
            9.3,
            Capacity(energy=10.8, source=REPORTED, charges=3),
            id="it wavers",
        ),
        pytest.param(
            [trip(0.5)] * 6,
            [],
            None,
            None,
            id="trips of no battery",
        ),
    ],
)
def test_capacity_is_reported_unless_trips_contradict_it(
    trips: Iterable[Trip],
    charges: Iterable[Charge],
    present: float | None,
    expected: Capacity | None,
) -> None:
    """The consumption and the levels of trips are known independently of it."""
    driven = driven_capacity(trips)
    assert learned_capacity(driven, charges, status(present)) == expected
