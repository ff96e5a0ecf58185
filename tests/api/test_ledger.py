"""The rate limits of a plan: told by headers, counted where they are silent, and kept."""

import asyncio
from datetime import timedelta
import json
from typing import override

import pytest

from custom_components.stellantis_connect.api.exceptions import QuotaExceeded
from custom_components.stellantis_connect.api.rate_limit import RateLimitLedger

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
def ledger(clock: SetClock) -> RateLimitLedger:
    """Return a ledger that knows nothing."""
    return RateLimitLedger(clock)


async def admit(ledger: RateLimitLedger, times: int = 1) -> None:
    """Let some requests through."""
    for _ in range(times):
        await ledger.admit("status")


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
    ledger: RateLimitLedger, headers: dict[str, str], limit: int, remaining: int
) -> None:
    """The numbered spelling first; broken headers tell nothing."""
    await admit(ledger)
    ledger.record(headers)
    assert (ledger.limit, ledger.remaining_today) == (limit, remaining)


async def test_limit_that_ends_with_the_second_is_not_the_days(
    ledger: RateLimitLedger,
) -> None:
    """Gateways leave the number out for either."""
    await admit(ledger)
    ledger.record(
        {
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": "1",
        }
    )
    assert (ledger.limit, ledger.blocked_until) == (None, None)


async def test_day_slides(ledger: RateLimitLedger, clock: SetClock) -> None:
    """Our own requests leave it after a day, and so does what others had used."""
    await admit(ledger, 10)
    ledger.record({"X-RateLimit-Limit-1": "100", "X-RateLimit-Remaining-1": "70"})
    assert ledger.remaining_today == 70
    clock.time += 12 * HOUR
    await admit(ledger, 5)
    assert (ledger.sent_today, ledger.remaining_today) == (15, 65)
    clock.time += 13 * HOUR
    assert (ledger.sent_today, ledger.remaining_today) == (5, 95)
    clock.time += 12 * HOUR
    assert (ledger.sent_today, ledger.remaining_today) == (0, 100)


async def test_own_count_goes_on_without_headers(ledger: RateLimitLedger) -> None:
    """What is sent is counted, told or not."""
    await admit(ledger, 3)
    ledger.record({})
    assert (ledger.sent_today, ledger.remaining_today) == (3, None)


async def test_used_up_day_lets_nothing_through(
    ledger: RateLimitLedger, clock: SetClock
) -> None:
    """Before the platform has to refuse; an hour later one request finds out more."""
    await admit(ledger)
    ledger.record({"X-RateLimit-Limit-1": "100", "X-RateLimit-Remaining-1": "0"})
    assert ledger.blocked_until == NOON + HOUR
    with pytest.raises(QuotaExceeded) as caught:
        await admit(ledger)
    assert caught.value.retry_after == HOUR
    assert ledger.sent_today == 1
    clock.time += HOUR
    assert ledger.blocked_until is None
    await admit(ledger)


async def test_used_up_day_ends_when_the_platform_says(ledger: RateLimitLedger) -> None:
    """If it says so."""
    await admit(ledger)
    ledger.record(
        {
            "X-RateLimit-Limit-1": "100",
            "X-RateLimit-Remaining-1": "0",
            "X-RateLimit-Reset": "600",
        }
    )
    assert ledger.blocked_until == NOON + timedelta(minutes=10)


async def test_longer_block_outlasts_a_shorter_one(
    ledger: RateLimitLedger, clock: SetClock
) -> None:
    """Whichever comes last."""
    ledger.block(HOUR)
    ledger.block(timedelta(seconds=1))
    assert ledger.blocked_until == NOON + HOUR
    clock.time += HOUR
    ledger.block(timedelta(seconds=2))
    await admit(ledger)
    assert clock.slept == [2]


@pytest.mark.parametrize(
    ("headers", "burst"),
    [({"X-RateLimit-Limit-2": "5"}, 5), ({"X-RateLimit-Limit-2": "0"}, 3), ({}, 3)],
)
async def test_burst_is_never_exceeded(
    ledger: RateLimitLedger, clock: SetClock, headers: dict[str, str], burst: int
) -> None:
    """Whoever comes too early waits for a place; no second holds more than the plan allows."""
    ledger.record(headers)
    sent = []
    for _ in range(4 * burst):
        await admit(ledger)
        sent.append(clock.monotonic())
    assert sent[burst - 1] == 0
    assert all(
        later - earlier > 1 for earlier, later in zip(sent, sent[burst:], strict=False)
    )


async def test_requests_at_once_are_lined_up() -> None:
    """Before the first answer, which tells the burst, they go one by one."""
    clock = StoppedClock()
    ledger = RateLimitLedger(clock)
    await asyncio.gather(*(ledger.admit("status") for _ in range(4)))
    assert [round(seconds, 1) for seconds in clock.slept] == [1.1, 2.2, 3.3]


async def test_block_holds_those_who_wait_for_their_place() -> None:
    """A refusal that comes meanwhile is for them too."""
    ledger = RateLimitLedger(StoppedClock())
    await admit(ledger)
    waiting = asyncio.ensure_future(admit(ledger))
    await asyncio.sleep(0)
    ledger.block(HOUR)
    with pytest.raises(QuotaExceeded):
        await waiting
    assert ledger.sent_today == 1


async def test_ledger_survives_a_restart(
    ledger: RateLimitLedger, clock: SetClock
) -> None:
    """By way of JSON."""
    ledger.record({"X-RateLimit-Limit-2": "4"})
    await admit(ledger, 4)
    ledger.record({"X-RateLimit-Limit-1": "100", "X-RateLimit-Remaining-1": "90"})
    ledger.block(HOUR)

    kept = json.loads(json.dumps(ledger.to_dict()))
    restored = RateLimitLedger.from_dict(kept, clock)

    assert restored.to_dict() == ledger.to_dict()
    assert (restored.sent_today, restored.remaining_today) == (4, 90)
    assert restored.blocked_until == NOON + HOUR
    clock.time += 2 * DAY
    assert (restored.sent_today, restored.remaining_today) == (0, 100)
    assert restored.to_dict()["sent"] == {}


async def test_ledger_that_knows_nothing_survives_too(
    ledger: RateLimitLedger, clock: SetClock
) -> None:
    """As one that knows nothing."""
    restored = RateLimitLedger.from_dict(ledger.to_dict(), clock)
    assert (restored.remaining_today, restored.blocked_until) == (None, None)
