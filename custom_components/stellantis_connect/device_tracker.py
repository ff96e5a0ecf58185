"""The device tracker of a car."""

from dataclasses import dataclass
from typing import override

from homeassistant.components.device_tracker import (
    TrackerEntity,
    TrackerEntityDescription,
)
from homeassistant.core import HomeAssistant, callback
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
    @override
    def state(self) -> str | None:
        """Return the zone; unknown for an estimate, which may be 550 m off."""
        return None if self.in_zones == [] else super().state

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

    @override
    async def async_added_to_hass(self) -> None:
        self._update_position()
        await super().async_added_to_hass()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        self._update_position()
        super()._handle_coordinator_update()

    def _update_position(self) -> None:
        """Update what Home Assistant reads several times for each state."""
        position = self.reported_value or Position()
        self._attr_latitude = position.latitude
        self._attr_longitude = position.longitude
        self._attr_location_accuracy = accuracy_of(position)
        if zone := self.coordinator.data.entered_zone:
            self._attr_in_zones = [zone]
        else:
            # Without zones, the position decides.
            self._attr_in_zones = [] if is_estimated(position) else None

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
