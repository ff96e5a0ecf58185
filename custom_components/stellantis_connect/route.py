"""The route of a trip."""

from math import ceil
from typing import Any

from homeassistant.util import dt as dt_util

from .api.models.position import Position
from .api.paging import Collection
from .history.records import end_of
from .models import JUST_USED_PERIOD
from .runtime import VehicleData

PAGE_SIZE = 60


async def async_fetch_route(
    vehicle: VehicleData, trip_id: str, limit: int
) -> Collection[Position]:
    """Return the positions of a trip; those of the last trip are only fetched once.

    A dashboard shows it. For some minutes after its end, positions may be missing.
    """
    car, routes = vehicle.coordinator, vehicle.routes
    key = (trip_id, ceil(limit / PAGE_SIZE))
    if key in routes:
        return routes[key]
    positions = await car.account.client.get_way_points(
        car.vehicle.id, trip_id, max_pages=key[1]
    )
    last = car.data.history.trips.latest
    end = end_of(last) if last and last.id == trip_id else None
    if end and end < dt_util.utcnow() - JUST_USED_PERIOD:
        routes.clear()
        routes[key] = positions
    return positions


def as_feature(
    trip_id: str, positions: Collection[Position], limit: int
) -> dict[str, Any]:
    """Return the positions of a trip as a GeoJSON feature, up to a number of them."""
    route = positions[:limit]
    times = [one.created_at for one in route]
    return {
        "type": "Feature",
        "geometry": {
            "type": "LineString",
            "coordinates": [_coordinates(one) for one in route],
        }
        # A GeoJSON line has at least two points.
        if len(route) > 1
        else None,
        "properties": {
            "trip_id": trip_id,
            "times": [moment.isoformat() if moment else None for moment in times],
            "headings": [one.heading for one in route],
            "complete": positions.complete and len(positions) <= limit,
        },
    }


def _coordinates(position: Position) -> list[float]:
    parts = (position.longitude, position.latitude, position.altitude)
    return [part for part in parts if part is not None]
