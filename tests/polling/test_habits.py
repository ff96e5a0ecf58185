"""Weeks of synthetic owners without push: what polls see of their drives and charges."""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import pairwise
from math import inf
from statistics import median
from typing import Any

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.exceptions import QuotaExceededError
from custom_components.stellantis_connect.api.models.blocks import Kinetic, Odometer
from custom_components.stellantis_connect.api.models.energy import Charging, Energy
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.trips import Trip
from custom_components.stellantis_connect.api.rate_limit import Priority, RateLimiter
from custom_components.stellantis_connect.history.models import History
from custom_components.stellantis_connect.history.records import FetchedRecords
from custom_components.stellantis_connect.models import Activity, VehicleState
from custom_components.stellantis_connect.polling.endpoints import (
    Endpoint,
    EndpointDescription,
    endpoints_for,
)
from custom_components.stellantis_connect.polling.habits import Habits, next_charge_at
from custom_components.stellantis_connect.polling.quota import PRIORITIES, Quota
from custom_components.stellantis_connect.polling.schedule import FetchSchedule
from homeassistant.util import dt as dt_util

from ..api.fake_server import FakeClock
from .owners import (
    DELAYED_START,
    OWNERS,
    ZONE,
    Owner,
    Period,
    charges_of,
    drives_of,
    long_distance_driver,
)

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Daylight saving time begins on the last day.
FIRST_DAY = date(2026, 3, 9)
DAYS = 21
MIDNIGHT = datetime.combine(FIRST_DAY, time(), ZONE).astimezone(UTC)
# Minutes.
LONG_DRIVE = 10
# Without push, these hold on days on which driving and charging need at most so many requests.
LONGEST_INTERVALS = {Activity.DRIVING: 90 * SECOND, Activity.CHARGING: 5 * MINUTE}
REQUESTS_PER_HOUR_OF_DRIVING = 40
REQUESTS_PER_HOUR_OF_CHARGING = 12
MAX_NEEDED = 90
ENDPOINTS: Mapping[Endpoint, EndpointDescription] = {
    endpoint: description
    for endpoint, description in endpoints_for(frozenset(Scope)).items()
    if endpoint is not Endpoint.MISSED_CHARGES
}
CONTEXTS = frozenset(ENDPOINTS) - {Endpoint.PAST_CHARGES, Endpoint.TELEMETRY}


@pytest.fixture(autouse=True)
def _local_time() -> Iterator[None]:
    """Set the owners' time zone."""
    zone = dt_util.get_default_time_zone()
    dt_util.set_default_time_zone(ZONE)
    yield
    dt_util.set_default_time_zone(zone)


@dataclass
class Seen:
    """When drives or charges were first seen while they lasted."""

    periods: Sequence[Period]
    first: dict[int, datetime] = field(default_factory=dict)

    def current(self, now: datetime) -> Period | None:
        """Return the one in progress, and note that it was seen."""
        number = bisect_right(self.periods, now, key=lambda one: one.start) - 1
        if number < 0 or self.periods[number].end <= now:
            return None
        self.first.setdefault(number, now)
        return self.periods[number]

    def hours(self, start: datetime, end: datetime) -> float:
        """Return the hours of those within a time."""
        return sum(
            max(0, (min(one.end, end) - max(one.start, start)) / HOUR)
            for one in self.periods
        )

    def delays(self, minutes: float = 0) -> list[float]:
        """Return the minutes until each of some length was seen; infinite if it never was."""
        return [
            (self.first[number] - one.start) / MINUTE if number in self.first else inf
            for number, one in enumerate(self.periods)
            if one.minutes > minutes
        ]


class Car:
    """The car of an owner, which is polled as the schedule says."""

    def __init__(self, owner: Owner, quota: Quota, seed: int) -> None:
        """Initialize the car, with nothing fetched."""
        self.drives = Seen(drives_of(owner, FIRST_DAY, DAYS, seed))
        self.charges = Seen(charges_of(owner, self.drives.periods, seed))
        periods = (*self.drives.periods, *self.charges.periods)
        self._changed_at = sorted((MIDNIGHT, *(one.end for one in periods)))
        self.state = VehicleState()
        self.requests: list[datetime] = []
        self.polls: list[tuple[datetime, Activity]] = []
        self.id = f"{owner.__name__} {seed}"
        self.schedule = FetchSchedule(ENDPOINTS, quota, lambda: self.id)

    async def poll(self, now: datetime, plan: Plan) -> datetime:
        """Fetch what is due; return when to poll again."""
        for endpoint, description in ENDPOINTS.items():
            next_at = self._next_fetch_at(endpoint, now)
            if next_at is None or next_at > now:
                continue
            is_status = endpoint is Endpoint.STATUS
            activity = self.state.activity
            version = description.version_fn(self.state)
            try:
                await plan.request(
                    PRIORITIES[activity]
                    if is_status
                    else self.schedule.priority(endpoint),
                    self.id,
                )
            except QuotaExceededError as err:
                self.schedule.note_failure(endpoint, self.state, err, now)
                continue
            self.requests.append(now)
            self._fetch(endpoint, now)
            self.schedule.note_success(
                endpoint, self.state, version, now, is_complete=True
            )
            if is_status:
                self.polls.append((now, self.state.activity))
        next_at = self._next_fetch_at(Endpoint.STATUS, now)
        assert next_at
        return next_at

    def intervals(self, activity: Activity) -> Iterator[tuple[datetime, timedelta]]:
        """Yield the time between two polls of an activity, and when it had passed."""
        for (before, first), (after, second) in pairwise(self.polls):
            if first is second is activity:
                yield after, after - before

    def needed(self, now: datetime) -> float:
        """Return the requests that driving and charging needed within a day."""
        return REQUESTS_PER_HOUR_OF_DRIVING * self.drives.hours(
            now - DAY, now
        ) + REQUESTS_PER_HOUR_OF_CHARGING * self.charges.hours(now - DAY, now)

    def _next_fetch_at(self, endpoint: Endpoint, now: datetime) -> datetime | None:
        fetches = self.schedule.next_fetches([endpoint], self.state, CONTEXTS, now)
        return fetches.get(endpoint)

    def _fetch(self, endpoint: Endpoint, now: datetime) -> None:
        match endpoint:
            case Endpoint.STATUS:
                status = self._status(now)
                if status.updated_at != self.state.status.updated_at:
                    self.state = self.state.merge(status)
            case Endpoint.TRIPS:
                known = len(self.state.history.trips.records)
                trips = [
                    Trip(
                        id=f"{one.start}",
                        started_at=one.start,
                        stopped_at=one.end,
                        done=True,
                    )
                    for one in self.drives.periods[known : self._driven(now)]
                ]
                fetched = FetchedRecords(kind="trips", records=trips, read_until=now)
                self.state = self.state.merge(fetched)
            case Endpoint.ALERTS | Endpoint.ALARMS | Endpoint.COLLISIONS:
                nothing = FetchedRecords[Any](
                    kind=endpoint.value, records=[], read_until=now
                )
                self.state = self.state.merge(nothing)

    def _status(self, now: datetime) -> Status:
        """Return what the car has sent last: each minute of a drive, and at each change."""
        drive, charge = self.drives.current(now), self.charges.current(now)
        changed_at = self._changed_at[bisect_right(self._changed_at, now) - 1]
        if drive or charge:
            changed_at = now.replace(second=0, microsecond=0)
        if changed_at == self.state.status.updated_at:
            return self.state.status
        charging = Charging(
            plugged=drive is None,
            charging_rate=10.0 if charge else 0.0,
            next_delayed_time=DELAYED_START,
        )
        return Status(
            updated_at=changed_at,
            electric=Energy(level=50, charging=charging),
            kinetic=Kinetic(moving=drive is not None),
            odometer=Odometer(mileage=10.0 * self._driven(now)),
        )

    def _driven(self, now: datetime) -> int:
        return bisect_right(self.drives.periods, now, key=lambda one: one.end)


@dataclass
class Plan:
    """A plan of a sliding day, unlimited by default."""

    clock: FakeClock = field(default_factory=FakeClock)
    limit: int | None = None
    refusals: int = 0
    _day: deque[datetime] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """Start with nothing used."""
        self.quota = Quota(RateLimiter(self.clock))

    async def request(self, priority: Priority, vehicle_id: str) -> None:
        """Send a request."""
        rate_limiter = self.quota.rate_limiter
        async with rate_limiter.admitted("status", priority, vehicle_id):
            if self.limit is None:
                return
            while self._day and self._day[0] <= self.clock.time - DAY:
                self._day.popleft()
            self.refusals += len(self._day) >= self.limit
            self._day.append(self.clock.time)
        left = max(0, self.limit - len(self._day))
        headers = {
            "X-RateLimit-Limit-1": f"{self.limit}",
            "X-RateLimit-Remaining-1": f"{left}",
        }
        rate_limiter.record(headers)


async def poll(
    plan: Plan, *owners: Owner, seed: int = 0, days: int = DAYS
) -> list[Car]:
    """Return the cars of owners after some days."""
    cars = [Car(owner, plan.quota, seed) for owner in owners]
    due = [(MIDNIGHT + number * SECOND, number) for number in range(len(cars))]
    with freeze_time(MIDNIGHT) as freezer:
        while due[0][0] < MIDNIGHT + days * DAY:
            now, number = heappop(due)
            freezer.move_to(now)
            plan.clock.time = now
            next_at = await cars[number].poll(now, plan)
            heappush(due, (max(next_at, now + 2 * SECOND), number))
    return cars


def share_of(values: Sequence[bool]) -> float:
    """Return the share of true values."""
    return sum(values) / len(values)


def most_in_a_day(times: Sequence[datetime]) -> int:
    """Return the maximum within any 24 hours."""
    return max(
        end - bisect_right(times, time - DAY) for end, time in enumerate(times, 1)
    )


async def test_weeks_without_push_miss_few_drives_within_the_budget() -> None:
    """One drive of ten over ten minutes may be missed, with 200 requests a day.

    The first week counts, and so does a change to daylight saving time.
    """
    cars = [car for owner in OWNERS for car in await poll(Plan(), owner)]
    drives = [delay for car in cars for delay in car.drives.delays(LONG_DRIVE)]
    assert share_of([delay == inf for delay in drives]) <= 0.1
    assert median(drives) <= 8
    assert median(delay for car in cars for delay in car.charges.delays()) <= 2
    for car in cars:
        missed = [delay == inf for delay in car.drives.delays(LONG_DRIVE)]
        assert share_of(missed) <= 0.25
        assert most_in_a_day(car.requests) <= 200
        assert_intervals(car)


def assert_intervals(car: Car) -> None:
    """Assert that intervals grow only on days with more driving and charging."""
    for activity, longest in LONGEST_INTERVALS.items():
        for now, interval in car.intervals(activity):
            assert interval <= longest or car.needed(now) > MAX_NEEDED


@pytest.mark.parametrize("seed", range(8))
async def test_days_with_much_driving_and_charging_cost_at_most_200_requests(
    seed: int,
) -> None:
    """The intervals grow instead, and only then; polls never stop for long."""
    [car] = await poll(Plan(), long_distance_driver, seed=seed, days=10)
    assert most_in_a_day(car.requests) <= 200
    assert max(map(car.needed, car.requests)) > 1.5 * MAX_NEEDED
    assert_intervals(car)
    assert max(after - before for before, after in pairwise(car.requests)) < 2.5 * HOUR


async def test_small_plan_is_used_where_drives_are_likely() -> None:
    """With 25 requests a day and car, an even distribution would miss three drives of four."""
    plan = Plan(limit=100)
    cars = await poll(plan, *OWNERS[:4])
    drives = [delay for car in cars for delay in car.drives.delays(LONG_DRIVE)]
    assert plan.refusals == 0
    assert sum(len(car.requests) for car in cars) >= 85 * DAYS
    assert share_of([delay == inf for delay in drives]) <= 0.65
    parked = (
        interval for car in cars for _, interval in car.intervals(Activity.PARKED)
    )
    assert max(parked) <= 5 * HOUR


def learned(*starts: datetime, day: date) -> Habits:
    """Return the habits of a day after some drives."""
    trips = [Trip(id=f"{one}", started_at=one, done=True) for one in starts]
    records = FetchedRecords(kind="trips", records=trips, read_until=starts[-1])
    return Habits.learn(History().with_fetched(records, Status()), day)


def test_habits_follow_the_local_time(freezer: FrozenDateTimeFactory) -> None:
    """A drive at the same time of the day is the same habit in summer and in winter."""
    freezer.move_to("2026-04-06T12:00:00+00:00")
    times = [datetime(2026, 3, day, 8, 10, tzinfo=ZONE) for day in (16, 23, 30)]
    habits = learned(*times, day=date(2026, 4, 6))
    assert max(habits.expected) == habits.expected[16]
    other = learned(*times, day=date(2026, 4, 4))
    assert other.expected[16] < habits.expected[16]


def test_habits_of_a_journey_are_forgotten(freezer: FrozenDateTimeFactory) -> None:
    """Two weeks of drives at night count less with each week."""
    freezer.move_to("2026-06-01T12:00:00+00:00")
    nights = [datetime(2026, 3, day, 2, 10, tzinfo=ZONE) for day in range(2, 16)]
    expected = [
        learned(*nights, day=date(2026, 3, 16) + weeks * 7 * DAY).expected[4]
        for weeks in (0, 2, 4, 8)
    ]
    assert expected == sorted(expected, reverse=True)
    assert expected[-1] < expected[0] / 5


def test_habits_without_history_are_those_of_an_average_owner() -> None:
    """A new car is polled every 15 minutes or so by day, and every hour at night."""
    habits = Habits.learn(History(), FIRST_DAY)
    morning, night = MIDNIGHT + timedelta(hours=7), MIDNIGHT + timedelta(hours=2)
    assert 12 * MINUTE < habits.interval(morning, 60) < 20 * MINUTE
    assert habits.interval(morning, 1000) == 12 * MINUTE
    assert 20 * MINUTE < habits.interval(morning, 24) < 60 * MINUTE
    assert habits.interval(night, 60) == 60 * MINUTE


PLUGGED = {"plugged": True}


@pytest.mark.parametrize(
    ("charging", "start"),
    [
        ({**PLUGGED, "nextDelayedTime": "PT22H30M"}, "22:31:00"),
        ({**PLUGGED, "nextDelayedTime": "PT12H"}, "12:01:00"),
        ({**PLUGGED, "nextDelayedTime": "PT5H"}, "05:01:00"),
        ({**PLUGGED, "nextDelayedTime": "2026-03-29T21:00:00Z"}, "23:01:00"),
        ({**PLUGGED, "nextDelayedTime": "2026-03-28T21:00:00Z"}, None),
        ({"plugged": False, "nextDelayedTime": "PT22H30M"}, None),
        (PLUGGED, None),
    ],
)
def test_delayed_charge_is_expected_a_minute_after_its_start(
    charging: dict[str, object], start: str | None
) -> None:
    """The time of the day is local, also on the day that daylight saving time begins."""
    now = datetime(2026, 3, 29, 12, tzinfo=ZONE).astimezone(UTC)
    extension = {"electric": {"charging": charging}}
    status = Status.from_json(
        {"energies": [{"type": "Electric", "extension": extension}]}
    )
    at = next_charge_at(status, now)
    assert (at and f"{at.astimezone(ZONE).time()}") == start
    assert at is None or now < at < now + DAY
    assert next_charge_at(Status(), now) is None
