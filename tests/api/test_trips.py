"""What a trip tells, in units of people, with what many cars leave out."""

from typing import Any

import pytest

from custom_components.stellantis_connect.api.models.energy import (
    EnergySubType,
    EnergyType,
)
from custom_components.stellantis_connect.api.models.trips import (
    EnergyConsumption,
    LiteEnergy,
    Propulsion,
    Trip,
    TripFault,
    TripFaultCause,
    TripSegment,
    TripState,
)

from .recorded import load

RECORDED = load("ha365-trip-308-phev-2025")


def test_recorded_trip_of_a_plug_in() -> None:
    """Driven on the battery, of whose energy nothing but the levels is told."""
    trip = Trip.from_json(RECORDED)
    assert trip.start_energies == (
        LiteEnergy(type=EnergyType.FUEL, level=41, autonomy=240),
        LiteEnergy(type=EnergyType.ELECTRIC, level=63, autonomy=20),
    )
    assert trip.consumptions == {
        EnergyType.FUEL: EnergyConsumption(
            type=EnergyType.FUEL,
            sub_type=EnergySubType.FOSSIL,
            consumption=0,
            avg_consumption=0,
        )
    }
    assert trip.level_used(EnergyType.ELECTRIC) == 52
    assert trip.level_used(EnergyType.FUEL) == 0
    assert trip.state is None


def test_speeds_become_kilometres_per_hour() -> None:
    """From metres per second."""
    trip = Trip.from_json({"kinetic": {"avgSpeed": 24.43, "maxSpeed": 36.1}})
    assert (trip.avg_speed, trip.max_speed) == (87.95, 129.96)


def test_top_speed_of_zero_is_none() -> None:
    """As many cars say which do not know it; an average of 0 is one."""
    trip = Trip.from_json({"kinetic": {"avgSpeed": 0.0, "maxSpeed": 0.0}})
    assert (trip.avg_speed, trip.max_speed) == (0, None)


@pytest.mark.parametrize(
    ("energy", "average", "converted"),
    [
        ({"type": "Electric"}, 19184, 19.184),
        ({"type": "Fuel"}, 784.3, 7.843),
        ({"type": "Fuel"}, None, None),
        ({"type": "Steam"}, 784.3, None),
        ({}, 784.3, None),
    ],
)
def test_averages_come_in_the_units_of_totals(
    energy: dict[str, str], average: float | None, converted: float | None
) -> None:
    """Watt hours become kWh, centilitres litres; of an unknown energy the unit is unknown."""
    consumption = energy | {"consumption": 2.5, "avgConsumption": average}
    (told,) = Trip.from_json({"energyConsumptions": [consumption]}).energy_consumptions
    assert told.consumption == 2.5
    assert told.avg_consumption == converted


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
    ],
)
def test_estimate_takes_two_levels(start: Any, end: Any, used: float | None) -> None:
    """Of the same energy, and that fell: a car may be charged on the way."""
    trip = Trip.from_json({"startEnergies": start, "endEnergies": end})
    assert trip.level_used(EnergyType.ELECTRIC) == used


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({"done": True}, TripState.NOMINAL),
        ({"done": True, "faults": []}, TripState.NOMINAL),
        ({"done": False}, TripState.UNFINISHED),
        ({"done": True, "faults": [{"fault": "DataLacking"}]}, TripState.DATA_LACKING),
        (
            {"done": True, "faults": [{"cause": "Connection"}, {"fault": "Unstarted"}]},
            TripState.UNSTARTED,
        ),
        ({}, None),
    ],
)
def test_state(told: dict[str, Any], state: TripState | None) -> None:
    """Its faults come before its end."""
    assert Trip.from_json(told).state is state


def test_parts_of_a_trip() -> None:
    """What moved the car for how long, and what is not known why."""
    trip = Trip.from_json(
        {
            "segments": [{"propulsion": "Thermal", "percent": 25.5, "distance": 7.7}],
            "faults": [{"fault": "Unfinished", "cause": "GeoPrivacy"}],
        }
    )
    assert trip.segments == (
        TripSegment(propulsion=Propulsion.THERMAL, percent=25.5, distance=7.7),
    )
    assert trip.faults == (
        TripFault(fault=TripState.UNFINISHED, cause=TripFaultCause.GEO_PRIVACY),
    )
