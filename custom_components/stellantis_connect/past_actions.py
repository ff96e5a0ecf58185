"""The actions that answer what has happened to a car."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util

from .api.exceptions import (
    AuthenticationError,
    NotFoundError,
    QuotaExceededError,
    ServerError,
    StellantisError,
)
from .api.models.position import Position
from .api.models.telemetry import TelemetryKind
from .api.models.trips import Trip
from .const import ACTION_TIMEOUT, DOMAIN
from .coordinator import VehicleCoordinator
from .history.consumption import capacity_of
from .history.events import trip_data
from .history.records import without_links
from .services import vehicle_of

SERVICE_GET_TRIPS = "get_trips"
SERVICE_GET_TRIP_WAYPOINTS = "get_trip_waypoints"
SERVICE_GET_TELEMETRY = "get_telemetry"

ATTR_END = "end"
ATTR_KINDS = "kinds"
ATTR_LIMIT = "limit"
ATTR_START = "start"
ATTR_TRIP_ID = "trip_id"

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
PAGE = 60
TELEMETRY_PAGE = 500
# A range is read from its beginning: so much of it, to answer the last of that.
MOST_TRIPS = 1200
MOST_WAY_POINTS = 3000
MOST_MESSAGES = 5000
# How a kind is chosen: the platform's names have capitals and dots.
KINDS = {kind.name.lower(): kind for kind in TelemetryKind}

DEVICE: VolDictType = {vol.Required(ATTR_DEVICE_ID): cv.string}
RANGE: VolDictType = {
    vol.Optional(ATTR_START): cv.datetime,
    vol.Optional(ATTR_END): cv.datetime,
}


def _limit(most: int, default: int) -> VolDictType:
    return {
        vol.Optional(ATTR_LIMIT, default=default): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=most)
        )
    }


@callback
def async_setup_past_actions(hass: HomeAssistant) -> None:
    """Register the actions."""
    actions: dict[str, tuple[ResponseAction, VolDictType]] = {
        SERVICE_GET_TRIPS: (_async_get_trips, {**RANGE, **_limit(MOST_TRIPS, 100)}),
        SERVICE_GET_TRIP_WAYPOINTS: (
            _async_get_way_points,
            {
                vol.Optional(ATTR_TRIP_ID): cv.string,
                **_limit(MOST_WAY_POINTS, 1000),
            },
        ),
        SERVICE_GET_TELEMETRY: (
            _async_get_telemetry,
            {
                **RANGE,
                **_limit(MOST_MESSAGES, 500),
                vol.Optional(ATTR_KINDS, default=[]): vol.All(
                    cv.ensure_list, [vol.In(KINDS)]
                ),
            },
        ),
    }
    for name, (answer, schema) in actions.items():
        hass.services.async_register(
            DOMAIN,
            name,
            _action(answer),
            vol.Schema({**DEVICE, **schema}),
            supports_response=SupportsResponse.ONLY,
        )


type ResponseAction = Callable[
    [VehicleCoordinator, ServiceCall], Awaitable[dict[str, Any]]
]


def _action(
    answer: ResponseAction,
) -> Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]:
    """Return the action that asks the platform, unless the plan has no room for it."""

    async def async_act(call: ServiceCall) -> ServiceResponse:
        car = vehicle_of(call).coordinator
        if car.quota.is_scarce:
            raise _failure(QuotaExceededError.key)
        try:
            async with asyncio.timeout(ACTION_TIMEOUT.total_seconds()):
                return await answer(car, call)
        except TimeoutError as err:
            raise _failure(ServerError.key) from err
        except StellantisError as err:
            if isinstance(err, AuthenticationError):
                car.config_entry.async_start_reauth(call.hass)
            raise _failure(err.key) from err

    return async_act


def _failure(key: str) -> HomeAssistantError:
    return HomeAssistantError(translation_domain=DOMAIN, translation_key=key)


async def _async_get_trips(
    car: VehicleCoordinator, call: ServiceCall
) -> dict[str, Any]:
    """Return the trips of a range, of a week by default, oldest first."""
    since, until = _range(call, WEEK)
    trips = await car.account.client.get_trips(
        car.vehicle.id,
        since=since,
        until=until,
        max_pages=ceil(MOST_TRIPS / PAGE),
    )
    capacity = capacity_of(car.data.status)
    return {
        "trips": [
            {"id": trip.id, **trip_data(trip, capacity), **_trip_details(trip)}
            for trip in trips[-call.data[ATTR_LIMIT] :]
        ],
        "complete": trips.complete and len(trips) <= call.data[ATTR_LIMIT],
    }


def _trip_details(trip: Trip) -> dict[str, Any]:
    """Return what the platform tells of a trip beside that, as it tells it."""
    names = ("startEnergies", "endEnergies", "segments", "faults", "startPosition")
    return {
        "done": trip.done,
        **{name: trip.raw[name] for name in names if name in trip.raw},
    }


async def _async_get_way_points(
    car: VehicleCoordinator, call: ServiceCall
) -> dict[str, Any]:
    """Return the way of a trip, of the last one by default, as a GeoJSON feature."""
    last = car.data.history.trips.latest
    trip_id = call.data.get(ATTR_TRIP_ID) or (last.id if last else None)
    if trip_id is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_trip"
        )
    limit: int = call.data[ATTR_LIMIT]
    try:
        points = await car.account.client.get_way_points(
            car.vehicle.id, trip_id, max_pages=ceil(limit / PAGE)
        )
    except NotFoundError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="unknown_trip"
        ) from err
    way = points[:limit]
    times = [one.created_at for one in way]
    return {
        "type": "Feature",
        "geometry": {
            "type": "LineString",
            "coordinates": [_coordinates(one) for one in way],
        }
        # GeoJSON knows no line with a single end.
        if len(way) > 1
        else None,
        "properties": {
            "trip_id": trip_id,
            "times": [moment.isoformat() if moment else None for moment in times],
            "headings": [one.heading for one in way],
            "complete": points.complete and len(points) <= limit,
        },
    }


def _coordinates(position: Position) -> list[float]:
    parts = (position.longitude, position.latitude, position.altitude)
    return [part for part in parts if part is not None]


async def _async_get_telemetry(
    car: VehicleCoordinator, call: ServiceCall
) -> dict[str, Any]:
    """Return the messages of a range, of a day by default, as the car sent them, oldest first."""
    limit: int = call.data[ATTR_LIMIT]
    since, until = _range(call, DAY)
    messages = await car.account.client.get_telemetry(
        car.vehicle.id,
        kinds=[KINDS[kind] for kind in call.data[ATTR_KINDS]],
        since=since,
        until=until,
        max_pages=ceil(MOST_MESSAGES / TELEMETRY_PAGE),
    )
    dated = {one.created_at: one for one in messages if one.created_at}
    told = [dated[moment] for moment in sorted(dated)]
    return {
        "messages": [without_links(one.raw) for one in told[-limit:]],
        "complete": messages.complete and len(told) <= limit,
    }


def _range(call: ServiceCall, length: timedelta) -> tuple[datetime, datetime | None]:
    """Return the range that an action asks about; so long, and until now, by default.

    Raises:
        ServiceValidationError: it ends before it starts.

    """
    since = _moment(call, ATTR_START) or dt_util.utcnow() - length
    until = _moment(call, ATTR_END)
    if until and until <= since:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="ends_before_start"
        )
    return since, until


def _moment(call: ServiceCall, name: str) -> datetime | None:
    moment: datetime | None = call.data.get(name)
    return moment and dt_util.as_utc(moment)
