"""The rate limits of a plan: told by headers, counted where they are silent, and kept."""

import asyncio
from datetime import timedelta
import json
from typing import override

import pytest

from custom_components.stellantis_connect.api.exceptions import QuotaExceededError
from custom_components.stellantis_connect.api.rate_limit import RateLimiter

from .stand import NOON, SetClock

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class StoppedClock(SetClock):
    """Stands still even while somebody sleeps."""

    @override
    async def sleep(self, seconds: float) -> None:
        """Take note only."""
        self.slept.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def rate_limiter(clock: SetClock) -> RateLimiter:
    """Return a ledger that knows nothing."""
    return RateLimiter(clock)


async def admit(rate_limiter: RateLimiter, times: int = 1) -> None:
    """Let some requests through."""
    for _ in range(times):
        await rate_limiter.admit("status")


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
        ({"X-RateLimit-Limit-1": "many", "X-RateLimit-Remaining-1": "480"}, None, None),
        ({"X-RateLimit-Limit-1": "500"}, None, None),
        ({}, None, None),
    ],
)
async def test_day_is_told_in_either_spelling(
    rate_limiter: RateLimiter, headers: dict[str, str], limit: int, remaining: int
) -> None:
    """The numbered spelling first; broken headers tell nothing."""
    await admit(rate_limiter)
    rate_limiter.record(headers)
    assert (rate_limiter.limit, rate_limiter.remaining_today) == (limit, remaining)


async def test_limit_that_ends_with_the_second_is_not_the_days(
    rate_limiter: RateLimiter,
) -> None:
    """Gateways leave the number out for either."""
    await admit(rate_limiter)
    rate_limiter.record(
        {
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": "1",
        }
    )
    assert (rate_limiter.limit, rate_limiter.blocked_until) == (None, None)


async def test_day_slides(rate_limiter: RateLimiter, clock: SetClock) -> None:
    """Our own requests leave it after a day, and so does what others had used."""
    await admit(rate_limiter, 10)
    rate_limiter.record({"X-RateLimit-Limit-1": "100", "X-RateLimit-Remaining-1": "70"})
    assert rate_limiter.remaining_today == 70
    clock.time += 12 * HOUR
    await admit(rate_limiter, 5)
    assert (rate_limiter.sent_today, rate_limiter.remaining_today) == (15, 65)
    clock.time += 13 * HOUR
    assert (rate_limiter.sent_today, rate_limiter.remaining_today) == (5, 95)
    clock.time += 12 * HOUR
    assert (rate_limiter.sent_today, rate_limiter.remaining_today) == (0, 100)


async def test_own_count_goes_on_without_headers(rate_limiter: RateLimiter) -> None:
    """What is sent is counted, told or not."""
    await admit(rate_limiter, 3)
    rate_limiter.record({})
    assert (rate_limiter.sent_today, rate_limiter.remaining_today) == (3, None)


async def test_used_up_day_lets_nothing_through(
    rate_limiter: RateLimiter, clock: SetClock
) -> None:
    """Before the platform has to refuse; an hour later one request finds out more."""
    await admit(rate_limiter)
    rate_limiter.record({"X-RateLimit-Limit-1": "100", "X-RateLimit-Remaining-1": "0"})
    assert rate_limiter.blocked_until == NOON + HOUR
    with pytest.raises(QuotaExceededError) as caught:
        await admit(rate_limiter)
    assert caught.value.retry_after == HOUR
    assert rate_limiter.sent_today == 1
    clock.time += HOUR
    assert rate_limiter.blocked_until is None
    await admit(rate_limiter)


async def test_used_up_day_ends_when_the_platform_says(
    rate_limiter: RateLimiter,
) -> None:
    """If it says so."""
    await admit(rate_limiter)
    rate_limiter.record(
        {
            "X-RateLimit-Limit-1": "100",
            "X-RateLimit-Remaining-1": "0",
            "X-RateLimit-Reset": "600",
        }
    )
    assert rate_limiter.blocked_until == NOON + timedelta(minutes=10)


async def test_longer_block_outlasts_a_shorter_one(
    rate_limiter: RateLimiter, clock: SetClock
) -> None:
    """Whichever comes last."""
    rate_limiter.block(HOUR)
    rate_limiter.block(timedelta(seconds=1))
    assert rate_limiter.blocked_until == NOON + HOUR
    clock.time += HOUR
    rate_limiter.block(timedelta(seconds=2))
    await admit(rate_limiter)
    assert clock.slept == [2]


@pytest.mark.parametrize(
    ("headers", "burst"),
    [({"X-RateLimit-Limit-2": "5"}, 5), ({"X-RateLimit-Limit-2": "0"}, 3), ({}, 3)],
)
async def test_burst_is_never_exceeded(
    rate_limiter: RateLimiter, clock: SetClock, headers: dict[str, str], burst: int
) -> None:
    """Whoever comes too early waits for a place; no second holds more than the plan allows."""
    rate_limiter.record(headers)
    sent = []
    for _ in range(4 * burst):
        await admit(rate_limiter)
        sent.append(clock.monotonic())
    assert sent[burst - 1] == 0
    assert all(
        later - earlier > 1 for earlier, later in zip(sent, sent[burst:], strict=False)
    )


async def test_requests_at_once_are_lined_up() -> None:
    """Before the first answer, which tells the burst, they go one by one."""
    clock = StoppedClock()
    rate_limiter = RateLimiter(clock)
    await asyncio.gather(*(rate_limiter.admit("status") for _ in range(4)))
    assert [round(seconds, 1) for seconds in clock.slept] == [1.1, 2.2, 3.3]


async def test_block_holds_those_who_wait_for_their_place() -> None:
    """A refusal that comes meanwhile is for them too."""
    rate_limiter = RateLimiter(StoppedClock())
    await admit(rate_limiter)
    waiting = asyncio.ensure_future(admit(rate_limiter))
    await asyncio.sleep(0)
    rate_limiter.block(HOUR)
    with pytest.raises(QuotaExceededError):
        await waiting
    assert rate_limiter.sent_today == 1


async def test_ledger_survives_a_restart(
    rate_limiter: RateLimiter, clock: SetClock
) -> None:
    """By way of JSON."""
    rate_limiter.record({"X-RateLimit-Limit-2": "4"})
    await admit(rate_limiter, 4)
    rate_limiter.record({"X-RateLimit-Limit-1": "100", "X-RateLimit-Remaining-1": "90"})
    rate_limiter.block(HOUR)

    kept = json.loads(json.dumps(rate_limiter.to_dict()))
    restored = RateLimiter.from_dict(kept, clock)

    assert restored.to_dict() == rate_limiter.to_dict()
    assert (restored.sent_today, restored.remaining_today) == (4, 90)
    assert restored.blocked_until == NOON + HOUR
    clock.time += 2 * DAY
    assert (restored.sent_today, restored.remaining_today) == (0, 100)
    assert restored.to_dict()["sent"] == {}


async def test_ledger_that_knows_nothing_survives_too(
    rate_limiter: RateLimiter, clock: SetClock
) -> None:
    """As one that knows nothing."""
    restored = RateLimiter.from_dict(rate_limiter.to_dict(), clock)
    assert (restored.remaining_today, restored.blocked_until) == (None, None)
