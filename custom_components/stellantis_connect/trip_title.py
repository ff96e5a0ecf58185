"""Titles of trips, by the zones where they start and end."""

from homeassistant.core import HomeAssistant, callback

from .api.models.trips import DetailedTrip
from .history.records import has_ended
from .translation import text
from .units import DISTANCE, DURATION, formatted
from .zones import zone_name


@callback
def trip_title(hass: HomeAssistant, trip: DetailedTrip) -> str:
    """Return the title of a trip: its zones and its distance, or else its duration."""
    route = _route(hass, trip)
    distance = formatted(hass, DISTANCE, trip.distance)
    minutes = None if trip.duration is None else trip.duration / 60
    duration = formatted(hass, DURATION, minutes)
    if not has_ended(trip):
        parts = [route]
    elif route:
        parts = [route, distance or duration]
    else:
        parts = [distance, duration]
    return ", ".join(filter(None, parts)) or text(hass, "common", "trip")


def _route(hass: HomeAssistant, trip: DetailedTrip) -> str | None:
    """Return the zones of a trip; None if it neither starts nor ends in one."""
    start = zone_name(hass, trip.start_position)
    end = zone_name(hass, trip.stop_position)
    match start, end:
        case None, None:
            return None
        case _, None:
            key = "trip_from"
        case None, _:
            key = "trip_to"
        case _ if start == end:
            key = "trip_round"
        case _:
            key = "trip_between"
    return text(hass, "common", key).format(start=start, end=end)
