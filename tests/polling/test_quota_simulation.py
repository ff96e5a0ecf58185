"""Tests of three days of four cars under a small plan."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import heapify, heappop, heappush

import pytest

from custom_components.stellantis_connect.api.exceptions import QuotaExceededError
from custom_components.stellantis_connect.api.rate_limit import (
    Priority,
    RateLimiter,
    RateLimiterState,
)
from custom_components.stellantis_connect.models import Activity
from custom_components.stellantis_connect.polling.quota import PRIORITIES, Quota

from ..api.fake_server import NOON, FakeClock

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MIDNIGHT = NOON - 12 * HOUR
DAYS = 3
# Hours of the day in which each car drives, and charges.
DRIVES = (
    ((7.0, 7.6), (17.0, 17.7)),
    ((7.4, 8.0), (12.0, 12.5), (17.3, 18.1)),
    ((9.0, 9.4), (15.0, 15.5), (20.0, 21.0)),
    ((10.0, 10.5), (15.0, 16.0)),
)
CHARGES = (((19.0, 23.0),), ((0.0, 3.0), (20.0, 24.0)), (), ())
# Hours in which a person sends a command or refreshes.
COMMANDS = (6.9, 12.7, 18.2)
REQUESTS_PER_COMMAND = 3
SAVE_DELAY = 5 * MINUTE
# What happens, beside the polls of a car.
COMMAND = -1
KILL = -2
LISTS_PER_TRIP = 2


def activity(car: int, hour: float) -> Activity:
    """Return what a car does at an hour of the day."""
    if any(start <= hour < end for start, end in DRIVES[car]):
        return Activity.DRIVING
    if any(start <= hour < end for start, end in CHARGES[car]):
        return Activity.CHARGING
    if any(end <= hour < end + 1 / 6 for _, end in DRIVES[car]):
        return Activity.JUST_USED
    return Activity.PARKED


@dataclass
class Platform:
    """A plan of a sliding day."""

    clock: FakeClock
    limit: int
    times: list[timedelta] = field(default_factory=list)
    refusals: int = 0
    _day: deque[timedelta] = field(default_factory=deque)

    def request(self) -> dict[str, str]:
        """Count a request and return the headers of its response."""
        now = self.clock.time - MIDNIGHT
        while self._day and self._day[0] <= now - DAY:
            self._day.popleft()
        self.refusals += len(self._day) >= self.limit
        self._day.append(now)
        self.times.append(now)
        return {
            "X-RateLimit-Limit-1": str(self.limit),
            "X-RateLimit-Remaining-1": str(max(0, self.limit - len(self._day))),
        }

    def sent_on(self, day: int) -> int:
        """Return the requests of a day."""
        return sum(day * DAY <= time < (day + 1) * DAY for time in self.times)


@dataclass
class Household:
    """Four cars, and a person who sends commands."""

    clock: FakeClock
    platform: Platform
    quota: Quota
    driving_gaps: list[timedelta] = field(default_factory=list)
    parked_gaps: list[timedelta] = field(default_factory=list)
    _stored: RateLimiterState | None = None
    _activities: dict[int, Activity] = field(default_factory=dict)
    _polled_at: dict[int, timedelta] = field(default_factory=dict)

    @property
    def hour(self) -> float:
        """The hour of the day."""
        return (self.clock.time - MIDNIGHT) % DAY / HOUR

    async def run(self, kills: Iterable[timedelta]) -> None:
        """Poll the cars for three days."""
        events = [
            *((timedelta(seconds=10 * car), car) for car in range(len(DRIVES))),
            *(
                (day * DAY + (hour + day / 2) * HOUR, COMMAND)
                for day in range(DAYS)
                for hour in COMMANDS
            ),
            *((time, KILL) for time in kills),
        ]
        heapify(events)
        while events and events[0][0] < DAYS * DAY:
            now, event = heappop(events)
            self.clock.time = max(self.clock.time, MIDNIGHT + now)
            if event == COMMAND:
                await self.request(Priority.USER, REQUESTS_PER_COMMAND)
            elif event == KILL:
                self.restart()
            else:
                heappush(events, (now + await self.poll(event), event))

    def restart(self) -> None:
        """Continue after a kill with what was stored some minutes before."""
        self.quota = Quota(RateLimiter(self.clock, self._stored))
        for car, doing in self._activities.items():
            self.quota.poll_interval(car, doing)

    async def request(self, priority: Priority, times: int = 1) -> None:
        """Send some requests."""
        for _ in range(times):
            async with self.quota.rate_limiter.admitted("status", priority):
                headers = self.platform.request()
            self.quota.rate_limiter.record(headers)

    async def poll(self, car: int) -> timedelta:
        """Fetch the status of a car, and the lists after a trip; return the next interval."""
        if not self._stored or self.clock.time - self._stored.saved_at > SAVE_DELAY:
            self._stored = self.quota.rate_limiter.state
        before = self._activities.get(car, Activity.PARKED)
        try:
            await self.request(PRIORITIES[before])
        except QuotaExceededError as err:
            return err.retry_after
        now = self.clock.time - MIDNIGHT
        gap = now - self._polled_at.get(car, now)
        self._polled_at[car] = now
        doing = self._activities[car] = activity(car, self.hour)
        if before is Activity.DRIVING:
            self.driving_gaps.append(gap)
            if doing is not before and self.quota.allows(Priority.LIST):
                await self.request(Priority.LIST, LISTS_PER_TRIP)
        elif before is Activity.PARKED:
            self.parked_gaps.append(gap)
        return self.quota.poll_interval(car, doing)


@pytest.mark.parametrize(
    ("limit", "driving_gap", "parked_gap"),
    [(100, 51 * MINUTE, 2 * HOUR), (500, 14 * MINUTE, 55 * MINUTE)],
)
@pytest.mark.parametrize(
    "kills", [[], [7.5 * HOUR, 31 * HOUR, 31.5 * HOUR, 41.5 * HOUR]]
)
async def test_small_plan_of_four_cars_is_used_and_never_exceeded(
    limit: int,
    driving_gap: timedelta,
    parked_gap: timedelta,
    kills: list[timedelta],
) -> None:
    """Nine tenths are used on each busy day, and driving cars are polled first."""
    clock = FakeClock()
    clock.time = MIDNIGHT
    platform = Platform(clock, limit)
    household = Household(clock, platform, Quota(RateLimiter(clock)))
    await household.run(kills)

    used = [platform.sent_on(day) for day in range(DAYS)]
    assert platform.refusals == 0
    assert min(used) >= 0.9 * limit
    assert max(household.driving_gaps) <= driving_gap
    assert max(household.parked_gaps) <= parked_gap
