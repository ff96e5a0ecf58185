"""Number of a car: its charge limit."""

from dataclasses import dataclass
from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
)
from homeassistant.const import PERCENTAGE, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .commands.models import MAX_CHARGE_LIMIT, MIN_CHARGE_LIMIT
from .entity import CommandDescription, StellantisEntity, async_setup_entities
from .runtime import StellantisConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StellantisNumberDescription(NumberEntityDescription, CommandDescription[float]):
    """Describe a number of a car."""


class ChargeLimitNumber(StellantisEntity[float], NumberEntity):
    """Charge limit of a car, which cars do not know themselves."""

    entity_description: StellantisNumberDescription

    @property
    @override
    def native_value(self) -> float | None:
        """Return the limit."""
        return self.reported_value

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set the limit."""
        self.vehicle.charge_limiter.async_set_level(int(value))


DESCRIPTION = StellantisNumberDescription(
    key="charge_limit",
    device_class=NumberDeviceClass.BATTERY,
    entity_category=EntityCategory.CONFIG,
    native_unit_of_measurement=PERCENTAGE,
    native_min_value=MIN_CHARGE_LIMIT,
    native_max_value=MAX_CHARGE_LIMIT,
    remotes=("remote_charging_stop",),
    value_fn=lambda car: car.charge_limit.level,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the number of each car."""
    await async_setup_entities(
        entry, async_add_entities, ChargeLimitNumber, [DESCRIPTION]
    )
