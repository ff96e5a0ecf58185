"""How often cars are polled within what the API plan allows."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.json import json_dumps
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey

from ..api.rate_limit import Priority, RateLimiter, RateLimiterState
from ..api.sliding_day import DAY_SECONDS, room
from ..const import DOMAIN
from ..models import Activity
from ..storage import ModelStore, StorageFormat, StoredText

# Seconds; a kill loses the counts since the last save, which the next response corrects.
SAVE_DELAY = 300

DAY = timedelta(days=1)
POLL_INTERVALS: Mapping[Activity, timedelta] = {
    Activity.DRIVING: timedelta(minutes=1),
    # With the time that a request takes, at most 5 minutes.
    Activity.CHARGING: timedelta(seconds=290),
    Activity.JUST_USED: timedelta(minutes=2),
    Activity.PARKED: timedelta(minutes=30),
    Activity.SILENT: timedelta(hours=2),
}
# With working push, a poll only makes up for a message that was lost.
SAFETY_INTERVALS: Mapping[Activity, timedelta] = {
    **dict.fromkeys(Activity, timedelta(hours=1)),
    Activity.SILENT: POLL_INTERVALS[Activity.SILENT],
}
# The same while nothing reports that a charge has reached its limit.
CHARGE_LIMIT_INTERVALS: Mapping[Activity, timedelta] = {
    **dict.fromkeys(Activity, timedelta(minutes=30)),
    Activity.CHARGING: POLL_INTERVALS[Activity.CHARGING],
    Activity.SILENT: POLL_INTERVALS[Activity.SILENT],
}
# How long a list may be outdated, most changes of which are pushed.
SAFETY_LIST_INTERVAL = timedelta(hours=8)
PRIORITIES: Mapping[Activity, Priority] = {
    Activity.DRIVING: Priority.DRIVING,
    Activity.CHARGING: Priority.ACTIVE,
    Activity.JUST_USED: Priority.ACTIVE,
    Activity.PARKED: Priority.PARKED,
    Activity.SILENT: Priority.PARKED,
}

# The part of the day's polls that is always left to parked cars, spread evenly.
BASE = 0.6
# The part that parked cars leave to driving and charging ones.
POOL = 0.1
# The seconds in which parked cars, and driving ones, would use up what is left to them.
PARKED_PACE = 3 * 3600
ACTIVE_PACE = 1800
# How many times more often than a parked car a driving one is polled at least.
DRIVING_WEIGHT = 3
# How many times more an active car is delayed than a driving one.
_DELAYS: Mapping[Priority, float] = {Priority.DRIVING: 1, Priority.ACTIVE: 3}


@dataclass(frozen=True)
class _Plan:
    """What polls may use.

    Attributes:
        per_day: the polls that the plan allows in a day.
        remaining: how many of them are left.
        room: the polls that can be sent now without missing a later one of the base rate.
        base_rate: the polls per second that are always left to parked cars.
    """

    per_day: float
    remaining: int
    room: float
    base_rate: float

    @property
    def rate(self) -> float:
        """The polls per second of all parked cars."""
        spare = max(0.0, self.room - POOL * self.per_day)
        return self.base_rate + spare / PARKED_PACE

    @property
    def has_spare_room(self) -> bool:
        """Whether enough is left to driving cars."""
        return self.room >= 1 + POOL * self.per_day / 2


@dataclass(frozen=True)
class Shortage:
    """How a plan is too small.

    Attributes:
        cars: the cars that share it.
        required: the requests a day that parked cars alone need.
        per_day: the requests a day that it leaves to polls.
    """

    cars: int
    required: int
    per_day: int


class Quota:
    """The plan of a client id, shared by the cars of all its accounts.

    Attributes:
        rate_limiter: the requests that were sent, and what the plan allows.
    """

    def __init__(self, rate_limiter: RateLimiter) -> None:
        """Initialize the quota."""
        self.rate_limiter = rate_limiter
        self._activities: dict[Hashable, Activity] = {}
        self._parked_intervals: dict[Hashable, timedelta] = {}

    def poll_interval(
        self,
        poller: Hashable,
        activity: Activity,
        interval: timedelta | None = None,
        minimum: timedelta = POLL_INTERVALS[Activity.PARKED],
        distribute: Callable[[timedelta], timedelta] = lambda even: even,
    ) -> timedelta:
        """Return the interval until the next poll of a car, and remember what the car does.

        Args:
            poller: what polls the car.
            activity: what the car does.
            interval: the interval without a plan; that of the activity by default.
            minimum: the interval that is enough while the car is parked.
            distribute: returns what a parked car waits for in place of an even interval.

        """
        self._activities[poller] = activity
        self._parked_intervals[poller] = minimum
        interval = POLL_INTERVALS[activity] if interval is None else interval
        plan = self._plan
        if plan is None:
            return interval
        longest = self._parked_interval(plan)
        if activity is Activity.DRIVING:
            longest /= DRIVING_WEIGHT
        priority = PRIORITIES[activity]
        if priority not in _DELAYS:
            return max(interval, distribute(longest))
        if plan.room <= 0:
            return max(interval, longest)
        delay = ACTIVE_PACE * self._active_rate / plan.room
        if delay > 1:
            delay *= _DELAYS[priority]
        return max(interval, min(interval * delay, longest))

    def retry_interval(self, interval: timedelta) -> timedelta:
        """Return the interval until the next attempt after a failure."""
        plan = self._plan
        if plan is None or plan.has_spare_room:
            return interval
        return max(interval, self._parked_interval(plan))

    @property
    def shortage(self) -> Shortage | None:
        """Return what the plan is too small for; None while it is large enough."""
        plan = self._plan
        cars = len(self._activities)
        if plan is None or not cars:
            return None
        required = round(sum(DAY / one for one in self._parked_intervals.values()))
        per_day = round(plan.per_day)
        if per_day >= required:
            return None
        return Shortage(cars=cars, required=required, per_day=per_day)

    def remove(self, poller: Hashable) -> None:
        """Leave the share of a car to the others."""
        self._activities.pop(poller, None)
        self._parked_intervals.pop(poller, None)

    def allows(self, priority: Priority) -> bool:
        """Return whether the plan has room for a request of a priority."""
        plan = self._plan
        if plan is None or priority is Priority.USER:
            return self.rate_limiter.remaining_today != 0
        if priority is Priority.LIST:
            return plan.has_spare_room
        return plan.remaining > 0

    @property
    def _plan(self) -> _Plan | None:
        """What polls may use; None while the plan is not known."""
        remaining = self.rate_limiter.remaining_polls
        if remaining is None:
            return None
        returning = self.rate_limiter.returning_polls
        per_day = max(0, remaining + sum([count for _, count in returning]))
        needed = len(self._activities) / POLL_INTERVALS[Activity.PARKED].total_seconds()
        base_rate = min(BASE * per_day / DAY_SECONDS, needed)
        return _Plan(
            per_day=per_day,
            remaining=remaining,
            room=room(remaining, returning, base_rate),
            base_rate=base_rate,
        )

    def _parked_interval(self, plan: _Plan) -> timedelta:
        """Return the interval at which each car is polled while all are parked."""
        cars = max(1, len(self._activities))
        return min(DAY, timedelta(seconds=cars / max(plan.rate, 1 / DAY_SECONDS)))

    @property
    def _active_rate(self) -> float:
        """The polls per second that driving and charging cars would need."""
        return sum(
            1 / POLL_INTERVALS[activity].total_seconds() / _DELAYS[PRIORITIES[activity]]
            for activity in self._activities.values()
            if PRIORITIES[activity] in _DELAYS
        )


class _StoredState(StoredText[RateLimiterState]):
    """The requests that were sent with a client id."""

    storage_format = StorageFormat(RateLimiterState)


def _as_texts(stored: Mapping[str, object]) -> Mapping[str, str]:
    return {client_id: json_dumps(state) for client_id, state in stored.items()}


_FORMAT = StorageFormat(dict[str, _StoredState], [_as_texts])


class Quotas:
    """The quotas of all client ids; their counts survive a restart."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize the quotas."""
        self._store = ModelStore(hass, "quota", _FORMAT, serialize_in_event_loop=True)
        self._quotas: dict[str, Quota] = {}

    async def async_load(self) -> None:
        """Restore the counts from before a restart."""
        for client_id, stored in (await self._store.async_load() or {}).items():
            self._quotas[client_id] = self._create(stored.model)

    def of(self, client_id: str) -> Quota:
        """Return the quota of a client id."""
        if client_id not in self._quotas:
            self._quotas[client_id] = self._create()
        return self._quotas[client_id]

    async def async_remove(self) -> None:
        """Remove all of them, on disk too."""
        self._quotas.clear()
        await self._store.async_remove()
        # Open it again for the next entry.
        await self._store.async_load()

    def _create(self, state: RateLimiterState | None = None) -> Quota:
        return Quota(RateLimiter(state=state, on_change=self._async_schedule_save))

    @callback
    def _async_schedule_save(self) -> None:
        self._store.async_schedule_save(self._states, SAVE_DELAY)

    def _states(self) -> dict[str, _StoredState]:
        return {
            client_id: _StoredState(quota.rate_limiter.state)
            for client_id, quota in self._quotas.items()
        }


QUOTAS: HassKey[Quotas] = HassKey(f"{DOMAIN}_quotas")


@singleton(QUOTAS, async_=True)
async def async_get_quotas(hass: HomeAssistant) -> Quotas:
    """Return the quotas of all client ids."""
    quotas = Quotas(hass)
    await quotas.async_load()
    return quotas
