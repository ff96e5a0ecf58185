"""The actions that return what happened to a car, or write it to a file."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import voluptuous as vol

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util

from ..api.client import TELEMETRY_PAGE_SIZE
from ..api.exceptions import (
    AuthenticationError,
    NotFoundError,
    QuotaExceededError,
    ServerError,
    StellantisError,
)
from ..api.models.base import without_links
from ..api.models.program import Day
from ..api.models.telemetry import TelemetryKind
from ..api.models.trips import Trip
from ..api.rate_limit import Priority
from ..commands.errors import vehicle_error
from ..const import ACTION_TIMEOUT
from ..coordinator import VehicleCoordinator
from ..history.events import trip_data
from ..history.journal import JournalTrip
from ..history.recalculation import differences
from ..history.records import FetchedRecords, start_of
from ..history.totals import charges_data
from ..journal import (
    MEDIA,
    WWW,
    FolderNotAllowedError,
    Journal,
    Rule,
    async_write,
    charge_journal,
    file_name,
    trip_journal,
    vehicle_trips,
)
from ..route import PAGE_SIZE, as_feature, async_fetch_route
from ..trip_title import trip_title
from ..zones import zone_name
from .call import (
    DAYS,
    RANGE,
    Action,
    action_name,
    range_of,
    validation_error,
    vehicle_of,
)

SERVICE_EXPORT_JOURNAL = "export_journal"
SERVICE_GET_CHARGES = "get_charges"
SERVICE_GET_TELEMETRY = "get_telemetry"
SERVICE_GET_TRIP_WAYPOINTS = "get_trip_waypoints"
SERVICE_GET_TRIPS = "get_trips"
SERVICE_RECALCULATE_COSTS = "recalculate_costs"
SERVICE_RECALCULATE_ENERGY = "recalculate_energy"

ATTR_BUSINESS_DAYS = "business_days"
ATTR_BUSINESS_ZONES = "business_zones"
ATTR_FILENAME = "filename"
ATTR_FOLDER = "folder"
ATTR_KINDS = "kinds"
ATTR_LIMIT = "limit"
ATTR_RECORD = "record"
ATTR_TRIP_ID = "trip_id"

RECORD_CHARGES = "charges"
RECORD_TRIPS = "trips"

MONTH = timedelta(days=31)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
# The charges of some years.
MAX_CHARGES = 5000
# A range is read from its beginning: this much of it, so that the last of it is returned.
MAX_TRIPS = 1200
MAX_WAYPOINTS = 3000
MAX_MESSAGES = 5000
# The platform's names have capitals and dots.
KINDS = {kind.name.lower(): kind for kind in TelemetryKind}

type Fetch = Callable[[VehicleCoordinator, ServiceCall], Awaitable[dict[str, Any]]]


def _limit(maximum: int, default: int) -> VolDictType:
    return {
        vol.Optional(ATTR_LIMIT, default=default): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=maximum)
        )
    }


@callback
def _get_charges(call: ServiceCall) -> ServiceResponse:
    """Return the charges that started in a range, by default the last month, oldest first."""
    since, until = range_of(call, MONTH)
    charges = vehicle_of(call).coordinator.data.history.charges
    return charges_data(charges, since, until, call.data[ATTR_LIMIT])


async def _async_fetch(call: ServiceCall) -> ServiceResponse:
    """Fetch something, unless the quota is nearly used up."""
    fetch, _ = FETCH_ACTIONS[call.service]
    car = vehicle_of(call).coordinator
    async with _fetching(car, call):
        return await fetch(car, call)


@asynccontextmanager
async def _fetching(car: VehicleCoordinator, call: ServiceCall) -> AsyncIterator[None]:
    """Fetch something within the time of an action, unless the quota is nearly used up.

    Raises:
        HomeAssistantError: The quota is nearly used up, or the request failed.

    """
    if not car.quota.allows(Priority.LIST):
        raise _request_error(car, call, QuotaExceededError.key)
    try:
        async with asyncio.timeout(ACTION_TIMEOUT.total_seconds()):
            yield
    except TimeoutError as err:
        raise _request_error(car, call, ServerError.key) from err
    except StellantisError as err:
        if isinstance(err, AuthenticationError):
            car.config_entry.async_start_reauth(call.hass)
        raise _request_error(car, call, err.key) from err


def _request_error(
    car: VehicleCoordinator, call: ServiceCall, key: str
) -> HomeAssistantError:
    """Return the error of a request that failed."""
    return vehicle_error(car, action_name(call), f"remote_{key}")


async def _async_get_trips(
    car: VehicleCoordinator, call: ServiceCall
) -> dict[str, Any]:
    """Return the trips of a range, by default the last week, oldest first."""
    since, until = range_of(call, WEEK)
    trips, complete = await _async_fetch_trips(car, since, until)
    limit: int = call.data[ATTR_LIMIT]
    return {
        "trips": [_trip(call.hass, one) for one in trips[-limit:]],
        "complete": complete and len(trips) <= limit,
    }


async def _async_fetch_trips(
    car: VehicleCoordinator, since: datetime, until: datetime | None
) -> tuple[list[JournalTrip], bool]:
    """Return the trips that start in a range, and whether they are complete.

    The history has older trips than the platform lists.
    """
    fetched = await car.account.client.get_trips(
        car.vehicle.id,
        since=since,
        until=until,
        max_pages=ceil(MAX_TRIPS / PAGE_SIZE),
    )
    known = car.data.history.trips.with_fetched(fetched, None)
    trips = [
        trip
        for trip in known
        if start_of(trip) >= since and (until is None or start_of(trip) <= until)
    ]
    return vehicle_trips(car, trips), fetched.complete


def _trip(hass: HomeAssistant, journal_trip: JournalTrip) -> dict[str, Any]:
    trip = journal_trip.trip
    return {
        "id": trip.id,
        "trip_ids": journal_trip.trip_ids,
        "title": trip_title(hass, trip),
        "start_zone": zone_name(hass, trip.start_position),
        "end_zone": zone_name(hass, trip.stop_position),
        **trip_data(trip, journal_trip.consumptions),
        **_trip_details(trip),
    }


def _trip_details(trip: Trip) -> dict[str, Any]:
    """Return what else the platform has of a trip, as it comes."""
    names = ("startEnergies", "endEnergies", "segments", "faults", "startPosition")
    raw = trip.raw
    return {"done": trip.done, **{name: raw[name] for name in names if name in raw}}


async def _async_get_waypoints(
    car: VehicleCoordinator, call: ServiceCall
) -> dict[str, Any]:
    """Return the route of a trip, by default the last one, as a GeoJSON feature."""
    last = car.data.history.trips.latest
    trip_id = call.data.get(ATTR_TRIP_ID) or (last.id if last else None)
    if trip_id is None:
        raise validation_error(call, "no_trip")
    limit: int = call.data[ATTR_LIMIT]
    try:
        positions = await async_fetch_route(vehicle_of(call), trip_id, limit)
    except NotFoundError as err:
        raise validation_error(call, "unknown_trip") from err
    return as_feature(trip_id, positions, limit)


async def _async_get_telemetry(
    car: VehicleCoordinator, call: ServiceCall
) -> dict[str, Any]:
    """Return the messages of a range, by default the last day, as they come, oldest first."""
    limit: int = call.data[ATTR_LIMIT]
    since, until = range_of(call, DAY)
    messages = await car.account.client.get_telemetry(
        car.vehicle.id,
        kinds=[KINDS[kind] for kind in call.data[ATTR_KINDS]],
        since=since,
        until=until,
        max_pages=ceil(MAX_MESSAGES / TELEMETRY_PAGE_SIZE),
    )
    by_time = {one.created_at: one for one in messages if one.created_at}
    ordered = [by_time[moment] for moment in sorted(by_time)]
    return {
        "messages": [without_links(one.raw) for one in ordered[-limit:]],
        "complete": messages.complete and len(ordered) <= limit,
    }


FETCH_ACTIONS: Mapping[str, tuple[Fetch, VolDictType]] = {
    SERVICE_GET_TRIPS: (_async_get_trips, {**RANGE, **_limit(MAX_TRIPS, 100)}),
    SERVICE_GET_TRIP_WAYPOINTS: (
        _async_get_waypoints,
        {vol.Optional(ATTR_TRIP_ID): cv.string, **_limit(MAX_WAYPOINTS, 1000)},
    ),
    SERVICE_GET_TELEMETRY: (
        _async_get_telemetry,
        {
            **RANGE,
            **_limit(MAX_MESSAGES, 500),
            vol.Optional(ATTR_KINDS, default=[]): vol.All(
                cv.ensure_list, [vol.In(KINDS)]
            ),
        },
    ),
}


@callback
def _recalculate_energy(call: ServiceCall) -> ServiceResponse:
    """Convert the levels of all charges and trips with the present usable capacity.

    Raises:
        ServiceValidationError: The capacity is not known.

    """
    car = vehicle_of(call).coordinator
    before = car.data.history
    capacity = car.data.usable_capacity
    if capacity is None:
        raise validation_error(call, "capacity_unknown")
    history = before.recalculated(capacity.energy)
    car.async_update_state(replace(car.data, history=history))
    car.async_schedule_save()
    return {"usable_capacity": capacity.energy, **differences(before, history)}


@callback
def _recalculate_costs(call: ServiceCall) -> ServiceResponse:
    """Look up the prices of the charges that have none, by the present options."""
    car = vehicle_of(call).coordinator
    charges = [
        replace(one, completed=True, settled=False)
        for one in car.data.history.charges.ended
        if one.settled and one.price is None
    ]
    car.async_merge(FetchedRecords(kind="charges", records=charges))
    return {"charges_without_cost": len(charges)}


async def _async_export_journal(call: ServiceCall) -> ServiceResponse:
    """Write a journal of a range, by default the last month, to a file; return its totals.

    Raises:
        ServiceValidationError: A zone does not exist, or the file name or the folder is not
            allowed.
        HomeAssistantError: The file cannot be written.

    """
    hass, car = call.hass, vehicle_of(call).coordinator
    since, until = range_of(call, MONTH)
    until = until or dt_util.utcnow()
    record: str = call.data[ATTR_RECORD]
    zones: list[str] = call.data[ATTR_BUSINESS_ZONES]
    if unknown := [zone for zone in zones if hass.states.get(zone) is None]:
        raise validation_error(call, "unknown_zone", entity_id=unknown[0])
    rule = Rule(
        zones=zones,
        days=[[*Day].index(Day[day.upper()]) for day in call.data[ATTR_BUSINESS_DAYS]],
    )
    journal: Journal[Any]
    if record == RECORD_CHARGES:
        complete = True
        charges = car.data.history.charges
        journal = charge_journal(hass, charges, since, until, rule)
    else:
        async with _fetching(car, call):
            trips, complete = await _async_fetch_trips(car, since, until)
        journal = trip_journal(hass, trips, rule)
    name = call.data.get(ATTR_FILENAME) or file_name(car, record, since, until)
    try:
        written = await async_write(
            hass, call.data[ATTR_FOLDER], name, journal.as_csv(hass)
        )
    except ValueError as err:
        raise validation_error(call, "invalid_filename", filename=name) from err
    except FolderNotAllowedError as err:
        raise validation_error(call, "folder_not_allowed") from err
    except OSError as err:
        raise vehicle_error(car, action_name(call), "journal_not_written") from err
    return {
        **written,
        "rows": len(journal.rows),
        "totals": {**journal.totals(hass)},
        "complete": complete,
    }


EXPORT_JOURNAL: VolDictType = {
    **RANGE,
    vol.Optional(ATTR_RECORD, default=RECORD_TRIPS): vol.In(
        (RECORD_TRIPS, RECORD_CHARGES)
    ),
    vol.Optional(ATTR_BUSINESS_ZONES, default=[]): cv.entities_domain("zone"),
    vol.Optional(ATTR_BUSINESS_DAYS, default=[]): DAYS,
    vol.Optional(ATTR_FOLDER, default=MEDIA): vol.In((MEDIA, WWW)),
    vol.Optional(ATTR_FILENAME): cv.string,
}


HISTORY_ACTIONS: Mapping[str, Action] = {
    **{
        name: (_async_fetch, schema, SupportsResponse.ONLY)
        for name, (_, schema) in FETCH_ACTIONS.items()
    },
    SERVICE_EXPORT_JOURNAL: (
        _async_export_journal,
        EXPORT_JOURNAL,
        SupportsResponse.OPTIONAL,
    ),
    SERVICE_GET_CHARGES: (
        _get_charges,
        {**RANGE, **_limit(MAX_CHARGES, 100)},
        SupportsResponse.ONLY,
    ),
    SERVICE_RECALCULATE_COSTS: (_recalculate_costs, {}, SupportsResponse.OPTIONAL),
    SERVICE_RECALCULATE_ENERGY: (_recalculate_energy, {}, SupportsResponse.OPTIONAL),
}
