"""The rate limits of a client id's plan, shared by all of its accounts."""

from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from math import ceil
from typing import NamedTuple, Protocol, override

from .clock import Clock
from .exceptions import QuotaExceededError, UnreachableError
from .reported_limits import LONGEST_BURST, ReportedLimits
from .sliding_day import DAY_SECONDS, INTERVAL, Counts, Returning, SlidingDay

# The platform's second and ours do not begin together.
BURST_WINDOW = 1.1
# Requests per second while no response has named the plan's burst.
ASSUMED_BURST = 10
MAX_BURST = 100
# The part of the day's quota that polls leave to commands and to refreshes by a person.
RESERVE = 0.1
# Beyond these, something stored makes no sense.
_MAX_SPAN = 100 * 365 * DAY_SECONDS
_MAX_COUNT = 10**12


class Priority(IntEnum):
    """What a request is for; the higher, the later it is refused."""

    LIST = 0
    PARKED = 1
    ACTIVE = 2
    DRIVING = 3
    USER = 4


# Of a car that is not in use.
IDLE = {Priority.LIST, Priority.PARKED}


@dataclass(frozen=True, kw_only=True)
class VehicleCounts:
    """The requests that concern a car.

    Attributes:
        sent: all of them.
        idle: polls of the car while it is not in use, and lists.
    """

    sent: Counts = ()
    idle: Counts = ()


@dataclass(frozen=True, kw_only=True)
class RateLimiterState:
    """What a rate limiter stores; all times are relative to `saved_at`.

    Attributes:
        saved_at: the time of day.
        limit: the requests that the plan allows in a day.
        burst: the requests that the plan allows in a second.
        left: the requests that were left by the last response, without those sent since.
        others: the requests that others sent within a day.
        others_age: the seconds since that was reported.
        blocked_for: the seconds in which nothing is sent.
        polls: the polls that were sent.
        user_requests: all other requests.
        vehicles: the requests that concern a car, by its id.
    """

    saved_at: datetime
    limit: int | None = None
    burst: int | None = None
    left: int = 0
    others: int = 0
    others_age: float = 0
    blocked_for: float = 0
    polls: Counts = ()
    user_requests: Counts = ()
    vehicles: dict[str, VehicleCounts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse values that make no sense."""
        requests = self.polls + self.user_requests
        for vehicle in self.vehicles.values():
            requests += vehicle.sent + vehicle.idle
        spans = self.others_age, self.blocked_for, *(age for age, _ in requests)
        counts = self.burst or 1, *(count for _, count in requests)
        if not all(0 <= span < _MAX_SPAN for span in spans):
            raise ValueError("Not a time span")
        if not all(0 <= count < _MAX_COUNT for count in (*counts, self.others)):
            raise ValueError("Not a count")
        if self.limit is not None and not 0 < self.limit < _MAX_COUNT:
            raise ValueError("Not a limit")


class RateLimiter:
    """Counts requests in a sliding day, and refuses those that the plan does not allow.

    Responses report how much of the day is left; what others use under the same client id is the
    part of it that was not counted here. It is assumed to have been sent evenly over the day.

    Times are seconds since the start by the monotonic clock, so that a time of day that was ahead
    neither prolongs a block nor loses a count; it only bridges a restart.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        state: RateLimiterState | None = None,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """Initialize the rate limiter, with the state from before a restart if there is one."""
        self._clock = clock or Clock()
        self._on_change = on_change
        self._slots: deque[float] = deque(maxlen=MAX_BURST)
        self._in_flight = 0
        now = self._clock.now()
        state = state or RateLimiterState(saved_at=now)
        offline = max(0.0, (now - state.saved_at).total_seconds())
        # Continue within the interval, so that a restart prolongs none.
        ages = [age for age, _ in state.polls + state.user_requests]
        seconds = (ages[0] + offline) % INTERVAL if ages else 0.0
        self._started_at = self._clock.monotonic() - seconds
        self._limit = state.limit
        self._burst = state.burst
        self._left = state.left
        self._others = state.others
        self._others_at = seconds - state.others_age - offline
        blocked_for = min(state.blocked_for - offline, DAY_SECONDS)
        self._blocked_until = seconds + blocked_for
        sent_until = seconds - offline
        self._polls = SlidingDay(state.polls, sent_until)
        self._user_requests = SlidingDay(state.user_requests, sent_until)
        self._vehicles = {
            vehicle_id: (
                SlidingDay(counts.sent, sent_until),
                SlidingDay(counts.idle, sent_until),
            )
            for vehicle_id, counts in state.vehicles.items()
        }

    @property
    def state(self) -> RateLimiterState:
        """The state to store."""
        now = self._now
        return RateLimiterState(
            saved_at=self._clock.now(),
            limit=self._limit,
            burst=self._burst,
            left=self._left,
            others=self._others,
            others_age=min(max(0.0, now - self._others_at), DAY_SECONDS),
            blocked_for=max(0.0, self._blocked_until - now),
            polls=self._polls.counts(now),
            user_requests=self._user_requests.counts(now),
            vehicles={
                vehicle_id: VehicleCounts(sent=sent.counts(now), idle=idle.counts(now))
                for vehicle_id, (sent, idle) in self._vehicles.items()
                if sent.total(now)
            },
        )

    @property
    def sent_today(self) -> int:
        """The requests that were sent within the last day."""
        return self._sent(self._now)

    @property
    def limit(self) -> int | None:
        """The requests that the plan allows in a day; None if it was never reported."""
        return self._limit

    @property
    def remaining_today(self) -> int | None:
        """The requests that are left of the day; None if the plan's limit is not known."""
        return self._remaining(self._now)

    @property
    def remaining_polls(self) -> int | None:
        """The same without the reserve for commands and for refreshes by a person."""
        return self._remaining_polls(self._now)

    @property
    def returning_polls(self) -> Returning:
        """When polls leave the day, the next ones first."""
        return self._polls.returning(self._now)

    @property
    def blocked_until(self) -> datetime | None:
        """The time until which nothing is sent; None if requests are allowed."""
        seconds = self._blocked_until - self._now
        if seconds <= 0:
            return None
        return self._clock.now() + timedelta(seconds=seconds)

    def sent_for(self, vehicle_id: str) -> int:
        """Return the requests of the last day that concern a car."""
        return self._vehicle(vehicle_id)[0].total(self._now)

    def idle_for(self, vehicle_id: str) -> int:
        """Return the `IDLE` ones of these."""
        return self._vehicle(vehicle_id)[1].total(self._now)

    def returning_for(self, vehicle_id: str, *, only_idle: bool = False) -> Returning:
        """Return when they leave the day, the next ones first."""
        return self._vehicle(vehicle_id)[only_idle].returning(self._now)

    def admitted(
        self,
        resource: str,
        priority: Priority = Priority.USER,
        vehicle_id: str | None = None,
    ) -> AbstractAsyncContextManager[None]:
        """Wait for the next free place in the burst, and count the request that is sent within.

        Args:
            resource: what is requested.
            priority: what it is for.
            vehicle_id: the car that it concerns.

        Raises:
            QuotaExceededError: the plan allows no request for longer than a burst.

        """
        return _Admission(self._admit(resource, priority, vehicle_id), self._release)

    async def _admit(
        self, resource: str, priority: Priority, vehicle_id: str | None
    ) -> _Counted:
        await self._wait_for_block(resource)
        sent_at = self._now
        self._check_day(resource, priority, sent_at)
        counted = _Counted(self._days(priority, vehicle_id), sent_at)
        for day in counted.days:
            day.add(sent_at)
        self._left -= 1
        self._in_flight += 1
        try:
            await self._wait_for_slot(resource)
        except BaseException:
            self._release(counted, was_sent=False)
            raise
        return counted

    def _release(self, counted: _Counted, *, was_sent: bool) -> None:
        self._in_flight -= 1
        if not was_sent:
            self._left += 1
            for day in counted.days:
                day.remove(counted.sent_at)
        self._on_change()

    def record(self, headers: Mapping[str, str]) -> None:
        """Adopt the limits that a response reports."""
        limits = ReportedLimits.from_headers(headers, self._clock.now())
        self._burst = limits.burst or self._burst
        if limits.day is None or limits.day_remaining is None:
            return
        now = self._now
        responded = self._sent(now) - self._in_flight
        self._limit = limits.day
        self._left = limits.day_remaining - self._in_flight
        self._others = max(0, limits.day - limits.day_remaining - responded)
        self._others_at = now
        if limits.day_remaining == 0 and limits.reset:
            self.block(limits.reset)

    def block(self, span: timedelta) -> None:
        """Send nothing for some time."""
        until = self._now + span.total_seconds()
        self._blocked_until = max(until, self._blocked_until)
        self._on_change()

    async def _wait_for_block(self, resource: str) -> None:
        """Wait for the end of a block as short as a burst.

        Raises:
            QuotaExceededError: the block is longer.

        """
        seconds = self._blocked_until - self._now
        if seconds <= 0:
            return
        if (wait := timedelta(seconds=seconds)) > LONGEST_BURST:
            raise QuotaExceededError(resource, retry_after=wait)
        await self._clock.sleep(seconds)

    async def _wait_for_slot(self, resource: str) -> None:
        """Wait until the burst has room, and for a block that starts meanwhile."""
        now = slot = self._clock.monotonic()
        burst = min(self._burst or ASSUMED_BURST, MAX_BURST)
        if len(self._slots) >= burst:
            slot = max(now, self._slots[-burst] + BURST_WINDOW)
        self._slots.append(slot)
        if slot > now:
            await self._clock.sleep(slot - now)
            await self._wait_for_block(resource)

    def _check_day(self, resource: str, priority: Priority, now: float) -> None:
        is_user = priority is Priority.USER
        remaining = self._remaining(now) if is_user else self._remaining_polls(now)
        if remaining is None or remaining > 0:
            return
        waits = [
            seconds
            for day in (self._polls, self._user_requests)
            for seconds, _ in day.returning(now)
        ]
        if self._others:
            waits.append(DAY_SECONDS / self._others)
        wait = timedelta(seconds=max(1.0, min(waits, default=DAY_SECONDS)))
        raise QuotaExceededError(resource, retry_after=wait)

    def _sent(self, now: float) -> int:
        return self._polls.total(now) + self._user_requests.total(now)

    def _used(self, now: float) -> int:
        """Return the requests that were sent within the last day, also by others."""
        others_age = now - self._others_at
        others = self._others * max(0.0, 1 - others_age / DAY_SECONDS)
        return self._sent(now) + ceil(others)

    def _remaining(self, now: float) -> int | None:
        if self._limit is None:
            return None
        # Requests leave the platform's day up to an interval earlier than the counted one.
        return max(0, self._limit - self._used(now), self._left)

    def _remaining_polls(self, now: float) -> int | None:
        if self._limit is None:
            return None
        reserve = int(RESERVE * self._limit) - self._user_requests.total(now)
        return self._limit - self._used(now) - max(0, reserve)

    def _days(self, priority: Priority, vehicle_id: str | None) -> list[SlidingDay]:
        """Return where to count a request."""
        days = [self._user_requests if priority is Priority.USER else self._polls]
        if vehicle_id:
            vehicle = self._vehicle(vehicle_id)
            days += vehicle if priority in IDLE else vehicle[:1]
        return days

    def _vehicle(self, vehicle_id: str) -> tuple[SlidingDay, SlidingDay]:
        """Return the requests that concern a car, and the `IDLE` ones of these."""
        if vehicle_id not in self._vehicles:
            self._vehicles[vehicle_id] = SlidingDay(), SlidingDay()
        return self._vehicles[vehicle_id]

    @property
    def _now(self) -> float:
        """The seconds since the start."""
        return self._clock.monotonic() - self._started_at


class _Counted(NamedTuple):
    """A request that is counted, and where."""

    days: Sequence[SlidingDay]
    sent_at: float


class _Release(Protocol):
    def __call__(self, counted: _Counted, *, was_sent: bool) -> None: ...


class _Admission(AbstractAsyncContextManager[None]):
    """The context of a request, which costs less than that of a generator."""

    def __init__(
        self, admit: Coroutine[object, object, _Counted], release: _Release
    ) -> None:
        """Initialize the context.

        Args:
            admit: waits until the request may be sent, and counts it.
            release: called when it has been sent, or was not.

        """
        self._admit = admit
        self._release = release

    @override
    async def __aenter__(self) -> None:
        self._counted = await self._admit

    @override
    async def __aexit__(
        self, error_type: type[BaseException] | None, *_: object
    ) -> None:
        self._release(self._counted, was_sent=error_type is not UnreachableError)
