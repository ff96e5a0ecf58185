"""What a car can be asked for, and when that is worth a request."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from homeassistant.util import dt as dt_util

from ..api.models.maintenance import Maintenance
from ..api.models.scope import Scope
from ..api.models.status import Status
from ..api.models.telemetry import Telemetry, TelemetryKind
from ..api.models.vehicle import Vehicle
from ..api.paging import Collection
from ..api.stellantis import StellantisClient
from ..history.charging import Charge, ended_charges
from ..history.records import MAX_RECORD_AGE, FetchedRecords, Records
from ..models import Activity, FetchedData, VehicleState
from .quota import DAY

# What the car does while somebody is with it, or it with a charger.
IN_USE = {Activity.DRIVING, Activity.CHARGING, Activity.JUST_STOPPED}
# Of messages that were sent while nobody looked, those of the last day are enough.
TELEMETRY_FROM = timedelta(days=1)
TELEMETRY_PAGES = 2
# Charges from before the states are followed are told by two months of messages, 500 each page.
CHARGES_PAGES = 20
ONCE = timedelta(days=3650)


class Endpoint(StrEnum):
    """What can be asked of a car; entities give theirs as coordinator context."""

    STATUS = "status"
    MAINTENANCE = "maintenance"
    ALERTS = "alerts"
    ALARMS = "alarms"
    COLLISIONS = "collisions"
    TRIPS = "trips"
    TELEMETRY = "telemetry"
    PAST_CHARGES = "past_charges"


type Fetch = Callable[[StellantisClient, Vehicle, VehicleState], Awaitable[FetchedData]]


@dataclass(frozen=True, kw_only=True)
class EndpointDescription:
    """How a resource is asked, and when.

    Attributes:
        fetch: asks.
        is_known: tells whether it was ever answered; until then it is asked whether it is shown
            or not, to find out what there is to show.
        scope: the scope that it needs.
        serves: how long an answer serves at most.
        serves_least: how long an answer serves at least.
        clue: what of the state differs once there may be something new.
    """

    fetch: Fetch
    is_known: Callable[[VehicleState], bool]
    scope: Scope = Scope.TELEMETRY
    serves: timedelta = timedelta()
    serves_least: timedelta = timedelta()
    clue: Callable[[VehicleState], object] = lambda state: None


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
    messages = (
        await client.get_telemetry(
            vehicle.id,
            kinds=(TelemetryKind.ENERGIES,),
            motorization=vehicle.motorization,
            since=dt_util.utcnow() - MAX_RECORD_AGE,
            max_pages=CHARGES_PAGES,
        )
        if state.status.electric
        else []
    )
    # Two months of messages would block the event loop.
    charges = await asyncio.to_thread(_charges, messages)
    known = state.history.charges.records
    new = [one for one in charges if not any(map(one.overlaps, known))]
    return FetchedRecords(kind="charges", records=new)


def _charges(messages: Iterable[Telemetry]) -> list[Charge]:
    told = {
        one.created_at: Status(updated_at=one.created_at, electric=one.electric)
        for one in messages
        if one.created_at
    }
    charges = ended_charges(told[moment] for moment in sorted(told))
    return [replace(charge, observed=False) for charge in charges]


type Lister = Callable[
    [StellantisClient, str, datetime | None], Awaitable[Collection[Any]]
]


def _listed(
    kind: str,
    list_them: Lister,
    scope: Scope,
    clue: Callable[[VehicleState], object],
) -> EndpointDescription:
    """Return the endpoint of a list of what has happened, of which the news are read."""

    def held(state: VehicleState) -> Records[Any]:
        records: Records[Any] = getattr(state.history, kind)
        return records

    async def fetch(
        client: StellantisClient, vehicle: Vehicle, state: VehicleState
    ) -> FetchedRecords[Any]:
        now = dt_util.utcnow()
        records = await list_them(client, vehicle.id, held(state).since)
        return FetchedRecords(
            kind=kind, records=records, read_until=now if records.complete else None
        )

    return EndpointDescription(
        fetch=fetch,
        is_known=lambda state: held(state).read_until is not None,
        scope=scope,
        serves=DAY,
        serves_least=timedelta(minutes=2),
        clue=clue,
    )


def _news(state: VehicleState) -> object:
    """Return what differs whenever the car has sent something."""
    return state.status.updated_at


def _journey(state: VehicleState) -> object:
    """Return what differs when a car starts, stops, has gone somewhere unseen, and a while later."""
    driving = state.activity is Activity.DRIVING
    mileage = None if driving else state.status.odometer.mileage
    return driving, mileage, state.activity is Activity.JUST_STOPPED


def _alarm(state: VehicleState) -> object:
    """Return what differs when the alarm does, and with whatever a car sends that stands.

    An alarm may be over before anybody looks; but it made the car send something.
    """
    alarm = state.status.alarm
    told = alarm.status.activation, alarm.trigger.type, alarm.trigger.start_at
    return told, None if state.activity in IN_USE else _news(state)


ENDPOINTS: Mapping[Endpoint, EndpointDescription] = {
    Endpoint.STATUS: EndpointDescription(
        fetch=_fetch_status,
        is_known=lambda state: state.status.updated_at is not None,
    ),
    Endpoint.MAINTENANCE: EndpointDescription(
        fetch=_fetch_maintenance,
        is_known=lambda state: bool(state.maintenance.raw),
        serves=DAY,
    ),
    Endpoint.ALERTS: _listed(
        "alerts",
        lambda client, car, since: client.get_alerts(car, since=since),
        Scope.ALERT,
        clue=_news,
    ),
    Endpoint.ALARMS: _listed(
        "alarms",
        lambda client, car, since: client.get_alarms(car, since=since),
        Scope.TELEMETRY,
        clue=_alarm,
    ),
    Endpoint.COLLISIONS: _listed(
        "collisions",
        lambda client, car, since: client.get_collisions(car, since=since),
        Scope.COLLISION,
        clue=lambda state: (
            _journey(state),
            state.status.safety.auto_e_call_triggering,
        ),
    ),
    Endpoint.TRIPS: _listed(
        "trips",
        lambda client, car, since: client.get_trips(car, since=since),
        Scope.TRIP,
        clue=_journey,
    ),
    # Its entities exist because of the car's capabilities: nothing must be asked to find out.
    Endpoint.TELEMETRY: EndpointDescription(
        fetch=_fetch_telemetry,
        is_known=lambda state: True,
        serves=DAY,
        serves_least=timedelta(minutes=5),
        clue=_news,
    ),
    Endpoint.PAST_CHARGES: EndpointDescription(
        fetch=_fetch_past_charges, is_known=lambda state: True, serves=ONCE
    ),
}

LAST_POSITION = EndpointDescription(
    fetch=_fetch_last_position,
    is_known=ENDPOINTS[Endpoint.STATUS].is_known,
    scope=Scope.POSITION,
)


def endpoints_for(scopes: frozenset[Scope]) -> Mapping[Endpoint, EndpointDescription]:
    """Return the endpoints that the granted scopes give access to."""
    granted = {key: one for key, one in ENDPOINTS.items() if one.scope in scopes}
    if Endpoint.STATUS not in granted and Scope.POSITION in scopes:
        return {Endpoint.STATUS: LAST_POSITION, **granted}
    return granted
