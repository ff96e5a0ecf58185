"""Zones whose entering and leaving the platform reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Self

from homeassistant.components.zone import ATTR_PASSIVE, ATTR_RADIUS
from homeassistant.const import ATTR_LATITUDE, ATTR_LONGITUDE
from homeassistant.core import HomeAssistant, State
from homeassistant.util.location import distance

from ..api.models.monitors import ZoneTransition, ZoneTrigger
from ..api.models.position import Position

# Leaving needs one trigger per zone, beside the two of the charge limit.
MAX_ZONES = 3


@dataclass(frozen=True)
class Zone:
    """A zone.

    Attributes:
        radius: in whole km, as the platform wants it.
    """

    entity_id: str
    longitude: float
    latitude: float
    radius: int

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return the zone of an entity."""
        return cls(
            state.entity_id,
            round(state.attributes[ATTR_LONGITUDE], 5),
            round(state.attributes[ATTR_LATITUDE], 5),
            max(1, ceil(state.attributes[ATTR_RADIUS] / 1000)),
        )

    def trigger(self, transition: ZoneTransition) -> ZoneTrigger:
        """Return the trigger of entering or leaving the zone."""
        return ZoneTrigger(transition, self.longitude, self.latitude, self.radius)

    def distance_to(self, position: Position) -> float | None:
        """Return the distance in meters between the center and a position."""
        if position.latitude is None or position.longitude is None:
            return None
        return distance(
            self.latitude, self.longitude, position.latitude, position.longitude
        )


def selected_zones(hass: HomeAssistant, entity_ids: Iterable[str]) -> tuple[Zone, ...]:
    """Return the zones with these entities that exist."""
    states = map(hass.states.get, entity_ids)
    zones = (
        Zone.from_state(state)
        for state in states
        if state and not state.attributes.get(ATTR_PASSIVE)
    )
    return tuple(zones)[:MAX_ZONES]


def entered_zone(zones: Iterable[Zone], position: Position) -> Zone | None:
    """Return the zone that a car is in: the nearest one that its position lies in."""
    distances = [(zone.distance_to(position), zone) for zone in zones]
    near = [
        (meters, zone)
        for meters, zone in distances
        if meters is not None and meters <= zone.radius * 1000
    ]
    return min(near, key=lambda pair: pair[0])[1] if near else None
