"""The actions: what is requested of a car other than by an entity."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from math import ceil
from typing import Any

import voluptuous as vol

from homeassistant.const import (
    ATTR_DEVICE_ID,
    ATTR_ENTITY_ID,
    ATTR_LATITUDE,
    ATTR_LOCATION,
    ATTR_LONGITUDE,
    Platform,
)
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv, location, service
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util

from . import binary_sensor, device_tracker, event, sensor
from .api.client import TELEMETRY_PAGE_SIZE
from .api.exceptions import (
    AuthenticationError,
    NotFoundError,
    QuotaExceededError,
    ServerError,
    StellantisError,
)
from .api.models.base import without_links
from .api.models.position import Position
from .api.models.program import Day, Program, Recurrence
from .api.models.remote_actions import (
    MAX_POSITIONS,
    PRECONDITIONING_SLOTS,
    AirConditioning,
    ChargingPrograms,
    DelayedCharging,
    Navigation,
    RemoteAction,
    WakeUp,
)
from .api.models.telemetry import TelemetryKind
from .api.models.trips import Trip
from .api.rate_limit import Priority
from .availability.catalog import OTHER_DATA, REMOTES
from .availability.conditions import Catalog, is_command_available
from .availability.explanation import explain
from .commands.errors import command_error, device_name, vehicle_error
from .commands.programs import since_midnight
from .const import ACTION_TIMEOUT, DOMAIN
from .coordinator import VehicleCoordinator
from .entity import StellantisEntityDescription
from .history.events import trip_data
from .history.journal import JournalTrip
from .history.recalculation import differences
from .history.records import start_of
from .history.totals import charges_data
from .journal import (
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
from .route import PAGE_SIZE, as_feature, async_fetch_route
from .runtime import StellantisConfigEntry, VehicleData
from .translation import entity_name, text
from .trip_title import trip_title
from .zones import zone_name

SERVICE_EXPLAIN_AVAILABILITY = "explain_availability"
SERVICE_EXPORT_JOURNAL = "export_journal"
SERVICE_GET_CHARGES = "get_charges"
SERVICE_GET_TELEMETRY = "get_telemetry"
SERVICE_GET_TRIP_WAYPOINTS = "get_trip_waypoints"
SERVICE_GET_TRIPS = "get_trips"
SERVICE_RECALCULATE_ENERGY = "recalculate_energy"

ATTR_BUSINESS_DAYS = "business_days"
ATTR_BUSINESS_ZONES = "business_zones"
ATTR_DATUM = "datum"
ATTR_DAYS = "days"
ATTR_ENABLED = "enabled"
ATTR_END = "end"
ATTR_FILENAME = "filename"
ATTR_FOLDER = "folder"
ATTR_FORCE = "force"
ATTR_KINDS = "kinds"
ATTR_LIMIT = "limit"
ATTR_ONLY_MISSING = "only_missing"
ATTR_PROGRAMS = "programs"
ATTR_RECORD = "record"
ATTR_RECURRING = "recurring"
ATTR_SLOT = "slot"
ATTR_START = "start"
ATTR_TRIP_ID = "trip_id"
ATTR_WAYPOINTS = "waypoints"

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

type Place = str | Mapping[str, float]
type Handler = Callable[
    [ServiceCall], ServiceResponse | Coroutine[Any, Any, ServiceResponse]
]
type Action = tuple[Handler, VolDictType, SupportsResponse]
type Fetch = Callable[[VehicleCoordinator, ServiceCall], Awaitable[dict[str, Any]]]


# The data that entities show, with their platforms; those without a capability are the
# integration's own.
ENTITY_DATA: Mapping[str, tuple[Platform, StellantisEntityDescription[Any]]] = {
    description.key: (platform, description)
    for platform, descriptions in (
        (Platform.DEVICE_TRACKER, device_tracker.DESCRIPTIONS),
        (Platform.SENSOR, sensor.VEHICLE_DESCRIPTIONS),
        (Platform.BINARY_SENSOR, binary_sensor.STATUS_DESCRIPTIONS),
        (Platform.BINARY_SENSOR, binary_sensor.TELEMETRY_DESCRIPTIONS),
        (Platform.EVENT, event.DESCRIPTIONS),
    )
    for description in descriptions
    if description.source.capability
}
CATALOG: Catalog = {
    **{key: description for key, (_, description) in ENTITY_DATA.items()},
    **OTHER_DATA,
    **REMOTES,
}

DEVICE: VolDictType = {vol.Required(ATTR_DEVICE_ID): cv.string}
DAYS = vol.All(
    cv.ensure_list, [vol.All(vol.In([day.name.lower() for day in Day]), str)]
)
TIMES: VolDictType = {
    vol.Required(ATTR_START): cv.time,
    vol.Optional(ATTR_DAYS, default=[]): DAYS,
    vol.Optional(ATTR_ENABLED, default=True): cv.boolean,
}
SLOT: VolDictType = {
    vol.Required(ATTR_SLOT): vol.All(vol.Coerce(int), vol.In(PRECONDITIONING_SLOTS))
}
RANGE: VolDictType = {
    vol.Optional(ATTR_START): cv.datetime,
    vol.Optional(ATTR_END): cv.datetime,
}
COORDINATES = vol.Schema(
    {
        vol.Required(ATTR_LATITUDE): cv.latitude,
        vol.Required(ATTR_LONGITUDE): cv.longitude,
    },
    # The location selector adds a radius.
    extra=vol.REMOVE_EXTRA,
)
EXPLAIN_AVAILABILITY: VolDictType = {
    vol.Optional(ATTR_DATUM): vol.All(cv.ensure_list, [vol.In(CATALOG)]),
    vol.Optional(ATTR_ONLY_MISSING): cv.boolean,
}


def _limit(maximum: int, default: int) -> VolDictType:
    return {
        vol.Optional(ATTR_LIMIT, default=default): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=maximum)
        )
    }


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not an account is set up."""
    optional, only = SupportsResponse.OPTIONAL, SupportsResponse.ONLY
    actions: Mapping[str, Action] = {
        **LOCAL_ACTIONS,
        **{
            name: (_async_send_command, action.schema, optional)
            for name, action in COMMAND_ACTIONS.items()
        },
        **{
            name: (_async_fetch, schema, only)
            for name, (_, schema) in FETCH_ACTIONS.items()
        },
    }
    for name, (handler, schema, supports_response) in actions.items():
        hass.services.async_register(
            DOMAIN,
            name,
            handler,
            vol.Schema({**DEVICE, **schema}),
            supports_response=supports_response,
        )


@callback
def _vehicle(call: ServiceCall) -> VehicleData:
    """Return the car of the device that an action is called for.

    Raises:
        ServiceValidationError: The device is not of this integration, its account is not set
            up, or the account does not list the car anymore.

    """
    device, found = service.async_get_device_and_config_entry(
        call.hass, DOMAIN, call.data[ATTR_DEVICE_ID], include_child_devices=False
    )
    entry: StellantisConfigEntry = found
    vehicles = entry.runtime_data.vehicles
    for domain, key in device.identifiers:
        if domain == DOMAIN and key in vehicles:
            return vehicles[key]
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="vehicle_not_listed",
        translation_placeholders={"car": device.name_by_user or device.name or ""},
    )


@callback
def _explain_availability(call: ServiceCall) -> ServiceResponse:
    """Return the availability of the given data, or of all that are not available."""
    keys = call.data.get(ATTR_DATUM)
    only_missing = call.data.get(ATTR_ONLY_MISSING, not keys)
    catalog = {key: CATALOG[key] for key in keys or CATALOG}
    return {
        key: {"name": _datum_name(call.hass, key), **explanation}
        for key, explanation in explain(
            call.hass, _vehicle(call).coordinator, catalog
        ).items()
        if not (only_missing and explanation["available"])
    }


def _datum_name(hass: HomeAssistant, key: str) -> str:
    if datum := ENTITY_DATA.get(key):
        return entity_name(hass, *datum)
    return text(hass, "common", f"datum_{key}")


def _navigation(call: ServiceCall) -> Navigation:
    places: list[tuple[str, Place]] = [
        (ATTR_WAYPOINTS, place) for place in call.data.get(ATTR_WAYPOINTS, ())
    ]
    destination = ATTR_LOCATION if ATTR_LOCATION in call.data else ATTR_ENTITY_ID
    places.append((destination, call.data[destination]))
    return Navigation(tuple(_position(call, field, place) for field, place in places))


def _position(call: ServiceCall, field: str, place: Place) -> Position:
    """Return the given coordinates, or those of the given entity.

    Raises:
        ServiceValidationError: The entity has no coordinates.

    """
    if isinstance(place, Mapping):
        latitude, longitude = place[ATTR_LATITUDE], place[ATTR_LONGITUDE]
        return Position(latitude=latitude, longitude=longitude)
    coordinates = location.find_coordinates(call.hass, place) or ""
    try:
        latitude, longitude = cv.gps(coordinates.split(","))
    except vol.Invalid:
        raise _validation_error(
            call, "no_position", field=field, entity_id=place
        ) from None
    return Position(latitude=latitude, longitude=longitude)


def _set_program(call: ServiceCall) -> AirConditioning:
    recurrence = Recurrence.DAILY if call.data[ATTR_RECURRING] else Recurrence.NONE
    program = _program(call.data, slot=call.data[ATTR_SLOT], recurrence=recurrence)
    return AirConditioning(programs=(program,))


def _charging_schedule(call: ServiceCall) -> DelayedCharging | ChargingPrograms:
    if ATTR_START in call.data:
        return DelayedCharging(since_midnight(call.data[ATTR_START]))
    return ChargingPrograms(tuple(map(_program, call.data[ATTR_PROGRAMS])))


def _program(data: Mapping[str, Any], **fields: Any) -> Program:
    end: time | None = data.get(ATTR_END)
    return Program(
        start=since_midnight(data[ATTR_START]),
        end=since_midnight(end) if end else None,
        days=frozenset(Day[day.upper()] for day in data[ATTR_DAYS]) or frozenset(Day),
        enabled=data[ATTR_ENABLED],
        **fields,
    )


def _charging_remote(data: Mapping[str, Any]) -> str:
    is_delay = ATTR_START in data
    return f"remote_charging_{'next_delayed_time' if is_delay else 'programs'}"


@dataclass(frozen=True, kw_only=True)
class CommandAction:
    """An action that sends a command.

    Attributes:
        remote_fn: returns the key of the command.
        action_fn: returns the command.
        one_of: fields of which exactly one must be given.
    """

    schema: VolDictType
    remote_fn: Callable[[Mapping[str, Any]], str]
    action_fn: Callable[[ServiceCall], RemoteAction]
    one_of: tuple[str, ...] = ()


COMMAND_ACTIONS: Mapping[str, CommandAction] = {
    "send_to_navigation": CommandAction(
        schema={
            vol.Optional(ATTR_LOCATION): COORDINATES,
            vol.Optional(ATTR_ENTITY_ID): cv.entity_id,
            vol.Optional(ATTR_WAYPOINTS): vol.All(
                cv.ensure_list, [vol.Any(cv.entity_id, COORDINATES)]
            ),
        },
        remote_fn=lambda data: "remote_navigation",
        action_fn=_navigation,
        one_of=(ATTR_LOCATION, ATTR_ENTITY_ID),
    ),
    "set_preconditioning_program": CommandAction(
        schema={
            **SLOT,
            **TIMES,
            vol.Optional(ATTR_RECURRING, default=True): cv.boolean,
        },
        remote_fn=lambda data: "remote_preconditioning_programs",
        action_fn=_set_program,
    ),
    "delete_preconditioning_program": CommandAction(
        schema=SLOT,
        remote_fn=lambda data: "remote_preconditioning_programs",
        action_fn=lambda call: AirConditioning(deleted_slots=(call.data[ATTR_SLOT],)),
    ),
    "set_charging_schedule": CommandAction(
        schema={
            vol.Optional(ATTR_START): cv.time,
            vol.Optional(ATTR_PROGRAMS): vol.All(
                cv.ensure_list, [{**TIMES, vol.Optional(ATTR_END): cv.time}]
            ),
        },
        remote_fn=_charging_remote,
        action_fn=_charging_schedule,
        one_of=(ATTR_START, ATTR_PROGRAMS),
    ),
    "wake_up": CommandAction(
        schema={vol.Optional(ATTR_FORCE, default=False): cv.boolean},
        remote_fn=lambda data: "remote_wake_up",
        action_fn=lambda call: WakeUp(),
    ),
}


async def _async_send_command(call: ServiceCall) -> ServiceResponse:
    """Send a command, and return its outcome.

    Raises:
        ServiceValidationError: The car does not support the command, or it is not permitted.
        HomeAssistantError: The command failed.

    """
    vehicle = _vehicle(call)
    car = vehicle.coordinator
    action = COMMAND_ACTIONS[call.service]
    _validate_one_of(call, action.one_of)
    if is_command_available(car, action.remote_fn(call.data)) is False:
        raise _validation_error(call, "not_offered")
    _validate_number(car, call)
    pending = vehicle.commands.async_enqueue(
        call.service, action.action_fn(call), forced=call.data.get(ATTR_FORCE, False)
    )
    command = await vehicle.commands.async_wait(pending)
    if error := command_error(car, command):
        raise error
    return {
        "outcome": command.stage.name.lower() if command.is_settled else "pending",
    }


def _validate_one_of(call: ServiceCall, fields: tuple[str, ...]) -> None:
    """Validate that exactly one of some fields is given.

    Raises:
        ServiceValidationError: Names the fields.

    """
    if fields and len(call.data.keys() & {*fields}) != 1:
        raise _validation_error(call, "not_one_of", fields=", ".join(fields))


def _validate_number(car: VehicleCoordinator, call: ServiceCall) -> None:
    """Validate that a car takes as many programs or waypoints.

    Raises:
        ServiceValidationError: Names the field and the maximum.

    """
    data, remotes = call.data, car.vehicle.remotes
    programs = len(data.get(ATTR_PROGRAMS, ()))
    for field, number, maximum in (
        (ATTR_SLOT, data.get(ATTR_SLOT, 0), remotes.preconditioning.programs_size),
        (ATTR_PROGRAMS, programs, remotes.charging.programs_size),
        (ATTR_WAYPOINTS, len(data.get(ATTR_WAYPOINTS, ())), MAX_POSITIONS - 1),
    ):
        if maximum is not None and number > maximum:
            raise _validation_error(call, "too_many", field=field, maximum=str(maximum))


@callback
def _get_charges(call: ServiceCall) -> ServiceResponse:
    """Return the charges that started in a range, by default the last month, oldest first."""
    since, until = _range(call, MONTH)
    charges = _vehicle(call).coordinator.data.history.charges
    return charges_data(charges, since, until, call.data[ATTR_LIMIT])


async def _async_fetch(call: ServiceCall) -> ServiceResponse:
    """Fetch something, unless the quota is nearly used up."""
    fetch, _ = FETCH_ACTIONS[call.service]
    car = _vehicle(call).coordinator
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
    return vehicle_error(car, _action_name(call), f"remote_{key}")


def _validation_error(
    call: ServiceCall, key: str, **placeholders: str
) -> ServiceValidationError:
    """Return the error of an action that is called with something invalid."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={
            "car": device_name(_vehicle(call).coordinator),
            "command": _action_name(call),
            **placeholders,
        },
    )


def _action_name(call: ServiceCall) -> str:
    return text(call.hass, "services", f"{call.service}.name")


async def _async_get_trips(
    car: VehicleCoordinator, call: ServiceCall
) -> dict[str, Any]:
    """Return the trips of a range, by default the last week, oldest first."""
    since, until = _range(call, WEEK)
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
        raise _validation_error(call, "no_trip")
    limit: int = call.data[ATTR_LIMIT]
    try:
        positions = await async_fetch_route(_vehicle(call), trip_id, limit)
    except NotFoundError as err:
        raise _validation_error(call, "unknown_trip") from err
    return as_feature(trip_id, positions, limit)


async def _async_get_telemetry(
    car: VehicleCoordinator, call: ServiceCall
) -> dict[str, Any]:
    """Return the messages of a range, by default the last day, as they come, oldest first."""
    limit: int = call.data[ATTR_LIMIT]
    since, until = _range(call, DAY)
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
    car = _vehicle(call).coordinator
    before = car.data.history
    capacity = before.usable_capacity(car.data.status)
    if capacity is None:
        raise _validation_error(call, "capacity_unknown")
    history = before.recalculated(capacity.energy)
    car.async_update_state(replace(car.data, history=history))
    car.async_schedule_save()
    return {"usable_capacity": capacity.energy, **differences(before, history)}


async def _async_export_journal(call: ServiceCall) -> ServiceResponse:
    """Write a journal of a range, by default the last month, to a file; return its totals.

    Raises:
        ServiceValidationError: A zone does not exist, or the file name or the folder is not
            allowed.
        HomeAssistantError: The file cannot be written.

    """
    hass, car = call.hass, _vehicle(call).coordinator
    since, until = _range(call, MONTH)
    until = until or dt_util.utcnow()
    record: str = call.data[ATTR_RECORD]
    zones: list[str] = call.data[ATTR_BUSINESS_ZONES]
    if unknown := [zone for zone in zones if hass.states.get(zone) is None]:
        raise _validation_error(call, "unknown_zone", entity_id=unknown[0])
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
        raise _validation_error(call, "invalid_filename", filename=name) from err
    except FolderNotAllowedError as err:
        raise _validation_error(call, "folder_not_allowed") from err
    except OSError as err:
        raise vehicle_error(car, _action_name(call), "journal_not_written") from err
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


def _range(call: ServiceCall, default: timedelta) -> tuple[datetime, datetime | None]:
    """Return the start and the end of the range that an action is called for.

    Raises:
        ServiceValidationError: The range ends before it starts, or starts in the future.

    """
    since = _moment(call, ATTR_START) or dt_util.utcnow() - default
    until = _moment(call, ATTR_END)
    if (until or dt_util.utcnow()) <= since:
        raise _validation_error(call, "ends_before_start")
    return since, until


def _moment(call: ServiceCall, name: str) -> datetime | None:
    moment: datetime | None = call.data.get(name)
    return moment and dt_util.as_utc(moment)


LOCAL_ACTIONS: Mapping[str, Action] = {
    SERVICE_EXPLAIN_AVAILABILITY: (
        _explain_availability,
        EXPLAIN_AVAILABILITY,
        SupportsResponse.ONLY,
    ),
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
    SERVICE_RECALCULATE_ENERGY: (_recalculate_energy, {}, SupportsResponse.OPTIONAL),
}
