"""How many requests a car costs in a day, and which of its polls come first.

Of the requests of a sliding day, polls of a parked car and lists may use a part. The rest is left
to driving and charging: up to some hours of these, the car is polled as often as it should be.
Beyond that, intervals grow with what is left, so that polls alone never exceed the maximum.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from ..api.rate_limit import RateLimiter
from ..api.sliding_day import DAY_SECONDS, Returning, room
from ..models import Activity
from .quota import DAY, POLL_INTERVALS

MAX_REQUESTS = 200
# Left to repeated requests, and to further pages.
RESERVE = 3
# The part of polls of a parked car and of lists.
MAX_IDLE = 88
# A parked car is polled so often in a day.
PARKED_POLLS = 60
# What is always left to polls: one in an hour, whatever the car does.
MIN_POLLS = 24
MIN_RATE = MIN_POLLS / DAY_SECONDS
# The time in which polls of a parked car would use up what is left to them.
PARKED_PACE = timedelta(hours=4)

# The intervals of a car in use with fewer requests left than these ...
PLENTY = 150
LONG_INTERVALS: Mapping[Activity, timedelta] = {
    Activity.DRIVING: timedelta(seconds=88),
    Activity.CHARGING: POLL_INTERVALS[Activity.CHARGING],
    Activity.JUST_USED: timedelta(minutes=5),
}
# ... and longer ones up to this, if the requests that are left would not last for these times.
PACES: Mapping[Activity, timedelta] = {
    Activity.DRIVING: timedelta(minutes=20),
    Activity.CHARGING: timedelta(hours=1),
    Activity.JUST_USED: timedelta(minutes=20),
}
MAX_INTERVAL = timedelta(hours=1)


class VehicleBudget:
    """What is left to the polls of a car."""

    def __init__(
        self, rate_limiter: RateLimiter, vehicle_id: Callable[[], str]
    ) -> None:
        """Initialize the budget."""
        self._rate_limiter = rate_limiter
        self._vehicle_id = vehicle_id

    @property
    def left(self) -> int:
        """The requests that are left of the day."""
        return MAX_REQUESTS - RESERVE - self._rate_limiter.sent_for(self._vehicle_id())

    @property
    def wait(self) -> timedelta:
        """The time until a request is left."""
        if self.left > 0:
            return timedelta()
        return timedelta(seconds=self._returning()[0][0])

    @property
    def allows_lists(self) -> bool:
        """Whether lists leave enough to the status."""
        return self.left > MIN_POLLS or self._room > 0

    @property
    def parked_polls(self) -> float:
        """How often to poll the car in a day while it is parked."""
        idle = self._returning(only_idle=True)
        left = MAX_IDLE - self._rate_limiter.idle_for(self._vehicle_id())
        spare = max(0.0, min(room(left, idle, MIN_RATE), self._room))
        return min(MIN_POLLS + spare * (DAY / PARKED_PACE), PARKED_POLLS)

    def interval(self, activity: Activity) -> timedelta:
        """Return the interval of the polls of a car in use."""
        if (left := self._room) <= 0:
            return MAX_INTERVAL
        interval = POLL_INTERVALS[activity] * max(1, PLENTY / left)
        interval = min(interval, LONG_INTERVALS[activity])
        pace = PACES[activity].total_seconds()
        left += sum([count for seconds, count in self._returning() if seconds < pace])
        return min(max(interval, PACES[activity] / left), MAX_INTERVAL)

    @property
    def _room(self) -> float:
        """The requests that are left beside those of later polls, at the lowest rate."""
        return room(self.left, self._returning(), MIN_RATE)

    def _returning(self, *, only_idle: bool = False) -> Returning:
        vehicle_id = self._vehicle_id()
        return self._rate_limiter.returning_for(vehicle_id, only_idle=only_idle)
