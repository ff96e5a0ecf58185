"""Trips: their units, and what is implausible."""

from collections.abc import Mapping
from typing import Any

import pytest

from custom_components.stellantis_connect.api.models.energy import (
    EnergySubType,
    EnergyType,
    LiteEnergy,
)
from custom_components.stellantis_connect.api.models.trips import (
    DetailedTrip,
    EnergyConsumption,
)

from .recorded import load

RECORDED = load("ha365-trip-308-phev-2025")
TRIP: Mapping[str, Any] = {
    **RECORDED,
    "id": "a",
    "createdAt": "2026-02-03T12:30:00Z",
    "updatedAt": "2026-02-03T12:30:00Z",
    "startedAt": "2026-02-03T12:00:00Z",
    "stoppedAt": "2026-02-03T12:30:00Z",
    "startPosition": {"geometry": {"coordinates": [2.35, 48.85]}},
    "duration": 1800,
    "distance": 20.5,
    "startMileage": 24471.3,
    "energyConsumptions": [
        {"type": "Fuel", "consumption": 32.184, "avgConsumption": 156.995},
        {"type": "Electric", "consumption": 2050, "avgConsumption": 10000},
    ],
    "kinetic": {"avgSpeed": 11.4, "maxSpeed": 57},
    "segments": [{"propulsion": "Thermal", "percent": 25.5, "distance": 5.2}],
    "done": True,
    "faults": [{"fault": "DataLacking", "cause": "Connection"}],
}


def trip(**fields: Any) -> DetailedTrip:
    """Return a trip with these fields."""
    return DetailedTrip.from_json(fields)


def test_recorded_trip_has_levels_and_fuel_consumption() -> None:
    """A plug-in hybrid was driven electrically; its electric consumption is not reported."""
    recorded = DetailedTrip.from_json(RECORDED)
    assert recorded.start_energies == (
        LiteEnergy(type=EnergyType.FUEL, level=41, autonomy=240),
        LiteEnergy(type=EnergyType.ELECTRIC, level=63, autonomy=20),
    )
    assert recorded.consumptions == {
        EnergyType.FUEL: EnergyConsumption(
            type=EnergyType.FUEL,
            sub_type=EnergySubType.FOSSIL,
            consumption=0,
            avg_consumption=0,
        )
    }
    assert recorded.level_used == 52


def test_average_speed_is_sent_in_meters_per_second_and_top_speed_in_km_per_hour() -> (
    None
):
    """Both are km/h in the trip."""
    driven = trip(kinetic={"avgSpeed": 24.43, "maxSpeed": 130.0})
    assert (driven.avg_speed, driven.max_speed) == (87.95, 130)


def test_top_speed_of_zero_is_unknown() -> None:
    """An average speed of 0 is not."""
    driven = trip(kinetic={"avgSpeed": 0.0, "maxSpeed": 0.0})
    assert (driven.avg_speed, driven.max_speed) == (0, None)


@pytest.mark.parametrize(
    ("energy", "distance", "sent", "expected"),
    [
        # The pair tells the unit of the total.
        ("Fuel", 20.5, (32.184, 156.995), (0.32184, 1.56995)),
        ("Fuel", 20.5, (0.32184, 156.995), (0.32184, 1.56995)),
        ("Electric", 50, (8000, 16000), (8, 16)),
        ("Electric", 50, (8, 16000), (8, 16)),
        # Distances are rounded.
        ("Electric", 0.1, (25, 16600), (0.025, 16.6)),
        # One of two values is missing.
        ("Electric", 50, (8000, None), (8, None)),
        ("Electric", 50, (None, 16000), (None, 16)),
        ("Electric", None, (8000, 16000), (8, 16)),
        ("Fuel", 0, (32, None), (0.32, None)),
        # Zero is a value, but not the average of something.
        ("Fuel", 20.5, (0, 0), (0, 0)),
        ("Fuel", 20.5, (32.184, 0), (0.32184, None)),
        # Contradictions are unknown.
        ("Electric", 50, (8000, 160), (None, None)),
        ("Electric", 50, (0, 16000), (None, None)),
        # No car consumes so much.
        ("Electric", 10, (10_100, None), (None, None)),
        ("Electric", 10, (10_100, 101_000), (None, None)),
        ("Fuel", 10, (610, None), (None, None)),
        ("Fuel", None, (None, 6100), (None, None)),
        # No value is negative.
        ("Electric", 50, (-8000, -16000), (None, None)),
    ],
)
def test_consumption_is_in_kwh_and_liters(
    energy: str,
    distance: float | None,
    sent: tuple[float | None, float | None],
    expected: tuple[float | None, float | None],
) -> None:
    """The unit of the total follows from the average and the distance."""
    consumption, average = sent
    (converted,) = trip(
        distance=distance,
        energyConsumptions=[
            {"type": energy, "consumption": consumption, "avgConsumption": average}
        ],
    ).energy_consumptions
    assert (converted.consumption, converted.avg_consumption) == pytest.approx(expected)


@pytest.mark.parametrize("energy", [{}, {"type": "Steam"}])
def test_consumption_of_unknown_energy_has_no_unit(energy: dict[str, str]) -> None:
    """So it is left out."""
    consumption = {**energy, "consumption": 8000, "avgConsumption": 16000}
    assert trip(energyConsumptions=[consumption]).energy_consumptions == ()


@pytest.mark.parametrize(
    ("start", "end", "used"),
    [
        (
            [{"type": "Electric", "level": 63}],
            [{"type": "Electric", "level": 60.9}],
            2.1,
        ),
        (
            [{"type": "Electric", "level": 63}],
            [{"type": "Electric", "level": 64}],
            None,
        ),
        ([{"type": "Electric", "level": 63}], [{"type": "Fuel", "level": 11}], None),
        ([{"type": "Electric"}], [{"type": "Electric", "level": 11}], None),
        ([{"type": "Electric", "level": 63}], [], None),
        (None, "rubbish", None),
        # The end is a copy of the start.
        (
            [{"type": "Electric", "level": 63, "autonomy": 190}],
            [{"type": "Electric", "level": 63, "autonomy": 190}],
            None,
        ),
        (
            [{"type": "Electric", "level": 63}, {"type": "Fuel", "level": 41}],
            [{"type": "Fuel", "level": 41}, {"type": "Electric", "level": 63}],
            None,
        ),
        (
            [{"type": "Electric", "level": 63, "autonomy": 190}],
            [{"type": "Electric", "level": 63, "autonomy": 189}],
            None,
        ),
        # The start level is made up.
        (
            [{"type": "Electric", "level": 100, "autonomy": 0}],
            [{"type": "Electric", "level": 60, "autonomy": 190}],
            None,
        ),
    ],
)
def test_used_level_needs_two_levels_that_the_car_has_read(
    start: Any, end: Any, used: float | None
) -> None:
    """It is unknown also if the level rose: the car may have been charged on the way."""
    driven = trip(startEnergies=start, endEnergies=end)
    assert driven.level_used == used


@pytest.mark.parametrize(
    ("started", "stopped", "expected"),
    [
        ("2026-02-03T12:00:00Z", "2026-02-03T12:30:00Z", (True, True)),
        ("2026-02-03T12:00:00Z", "2099-02-03T12:30:00Z", (True, False)),
        ("2016-02-03T12:00:00Z", "2026-02-03T12:30:00Z", (False, False)),
        ("2026-02-03T12:30:00Z", "2026-02-03T12:00:00Z", (False, False)),
        ("2026-02-03T12:30:00Z", None, (True, False)),
    ],
)
def test_trip_of_years_or_into_the_future_has_unknown_times(
    started: str, stopped: str | None, expected: tuple[bool, bool]
) -> None:
    """Loops over the hours of a trip are short."""
    driven = trip(startedAt=started, stoppedAt=stopped)
    assert (driven.started_at is not None, driven.stopped_at is not None) == expected
