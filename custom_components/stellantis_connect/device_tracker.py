"""The device tracker of a car."""

from dataclasses import dataclass
from typing import override

from homeassistant.components.device_tracker import (
    TrackerEntity,
    TrackerEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.models.position import Position
from .availability.catalog import POSITION
from .entity import StellantisEntity, StellantisEntityDescription, async_setup_entities
from .models import VehicleState
from .runtime import StellantisConfigEntry
from .zones import accuracy_of, is_estimated

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StellantisTrackerDescription(
    TrackerEntityDescription, StellantisEntityDescription[Position]
):
    """The device tracker of a car."""


class StellantisTracker(StellantisEntity[Position], TrackerEntity):
    """The device tracker of a car; its state is unknown without a position."""

    entity_description: StellantisTrackerDescription
    _attr_name = None

    @property
    def _is_estimated(self) -> bool:
        return is_estimated(self.reported_value or Position())

    @property
    @override
    def state(self) -> str | None:
        """Return the zone; unknown for an estimate, which may be 550 m off."""
        if self._is_estimated and not self.coordinator.data.entered_zone:
            return None
        return super().state

    @property
    @override
    def in_zones(self) -> list[str] | None:
        """Return the entered zone, none for an estimate, or else let the position decide."""
        if zone := self.coordinator.data.entered_zone:
            return [zone]
        return [] if self._is_estimated else None

    @property
    @override
    def _state_data(self) -> object:
        return (
            self.available,
            self.latitude,
            self.longitude,
            self.location_accuracy,
            self.in_zones,
            self.extra_state_attributes,
        )

    @property
    @override
    def latitude(self) -> float | None:
        return self.reported_value.latitude if self.reported_value else None

    @property
    @override
    def longitude(self) -> float | None:
        return self.reported_value.longitude if self.reported_value else None

    @property
    @override
    def location_accuracy(self) -> float:
        return accuracy_of(self.reported_value or Position())

    @property
    @override
    def extra_state_attributes(self) -> dict[str, object]:
        position = self.reported_value or Position()
        signal = self.coordinator.data.status.last_position.signal_quality
        return {
            "heading": position.heading,
            "altitude": position.altitude,
            "position_type": position.type and position.type.name.lower(),
            "fix_status": position.fix_status and position.fix_status.name.lower(),
            "signal_quality": signal,
        }


def _position(car: VehicleState) -> Position | None:
    position = car.status.last_position
    return None if None in (position.latitude, position.longitude) else position


DESCRIPTIONS = (
    StellantisTrackerDescription(key="position", source=POSITION, value_fn=_position),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the device tracker of each car."""
    await async_setup_entities(
        entry, async_add_entities, StellantisTracker, DESCRIPTIONS
    )
