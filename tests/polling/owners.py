"""Synthetic owners: when their cars drive and charge."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)
# A charge that begins at the time that is set in the car.
DELAYED_START = timedelta(hours=22, minutes=30)
WEEK = 7
SHIFTS = ((5.2, 14.3), (13.0, 22.3), (21.2, 6.3))

# Hours of the day and minutes.
type Drive = tuple[float, float]
type Owner = Callable[[Random, int], Iterator[Drive]]


@dataclass(frozen=True)
class Period:
    """A drive or a charge."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> float:
        """Return how long it takes."""
        return (self.end - self.start) / MINUTE


def _commute(rng: Random) -> Iterator[Drive]:
    yield rng.gauss(7.7, 0.25), rng.uniform(18, 40)
    yield rng.gauss(17.2, 0.5), rng.uniform(18, 45)
    if rng.random() < 0.3:
        hour = rng.uniform(19, 20.2)
        yield hour, rng.uniform(8, 15)
        yield hour + rng.uniform(0.6, 1.2), rng.uniform(8, 15)


def _weekend(rng: Random) -> Iterator[Drive]:
    if rng.random() < 0.65:
        hour = rng.uniform(9.3, 11)
        yield hour, rng.uniform(8, 20)
        yield hour + rng.uniform(0.8, 1.5), rng.uniform(8, 20)
    if rng.random() < 0.5:
        hour = rng.uniform(13, 14.5)
        yield hour, rng.uniform(20, 70)
        yield hour + rng.uniform(3, 6), rng.uniform(20, 70)


def commuter(rng: Random, day: int) -> Iterator[Drive]:
    """Drive to work, and to shops and friends on weekends."""
    return _commute(rng) if day % WEEK < 5 else _weekend(rng)


def irregular(rng: Random, day: int) -> Iterator[Drive]:
    """Drive at any time of the day."""
    for _ in range(rng.choice((0, 1, 2, 2, 3, 4))):
        yield rng.uniform(7, 22), rng.uniform(8, 45)


def weekend_driver(rng: Random, day: int) -> Iterator[Drive]:
    """Seldom drive on working days."""
    if day % WEEK >= 5:
        yield from _weekend(rng)
    elif rng.random() < 0.15:
        hour = rng.uniform(9, 18)
        yield hour, rng.uniform(10, 25)
        yield hour + rng.uniform(0.7, 2), rng.uniform(10, 25)


def shift_worker(rng: Random, day: int) -> Iterator[Drive]:
    """Drive to another shift each week, one of them at night."""
    if day % WEEK >= 5:
        yield from _weekend(rng)
    else:
        there, back = SHIFTS[day // WEEK % len(SHIFTS)]
        yield rng.gauss(there, 0.1), rng.uniform(18, 30)
        yield rng.gauss(back, 0.2), rng.uniform(18, 30)


def parent(rng: Random, day: int) -> Iterator[Drive]:
    """Drive often and not far."""
    if day % WEEK >= 5:
        yield from _weekend(rng)
    else:
        for hour in (8.1, 8.5, 11.9, 13.3, 16.4, 17.2):
            if rng.random() < 0.75:
                yield rng.gauss(hour, 0.1), rng.uniform(7, 16)


def traveler(rng: Random, day: int) -> Iterator[Drive]:
    """Commute, with two weeks of holidays in another time zone."""
    if day not in range(10, 24):
        yield from commuter(rng, day)
    elif day in (10, 23):
        yield rng.uniform(6, 9), rng.uniform(120, 180)
    else:
        for _ in range(rng.choice((0, 1, 2, 2))):
            yield (rng.uniform(9, 22) + 6) % 24, rng.uniform(10, 60)


def long_distance_driver(rng: Random, day: int) -> Iterator[Drive]:
    """Drive far at any time, and charge after any drive."""
    for _ in range(rng.choice((1, 2, 2, 3))):
        yield rng.uniform(6, 21), rng.uniform(10, 100)


OWNERS: Sequence[Owner] = (
    commuter,
    irregular,
    weekend_driver,
    shift_worker,
    parent,
    traveler,
)


def drives_of(owner: Owner, first_day: date, days: int, seed: int = 0) -> list[Period]:
    """Return the drives of an owner, each some minutes after the one before."""
    rng = Random(f"{owner.__name__} {seed}")
    drives: list[Period] = []
    for day in range(days):
        midnight = datetime.combine(first_day + timedelta(days=day), time(), ZONE)
        for hour, minutes in sorted(owner(rng, day)):
            start = (midnight + timedelta(hours=hour)).astimezone(UTC)
            if drives:
                start = max(start, drives[-1].end + 6 * MINUTE)
            drives.append(Period(start, start + minutes * MINUTE))
    return drives


def charges_of(owner: Owner, drives: Sequence[Period], seed: int = 0) -> list[Period]:
    """Return the charges after some days: when the car comes home, or at night."""
    rng = Random(f"{owner.__name__} {seed} charges")
    longest = 480 if owner is long_distance_driver else 300
    charges: list[Period] = []
    for drive, following in pairwise(drives):
        start = drive.end + rng.uniform(1, 6) * MINUTE
        is_last = drive.end.date() != following.start.date()
        if not (is_last or owner is long_distance_driver) or rng.random() < 0.55:
            continue
        if rng.random() < 0.5:
            midnight = datetime.combine(drive.end.astimezone(ZONE), time(), ZONE)
            start = max(start, (midnight + DELAYED_START).astimezone(UTC))
        end = min(
            start + rng.uniform(90, longest) * MINUTE, following.start - 5 * MINUTE
        )
        if end > start + 10 * MINUTE:
            charges.append(Period(start, end))
    return charges
