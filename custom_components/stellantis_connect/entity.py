"""The base of all entities of a car: their device, when they exist, and their commands."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import (
    AddConfigEntryEntitiesCallback,
    async_get_current_platform,
)
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .api.models.remote_actions import RemoteAction
from .availability.catalog import LOCAL, PRECONDITIONING, REMOTES, Datum, Source
from .availability.conditions import is_command_available
from .commands.errors import command_error
from .commands.models import Command, Value
from .const import DOMAIN
from .coordinator import AccountCoordinator, VehicleCoordinator
from .models import VehicleState
from .polling.endpoints import Endpoint
from .runtime import StellantisConfigEntry, VehicleData
from .translation import stage_name

ATTR_PROGRESS = "progress"


@dataclass(frozen=True, kw_only=True)
class StellantisEntityDescription[ValueT](EntityDescription, Datum[ValueT]):
    """The datum that an entity shows.

    The entity exists from the moment that the datum first has a value, if the permissions
    are granted.

    Attributes:
        attributes_fn: returns the attributes beside the value.
        exists_fn: returns whether the entity exists although it has no value.
        replaced_fn: returns whether the entity of a command shows the same and more.
        is_local: whether it stays available while the platform does not respond.
        slot: the slot of the preconditioning program that it belongs to.
    """

    attributes_fn: (
        Callable[[HomeAssistant, VehicleState], Mapping[str, object]] | None
    ) = None
    exists_fn: Callable[[VehicleState], bool] = lambda state: False
    replaced_fn: Callable[[VehicleCoordinator], bool | None] = lambda car: False
    is_local: bool = False
    slot: int | None = None

    def __post_init__(self) -> None:
        """Name texts and icons after the key."""
        object.__setattr__(self, "translation_key", self.translation_key or self.key)

    def is_allowed(self, car: VehicleCoordinator) -> bool:
        """Return whether a car may have the entity."""
        return self.source.scopes <= car.account.scopes and not self.replaced_fn(car)

    def is_deleted(self, car: VehicleCoordinator) -> bool:
        """Return whether the car reports its preconditioning without the program."""
        return self.value(car) is None and PRECONDITIONING.has_values(car.data)

    def is_supported(self, car: VehicleCoordinator) -> bool:
        """Return whether a car has something to show.

        Telemetry costs requests of its own, so the car's capabilities decide about it.
        """
        if self.source.endpoint is Endpoint.TELEMETRY:
            data = car.vehicle.data
            return data is None or self.source.capability in data
        return self.value(car) is not None or self.exists_fn(car.data)


class StellantisEntity[ValueT](CoordinatorEntity[VehicleCoordinator]):
    """A datum of a car; writes its state only if it changes."""

    _attr_has_entity_name = True
    entity_description: StellantisEntityDescription[ValueT]

    def __init__(
        self,
        vehicle: VehicleData,
        description: StellantisEntityDescription[ValueT],
    ) -> None:
        """Initialize the entity on the device of its car."""
        coordinator = vehicle.coordinator
        super().__init__(coordinator, context=description.source.endpoint)
        self.vehicle = vehicle
        self.entity_description = description
        self.device_entry = dr.async_get(coordinator.hass).async_get(vehicle.device_id)
        self._written_data: object = None

    @property
    @override
    def unique_id(self) -> str:
        # As an attribute it would be kept twice, in a dictionary that it makes grow.
        return unique_id(self.coordinator, self.entity_description)

    @property
    @override
    def available(self) -> bool:
        return (
            self.entity_description.is_local
            or self.coordinator.is_endpoint_available(self.coordinator_context)
        )

    @property
    def reported_value(self) -> ValueT | None:
        """Return the value in the car's present state."""
        return self.entity_description.value(self.coordinator)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, object] | None:
        attributes_fn = self.entity_description.attributes_fn
        if attributes_fn is None or self.reported_value is None:
            return None
        return {**attributes_fn(self.hass, self.coordinator.data)}

    @property
    def _state_data(self) -> object:
        """Return everything that the state is made of."""
        return (self.available, self.reported_value, self.extra_state_attributes)

    @override
    async def async_added_to_hass(self) -> None:
        """Keep what is about to be written."""
        await super().async_added_to_hass()
        self._written_data = self._state_data

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state if it differs from the one that is written."""
        state_data = self._state_data
        if state_data != self._written_data:
            self._written_data = state_data
            super()._handle_coordinator_update()


@dataclass(frozen=True, kw_only=True)
class CommandDescription[ValueT](StellantisEntityDescription[ValueT]):
    """The commands that an entity sends, and the datum that they change.

    The entity exists if the car supports the commands and they are permitted.

    Attributes:
        remotes: the keys of the commands.
        requires_value: whether the datum must have had a value, too.
    """

    remotes: tuple[str, ...]
    source: Source = LOCAL
    requires_value: bool = False

    @override
    def is_allowed(self, car: VehicleCoordinator) -> bool:
        """Return whether no command is known to be unavailable."""
        return super().is_allowed(car) and not any(
            is_command_available(car, key) is False for key in self.remotes
        )

    @override
    def is_supported(self, car: VehicleCoordinator) -> bool:
        """Return whether all commands are available."""
        if self.requires_value and not super().is_supported(car):
            return False
        programs = car.vehicle.remotes.preconditioning.programs_size or 0
        return (self.slot or 0) <= programs and all(
            is_command_available(car, key) for key in self.remotes
        )


@dataclass(frozen=True, kw_only=True)
class AnyCommandDescription[ValueT](CommandDescription[ValueT]):
    """A datum about the commands of a car, which exists if any command is available."""

    remotes: tuple[str, ...] = tuple(REMOTES)

    @override
    def is_allowed(self, car: VehicleCoordinator) -> bool:
        """Return whether not every command is known to be unavailable."""
        return not all(is_command_available(car, key) is False for key in self.remotes)

    @override
    def is_supported(self, car: VehicleCoordinator) -> bool:
        """Return whether any command is available."""
        return any(is_command_available(car, key) for key in self.remotes)


class CommandEntity[ValueT](StellantisEntity[ValueT]):
    """An entity that sends commands; it shows the requested value while one is pending."""

    _unrecorded_attributes = frozenset({ATTR_PROGRESS})
    entity_description: CommandDescription[ValueT]

    @property
    def pending_command(self) -> Command | None:
        """Return the pending command."""
        commands = self.coordinator.data.commands
        return commands.pending_command(self.entity_description.key)

    @property
    def pending_value(self) -> Value:
        """Return the value that a pending command requests."""
        command = self.pending_command
        return command.value if command else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, object] | None:
        attributes = super().extra_state_attributes
        if self.pending_command is None:
            return attributes
        progress = stage_name(self.hass, self.pending_command.stage)
        return {**(attributes or {}), ATTR_PROGRESS: progress}

    @property
    @override
    def assumed_state(self) -> bool:
        return self.pending_value is not None

    @property
    @override
    def _state_data(self) -> object:
        attributes = super().extra_state_attributes
        return (self.available, self.reported_value, attributes, self.pending_command)

    async def async_command(self, action: RemoteAction, value: Value = None) -> None:
        """Send a command, and wait for its outcome as long as an action may take.

        Raises:
            HomeAssistantError: The command failed.

        """
        commands = self.vehicle.commands
        command = commands.async_enqueue(self.entity_description.key, action, value)
        command = await commands.async_wait(command)
        if error := command_error(self.coordinator, command):
            raise error


def account_device_info(account: AccountCoordinator) -> DeviceInfo:
    """Return the device of an account."""
    entry = account.config_entry
    return DeviceInfo(
        identifiers={(DOMAIN, entry.entry_id)},
        entry_type=DeviceEntryType.SERVICE,
        manufacturer=account.brand.label,
        translation_key="account",
        translation_placeholders={"account": entry.title},
    )


def unique_id(coordinator: VehicleCoordinator, description: EntityDescription) -> str:
    """Return an id that stays with the account, its car and the datum."""
    account = coordinator.config_entry.unique_id
    return f"{account}_{coordinator.key}_{description.key}"


async def async_setup_entities[DescriptionT: StellantisEntityDescription[Any]](
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    entity_class: Callable[[VehicleData, DescriptionT], Entity],
    descriptions: Sequence[DescriptionT],
) -> None:
    """Add the entities of each car, whenever the car or a value of it first appears.

    An entity that has existed once stays, unless it is of a program that was deleted; one that
    is not allowed any more is removed.
    """
    data = entry.runtime_data
    account = data.account
    domain = async_get_current_platform().domain
    registry = er.async_get(account.hass)
    added: set[VehicleCoordinator] = set()

    def registered_id(
        coordinator: VehicleCoordinator, description: DescriptionT
    ) -> str | None:
        return registry.async_get_entity_id(
            domain, DOMAIN, unique_id(coordinator, description)
        )

    @callback
    def remove(coordinator: VehicleCoordinator, description: DescriptionT) -> None:
        if entity_id := registered_id(coordinator, description):
            registry.async_remove(entity_id)

    @callback
    def add(vehicle: VehicleData, supported: Sequence[DescriptionT]) -> None:
        async_add_entities(entity_class(vehicle, one) for one in supported)

    @callback
    def add_vehicle(vehicle: VehicleData) -> None:
        coordinator = vehicle.coordinator
        if coordinator in added:
            return
        added.add(coordinator)
        missing: dict[str, DescriptionT] = {}
        known: list[DescriptionT] = []
        for description in descriptions:
            if not description.is_allowed(coordinator):
                remove(coordinator, description)
            elif registered_id(coordinator, description):
                known.append(description)
            else:
                missing[description.key] = description

        @callback
        def update() -> None:
            for one in programs:
                if one.key not in missing and one.is_deleted(coordinator):
                    remove(coordinator, one)
                    missing[one.key] = one
            supported = [
                one for one in missing.values() if one.is_supported(coordinator)
            ]
            if supported:
                for one in supported:
                    del missing[one.key]
                add(vehicle, supported)

        programs = [one for one in (*known, *missing.values()) if one.slot]
        add(vehicle, known)
        update()
        if missing or programs:
            entry.async_on_unload(coordinator.async_add_listener(update))

    @callback
    def add_vehicles() -> None:
        for vehicle in data.vehicles.values():
            add_vehicle(vehicle)

    for vehicle in [*data.vehicles.values()]:
        # All entities at once would block the event loop.
        await asyncio.sleep(0)
        add_vehicle(vehicle)
    add_vehicles()
    entry.async_on_unload(account.async_add_listener(add_vehicles))
