"""Tests of the rate limits of a plan."""

import asyncio
from datetime import datetime, timedelta
import json
from typing import override

from mashumaro.codecs.basic import BasicDecoder, BasicEncoder
import pytest

from custom_components.stellantis_connect.api.exceptions import (
    QuotaExceededError,
    UnreachableError,
)
from custom_components.stellantis_connect.api.rate_limit import (
    Priority,
    RateLimiter,
    RateLimiterState,
)
from custom_components.stellantis_connect.api.reported_limits import ReportedLimits

from .fake_server import NOON, FakeClock

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class StoppedClock(FakeClock):
    """A clock that does not advance while something sleeps."""

    @override
    async def sleep(self, seconds: float) -> None:
        """Record the seconds."""
        self.slept.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def rate_limiter(clock: FakeClock) -> RateLimiter:
    """Return a rate limiter without any response."""
    return RateLimiter(clock)


def report(rate_limiter: RateLimiter, limit: int, remaining: int) -> None:
    """Record a response."""
    rate_limiter.record(
        {"X-RateLimit-Limit-1": str(limit), "X-RateLimit-Remaining-1": str(remaining)}
    )


async def admit(
    rate_limiter: RateLimiter, times: int = 1, priority: Priority = Priority.USER
) -> None:
    """Send some requests."""
    for _ in range(times):
        async with rate_limiter.admitted("status", priority):
            pass


@pytest.mark.parametrize(
    ("headers", "limit", "remaining"),
    [
        ({"X-RateLimit-Limit-1": "500", "X-RateLimit-Remaining-1": "480"}, 500, 480),
        ({"X-RateLimit-Limit": "500", "X-RateLimit-Remaining": "480"}, 500, 480),
        (
            {
                "X-RateLimit-Limit": "500",
                "X-RateLimit-Remaining": "480",
                "X-RateLimit-Reset": "3600",
            },
            500,
            480,
        ),
        (
            {
                "X-RateLimit-Limit-1": "500",
                "X-RateLimit-Remaining-1": "480",
                "X-RateLimit-Limit": "10",
                "X-RateLimit-Remaining": "9",
            },
            500,
            480,
        ),
        (
            {
                "X-RateLimit-Limit": "name=default,500;",
                "X-RateLimit-Remaining": "name=default,480;",
            },
            500,
            480,
        ),
        (
            {
                "X-RateLimit-Limit": "name=second,10;name=day,500;",
                "X-RateLimit-Remaining": "name=second,9;name=day,480;",
            },
            500,
            480,
        ),
        ({"X-RateLimit-Limit-1": "many", "X-RateLimit-Remaining-1": "480"}, None, None),
        (
            {"X-RateLimit-Limit-1": "9" * 5000, "X-RateLimit-Remaining-1": "1"},
            None,
            None,
        ),
        ({"X-RateLimit-Limit-1": "500"}, None, None),
        ({}, None, None),
    ],
)
async def test_day_in_each_spelling_is_read(
    rate_limiter: RateLimiter, headers: dict[str, str], limit: int, remaining: int
) -> None:
    """Headers with a number take precedence; invalid ones are ignored."""
    await admit(rate_limiter)
    rate_limiter.record(headers)
    assert (rate_limiter.limit, rate_limiter.remaining_today) == (limit, remaining)


async def test_unnumbered_limit_that_resets_in_a_second_is_ignored(
    rate_limiter: RateLimiter,
) -> None:
    """It is the limit of the burst."""
    await admit(rate_limiter)
    rate_limiter.record(
        {
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": "1",
        }
    )
    assert (rate_limiter.limit, rate_limiter.blocked_until) == (None, None)


@pytest.mark.parametrize(
    ("headers", "retry_after"),
    [
        ({"Retry-After": "120"}, 2 * MINUTE),
        ({"Retry-After": "120", "X-RateLimit-Reset": "60"}, 2 * MINUTE),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "60"}, MINUTE),
        ({"X-RateLimit-Reset": "1770120300"}, 5 * MINUTE),
        ({"X-RateLimit-Reset": "name=day,300;"}, 5 * MINUTE),
        ({"Retry-After": "Tue, 03 Feb 2026 12:05:00 GMT"}, 5 * MINUTE),
        (
            {
                "Retry-After": "Tue, 03 Feb 2026 13:05:00 GMT",
                "Date": "Tue, 03 Feb 2026 13:00:00 GMT",
            },
            5 * MINUTE,
        ),
        ({"Retry-After": "Tue, 03 Feb 2026 11:00:00 GMT"}, MINUTE),
        ({"Retry-After": "Tue, 03 Feb 2026 12:05:00 -0000"}, MINUTE),
        ({"Retry-After": "Tue, 33 Feb 2026"}, MINUTE),
        ({"Retry-After": "soon"}, MINUTE),
        ({"Retry-After": ""}, MINUTE),
        ({"Retry-After": "0"}, MINUTE),
        ({"Retry-After": "-1"}, MINUTE),
        ({"Retry-After": "1e300"}, MINUTE),
        ({"Retry-After": "1" * 5000}, MINUTE),
        ({"Retry-After": "999999999"}, DAY),
        ({"Retry-After": "Tue, 03 Feb 2099 12:00:00 GMT"}, DAY),
        ({}, MINUTE),
    ],
)
def test_retry_after_in_each_form_is_read(
    headers: dict[str, str], retry_after: timedelta
) -> None:
    """Seconds, a Unix time or an HTTP date by the platform's own time; else it is a minute."""
    assert ReportedLimits.from_headers(headers, NOON).retry_after == retry_after


async def test_requests_leave_the_day_after_a_day(
    rate_limiter: RateLimiter, clock: FakeClock
) -> None:
    """Those of others leave it evenly: when they were sent is not known."""
    await admit(rate_limiter, 10)
    report(rate_limiter, 100, 70)
    assert rate_limiter.remaining_today == 70
    clock.time += 12 * HOUR
    await admit(rate_limiter, 5)
    assert (rate_limiter.sent_today, rate_limiter.remaining_today) == (15, 75)
    clock.time += 13 * HOUR
    assert (rate_limiter.sent_today, rate_limiter.remaining_today) == (5, 95)
    clock.time += 12 * HOUR
    assert (rate_limiter.sent_today, rate_limiter.remaining_today) == (0, 100)


async def test_requests_without_headers_are_counted(rate_limiter: RateLimiter) -> None:
    """The limit stays unknown."""
    await admit(rate_limiter, 3)
    rate_limiter.record({})
    assert (rate_limiter.sent_today, rate_limiter.remaining_today) == (3, None)


async def test_request_whose_response_is_lost_is_counted(
    rate_limiter: RateLimiter,
) -> None:
    """One that never left is not."""
    report(rate_limiter, 100, 100)
    with pytest.raises(TimeoutError):
        async with rate_limiter.admitted("status"):
            raise TimeoutError
    with pytest.raises(UnreachableError):
        async with rate_limiter.admitted("status"):
            raise UnreachableError
    assert rate_limiter.remaining_today == 99


async def test_concurrent_requests_with_one_left_pass_once(
    rate_limiter: RateLimiter,
) -> None:
    """Admission reserves: nothing is sent between the check and the count."""
    report(rate_limiter, 100, 1)
    results = await asyncio.gather(
        *(admit(rate_limiter) for _ in range(20)), return_exceptions=True
    )
    refused = [result for result in results if result is not None]
    assert len(refused) == 19
    assert all(isinstance(error, QuotaExceededError) for error in refused)
    assert rate_limiter.remaining_today == 0


async def test_requests_in_flight_are_not_taken_for_those_of_others(
    rate_limiter: RateLimiter,
) -> None:
    """Nor are those of others for requests in flight."""
    report(rate_limiter, 100, 100)
    async with rate_limiter.admitted("status"), rate_limiter.admitted("trips"):
        report(rate_limiter, 100, 80)
        assert rate_limiter.remaining_today == 78
    report(rate_limiter, 100, 78)
    assert rate_limiter.remaining_today == 78


@pytest.mark.parametrize("priority", [one for one in Priority if one != Priority.USER])
async def test_polls_leave_the_reserve_to_the_user(
    rate_limiter: RateLimiter, priority: Priority
) -> None:
    """A tenth of the day is kept; what the user has used of it is not kept again."""
    report(rate_limiter, 100, 100)
    await admit(rate_limiter, 4)
    await admit(rate_limiter, 90, priority)
    with pytest.raises(QuotaExceededError):
        await admit(rate_limiter, 1, priority)
    await admit(rate_limiter, 6)
    with pytest.raises(QuotaExceededError):
        await admit(rate_limiter)
    assert rate_limiter.sent_today == 100


async def test_exhausted_day_refuses_until_a_request_leaves_it(
    rate_limiter: RateLimiter, clock: FakeClock
) -> None:
    """The error says how long that takes."""
    report(rate_limiter, 1, 1)
    await admit(rate_limiter)
    with pytest.raises(QuotaExceededError) as caught:
        await admit(rate_limiter)
    assert DAY <= caught.value.retry_after <= DAY + 10 * MINUTE
    clock.time += caught.value.retry_after
    await admit(rate_limiter)


async def test_day_that_others_exhaust_is_tried_again(
    rate_limiter: RateLimiter, clock: FakeClock
) -> None:
    """Some of their requests will have left the day."""
    report(rate_limiter, 100, 0)
    with pytest.raises(QuotaExceededError) as caught:
        await admit(rate_limiter)
    assert caught.value.retry_after == DAY / 100
    clock.time += caught.value.retry_after
    await admit(rate_limiter)


async def test_day_without_any_request_is_ignored(rate_limiter: RateLimiter) -> None:
    """No later response could correct it, as there would be none."""
    report(rate_limiter, 0, 0)
    assert rate_limiter.limit is None
    await admit(rate_limiter)
    report(rate_limiter, 100, 99)
    report(rate_limiter, 0, 0)
    assert rate_limiter.limit == 100


async def test_exhausted_day_with_a_reset_is_blocked_until_then(
    rate_limiter: RateLimiter,
) -> None:
    """The platform knows when a request leaves the day."""
    rate_limiter.record(
        {
            "X-RateLimit-Limit-1": "100",
            "X-RateLimit-Remaining-1": "0",
            "X-RateLimit-Reset": "600",
        }
    )
    assert rate_limiter.blocked_until == NOON + 10 * MINUTE


async def test_shorter_block_does_not_end_a_longer_one(
    rate_limiter: RateLimiter, clock: FakeClock
) -> None:
    """The last of all ends counts; a block of a burst is waited for."""
    rate_limiter.block(HOUR)
    rate_limiter.block(timedelta(seconds=1))
    assert rate_limiter.blocked_until == NOON + HOUR
    clock.time += HOUR
    assert rate_limiter.blocked_until is None
    rate_limiter.block(timedelta(seconds=2))
    await admit(rate_limiter)
    assert clock.slept == [2]


@pytest.mark.parametrize("reported", [5, 0, None])
async def test_burst_is_never_exceeded(
    rate_limiter: RateLimiter, clock: FakeClock, reported: int | None
) -> None:
    """Requests wait for a place; ten cars are set up in seconds while the plan is unknown."""
    if reported is not None:
        rate_limiter.record({"X-RateLimit-Limit-2": str(reported)})
    burst = reported or 10
    sent = []
    for _ in range(4 * burst):
        await admit(rate_limiter)
        sent.append(clock.monotonic())
    assert sent[burst - 1] == 0
    assert all(
        later - earlier > 1 for earlier, later in zip(sent, sent[burst:], strict=False)
    )


async def test_concurrent_requests_are_spread() -> None:
    """Each waits for its own place."""
    clock = StoppedClock()
    rate_limiter = RateLimiter(clock)
    rate_limiter.record({"X-RateLimit-Limit-2": "1"})
    await asyncio.gather(*(admit(rate_limiter) for _ in range(4)))
    assert [round(seconds, 1) for seconds in clock.slept] == [1.1, 2.2, 3.3]


async def test_block_refuses_waiting_requests() -> None:
    """They were not sent, and do not count."""
    rate_limiter = RateLimiter(StoppedClock())
    rate_limiter.record({"X-RateLimit-Limit-2": "1"})
    await admit(rate_limiter)
    waiting = asyncio.ensure_future(admit(rate_limiter))
    await asyncio.sleep(0)
    rate_limiter.block(HOUR)
    with pytest.raises(QuotaExceededError):
        await waiting
    assert rate_limiter.sent_today == 1


def restarted(rate_limiter: RateLimiter, clock: FakeClock) -> RateLimiter:
    """Return a rate limiter with the state of another one, by way of JSON."""
    stored = json.dumps(BasicEncoder(RateLimiterState).encode(rate_limiter.state))
    state = BasicDecoder(RateLimiterState).decode(json.loads(stored))
    return RateLimiter(clock, state)


async def test_state_survives_a_restart(
    rate_limiter: RateLimiter, clock: FakeClock
) -> None:
    """Time passes meanwhile."""
    rate_limiter.record({"X-RateLimit-Limit-2": "7"})
    await admit(rate_limiter, 3)
    await admit(rate_limiter, 2, Priority.LIST)
    for priority in (Priority.LIST, Priority.USER):
        async with rate_limiter.admitted("status", priority, "car"):
            pass
    report(rate_limiter, 100, 90)
    rate_limiter.block(HOUR)
    clock.time += 30 * MINUTE

    restored = restarted(rate_limiter, clock)
    assert restored.sent_today == 7
    assert restored.sent_for("car") == 2
    for only_idle, total in ((True, 1), (False, 2)):
        returning = restored.returning_for("car", only_idle=only_idle)
        assert sum(count for _, count in returning) == total
    assert restored.remaining_today == rate_limiter.remaining_today == 90
    assert restored.remaining_polls == rate_limiter.remaining_polls == 84
    assert restored.blocked_until == NOON + HOUR

    state = rate_limiter.state
    clock.time += 2 * DAY
    restored = RateLimiter(clock, state)
    assert (restored.sent_today, restored.remaining_today) == (0, 100)
    assert restored.blocked_until is None
    assert restored.state.polls == ()


async def test_state_without_requests_survives_a_restart(
    rate_limiter: RateLimiter, clock: FakeClock
) -> None:
    """Nothing is known afterwards either."""
    restored = restarted(rate_limiter, clock)
    assert (restored.remaining_today, restored.blocked_until) == (None, None)


@pytest.mark.parametrize("ahead", [DAY, 365 * DAY])
async def test_block_of_a_clock_that_was_ahead_ends(
    clock: FakeClock, ahead: timedelta
) -> None:
    """After as long as it was to last, at most; no request is forgotten."""
    clock.time += ahead
    rate_limiter = RateLimiter(clock)
    report(rate_limiter, 100, 100)
    await admit(rate_limiter, 7)
    rate_limiter.block(HOUR)
    state = rate_limiter.state
    clock.time -= ahead

    restored = RateLimiter(clock, state)
    assert restored.blocked_until == NOON + HOUR
    assert restored.sent_today == 7
    clock.time += HOUR
    await admit(restored)


class WrongClock(FakeClock):
    """A clock whose time of day is wrong."""

    error = timedelta()

    @override
    def now(self) -> datetime:
        """Return the wrong time."""
        return super().now() + self.error


async def test_time_of_day_that_jumps_changes_nothing() -> None:
    """Only seconds that have passed count."""
    clock = WrongClock()
    rate_limiter = RateLimiter(clock)
    report(rate_limiter, 100, 100)
    await admit(rate_limiter, 7)
    rate_limiter.block(HOUR)
    for error in (-DAY, 365 * DAY):
        clock.error = error
        assert rate_limiter.sent_today == 7
        with pytest.raises(QuotaExceededError) as caught:
            await admit(rate_limiter)
        assert caught.value.retry_after == HOUR
    clock.time += HOUR
    await admit(rate_limiter)
