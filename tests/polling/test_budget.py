"""Tests for the requests that a car costs in a day."""

from datetime import datetime, timedelta
from typing import override

import pytest

from custom_components.stellantis_connect.api.rate_limit import (
    Priority,
    RateLimiter,
    RateLimiterState,
)
from custom_components.stellantis_connect.models import Activity
from custom_components.stellantis_connect.polling.budget import (
    MIN_POLLS,
    PARKED_POLLS,
    VehicleBudget,
)

from ..api.fake_server import FakeClock

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CAR = "car"


class JumpingClock(FakeClock):
    """A clock whose time of day may be wrong."""

    ahead = timedelta()

    @override
    def now(self) -> datetime:
        """Return the time of day."""
        return self.time + self.ahead


class Car:
    """A car whose requests are counted."""

    def __init__(self) -> None:
        """Initialize the car, with nothing requested."""
        self.clock = JumpingClock()
        self.start()

    def start(self, stored: RateLimiterState | None = None) -> None:
        """Continue with what was stored, if anything."""
        self.rate_limiter = RateLimiter(self.clock, stored)
        self.budget = VehicleBudget(self.rate_limiter, lambda: CAR)

    async def request(self, times: int, priority: Priority, car: str = CAR) -> None:
        """Send some requests, which takes some seconds."""
        for _ in range(times):
            async with self.rate_limiter.admitted("status", priority, car):
                pass


@pytest.fixture
def car() -> Car:
    """Return a car."""
    return Car()


async def test_intervals_of_car_in_use_grow_with_the_requests_of_a_day(
    car: Car,
) -> None:
    """The first ones are short; none exceeds an hour."""
    driving, charging = [], []
    for _ in range(8):
        driving.append(car.budget.interval(Activity.DRIVING))
        charging.append(car.budget.interval(Activity.CHARGING))
        await car.request(25, Priority.DRIVING)
    assert driving[0] == MINUTE
    assert charging[0] < 5 * MINUTE
    assert driving == sorted(driving)
    assert driving[4] <= 90 * SECOND
    assert driving[-1] == charging[-1] == HOUR


@pytest.mark.parametrize("priority", [Priority.LIST, Priority.PARKED])
async def test_polls_of_parked_car_and_lists_leave_requests_to_driving(
    car: Car, priority: Priority
) -> None:
    """Polls become as few as one in an hour."""
    assert car.budget.parked_polls == PARKED_POLLS
    await car.request(95, priority)
    assert car.budget.parked_polls == MIN_POLLS
    assert car.budget.interval(Activity.DRIVING) <= 90 * SECOND
    car.clock.time += DAY + HOUR
    assert car.budget.parked_polls == PARKED_POLLS


async def test_car_in_use_leaves_one_poll_in_an_hour(car: Car) -> None:
    """Even on a day with much driving, the car is polled when it is parked again."""
    await car.request(180, Priority.DRIVING)
    assert car.budget.parked_polls == MIN_POLLS
    assert not car.budget.allows_lists
    assert car.budget.wait == timedelta()


async def test_nothing_is_left_until_requests_leave_the_day(car: Car) -> None:
    """Those of a person count, too; those that concern another car do not."""
    await car.request(300, Priority.DRIVING, "another car")
    assert car.budget.left > 190
    await car.request(150, Priority.DRIVING)
    car.clock.time += HOUR
    await car.request(50, Priority.USER)
    assert car.budget.left <= 0
    assert 22 * HOUR < car.budget.wait < DAY
    car.clock.time += car.budget.wait + SECOND
    assert car.budget.left > 100
    assert car.budget.wait == timedelta()


@pytest.mark.parametrize("jump", [timedelta(), -40 * DAY, 40 * DAY])
async def test_restart_gives_no_new_requests(car: Car, jump: timedelta) -> None:
    """The time of day may jump at the restart: requests are counted for a day at most."""
    await car.request(190, Priority.PARKED)
    left, stored = car.budget.left, car.rate_limiter.state
    car.clock.ahead = jump
    car.start(stored)
    assert car.budget.left == left or jump > DAY
    car.clock.time += DAY + HOUR
    assert car.budget.left > 190
    assert not car.rate_limiter.state.vehicles


async def test_jump_of_the_clock_changes_nothing(car: Car) -> None:
    """Requests are counted by a clock that never jumps."""
    await car.request(100, Priority.PARKED)
    left = car.budget.left
    for jump in (40 * DAY, -40 * DAY):
        car.clock.ahead = jump
        assert car.budget.left == left
