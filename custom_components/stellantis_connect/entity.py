"""What all entities share: their car's device, and when they exist."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, override

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import (
    AddConfigEntryEntitiesCallback,
    async_get_current_platform,
)
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .api.models.scope import Scope
from .availability.conditions import offers
from .const import DOMAIN
from .coordinator import VehicleCoordinator
from .models import VehicleState
from .polling.endpoints import Endpoint
from .runtime import StellantisConfigEntry, VehicleData


@dataclass(frozen=True, kw_only=True)
class StellantisEntityDescription[ValueT](EntityDescription):
    """What an entity shows of a car's state, and what that takes.

    The entity exists from the moment that `value_fn` first gives a value, where its
    scope is granted; one without a scope needs none.

    Attributes:
        unless: a command whose entity, where there is one, shows or does the same and more.
    """

    value_fn: Callable[[VehicleState], ValueT | None]
    resource: Endpoint = Endpoint.STATUS
    scope: Scope | None = Scope.TELEMETRY
    unless: str | None = None

    def is_allowed(self, car: VehicleCoordinator) -> bool:
        """Tell whether a car may have the entity."""
        granted = self.scope is None or self.scope in car.account.scopes
        return granted and not (self.unless and offers(car, self.unless))

    def is_seen(self, car: VehicleCoordinator) -> bool:
        """Tell whether there is anything to show."""
        return self.value_fn(car.data) is not None


class StellantisEntity[ValueT](CoordinatorEntity[VehicleCoordinator]):
    """One value of a car's state; writes its own only when that value changes."""

    _attr_has_entity_name = True
    entity_description: StellantisEntityDescription[ValueT]

    def __init__(
        self,
        vehicle: VehicleData,
        description: StellantisEntityDescription[ValueT],
    ) -> None:
        """Initialize the entity."""
        coordinator = vehicle.coordinator
        super().__init__(coordinator, context=description.resource)
        self.vehicle = vehicle
        car = coordinator.vehicle
        brand = car.brand or coordinator.account.brand
        self.entity_description = description
        self._attr_unique_id = unique_id(coordinator, description)
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, coordinator.key)},
            manufacturer=brand.label,
            model=car.label,
            name=car.label or brand.label,
            serial_number=car.vin,
        )
        self._shown: object = None

    @property
    def value(self) -> ValueT | None:
        """Return the value in the car's present state."""
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    def _written_state(self) -> object:
        """Return all that a state is made of."""
        return (self.available, self.value)

    @override
    async def async_added_to_hass(self) -> None:
        """Remember what is about to be shown."""
        await super().async_added_to_hass()
        self._shown = self._written_state

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state where it differs from what is shown."""
        if self._written_state != self._shown:
            self._shown = self._written_state
            super()._handle_coordinator_update()


def unique_id(coordinator: VehicleCoordinator, description: EntityDescription) -> str:
    """Return an id that stays with the account, its car and what is shown."""
    account = coordinator.config_entry.unique_id
    return f"{account}_{coordinator.key}_{description.key}"


async def async_setup_entities[DescriptionT: StellantisEntityDescription[Any]](
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entity_class: Callable[[VehicleData, DescriptionT], Entity],
    descriptions: Sequence[DescriptionT],
) -> None:
    """Add the entities of each car, whenever the car or a value of it first appears.

    What was seen once, in this run or an earlier one, exists; what is not allowed any more is gone.
    """
    data = entry.runtime_data
    account = data.account
    domain = async_get_current_platform().domain
    registry = er.async_get(account.hass)
    followed: set[VehicleCoordinator] = set()

    def registered(
        coordinator: VehicleCoordinator, description: DescriptionT
    ) -> str | None:
        return registry.async_get_entity_id(
            domain, DOMAIN, unique_id(coordinator, description)
        )

    @callback
    def follow(vehicle: VehicleData) -> None:
        coordinator = vehicle.coordinator
        if coordinator in followed:
            return
        followed.add(coordinator)
        unseen = [one for one in descriptions if one.is_allowed(coordinator)]

        @callback
        def add_seen() -> None:
            seen = [
                description
                for description in unseen
                if description.is_seen(coordinator)
                or registered(coordinator, description)
            ]
            unseen[:] = [one for one in unseen if one not in seen]
            async_add_entities(entity_class(vehicle, one) for one in seen)

        for description in descriptions:
            entity_id = registered(coordinator, description)
            if entity_id and description not in unseen:
                registry.async_remove(entity_id)
        add_seen()
        entry.async_on_unload(coordinator.async_add_listener(add_seen))

    @callback
    def follow_new() -> None:
        for vehicle in data.vehicles.values():
            follow(vehicle)

    for vehicle in [*data.vehicles.values()]:
        # All entities at once would hold up the event loop.
        await asyncio.sleep(0)
        follow(vehicle)
    follow_new()
    entry.async_on_unload(account.async_add_listener(follow_new))
