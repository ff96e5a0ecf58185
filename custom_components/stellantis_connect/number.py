"""Numbers of a car: its charge limit, and the usable capacity of its battery."""

from dataclasses import dataclass
from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfEnergy
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .availability.catalog import ELECTRIC_ENERGY
from .commands.models import MAX_CHARGE_LIMIT, MIN_CHARGE_LIMIT
from .entity import (
    CommandDescription,
    StellantisEntity,
    StellantisEntityDescription,
    async_setup_entities,
)
from .history.capacity import MAX_CAPACITY, MIN_CAPACITY, Capacity, CapacitySource
from .history.events import Attributes
from .models import VehicleState
from .runtime import StellantisConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StellantisNumberDescription(NumberEntityDescription, CommandDescription[float]):
    """Describe a number of a car."""


@dataclass(frozen=True, kw_only=True)
class CapacityDescription(
    NumberEntityDescription, StellantisEntityDescription[Capacity]
):
    """Describe the usable capacity of a battery."""


class ChargeLimitNumber(StellantisEntity[float], NumberEntity):
    """Charge limit of a car, which cars do not know themselves."""

    entity_description: StellantisNumberDescription

    @property
    @override
    def native_value(self) -> float | None:
        return self.reported_value

    @override
    async def async_set_native_value(self, value: float) -> None:
        self.vehicle.charge_limiter.async_set_level(int(value))


class UsableCapacityNumber(StellantisEntity[Capacity], NumberEntity):
    """Usable capacity of a battery, which is learned until the owner sets it."""

    entity_description: CapacityDescription

    @property
    @override
    def native_value(self) -> float | None:
        capacity = self.reported_value
        return capacity.energy if capacity else None

    @override
    async def async_set_native_value(self, value: float) -> None:
        state = self.coordinator.data.with_set_capacity(value)
        self.coordinator.async_update_state(state)
        self.coordinator.async_schedule_save()


def _capacity_attributes(hass: HomeAssistant, car: VehicleState) -> Attributes:
    """Return where the capacity comes from, and what is learned besides one that is set."""
    capacity = learned = car.usable_capacity
    if capacity and capacity.source is CapacitySource.SET:
        learned = car.history.learned_capacity(car.status)
    return {
        "source": capacity.source if capacity else None,
        "learned_capacity": learned.energy if learned else None,
        "trips": learned.trips if learned else 0,
        "charges": learned.charges if learned else 0,
    }


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

CAPACITY_DESCRIPTION = CapacityDescription(
    key="usable_battery_capacity",
    source=ELECTRIC_ENERGY,
    device_class=NumberDeviceClass.ENERGY_STORAGE,
    entity_category=EntityCategory.CONFIG,
    native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
    native_min_value=MIN_CAPACITY,
    native_max_value=MAX_CAPACITY,
    native_step=0.1,
    mode=NumberMode.BOX,
    exists_fn=lambda car: car.status.electric is not None,
    value_fn=lambda car: car.usable_capacity,
    attributes_fn=_capacity_attributes,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the numbers of each car."""
    await async_setup_entities(
        entry, async_add_entities, ChargeLimitNumber, [DESCRIPTION]
    )
    await async_setup_entities(
        entry, async_add_entities, UsableCapacityNumber, [CAPACITY_DESCRIPTION]
    )
