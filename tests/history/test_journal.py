"""Tests of trips with short stops between them."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.stellantis_connect.api.models.energy import EnergyType
from custom_components.stellantis_connect.api.models.trips import Trip
from custom_components.stellantis_connect.history.journal import (
    JournalTrip,
    journal_trips,
)

START = datetime(2026, 3, 18, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def trip(minute: int, **values: object) -> Trip:
    """Return a trip of 10 km in 10 minutes."""
    start = START + minute * MINUTE
    return Trip.from_json(
        {
            "id": f"{minute}",
            "startedAt": start.isoformat(),
            "stoppedAt": (start + 10 * MINUTE).isoformat(),
            "duration": 600,
            "distance": 10,
            "startMileage": 1000 + minute,
            "kinetic": {"avgSpeed": 10, "maxSpeed": 50 + minute},
            "startEnergies": [{"type": "Electric", "level": 80}],
            "endEnergies": [{"type": "Electric", "level": 75}],
            "segments": [{"propulsion": "Electric"}],
            "done": True,
            **values,
        }
    )


def merged(*trips: Trip, minutes: int = 5) -> list[JournalTrip]:
    """Return the trips of a car with a battery of 50 kWh."""
    return journal_trips(trips, minutes * MINUTE, lambda one: 50)


def test_trips_with_short_stops_are_one() -> None:
    """Its consumption is that of its parts, as the level may rise at the stops."""
    first, second, third = trip(0), trip(14), trip(29)
    one, other = merged(first, second, third)
    assert (one.trip_ids, other.trip) == (["0", "14"], third.detailed())
    assert one.trip.id == first.id
    assert one.trip.started_at == first.started_at
    assert one.trip.stopped_at == second.stopped_at
    assert (one.trip.distance, one.trip.duration) == (20, 1200)
    assert (one.trip.avg_speed, one.trip.max_speed) == (60, 64)
    assert one.trip.start_mileage == 1000
    assert "segments" not in one.trip.raw
    consumption = one.consumptions[EnergyType.ELECTRIC]
    assert (consumption.amount, consumption.average) == (5, 25)
    assert consumption.estimated


@pytest.mark.parametrize("minutes", [0, 4])
def test_trips_with_longer_stops_are_not_merged(minutes: int) -> None:
    """By default, none are."""
    assert len(merged(trip(0), trip(14), minutes=minutes)) == 2


def test_trip_with_unknown_parts_is_unknown() -> None:
    """A sum without a part would be too small."""
    [one] = merged(
        trip(0), trip(12, distance=None, duration=None, endEnergies=[], done=False)
    )
    assert (one.trip.distance, one.trip.duration) == (None, None)
    assert one.trip.avg_speed is None
    assert one.trip.done is False
    assert one.consumptions == {}


def test_trip_in_progress_has_no_end() -> None:
    """What follows an unknown end is another trip."""
    assert len(merged(trip(0, stoppedAt=None, done=False), trip(12))) == 2
    assert merged() == []
