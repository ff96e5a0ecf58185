"""What all entities share: their car's device, and when they exist."""

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

from .api import Scope
from .const import DOMAIN
from .coordinator import (
    Resource,
    StellantisConfigEntry,
    VehicleCoordinator,
    VehicleState,
)


@dataclass(frozen=True, kw_only=True)
class StellantisEntityDescription[ValueT](EntityDescription):
    """What an entity shows of a car's state, and what that takes.

    The entity exists from the moment that `value_fn` first gives a value.
    """

    value_fn: Callable[[VehicleState], ValueT | None]
    resource: Resource = Resource.STATUS
    scope: Scope = Scope.TELEMETRY


class StellantisEntity[ValueT](CoordinatorEntity[VehicleCoordinator]):
    """One value of a car's state; writes its own only when that value changes."""

    _attr_has_entity_name = True
    entity_description: StellantisEntityDescription[ValueT]

    def __init__(
        self,
        coordinator: VehicleCoordinator,
        description: StellantisEntityDescription[ValueT],
    ) -> None:
        """Belong to the device of the coordinator's car."""
        super().__init__(coordinator, context=description.resource)
        vehicle, brand = coordinator.vehicle, coordinator.account.brand
        self.entity_description = description
        self._attr_unique_id = unique_id(coordinator, description)
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, vehicle.key)},
            manufacturer=brand.label,
            model=vehicle.label,
            name=vehicle.label or brand.label,
            serial_number=vehicle.vin,
        )
        self._shown = (self.available, self.value)

    @property
    def value(self) -> ValueT | None:
        """Return the value in the car's present state."""
        return self.entity_description.value_fn(self.coordinator.data)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state where it differs from what is shown."""
        current = (self.available, self.value)
        if current != self._shown:
            self._shown = current
            super()._handle_coordinator_update()


def unique_id(coordinator: VehicleCoordinator, description: EntityDescription) -> str:
    """Return an id that stays with the account, its car and what is shown."""
    account = coordinator.config_entry.unique_id
    return f"{account}_{coordinator.vehicle.key}_{description.key}"


@callback
def async_setup_entities[DescriptionT: StellantisEntityDescription[Any]](
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entity_class: Callable[[VehicleCoordinator, DescriptionT], Entity],
    descriptions: Sequence[DescriptionT],
) -> None:
    """Add the entities of each car, whenever the car or a value of it first appears.

    What was seen once, in this run or an earlier one, exists; what lost its scope is gone.
    """
    account = entry.runtime_data
    domain = async_get_current_platform().domain
    registry = er.async_get(account.hass)

    @callback
    def follow(coordinator: VehicleCoordinator) -> None:
        unseen: list[DescriptionT] = []

        @callback
        def add(seen: Callable[[DescriptionT], bool]) -> None:
            found = [description for description in unseen if seen(description)]
            if found:
                unseen[:] = [one for one in unseen if one not in found]
                async_add_entities(entity_class(coordinator, one) for one in found)

        def registered(description: DescriptionT) -> str | None:
            return registry.async_get_entity_id(
                domain, DOMAIN, unique_id(coordinator, description)
            )

        def has_value(description: DescriptionT) -> bool:
            return description.value_fn(coordinator.data) is not None

        for description in descriptions:
            if description.scope in account.scopes:
                unseen.append(description)
            elif entity_id := registered(description):
                registry.async_remove(entity_id)
        add(lambda description: has_value(description) or bool(registered(description)))
        entry.async_on_unload(coordinator.async_add_listener(lambda: add(has_value)))

    for coordinator in account.vehicles.values():
        follow(coordinator)
    entry.async_on_unload(account.async_on_new_vehicle(follow))
