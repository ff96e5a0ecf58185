"""Tests for the schedule of the endpoints of a car, over random failures."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, override

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.stellantis_connect.api.clock import Clock
from custom_components.stellantis_connect.api.exceptions import (
    AuthenticationError,
    ForbiddenError,
    NotFoundError,
    QuotaExceededError,
    ServerError,
    StellantisError,
    UnauthorizedError,
)
from custom_components.stellantis_connect.api.models.alarms import (
    Alarm,
    AlarmTrigger,
    AlarmTriggerType,
)
from custom_components.stellantis_connect.api.models.blocks import (
    ECallTriggering,
    Kinetic,
    Odometer,
    Safety,
)
from custom_components.stellantis_connect.api.models.maintenance import Maintenance
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.trips import Trip
from custom_components.stellantis_connect.api.rate_limit import (
    RateLimiter,
    RateLimiterState,
    VehicleCounts,
)
from custom_components.stellantis_connect.history.records import FetchedRecords
from custom_components.stellantis_connect.models import VehicleState
from custom_components.stellantis_connect.polling.backoff import FIRST_RETRY
from custom_components.stellantis_connect.polling.endpoints import (
    Endpoint,
    endpoints_for,
)
from custom_components.stellantis_connect.polling.quota import Quota
from custom_components.stellantis_connect.polling.schedule import FetchSchedule

NOW = datetime(2026, 11, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LISTS = [Endpoint.ALERTS, Endpoint.ALARMS, Endpoint.COLLISIONS, Endpoint.TRIPS]
ENDPOINTS = endpoints_for(frozenset(Scope))
CHARGES = {Endpoint.PAST_CHARGES, Endpoint.MISSED_CHARGES}
CONTEXTS = frozenset(ENDPOINTS) - CHARGES

ERRORS: list[StellantisError] = [
    ServerError("", 503),
    NotFoundError("", 404),
    ForbiddenError("", 403),
    UnauthorizedError("", 401),
    AuthenticationError(""),
    QuotaExceededError("", 429, retry_after=timedelta(hours=3)),
]


class StoppedClock(Clock):
    """A clock without an event loop."""

    @override
    def monotonic(self) -> float:
        """Return the same time always: no requests are counted."""
        return 0


class Car:
    """A car whose endpoints are fetched as the schedule says."""

    def __init__(self, stored: RateLimiterState | None = None) -> None:
        """Initialize the car, with nothing fetched."""
        self.now = NOW
        self.state = VehicleState()
        self.failing: dict[Endpoint, StellantisError] = {}
        self.fetched: dict[Endpoint, datetime] = {}
        self.quota = Quota(RateLimiter(StoppedClock(), stored))
        self.schedule = FetchSchedule(ENDPOINTS, self.quota, lambda: "car")

    def next_fetch_at(self, endpoint: Endpoint) -> datetime | None:
        """Return when an endpoint is fetched next."""
        fetches = self.schedule.next_fetches([endpoint], self.state, CONTEXTS, self.now)
        return fetches.get(endpoint)

    def poll(self) -> list[Endpoint]:
        """Fetch what is due; return it."""
        fetched = []
        for endpoint in ENDPOINTS:
            next_at = self.next_fetch_at(endpoint)
            if next_at is not None and next_at <= self.now:
                fetched.append(endpoint)
                self.fetch(endpoint)
        self.schedule.update_unavailable(self.now)
        return fetched

    def fetch(self, endpoint: Endpoint) -> None:
        """Fetch an endpoint."""
        if error := self.failing.get(endpoint):
            self.schedule.note_failure(endpoint, self.state, error, self.now)
            return
        self.fetched[endpoint] = self.now
        version = ENDPOINTS[endpoint].version_fn(self.state)
        self.state = self.state.merge(self.response(endpoint))
        self.schedule.note_success(
            endpoint, self.state, version, self.now, is_complete=True
        )

    def response(self, endpoint: Endpoint) -> Any:
        """Return a response that changes nothing after the first one."""
        match endpoint:
            case Endpoint.STATUS:
                return Status.from_json({"updatedAt": NOW.isoformat()})
            case Endpoint.MAINTENANCE:
                return Maintenance.from_json({"updatedAt": NOW.isoformat()})
            case Endpoint.TELEMETRY:
                return self.state.telemetry
            case _:
                return FetchedRecords(
                    kind=endpoint.value, records=[], read_until=self.now
                )

    def advance(self, period: timedelta) -> None:
        """Advance the time, and poll whenever something is due."""
        end = self.now + period
        while True:
            times = [self.next_fetch_at(endpoint) for endpoint in ENDPOINTS]
            next_at = min(one for one in times if one is not None)
            if next_at > end:
                break
            self.now = max(next_at, self.now + timedelta(seconds=2))
            self.poll()
        self.now = max(self.now, end)

    def restart(self) -> None:
        """Continue with what is stored."""
        fetches = dict(self.schedule.fetches)
        self.schedule = FetchSchedule(ENDPOINTS, self.quota, lambda: "car")
        self.schedule.restore(fetches, self.state)


@pytest.fixture
def car() -> Car:
    """Return a car with everything fetched."""
    car = Car()
    car.poll()
    return car


@pytest.fixture(autouse=True)
def _frozen() -> Any:
    """Hold the time: the activity of a car depends on it."""
    with freeze_time(NOW):
        yield


def test_list_that_always_fails_is_fetched_once_a_day(car: Car) -> None:
    """It fails by itself: the status is delivered."""
    car.failing[Endpoint.ALERTS] = ServerError("alerts", 500)
    car.advance(4 * DAY)
    state = car.schedule.fetches[Endpoint.ALERTS]
    assert state.wait == DAY
    assert Endpoint.ALERTS in car.schedule.unavailable


def test_list_never_fetched_is_fetched_once_a_day() -> None:
    """No entity needs it before it is known."""
    car = Car()
    car.failing[Endpoint.ALERTS] = ServerError("alerts", 500)
    car.advance(4 * DAY)
    assert car.schedule.fetches[Endpoint.ALERTS].wait == DAY


@pytest.mark.parametrize("endpoint", LISTS)
def test_list_of_another_version_is_fetched_after_the_minimum(
    car: Car, endpoint: Endpoint
) -> None:
    """Some minutes have to pass, and no back-off is shortened."""
    minimum = 2 * MINUTE
    status = replace(car.state.status, updated_at=NOW + MINUTE)
    status = replace(status, odometer=replace(status.odometer, mileage=1.0))
    car.state = replace(car.state, status=status)
    assert car.next_fetch_at(endpoint) == NOW + minimum
    car.failing[endpoint] = ServerError("", 500)
    car.now += minimum
    car.poll()
    assert car.next_fetch_at(endpoint) == car.now + FIRST_RETRY


def drive(
    car: Car,
    mileage: float,
    *,
    driving: bool,
    e_call: ECallTriggering = ECallTriggering.NOT_DETECTED,
) -> None:
    """Merge the status of a car that has started or ended a drive."""
    status = Status(
        updated_at=car.now,
        kinetic=Kinetic(moving=driving),
        safety=Safety(auto_e_call_triggering=e_call),
        odometer=Odometer(mileage=mileage),
    )
    car.state = car.state.merge(status)


def test_lists_of_a_drive_are_fetched_at_its_end(
    car: Car, freezer: FrozenDateTimeFactory
) -> None:
    """Its trip is fetched once more if it was not listed yet, and at its start."""
    due: dict[str, set[Endpoint]] = {}
    steps = {"start": True, "driving": True, "end": False, "parked": False}
    drive(car, 0, driving=False)
    car.now += HOUR
    car.poll()
    for mileage, (step, driving) in enumerate(steps.items(), 1):
        car.now += 11 * MINUTE
        freezer.move_to(car.now)
        drive(car, min(mileage, 3), driving=driving)
        due[step] = {
            one for one in LISTS if (at := car.next_fetch_at(one)) and at <= car.now
        }
        car.poll()
    assert due == {
        "start": {Endpoint.ALERTS, Endpoint.TRIPS},
        "driving": set(),
        "end": {Endpoint.ALERTS, Endpoint.COLLISIONS, Endpoint.TRIPS},
        "parked": {Endpoint.ALARMS, Endpoint.ALERTS, Endpoint.TRIPS},
    }


def test_trip_that_is_listed_is_not_fetched_again(
    car: Car, freezer: FrozenDateTimeFactory
) -> None:
    """The list is complete some minutes after the end of a drive."""
    for mileage, driving in enumerate((True, False), 1):
        car.now += 11 * MINUTE
        freezer.move_to(car.now)
        drive(car, mileage, driving=driving)
        car.poll()
    trip = Trip(id="trip", started_at=NOW, stopped_at=car.now, distance=2.0, done=True)
    listed = FetchedRecords(kind="trips", records=[trip], read_until=car.now)
    car.state = car.state.merge(listed)
    car.now += 11 * MINUTE
    freezer.move_to(car.now)
    next_at = car.next_fetch_at(Endpoint.TRIPS)
    assert next_at and next_at > car.now


def test_collisions_are_fetched_after_an_emergency_call(car: Car) -> None:
    """The car is still reported as driving."""
    drive(car, 1, driving=True)
    car.now += 11 * MINUTE
    drive(car, 2, driving=True, e_call=ECallTriggering.DETECTED)
    assert Endpoint.COLLISIONS in car.poll()
    car.now += 11 * MINUTE
    drive(car, 3, driving=True, e_call=ECallTriggering.DETECTED)
    assert Endpoint.COLLISIONS not in car.poll()


def test_alarm_of_a_car_in_use_is_fetched_when_it_is_triggered(car: Car) -> None:
    """Otherwise, the list is fetched once the car is parked again."""
    car.now += HOUR
    drive(car, 1, driving=True)
    next_at = car.next_fetch_at(Endpoint.ALARMS)
    assert next_at and next_at > car.now
    trigger = AlarmTrigger(type=AlarmTriggerType.HOOD_DOOR_BREAK_IN)
    status = replace(car.state.status, alarm=Alarm(trigger=trigger))
    car.state = replace(car.state, status=status)
    assert car.next_fetch_at(Endpoint.ALARMS) == car.now


def test_status_outage_holds_back_other_endpoints_for_the_grace_period(
    car: Car,
) -> None:
    """Each of them would cost a request for nothing."""
    car.failing[Endpoint.STATUS] = ServerError("status", 503)
    car.advance(HOUR)
    assert car.next_fetch_at(Endpoint.ALERTS) is None
    car.advance(7 * HOUR)
    assert car.next_fetch_at(Endpoint.ALERTS) is not None


def test_status_recovered_retries_what_failed_along_with_it(car: Car) -> None:
    """Their own back-off may have grown to a day."""
    for endpoint in ENDPOINTS:
        car.failing[endpoint] = ServerError("", 503)
    car.advance(3 * DAY)
    car.failing.clear()
    car.advance(30 * MINUTE)
    assert not car.schedule.errors
    assert not car.schedule.unavailable


def test_status_not_found_is_fetched_every_two_hours() -> None:
    """The car is not connected yet; its other endpoints are fetched."""
    car = Car()
    car.failing[Endpoint.STATUS] = NotFoundError("status", 404)
    car.advance(3 * DAY)
    assert car.schedule.fetches[Endpoint.STATUS].wait == 2 * HOUR
    assert Endpoint.TRIPS in car.fetched


def test_status_is_fetched_hourly_after_commands_used_up_the_day() -> None:
    """What a person requests does not leave the car without polls."""
    counts = {"car": VehicleCounts(sent=((0, 300),))}
    car = Car(RateLimiterState(saved_at=NOW, vehicles=counts))
    for _ in range(3):
        car.fetch(Endpoint.STATUS)
        assert car.next_fetch_at(Endpoint.STATUS) == car.now + HOUR
        car.now += HOUR


def test_past_charges_without_a_status_are_fetched_again() -> None:
    """Without a status nothing is known of the battery."""
    car = Car()
    endpoint = Endpoint.PAST_CHARGES
    car.schedule.note_success(endpoint, car.state, None, NOW, is_complete=False)
    assert car.schedule.fetches[endpoint].wait == MINUTE
    car.schedule.note_success(endpoint, car.state, None, NOW, is_complete=True)
    assert car.schedule.fetches[endpoint].wait > 365 * DAY


STEPS = st.lists(
    st.tuples(
        st.sampled_from([*ENDPOINTS]),
        st.sampled_from([None, None, *ERRORS]),
        st.integers(1, 36),
        st.sampled_from(["", "", "restart", "clock back", "clock ahead"]),
    ),
    max_size=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_random_failures_never_stop_an_endpoint(steps: list[Any]) -> None:
    """Each failing endpoint is retried within its back-off, and all work an interval later."""
    car = Car()
    for endpoint, error, hours, event in steps:
        if error is None:
            car.failing.pop(endpoint, None)
        else:
            car.failing[endpoint] = error
        car.advance(hours * HOUR)
        if event == "restart":
            car.restart()
        elif event:
            car.now += 5 * HOUR * (-1 if event == "clock back" else 1)
        for one, fetch in car.schedule.fetches.items():
            next_at = car.next_fetch_at(one)
            if next_at is not None and fetch.failing_since:
                assert next_at <= car.now + DAY
    car.failing.clear()
    car.advance(DAY + 3 * HOUR)
    assert not car.schedule.errors
    assert not car.schedule.unavailable
    assert set(car.fetched) >= CONTEXTS
