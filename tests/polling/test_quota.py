"""Tests of the polls that a plan allows."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.stellantis_connect.api.rate_limit import (
    Priority,
    RateLimiter,
    RateLimiterState,
)
from custom_components.stellantis_connect.models import Activity
from custom_components.stellantis_connect.polling.quota import (
    POLL_INTERVALS,
    Quota,
    Quotas,
)
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def quota(limit: int, remaining: int, cars: int = 1) -> Quota:
    """Return the quota of a plan that others have used as well."""
    rate_limiter = RateLimiter(
        state=RateLimiterState(
            saved_at=dt_util.utcnow(), limit=limit, others=limit - remaining
        )
    )
    shared = Quota(rate_limiter)
    for car in range(cars):
        shared.poll_interval(car, Activity.PARKED)
    return shared


@pytest.mark.parametrize("activity", Activity)
@pytest.mark.usefixtures("freezer")
async def test_poll_interval_with_a_large_plan_is_that_of_the_activity(
    activity: Activity,
) -> None:
    """Or while the plan is unknown."""
    interval = POLL_INTERVALS[activity]
    assert quota(20_000, 20_000, 4).poll_interval("car", activity) == interval
    assert Quota(RateLimiter()).poll_interval("car", activity) == interval


@pytest.mark.usefixtures("freezer")
async def test_poll_interval_grows_with_what_others_use() -> None:
    """The more cars and the less of the plan, the longer; at most a day."""
    intervals = [
        quota(100, remaining, cars).poll_interval(0, Activity.PARKED)
        for remaining, cars in ((100, 1), (20, 1), (20, 4), (15, 4), (10, 4), (0, 4))
    ]
    assert intervals == sorted(intervals)
    assert intervals[0] == 30 * MINUTE
    assert intervals[1] < intervals[2] < intervals[3] < DAY
    assert intervals[4] == intervals[5] == DAY


@pytest.mark.usefixtures("freezer")
async def test_poll_interval_with_a_small_plan_favors_driving_cars() -> None:
    """Then charging ones."""
    shared = quota(100, 100, 4)
    driving, charging, parked = (
        shared.poll_interval(0, activity)
        for activity in (Activity.DRIVING, Activity.CHARGING, Activity.PARKED)
    )
    assert MINUTE <= driving < charging < parked


@pytest.mark.usefixtures("freezer")
async def test_poll_interval_of_a_removed_car_is_left_to_the_others() -> None:
    """Each has a larger share."""
    shared = quota(100, 20, 4)
    before = shared.poll_interval(0, Activity.PARKED)
    shared.remove(3)
    assert shared.poll_interval(0, Activity.PARKED) < before


@pytest.mark.usefixtures("freezer")
async def test_retry_interval_grows_once_little_is_left() -> None:
    """A failure of a car may not cost what driving cars need."""
    assert quota(100, 100, 4).retry_interval(MINUTE) == MINUTE
    assert DAY / 2 < quota(100, 11, 4).retry_interval(MINUTE) <= DAY
    assert Quota(RateLimiter()).retry_interval(MINUTE) == MINUTE


@pytest.mark.parametrize(
    ("remaining", "lists", "polls", "user"),
    [
        (100, True, True, True),
        (11, False, True, True),
        (10, False, False, True),
        (0, False, False, False),
    ],
)
@pytest.mark.usefixtures("freezer")
async def test_allowed_priorities_follow_what_is_left(
    remaining: int, lists: bool, polls: bool, user: bool
) -> None:
    """Lists are refused first, then polls; the reserve is the user's."""
    shared = quota(100, remaining)
    assert shared.allows(Priority.LIST) is lists
    assert shared.allows(Priority.DRIVING) is polls
    assert shared.allows(Priority.USER) is user


REQUESTS = {"saved_at": "2026-02-03T12:00:00+00:00", "polls": [[10.5, 3]]}


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"saved_at": "2026-02-03T12:00:00"},
        {"saved_at": "yesterday"},
        REQUESTS | {"limit": -1},
        REQUESTS | {"limit": 0},
        REQUESTS | {"burst": -1},
        REQUESTS | {"others": "many"},
        REQUESTS | {"others_age": -1},
        REQUESTS | {"blocked_for": 1e300},
        REQUESTS | {"polls": [[1e300, 1]]},
        REQUESTS | {"polls": [[-1, 1]]},
        REQUESTS | {"polls": [[1, -1]]},
        REQUESTS | {"user_requests": [1]},
        REQUESTS | {"user_requests": None},
    ],
)
async def test_counts_that_make_no_sense_are_set_aside(
    hass: HomeAssistant, hass_storage: dict[str, Any], state: object
) -> None:
    """The counting starts anew."""
    hass_storage["stellantis_connect.quota"] = {
        "version": 1,
        "data": {"client": state},
    }
    quotas = Quotas(hass)
    await quotas.async_load()
    assert quotas.of("client").rate_limiter.sent_today == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"saved_at": "0001-01-01T00:00:00+00:00"},
        {"saved_at": "9999-12-31T23:59:59+00:00"},
        {"limit": 0, "burst": 0, "blocked_for": 1e9},
        {"others": 10**11, "limit": 10},
        {"left": -(10**11), "limit": 10},
    ],
)
async def test_counts_of_any_time_are_restored(
    hass: HomeAssistant, hass_storage: dict[str, Any], changes: dict[str, object]
) -> None:
    """Nothing raises; a block lasts a day at most."""
    hass_storage["stellantis_connect.quota"] = {
        "version": 1,
        "data": {"client": REQUESTS | changes},
    }
    quotas = Quotas(hass)
    await quotas.async_load()
    quota = quotas.of("client")
    assert quota.poll_interval("car", Activity.PARKED) <= DAY
    blocked_until = quota.rate_limiter.blocked_until
    assert blocked_until is None or blocked_until <= dt_util.utcnow() + DAY
    assert quota.rate_limiter.state


async def test_counts_of_the_first_version_are_restored(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """It had objects in place of texts."""
    hass_storage["stellantis_connect.quota"] = {
        "version": 1,
        "data": {"client": REQUESTS | {"saved_at": dt_util.utcnow().isoformat()}},
    }
    quotas = Quotas(hass)
    await quotas.async_load()
    assert quotas.of("client").rate_limiter.sent_today > 0


async def test_counts_survive_a_restart(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Those of each client id on their own."""
    before = Quotas(hass)
    await before.async_load()
    before.of("one").rate_limiter.block(DAY)
    before.of("other")
    await hass.async_block_till_done()
    await hass.async_stop()

    after = Quotas(hass)
    await after.async_load()
    assert after.of("one").rate_limiter.blocked_until is not None
    assert after.of("other").rate_limiter.blocked_until is None
    assert after.of("one") is after.of("one")

    await after.async_remove()
    assert "stellantis_connect.quota" not in hass_storage
