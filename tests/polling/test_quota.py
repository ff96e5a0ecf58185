"""The day's quota lasts the day, for all who share it."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.stellantis_connect.api.rate_limit import RateLimiter
from custom_components.stellantis_connect.polling.quota import Quota, Quotas
from homeassistant.core import HomeAssistant

MINUTE = timedelta(minutes=1)
HALF_HOUR = timedelta(minutes=30)
DAY = timedelta(days=1)


def quota(limit: int, remaining: int, pollers: int = 1) -> Quota:
    """Return the quota of a plan of which that much is left."""
    rate_limiter = RateLimiter()
    rate_limiter.record(
        {
            "X-RateLimit-Limit-1": str(limit),
            "X-RateLimit-Remaining-1": str(remaining),
        }
    )
    shared = Quota(rate_limiter)
    shared.pollers.update(range(pollers))
    return shared


@pytest.mark.parametrize(
    ("left", "pollers", "interval", "throttled"),
    [
        pytest.param(1000, 4, MINUTE, MINUTE, id="plenty is left"),
        pytest.param(149, 1, MINUTE, MINUTE, id="more than a day of parking needs"),
        pytest.param(148, 1, MINUTE, HALF_HOUR, id="just what parking needs"),
        pytest.param(148, 2, MINUTE, 2 * HALF_HOUR, id="shared by two"),
        pytest.param(124, 1, HALF_HOUR, 2 * HALF_HOUR, id="half of it"),
        pytest.param(124, 1, DAY, DAY, id="a cadence is never shortened"),
        pytest.param(101, 4, MINUTE, DAY, id="almost nothing"),
        pytest.param(100, 4, MINUTE, DAY, id="the reserve"),
        pytest.param(0, 4, MINUTE, DAY, id="nothing at all"),
    ],
)
@pytest.mark.usefixtures("freezer")
def test_cadence_is_stretched_when_little_is_left(
    left: int, pollers: int, interval: timedelta, throttled: timedelta
) -> None:
    """Of 1000 requests a day, 100 are kept for commands and for people."""
    assert quota(1000, left, pollers).throttled(interval) == throttled


def test_cadence_stands_where_no_limit_is_told() -> None:
    """A plan that tells no limit is not guessed at."""
    assert Quota(RateLimiter()).throttled(MINUTE) == MINUTE


async def test_ledgers_survive_a_restart(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """What was sent yesterday still counts after a restart, for each client id apart."""
    before = Quotas(hass)
    before.of("one").rate_limiter.block(DAY)
    before.of("other")
    before.async_schedule_save()
    await hass.async_block_till_done()
    await hass.async_stop()

    after = Quotas(hass)
    await after.async_load()
    assert (
        after.of("one").rate_limiter.blocked_until
        == before.of("one").rate_limiter.blocked_until
    )
    assert after.of("other").rate_limiter.blocked_until is None
    assert after.of("one") is after.of("one")

    await after.async_remove()
    assert "stellantis_connect.quota" not in hass_storage
