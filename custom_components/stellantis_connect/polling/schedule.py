"""When to fetch which endpoint of a car, and which endpoints are unavailable."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from homeassistant.util import dt as dt_util

from ..api.exceptions import (
    BadRequestError,
    ForbiddenError,
    NotFoundError,
    QuotaExceededError,
    StellantisError,
)
from ..api.rate_limit import Priority
from ..history.models import History
from ..models import Activity, VehicleState
from .backoff import FIRST_RETRY, FetchState
from .budget import MAX_INTERVAL, VehicleBudget
from .endpoints import IN_USE, Endpoint, EndpointDescription
from .habits import Habits, next_charge_at
from .quota import DAY, POLL_INTERVALS, SAFETY_LIST_INTERVAL, Quota

# Timers may fire a moment early.
TOLERANCE = timedelta(seconds=2)
# Errors that concern one endpoint; any other error of the status concerns all endpoints.
ENDPOINT_ERRORS = (BadRequestError, ForbiddenError, NotFoundError)


class FetchSchedule:
    """When to fetch the endpoints of a car.

    Attributes:
        fetches: the last attempts.
        errors: the errors of the endpoints that fail.
        unavailable: the endpoints that have failed for longer than their grace periods.
        push_intervals: the intervals of the status while push works; None while it does not.
    """

    def __init__(
        self,
        endpoints: Mapping[Endpoint, EndpointDescription],
        quota: Quota,
        vehicle_id: Callable[[], str],
    ) -> None:
        """Initialize the schedule."""
        self._endpoints = endpoints
        self._quota = quota
        self._budget = VehicleBudget(quota.rate_limiter, vehicle_id)
        self._versions: dict[Endpoint, object] = {}
        self._habits = Habits.learn(History(), date.min)
        self._habits_version: object = None
        self.fetches: dict[Endpoint, FetchState] = {}
        self.errors: dict[Endpoint, StellantisError] = {}
        self.unavailable: frozenset[Endpoint] = frozenset()
        self.push_intervals: Mapping[Activity, timedelta] | None = None

    def restore(
        self, fetches: Mapping[Endpoint, FetchState], state: VehicleState
    ) -> None:
        """Continue with the attempts from before a restart."""
        for endpoint in self._endpoints.keys() & fetches.keys():
            self.fetches[endpoint] = fetches[endpoint]
            self._versions[endpoint] = self._endpoints[endpoint].version_fn(state)

    @property
    def is_platform_failing(self) -> bool:
        """Return whether it makes no sense to fetch anything but the status."""
        error = self.errors.get(Endpoint.STATUS)
        is_outage = error is not None and not isinstance(error, ENDPOINT_ERRORS)
        return is_outage and Endpoint.STATUS not in self.unavailable

    def resume_at(self, now: datetime) -> datetime:
        """Return when to poll first after a restart: now, if anything was never fetched."""
        if self._endpoints.keys() - self.fetches.keys():
            return now
        return self.fetches[Endpoint.STATUS].next_at(now)

    @property
    def disconnected_since(self) -> datetime | None:
        """Return since when the status fails; a single failure does not count."""
        fetch = self.fetches.get(Endpoint.STATUS)
        return fetch.failing_since if fetch and fetch.failures > 1 else None

    def next_fetches(
        self,
        endpoints: Iterable[Endpoint],
        state: VehicleState,
        contexts: Collection[Endpoint],
        now: datetime,
    ) -> Mapping[Endpoint, datetime]:
        """Return when to fetch those of some endpoints that are needed.

        Args:
            endpoints: the endpoints.
            state: the state of the car.
            contexts: the endpoints whose entities are enabled.
            now: the time.

        """
        next_fetches = {
            endpoint: next_at
            for endpoint in endpoints
            if endpoint in self._endpoints
            and (next_at := self._next_fetch_at(endpoint, state, contexts, now))
        }
        lists = [at for one, at in next_fetches.items() if one is not Endpoint.STATUS]
        if lists and not self._allows_list_at(min(lists), now):
            return {
                one: next_fetches[one]
                for one in next_fetches.keys() & {Endpoint.STATUS}
            }
        return next_fetches

    def time_to(
        self, next_fetches: Mapping[Endpoint, datetime], state: VehicleState
    ) -> timedelta:
        """Return the time to the next fetch, at least the tolerance of timers."""
        if not next_fetches:
            return self.interval(Endpoint.STATUS, state)
        return max(min(next_fetches.values()) - dt_util.utcnow(), TOLERANCE)

    def _allows_list_at(self, next_at: datetime, now: datetime) -> bool:
        """Return whether lists may be fetched, of which the first is due at a time."""
        if self.is_platform_failing:
            return False
        if next_at > now + TOLERANCE:
            return True
        return self._budget.allows_lists and self._quota.allows(Priority.LIST)

    def _next_fetch_at(
        self,
        endpoint: Endpoint,
        state: VehicleState,
        contexts: Collection[Endpoint],
        now: datetime,
    ) -> datetime | None:
        description = self._endpoints[endpoint]
        if endpoint not in contexts:
            # The logbook has collisions, whose entity is disabled by default.
            is_always_needed = endpoint in (Endpoint.STATUS, Endpoint.COLLISIONS)
            is_needed = is_always_needed and bool(contexts)
            if not is_needed and description.is_known_fn(state):
                return None
        if (fetch := self.fetches.get(endpoint)) is None:
            return now
        next_at = fetch.next_at(now)
        if endpoint is Endpoint.STATUS:
            # Also if commands have used up the budget.
            latest = fetch.attempted_at + MAX_INTERVAL
            return max(next_at, min(now + self._budget.wait, latest))
        version = description.version_fn(state)
        is_new = version is not None and version != self._versions.get(endpoint)
        if is_new and not fetch.failures:
            min_interval = self._min_interval(endpoint, state)
            return min(next_at, fetch.attempted_at + min_interval)
        return next_at

    def priority(self, endpoint: Endpoint) -> Priority:
        """Return the priority of a list; the first time, it has many pages."""
        return Priority.LIST if endpoint in self.fetches else Priority.ACTIVE

    def request(self, endpoint: Endpoint) -> None:
        """Fetch an endpoint as soon as its response may be fetched again."""
        fetch = self.fetches.get(endpoint)
        if fetch and not fetch.failures:
            wait = min(fetch.wait, self._endpoints[endpoint].min_interval)
            self.fetches[endpoint] = replace(fetch, wait=wait)

    def shorten_wait(self, state: VehicleState) -> None:
        """Fetch the status earlier if its interval has become shorter."""
        fetch = self.fetches.get(Endpoint.STATUS)
        if fetch and not fetch.failures:
            interval = self.interval(Endpoint.STATUS, state)
            if interval < fetch.wait:
                self.fetches[Endpoint.STATUS] = replace(fetch, wait=interval)

    def note_success(
        self,
        endpoint: Endpoint,
        state: VehicleState,
        version: object,
        now: datetime,
        *,
        is_complete: bool,
    ) -> None:
        """Schedule the next attempt after one that succeeded.

        Args:
            endpoint: the endpoint.
            state: the state of the car with the response.
            version: the version of the state for which the endpoint was fetched.
            now: the time.
            is_complete: whether nothing is missing of the response.

        """
        fetch = self.fetches.get(endpoint, FetchState(attempted_at=now))
        is_known = self._endpoints[endpoint].is_known_fn(state)
        if endpoint is Endpoint.STATUS or (is_complete and is_known):
            fetch = fetch.after_success(now, self.interval(endpoint, state))
        else:
            fetch = fetch.after_incomplete(now, self._longest_wait(endpoint, state))
        self.fetches[endpoint] = fetch
        self._versions[endpoint] = version
        if self.errors.pop(endpoint, None) and endpoint is Endpoint.STATUS:
            self._retry_others()

    def note_failure(
        self,
        endpoint: Endpoint,
        state: VehicleState,
        error: StellantisError,
        now: datetime,
    ) -> None:
        """Schedule the next attempt after one that failed."""
        self.errors[endpoint] = error
        fetch = self.fetches.get(endpoint, FetchState(attempted_at=now))
        not_found_delay = self._endpoints[endpoint].not_found_delay
        if isinstance(error, QuotaExceededError):
            fetch = fetch.after_delay(now, max(error.retry_after, FIRST_RETRY))
        elif isinstance(error, NotFoundError) and not_found_delay:
            fetch = fetch.after_delay(now, not_found_delay)
        else:
            fetch = fetch.after_failure(now, self._longest_wait(endpoint, state))
            fetch = replace(fetch, wait=self._quota.retry_interval(fetch.wait))
        self.fetches[endpoint] = fetch

    def update_unavailable(self, now: datetime) -> frozenset[Endpoint]:
        """Update which endpoints are unavailable; return those for which this changed."""
        failing = [
            endpoint
            for endpoint, fetch in self.fetches.items()
            if fetch.failing_since
            and now - fetch.failing_since >= self._endpoints[endpoint].grace_period
        ]
        unavailable = frozenset(failing)
        changed = unavailable ^ self.unavailable
        self.unavailable = unavailable
        return changed

    def interval(self, endpoint: Endpoint, state: VehicleState) -> timedelta:
        """Return the time between two attempts that succeed."""
        if endpoint is not Endpoint.STATUS:
            return self._endpoints[endpoint].interval
        activity = state.activity
        if self.push_intervals is None:
            return self._poll_interval(state, activity)
        minimum = self.push_intervals[activity]
        if minimum >= POLL_INTERVALS[Activity.PARKED]:
            activity = Activity.PARKED
        parked = self.push_intervals[Activity.PARKED]
        return self._quota.poll_interval(self, activity, minimum, parked)

    def _poll_interval(self, state: VehicleState, activity: Activity) -> timedelta:
        """Return the interval of the status without push."""
        if activity in IN_USE:
            interval = self._budget.interval(activity)
            return self._quota.poll_interval(self, activity, interval)
        if activity is Activity.SILENT:
            return self._quota.poll_interval(self, activity)
        now = dt_util.utcnow()
        habits = self._habits_of(state, dt_util.as_local(now).date())
        interval = self._quota.poll_interval(
            self,
            activity,
            habits.interval(now, self._budget.parked_polls),
            distribute=partial(habits.distribute, now=now),
        )
        charge_at = next_charge_at(state.status, now)
        return min(interval, charge_at - now) if charge_at else interval

    def _habits_of(self, state: VehicleState, day: date) -> Habits:
        """Return the habits of a day, learnt again after each trip and charge."""
        history = state.history
        version = day, history.trips.latest, history.charges.latest
        if version != self._habits_version:
            self._habits_version = version
            self._habits = Habits.learn(history, day)
        return self._habits

    def _min_interval(self, endpoint: Endpoint, state: VehicleState) -> timedelta:
        """Return the minimum age of a response before it is fetched for a new version."""
        if self.push_intervals is not None:
            return SAFETY_LIST_INTERVAL
        description = self._endpoints[endpoint]
        return description.min_intervals.get(state.activity, description.min_interval)

    def _longest_wait(self, endpoint: Endpoint, state: VehicleState) -> timedelta:
        """Return the maximum time between two attempts that fail."""
        description = self._endpoints[endpoint]
        if endpoint is not Endpoint.STATUS:
            return min(description.interval, DAY)
        is_connected = description.is_known_fn(state)
        return POLL_INTERVALS[state.activity if is_connected else Activity.SILENT]

    def _retry_others(self) -> None:
        """Retry what failed along with the status."""
        for endpoint in self.errors:
            self.fetches[endpoint] = replace(self.fetches[endpoint], wait=timedelta())


def due_endpoints(next_fetches: Mapping[Endpoint, datetime]) -> Sequence[Endpoint]:
    """Return the endpoints to fetch now."""
    latest = dt_util.utcnow() + TOLERANCE
    return [one for one, next_at in next_fetches.items() if next_at <= latest]
