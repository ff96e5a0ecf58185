"""When a car is likely to start a drive or a charge, and how often it is polled for that.

Without push, only a poll shows that a car has started. Its past trips and charges say how many
starts to expect in each half hour of a day: those of the same weekday count most, then those of
other working days or weekends, and recent ones more than old ones. A day of an average owner is
added, which is all there is for a car without a history.

The polls of a parked car are distributed over the day by the square root of these starts, with which
the fewest drives are missed: every ten minutes where it often starts, and every hour where it never
did, so that journeys and new habits are found and learnt.

Starts are stored as points in time and compared by local time: neither daylight saving time nor
another time zone shifts what was learnt.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain
from math import sqrt
from typing import Self

from homeassistant.util import dt as dt_util

from ..api.models.energy import Charging
from ..api.models.status import Status
from ..history.models import History
from .quota import DAY

SLOT = timedelta(minutes=30)
SLOTS = DAY // SLOT
# Starts per half hour of an average owner, by the hour of the day.
TYPICAL_STARTS = (
    *(5 * [0.004]),
    *(1 * [0.02]),
    *(3 * [0.12]),
    *(7 * [0.08]),
    *(4 * [0.12]),
    *(2 * [0.05]),
    *(2 * [0.015]),
)
# The days of an average owner that a car's own days are added to. With more, changed habits are
# learned too slowly.
TYPICAL_DAYS = 1
MAX_AGE = timedelta(days=100)
HALF_LIFE = timedelta(days=21)
# How much other days count: of the same part of the week, and of the other part.
SIMILAR_DAY = 0.35
OTHER_DAY = 0.1
# A start may be earlier or later the next time.
SPREAD = ((-1, 0.25), (0, 0.5), (1, 0.25))

MIN_INTERVAL = timedelta(minutes=12)
MAX_INTERVAL = timedelta(hours=1)
# A car reports the start of a charge some seconds after it.
START_DELAY = timedelta(minutes=1)


@dataclass(frozen=True)
class Habits:
    """The starts to expect in each half hour of a local day."""

    expected: Sequence[float]

    @classmethod
    def learn(cls, history: History, day: date) -> Self:
        """Return the habits of a day from the starts of the days before it."""
        trips = (trip.started_at for trip in history.trips)
        charges = (charge.started_at for charge in history.charges)
        times = [dt_util.as_local(one) for one in chain(trips, charges) if one]
        starts = Counter(
            (time.date(), _slot(time))
            for time in times
            if day - MAX_AGE <= time.date() < day
        )
        first = min((start for start, _ in starts), default=day)
        days = (day - timedelta(days=age) for age in range(1, (day - first).days + 1))
        weights = {one: _weight(one, day) for one in days}
        total = TYPICAL_DAYS + sum(weights.values())
        expected = [
            TYPICAL_DAYS * TYPICAL_STARTS[slot * 24 // SLOTS] for slot in range(SLOTS)
        ]
        for (start, slot), count in starts.items():
            for offset, part in SPREAD:
                expected[(slot + offset) % SLOTS] += count * weights[start] * part
        return cls([one / total for one in expected])

    def interval(self, now: datetime, polls: float) -> timedelta:
        """Return the interval until a parked car is polled again.

        Args:
            now: the time.
            polls: how many to distribute over a day.

        """
        interval = self._time_to(self._total / polls, now, MAX_INTERVAL)
        return max(MIN_INTERVAL, interval)

    def distribute(self, interval: timedelta, now: datetime) -> timedelta:
        """Return what to wait in place of an even interval: less where a start is likely."""
        return self._time_to(interval / DAY * self._total, now, 2 * interval)

    @cached_property
    def _weights(self) -> Sequence[float]:
        """How often to poll in each half hour, compared with the others."""
        return [sqrt(one) for one in self.expected]

    @cached_property
    def _total(self) -> float:
        return sum(self._weights)

    def _time_to(self, weight: float, now: datetime, longest: timedelta) -> timedelta:
        """Return the time in which the weights add up to one."""
        local = dt_util.as_local(now)
        slot, time = _slot(local), SLOT - _time_of_day(local) % SLOT
        passed = timedelta()
        while passed < longest:
            part = self._weights[slot % SLOTS] * (time / SLOT)
            if part >= weight:
                return min(passed + time * (weight / part), longest)
            weight -= part
            passed += time
            slot, time = slot + 1, SLOT
        return longest


def next_charge_at(status: Status, now: datetime) -> datetime | None:
    """Return when a car that is plugged in will have started its delayed charge."""
    charging = status.electric.charging if status.electric else Charging()
    if not charging.plugged:
        return None
    match charging.next_delayed_time:
        case timedelta() as time:
            midnight = dt_util.start_of_local_day(dt_util.as_local(now))
            start_at = midnight + time + START_DELAY
            return start_at if start_at > now else start_at + DAY
        case datetime() as time if time + START_DELAY > now:
            return time + START_DELAY
        case _:
            return None


def _weight(one: date, day: date) -> float:
    """Return how much a day counts for another one."""
    weight: float = 0.5 ** ((day - one) / HALF_LIFE)
    if one.weekday() == day.weekday():
        return weight
    is_similar = (one.weekday() < 5) == (day.weekday() < 5)
    return weight * (SIMILAR_DAY if is_similar else OTHER_DAY)


def _slot(local: datetime) -> int:
    return _time_of_day(local) // SLOT


def _time_of_day(local: datetime) -> timedelta:
    return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)
