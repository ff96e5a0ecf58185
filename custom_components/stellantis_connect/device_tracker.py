"""The device tracker: where a car is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import override

from homeassistant.components.device_tracker import (
    TrackerEntity,
    TrackerEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.models.position import FixStatus, Position, PositionType
from .api.models.scope import Scope
from .entity import StellantisEntity, StellantisEntityDescription, async_setup_entities
from .models import VehicleState
from .runtime import StellantisConfigEntry

PARALLEL_UPDATES = 0

# Metres. The platform tells how a position was found, not how well: an open sky
# gives a 3D fix, few satellites a 2D one, and a tunnel none.
ACCURACY: Mapping[FixStatus, float] = {FixStatus.FIX_3D: 10, FixStatus.FIX_2D: 50}
ACCURACY_ACQUIRED = 25
ACCURACY_ESTIMATED = 500


@dataclass(frozen=True, kw_only=True)
class StellantisTrackerDescription(
    TrackerEntityDescription, StellantisEntityDescription[Position]
):
    """The device tracker of a car."""


class StellantisTracker(StellantisEntity[Position], TrackerEntity):
    """The device tracker of a car; without a position it is not known where."""

    entity_description: StellantisTrackerDescription
    _attr_name = None

    @property
    @override
    def latitude(self) -> float | None:
        """Return degrees north."""
        return self.value.latitude if self.value else None

    @property
    @override
    def longitude(self) -> float | None:
        """Return degrees east."""
        return self.value.longitude if self.value else None

    @property
    @override
    def location_accuracy(self) -> float:
        """Return the radius in metres within which the car is to be looked for."""
        position = self.value or Position()
        if position.type is PositionType.ESTIMATED:
            return ACCURACY_ESTIMATED
        if position.fix_status is None:
            return ACCURACY_ACQUIRED
        return ACCURACY[position.fix_status]

    @property
    @override
    def entity_picture(self) -> str | None:
        """Return where this Home Assistant serves the first picture of the car."""
        pictures = self.coordinator.vehicle.pictures
        return self.vehicle.pictures.path(pictures[0]) if pictures else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, float | str | None]:
        """Return heading in degrees and altitude in metres, and how the position was found."""
        position = self.value or Position()
        signal = self.coordinator.data.status.last_position.signal_quality
        return {
            "heading": position.heading,
            "altitude": position.altitude,
            "position_type": position.type and position.type.name.lower(),
            "fix_status": position.fix_status and position.fix_status.name.lower(),
            "signal_quality": signal,
        }


def _position(car: VehicleState) -> Position | None:
    """Return the position, without its time: a car that stands still is no news."""
    position = car.status.last_position
    if None in (position.latitude, position.longitude):
        return None
    return replace(position, created_at=None, signal_quality=None)


DESCRIPTION = StellantisTrackerDescription(
    key="position",
    translation_key="position",
    scope=Scope.POSITION,
    value_fn=_position,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the device tracker of each car."""
    await async_setup_entities(
        entry, async_add_entities, StellantisTracker, [DESCRIPTION]
    )
