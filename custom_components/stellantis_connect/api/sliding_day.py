"""Requests of a sliding day, counted together in intervals of some minutes."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from math import inf

DAY_SECONDS = timedelta(days=1).total_seconds()
# Seconds of the interval in which requests are counted together.
INTERVAL = 600

# The age in seconds and the number of requests that were sent together.
type Counts = tuple[tuple[float, int], ...]
# The seconds until requests leave the day, and how many.
type Returning = Sequence[tuple[float, int]]


class SlidingDay:
    """Counts the requests of the last day; times are seconds that never jump."""

    def __init__(self, counts: Counts = (), now: float = 0.0) -> None:
        """Initialize the day, with what was counted before."""
        # In the order of time.
        self._counts = {
            round((now - age) / INTERVAL): count for age, count in sorted(counts)[::-1]
        }
        self._total = sum(self._counts.values())
        self._next_end = _next_end(self._counts)

    def add(self, now: float) -> None:
        """Count a request."""
        interval = int(now // INTERVAL)
        self._counts[interval] = self._counts.get(interval, 0) + 1
        self._total += 1
        self._next_end = min(self._next_end, _end(interval))

    def remove(self, sent_at: float) -> None:
        """Do not count a request after all."""
        interval = int(sent_at // INTERVAL)
        if self._counts.get(interval):
            self._counts[interval] -= 1
            self._total -= 1

    def total(self, now: float) -> int:
        """Return how many were sent within the last day."""
        while self._next_end <= now:
            self._total -= self._counts.pop(next(iter(self._counts)))
            self._next_end = _next_end(self._counts)
        return self._total

    def returning(self, now: float) -> Returning:
        """Return when requests leave the day, the next ones first."""
        self.total(now)
        first = _end(0) - now
        return [
            (first + start * INTERVAL, count) for start, count in self._counts.items()
        ]

    def counts(self, now: float) -> Counts:
        """Return what to continue with after a restart."""
        self.total(now)
        return tuple(
            (round(max(0.0, now - start * INTERVAL), 1), count)
            for start, count in self._counts.items()
        )


def room(left: float, returning: Returning, rate: float) -> float:
    """Return what can be sent now without missing a later request of a rate per second."""
    least, later = left, rate * DAY_SECONDS
    for seconds, count in returning:
        least = min(least, left - rate * seconds)
        left += count
        if left - later > least:
            break
    return least


def _next_end(intervals: Iterable[int]) -> float:
    """Return when the first of some intervals ends; never without any."""
    return next(map(_end, intervals), inf)


def _end(start: int) -> float:
    """Return when the requests of an interval leave the day."""
    return (start + 1) * INTERVAL + DAY_SECONDS
