"""The API plan's quota: a sliding day, and a burst of one second."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
import time

DAY = timedelta(days=1)
BURST_SECONDS = 1.0


def real_seconds() -> float:
    """Return seconds that pass in reality, also while a test holds the calendar still."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


@dataclass
class Limits:
    """The number of requests that a plan allows in a day, and in a second.

    Numbered headers tell of both; some gateways send headers without a number, of the day alone.
    """

    per_day: int = 20_000
    per_second: int = 500
    numbered: bool = True


class Quota:
    """The quota of the client id."""

    def __init__(
        self,
        limits: Limits,
        now: Callable[[], datetime],
        seconds: Callable[[], float] = real_seconds,
    ) -> None:
        """Initialize the quota with one clock for days and another for bursts."""
        self.limits = limits
        self._now = now
        self.seconds = seconds
        self._day: deque[datetime] = deque()
        self._burst: deque[float] = deque()

    def take(self) -> float | None:
        """Count a request; return None, or how many seconds too early it comes."""
        now, second = self._now(), self.seconds()
        self._forget(now, second)
        if len(self._day) >= self.limits.per_day:
            oldest = self._day[0] if self._day else now
            return (oldest + DAY - now).total_seconds()
        if len(self._burst) >= self.limits.per_second:
            return BURST_SECONDS
        self._day.append(now)
        self._burst.append(second)
        return None

    def headers(self, early: float | None = None) -> dict[str, str]:
        """Return the rate-limit headers of a response; of a refusal, when the request came too early."""
        self._forget(self._now(), self.seconds())
        day, second = self.limits.per_day, self.limits.per_second
        day_left, second_left = day - len(self._day), second - len(self._burst)
        headers = (
            {
                "X-RateLimit-Limit-1": str(day),
                "X-RateLimit-Remaining-1": str(max(0, day_left)),
                "X-RateLimit-Limit-2": str(second),
                "X-RateLimit-Remaining-2": str(max(0, second_left)),
            }
            if self.limits.numbered
            else {
                "X-RateLimit-Limit": str(day),
                "X-RateLimit-Remaining": str(max(0, day_left)),
            }
        )
        if early is not None:
            reset = str(max(1, ceil(early)))
            headers["Retry-After"] = headers["X-RateLimit-Reset"] = reset
        return headers

    def _forget(self, now: datetime, second: float) -> None:
        while self._day and self._day[0] <= now - DAY:
            self._day.popleft()
        while self._burst and self._burst[0] <= second - BURST_SECONDS:
            self._burst.popleft()
