"""The endpoints of a car: how each is fetched, and how often."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from homeassistant.util import dt as dt_util

from ..api.client import StellantisClient
from ..api.models.alarms import AlarmTriggerType
from ..api.models.blocks import ECallTriggering
from ..api.models.maintenance import Maintenance
from ..api.models.scope import Scope
from ..api.models.status import Status
from ..api.models.telemetry import Telemetry, TelemetryKind
from ..api.models.vehicle import Vehicle
from ..api.paging import Collection
from ..history.charging import Charge, ended_charges
from ..history.records import (
    MAX_RECORD_AGE,
    FetchedRecords,
    Records,
    completed_charges,
    end_of,
)
from ..models import Activity, FetchedData, VehicleState
from .backoff import MAX_WAIT
from .quota import DAY

IN_USE = {Activity.DRIVING, Activity.CHARGING, Activity.JUST_USED}
# The first fetch of the telemetry messages reaches back as far as this.
TELEMETRY_FROM = timedelta(days=1)
TELEMETRY_PAGES = 2
# Two months of telemetry messages, 500 per page.
CHARGES_PAGES = 20
# The messages around a charge of which statuses were missed.
MISSED_MARGIN = timedelta(minutes=10)
# A poll shows the end of a drive later than the list of trips.
STOP_MARGIN = timedelta(minutes=15)
NOT_TRIGGERED = (None, AlarmTriggerType.NO_BREAK_IN)
# An endpoint that fails for shorter than this keeps its entities available.
MIN_GRACE_PERIOD = timedelta(hours=6)
GRACE_INTERVALS = 3


class Endpoint(StrEnum):
    """An endpoint of a car; entities give theirs as coordinator context."""

    STATUS = "status"
    MAINTENANCE = "maintenance"
    ALERTS = "alerts"
    ALARMS = "alarms"
    COLLISIONS = "collisions"
    TRIPS = "trips"
    TELEMETRY = "telemetry"
    PAST_CHARGES = "past_charges"
    MISSED_CHARGES = "missed_charges"


type Fetch = Callable[[StellantisClient, Vehicle, VehicleState], Awaitable[FetchedData]]


@dataclass(frozen=True, kw_only=True)
class EndpointDescription:
    """How an endpoint is fetched, and how often.

    Attributes:
        fetch_fn: fetches it.
        is_known_fn: returns whether it was ever delivered; until then it is fetched whether an
            entity needs it or not, to find out which entities there are.
        scope: the scope that it needs.
        interval: the maximum age of a response; the status has the interval of the activity.
        min_interval: the minimum age of a response before it is fetched again.
        min_intervals: the same while the car is in use and has new data all the time.
        version_fn: returns the part of the state that changes once there may be new data: then
            it is fetched before the interval has passed; None while there is none.
        grace_period: how long it may fail before its entities become unavailable.
        not_found_delay: the time before the next attempt after a 404, in place of the back-off.
    """

    fetch_fn: Fetch
    is_known_fn: Callable[[VehicleState], bool] = lambda state: True
    scope: Scope = Scope.TELEMETRY
    interval: timedelta = DAY
    min_interval: timedelta = timedelta()
    min_intervals: Mapping[Activity, timedelta] = field(default_factory=dict)
    version_fn: Callable[[VehicleState], object] = lambda state: None
    grace_period: timedelta = MIN_GRACE_PERIOD
    not_found_delay: timedelta | None = None


async def _fetch_status(
    client: StellantisClient, vehicle: Vehicle, state: VehicleState
) -> Status:
    return await client.get_status(vehicle.id, vehicle.motorization)


async def _fetch_last_position(
    client: StellantisClient, vehicle: Vehicle, state: VehicleState
) -> Status:
    """Fetch the part of the status that the position scope gives access to."""
    position = await client.get_last_position(vehicle.id)
    return Status(last_position=position, updated_at=position.created_at)


async def _fetch_maintenance(
    client: StellantisClient, vehicle: Vehicle, state: VehicleState
) -> Maintenance:
    return await client.get_maintenance(vehicle.id)


async def _fetch_telemetry(
    client: StellantisClient, vehicle: Vehicle, state: VehicleState
) -> Telemetry:
    """Fetch the messages since the last one; their contents add up."""
    held = state.telemetry
    messages = await client.get_telemetry(
        vehicle.id,
        since=held.created_at or dt_util.utcnow() - TELEMETRY_FROM,
        max_pages=TELEMETRY_PAGES,
    )
    return held.with_newer(messages, vehicle.motorization)


async def _fetch_past_charges(
    client: StellantisClient, vehicle: Vehicle, state: VehicleState
) -> FetchedRecords[Charge]:
    """Fetch past battery levels; what was gained between two trips was charged."""
    found = (
        await _telemetry_charges(
            client, vehicle, state, since=dt_util.utcnow() - MAX_RECORD_AGE
        )
        if state.status.electric
        else []
    )
    known = state.history.charges
    return FetchedRecords(
        kind="charges",
        records=[one for one in found if not any(map(one.overlaps, known))],
        read_until=state.status.updated_at,
    )


async def _fetch_missed_charges(
    client: StellantisClient, vehicle: Vehicle, state: VehicleState
) -> FetchedRecords[Charge]:
    """Fetch once what happened during charges of which statuses were missed."""
    missed = state.history.charges.missed
    found = await _telemetry_charges(
        client,
        vehicle,
        state,
        since=min(one.started_at for one in missed) - MISSED_MARGIN,
        until=max(one.ended_at or one.started_at for one in missed) + MISSED_MARGIN,
    )
    return FetchedRecords(
        kind="charges",
        records=[*completed_charges(state.history.charges.records, found)],
        read_until=state.status.updated_at,
    )


async def _telemetry_charges(
    client: StellantisClient,
    vehicle: Vehicle,
    state: VehicleState,
    since: datetime,
    until: datetime | None = None,
) -> list[Charge]:
    """Return the ended charges of a range, derived from the messages of the car."""
    messages = await client.get_telemetry(
        vehicle.id,
        kinds=(TelemetryKind.ENERGIES,),
        motorization=vehicle.motorization,
        since=since,
        until=until,
        max_pages=CHARGES_PAGES,
    )
    capacity = state.usable_capacity
    # Two months of messages would block the event loop.
    return await asyncio.to_thread(
        _charges_of, messages, capacity.energy * 1000 if capacity else None
    )


def _charges_of(messages: Iterable[Telemetry], capacity: float | None) -> list[Charge]:
    statuses = {
        one.created_at: Status(updated_at=one.created_at, electric=one.electric)
        for one in messages
        if one.created_at
    }
    ordered = (statuses[created_at] for created_at in sorted(statuses))
    return [
        replace(charge, observed=False, completed=True)
        for charge in ended_charges(ordered, capacity)
    ]


type FetchList = Callable[
    [StellantisClient, str, datetime | None], Awaitable[Collection[Any]]
]


def _list_endpoint(
    kind: str,
    fetch_list: FetchList,
    scope: Scope,
    version_fn: Callable[[VehicleState], object],
    min_intervals: Mapping[Activity, timedelta] | None = None,
) -> EndpointDescription:
    """Return the endpoint of a list, of which only recent records are fetched again."""

    def records_of(state: VehicleState) -> Records[Any]:
        records: Records[Any] = getattr(state.history, kind)
        return records

    async def fetch(
        client: StellantisClient, vehicle: Vehicle, state: VehicleState
    ) -> FetchedRecords[Any]:
        now = dt_util.utcnow()
        records = await fetch_list(client, vehicle.id, records_of(state).since)
        return FetchedRecords(
            kind=kind, records=records, read_until=now if records.complete else None
        )

    return EndpointDescription(
        fetch_fn=fetch,
        is_known_fn=lambda state: records_of(state).read_until is not None,
        scope=scope,
        min_interval=timedelta(minutes=2),
        min_intervals=min_intervals or {},
        version_fn=version_fn,
    )


def _trip_version(state: VehicleState) -> object:
    """Return what changes when a trip starts, ends or was missed, and while it is not listed."""
    mileage = None if state.is_driving else state.status.odometer.mileage
    return state.is_driving, mileage, _is_trip_late(state)


def _is_trip_late(state: VehicleState) -> bool:
    """Return whether the trip that ended some minutes ago is not listed yet."""
    if state.stopped_at is None or state.has_just_stopped:
        return False
    trip = state.history.trips.latest
    ended_at = end_of(trip) if trip else None
    return ended_at is None or ended_at < state.stopped_at - STOP_MARGIN


def _collision_version(state: VehicleState) -> object:
    """Return what changes with an e-call, and after each drive."""
    e_call = state.status.safety.auto_e_call_triggering
    if state.is_driving:
        return e_call if e_call is ECallTriggering.DETECTED else None
    return state.status.odometer.mileage, e_call


def _alarm_version(state: VehicleState) -> object:
    """Return what changes with the alarm, and with each status of a parked car.

    An alarm may be over by the next poll, but it made the car report.
    """
    alarm = state.status.alarm
    is_in_use = state.activity in IN_USE
    if is_in_use and alarm.trigger.type in NOT_TRIGGERED:
        return None
    return (
        alarm.status.activation,
        alarm.trigger.type,
        alarm.trigger.start_at,
        None if is_in_use else state.status.updated_at,
    )


ENDPOINTS: Mapping[Endpoint, EndpointDescription] = {
    Endpoint.STATUS: EndpointDescription(
        fetch_fn=_fetch_status,
        is_known_fn=lambda state: state.status.updated_at is not None,
    ),
    Endpoint.MAINTENANCE: EndpointDescription(
        fetch_fn=_fetch_maintenance,
        is_known_fn=lambda state: bool(state.maintenance.raw),
        grace_period=GRACE_INTERVALS * DAY,
        not_found_delay=DAY,
    ),
    Endpoint.ALERTS: _list_endpoint(
        "alerts",
        lambda client, vehicle_id, since: client.get_alerts(vehicle_id, since=since),
        Scope.ALERT,
        lambda state: state.status.updated_at,
        {
            **dict.fromkeys(IN_USE, timedelta(minutes=15)),
            Activity.CHARGING: timedelta(hours=1),
        },
    ),
    Endpoint.ALARMS: _list_endpoint(
        "alarms",
        lambda client, vehicle_id, since: client.get_alarms(vehicle_id, since=since),
        Scope.TELEMETRY,
        _alarm_version,
        dict.fromkeys(IN_USE, timedelta(hours=1)),
    ),
    Endpoint.COLLISIONS: _list_endpoint(
        "collisions",
        lambda client, vehicle_id, since: client.get_collisions(
            vehicle_id, since=since
        ),
        Scope.COLLISION,
        _collision_version,
    ),
    Endpoint.TRIPS: _list_endpoint(
        "trips",
        lambda client, vehicle_id, since: client.get_trips(vehicle_id, since=since),
        Scope.TRIP,
        _trip_version,
    ),
    # The capabilities of the car decide about its entities, so no fetch is needed to find out.
    Endpoint.TELEMETRY: EndpointDescription(
        fetch_fn=_fetch_telemetry,
        min_interval=timedelta(minutes=5),
        min_intervals={Activity.CHARGING: timedelta(hours=1)},
        version_fn=lambda state: state.status.updated_at,
    ),
    Endpoint.PAST_CHARGES: EndpointDescription(
        fetch_fn=_fetch_past_charges, interval=MAX_WAIT
    ),
    Endpoint.MISSED_CHARGES: EndpointDescription(
        fetch_fn=_fetch_missed_charges,
        is_known_fn=lambda state: not state.history.charges.missed,
        interval=timedelta(hours=6),
        version_fn=lambda state: [one.id for one in state.history.charges.missed],
    ),
}

LAST_POSITION = EndpointDescription(
    fetch_fn=_fetch_last_position,
    is_known_fn=ENDPOINTS[Endpoint.STATUS].is_known_fn,
    scope=Scope.POSITION,
)


def endpoints_for(scopes: frozenset[Scope]) -> Mapping[Endpoint, EndpointDescription]:
    """Return the endpoints that the granted scopes give access to."""
    granted = {key: one for key, one in ENDPOINTS.items() if one.scope in scopes}
    if Endpoint.STATUS not in granted and Scope.POSITION in scopes:
        return {Endpoint.STATUS: LAST_POSITION, **granted}
    return granted
