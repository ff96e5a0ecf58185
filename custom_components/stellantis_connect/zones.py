"""Zones that a car is in."""

from collections.abc import Mapping

from homeassistant.components.zone import async_active_zone, in_zone
from homeassistant.core import HomeAssistant, callback

from .api.models.position import FixStatus, Position, PositionType

# Meters. The platform has no accuracy, only how a position was found: an open sky
# gives a 3D fix, few satellites give a 2D one, and a tunnel gives none.
ACCURACY: Mapping[FixStatus | None, float] = {
    FixStatus.FIX_3D: 10,
    FixStatus.FIX_2D: 50,
    None: 25,
}
ACCURACY_ESTIMATED = 500


def is_estimated(position: Position) -> bool:
    """Return whether a position is an estimate, which may be 550 m off."""
    return position.type is PositionType.ESTIMATED


def accuracy_of(position: Position) -> float:
    """Return the accuracy of a position in meters."""
    if is_estimated(position):
        return ACCURACY_ESTIMATED
    return ACCURACY[position.fix_status]


@callback
def is_in_zone(hass: HomeAssistant, position: Position, zone_id: str) -> bool | None:
    """Return whether a position is in a zone; None if that is not known."""
    zone = hass.states.get(zone_id)
    latitude, longitude = position.latitude, position.longitude
    if zone is None or latitude is None or longitude is None or is_estimated(position):
        return None
    return in_zone(zone, latitude, longitude, accuracy_of(position))


def coordinates_text(position: Position) -> str | None:
    """Return the coordinates of a position; None without any."""
    if position.latitude is None or position.longitude is None:
        return None
    return f"{position.latitude:.5f}, {position.longitude:.5f}"


@callback
def zone_name(hass: HomeAssistant, position: Position) -> str | None:
    """Return the name of the zone that a position is in; None outside of zones."""
    latitude, longitude = position.latitude, position.longitude
    if latitude is None or longitude is None or is_estimated(position):
        return None
    zone = async_active_zone(hass, latitude, longitude, accuracy_of(position))
    return zone.name if zone else None
