"""When a car is likely to start a drive or a charge, and how often it is polled for that.

Without push, only a poll shows that a car has started. Its past trips and charges say how many
starts to expect in each half hour of a day: those of the same weekday count most, then those of
other working days or weekends, and recent ones more than old ones. Two days of an average owner are
added, which are all there is for a car without a history. A parked car is polled again once 2 % of
a start are to be expected since the last poll: every ten minutes where it often starts, and every
half hour where it never did, so that journeys and new habits are found and learnt. If the requests
of the day are scarce, more starts are accepted, and intervals grow to an hour.

Starts are stored as points in time and compared by local time: neither daylight saving time nor
another time zone shifts what was learnt.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Self

from homeassistant.util import dt as dt_util

from ..api.models.energy import Charging
from ..api.models.status import Status
from ..history.models import History

DAY = timedelta(days=1)
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
# The days of an average owner that a car's own days are added to.
TYPICAL_DAYS = 2
MAX_AGE = timedelta(days=100)
HALF_LIFE = timedelta(days=21)
# How much other days count: of the same part of the week, and of the other part.
SIMILAR_DAY = 0.35
OTHER_DAY = 0.1
# A start may be earlier or later the next time.
SPREAD = ((-1, 0.25), (0, 0.5), (1, 0.25))

# The starts to expect until the next poll.
EXPECTED_STARTS = 0.02
MIN_INTERVAL = timedelta(minutes=10)
MAX_INTERVAL = timedelta(minutes=30)
# While the requests of the day are scarce.
MAX_SCARCE_INTERVAL = timedelta(hours=1)
# Set aside for each drive or charge that is to be expected until midnight.
REQUESTS_PER_START = 30
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

    def interval(self, now: datetime, requests: int) -> timedelta:
        """Return the interval until a parked car is polled again.

        Args:
            now: the time.
            requests: how many requests are left of the day.

        """
        local = dt_util.as_local(now)
        rest = self._rest_of_day(local)
        interval = self._time_to(EXPECTED_STARTS, local, MAX_INTERVAL)
        scarce = rest / max(1, requests - REQUESTS_PER_START * rest)
        return max(
            MIN_INTERVAL, interval, self._time_to(scarce, local, MAX_SCARCE_INTERVAL)
        )

    def distribute(self, interval: timedelta, now: datetime) -> timedelta:
        """Return what to wait in place of an even interval: less where a start is likely."""
        starts = interval / DAY * sum(self.expected)
        return self._time_to(starts, dt_util.as_local(now), 2 * interval)

    def _time_to(self, starts: float, local: datetime, longest: timedelta) -> timedelta:
        """Return the time in which so many starts are to be expected."""
        slot, time = _slot(local), SLOT - _time_of_day(local) % SLOT
        passed = timedelta()
        while passed < longest:
            expected = self.expected[slot % SLOTS] * (time / SLOT)
            if expected >= starts:
                return min(passed + time * (starts / expected), longest)
            starts -= expected
            passed += time
            slot, time = slot + 1, SLOT
        return longest

    def _rest_of_day(self, local: datetime) -> float:
        """Return the starts to expect until midnight."""
        slot = _slot(local)
        part = 1 - _time_of_day(local) % SLOT / SLOT
        return self.expected[slot] * part + sum(self.expected[slot + 1 :])


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
