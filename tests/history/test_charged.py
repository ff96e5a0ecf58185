"""Tests of the energy charged."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.stellantis_connect.api.models.trips import Trip
from custom_components.stellantis_connect.history.charged import (
    ChargedEnergy,
    Period,
    charged_periods,
    missed_charges,
)
from custom_components.stellantis_connect.history.charging import Charge

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def period(day: float, amount: float) -> Period:
    """Return what was charged within an hour, some days after the car was added."""
    start = NOON + day * DAY
    return Period(start, start + HOUR, amount)


def test_total_counts_a_charge_in_progress_once() -> None:
    """Its amount grows with each status."""
    charged = ChargedEnergy(since=NOON)
    totals = []
    for amount in (0, 1, 4, 10, 10):
        charged = charged.updated([period(0, amount)], NOON + HOUR)
        totals.append(charged.total)
    charged = charged.updated([period(0, 10), period(1, 5)], NOON + 2 * DAY)
    assert [*totals, charged.total] == [0, 1, 4, 10, 10, 15]


def test_total_does_not_count_what_was_charged_before_the_car_was_added() -> None:
    """Those charges would be the energy of the hour in which they are found."""
    charged = ChargedEnergy(since=NOON)
    charged = charged.updated([period(-3, 20), period(1, 5)], NOON + 2 * DAY)
    assert charged.total == 5


def test_total_counts_the_difference_of_a_corrected_charge() -> None:
    """A charge may be found later under another start, or turn out to be smaller."""
    charged = ChargedEnergy(since=NOON).updated([period(1, 10)], NOON + 2 * DAY)
    charged = charged.updated([period(0.9, 12)], NOON + 3 * DAY)
    assert charged.total == 12
    charged = charged.updated([period(0.9, 11)], NOON + 4 * DAY)
    assert charged.total == 12
    charged = charged.updated([period(0.9, 11), period(5, 10)], NOON + 6 * DAY)
    assert charged.total == 21


def test_total_stays_where_the_past_is_computed_anew() -> None:
    """Later charges are added to it."""
    charged = ChargedEnergy(since=NOON).updated([period(1, 10)], NOON + 2 * DAY)
    charged = charged.recounted([period(1, 7)])
    assert charged.total == 10
    assert charged.updated([period(1, 7), period(3, 5)], NOON + 4 * DAY).total == 15


def test_total_forgets_old_charges() -> None:
    """Records that are dropped one day are counted all the same."""
    charged = ChargedEnergy(since=NOON)
    periods = []
    for day in range(1, 400):
        periods.append(period(day, 2))
        charged = charged.updated(periods[-65:], NOON + day * DAY + HOUR)
    assert charged.total == pytest.approx(2 * 399)
    assert charged.since > NOON + 300 * DAY


def trip(start: float, end: float, start_level: float, end_level: float) -> Trip:
    """Return a trip between two hours, with the levels before and after it."""
    return Trip.from_json(
        {
            "id": f"{start}",
            "startedAt": (NOON + start * HOUR).isoformat(),
            "stoppedAt": (NOON + end * HOUR).isoformat(),
            "distance": 20,
            "startEnergies": [{"type": "Electric", "level": start_level}],
            "endEnergies": [{"type": "Electric", "level": end_level}],
        }
    )


def charge(start: float, end: float | None, *levels: float) -> Charge:
    """Return a charge between two hours, without statuses in between."""
    return Charge(
        started_at=NOON + start * HOUR,
        ended_at=None if end is None else NOON + end * HOUR,
        start_level=levels[0],
        end_level=levels[-1],
        end_energy=1,
        usable_capacity=50_000,
    )


TRIPS = [trip(0, 1, 60, 40), trip(9, 10, 80, 70), trip(11, 12, 70, 60)]
CAPACITIES = {"9": 50.0}


@pytest.mark.parametrize(
    ("known", "missed"),
    [
        # Home Assistant, or the platform, was down.
        ([], [(1, 9, 40, 80)]),
        # It was down after the start of the charge until after the next trip.
        ([charge(2, 10, 40, 70)], [(2, 9, 40, 80)]),
        ([charge(2, 8, 40, 80)], []),
        # A part of it is known.
        ([charge(2, 3, 40, 50)], []),
        ([replace(charge(2, 10, 40, 70), completed=True)], []),
        # The statuses show one charge from before the trip.
        ([charge(2, None, 40, 70)], []),
    ],
)
def test_charges_that_were_missed_follow_from_trips(
    known: list[Charge], missed: list[tuple[float, ...]]
) -> None:
    """Home Assistant saw the levels before and after two trips, but no charge."""
    now = NOON + DAY
    found = [*missed_charges(known, TRIPS, CAPACITIES, NOON, now)]
    assert [
        (
            (one.started_at - NOON) / HOUR,
            one.ended_at and (one.ended_at - NOON) / HOUR,
            one.start_level,
            one.end_level,
        )
        for one in found
    ] == missed
    assert all(one.energy == pytest.approx(20) and one.has_gap for one in found)
    # The total has counted as much.
    charges = {one.started_at: one for one in (*known, *found)}.values()
    if missed:
        assert sum(
            one.amount for one in charged_periods([*charges], TRIPS, CAPACITIES)
        ) == pytest.approx(20)
    # The car was not known yet, or a status of that time may follow.
    assert not [*missed_charges(known, TRIPS, CAPACITIES, NOON + 2 * HOUR, now)]
    assert not [*missed_charges(known, TRIPS, CAPACITIES, NOON, NOON + 8 * HOUR)]


@pytest.mark.parametrize(
    ("known", "end"),
    [
        pytest.param(charge(2, 9.1, 40, 79), (9, 80), id="during the trip"),
        pytest.param(charge(2, 9.1, 40, 80), (9.1, 80), id="nothing used yet"),
        pytest.param(charge(2, 9, 40, 79), (9, 79), id="before the trip"),
        pytest.param(charge(2, 9.9, 40, 79), (9.9, 79), id="statuses were missed"),
    ],
)
def test_charge_ends_with_the_trip_that_interrupts_it(
    known: Charge, end: tuple[float, float]
) -> None:
    """The poll that finds the end finds what the trip has used by then."""
    found = [*missed_charges([known], TRIPS, CAPACITIES, NOON, NOON + DAY)]
    [last] = {one.started_at: one for one in (known, *found)}.values()
    assert last.ended_at
    assert ((last.ended_at - NOON) / HOUR, last.end_level) == end
    assert not [*missed_charges([last], TRIPS, CAPACITIES, NOON, NOON + DAY)]
