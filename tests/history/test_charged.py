"""Tests of the energy charged."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.stellantis_connect.history.charged import ChargedEnergy, Period

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
