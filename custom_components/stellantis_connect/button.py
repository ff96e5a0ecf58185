"""Buttons of a car: commands, the refresh of its status, and the reset of its capacity."""

from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.exceptions import StellantisError
from .api.models.remote_actions import (
    Horn,
    ImmediateCharging,
    Lights,
    RemoteAction,
    WakeUp,
)
from .availability.catalog import ELECTRIC_ENERGY, LOCAL
from .availability.conditions import is_command_available
from .commands.errors import vehicle_error
from .entity import (
    CommandDescription,
    CommandEntity,
    StellantisEntity,
    StellantisEntityDescription,
    async_setup_entities,
)
from .runtime import StellantisConfigEntry
from .translation import command_name

# The queue of each car sends its commands one after the other.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StellantisButtonDescription(
    ButtonEntityDescription, StellantisEntityDescription[bool]
):
    """Describe a button of a car."""


@dataclass(frozen=True, kw_only=True)
class CommandButtonDescription(ButtonEntityDescription, CommandDescription[bool]):
    """Describe a button that sends a command."""

    action: RemoteAction


class CommandButton(CommandEntity[bool], ButtonEntity):
    """Button that sends a command."""

    entity_description: CommandButtonDescription

    @override
    async def async_press(self) -> None:
        await self.async_command(self.entity_description.action)


class RefreshButton(StellantisEntity[bool], ButtonEntity):
    """Button that refreshes the car's status, without waking the car."""

    entity_description: StellantisButtonDescription

    @override
    async def async_press(self) -> None:
        try:
            await self.coordinator.async_refresh_now()
        except StellantisError as err:
            name = command_name(self.hass, "refresh")
            raise vehicle_error(self.coordinator, name, f"remote_{err.key}") from err


class ResetCapacityButton(StellantisEntity[bool], ButtonEntity):
    """Button that replaces the usable capacity that the owner has set by the learned one."""

    entity_description: StellantisButtonDescription

    @override
    async def async_press(self) -> None:
        state = self.coordinator.data.with_set_capacity(None)
        self.coordinator.async_update_state(state)
        self.coordinator.async_schedule_save()


REFRESH = StellantisButtonDescription(
    key="refresh",
    is_local=True,
    entity_category=EntityCategory.DIAGNOSTIC,
    source=LOCAL,
    value_fn=lambda car: True,
)

RESET_CAPACITY = StellantisButtonDescription(
    key="reset_battery_capacity",
    entity_category=EntityCategory.CONFIG,
    source=ELECTRIC_ENERGY,
    exists_fn=lambda car: car.status.electric is not None,
)

COMMANDS = (
    CommandButtonDescription(
        key="sound_horn",
        remotes=("remote_horn",),
        action=Horn(),
    ),
    CommandButtonDescription(
        key="flash_lights",
        remotes=("remote_lights",),
        action=Lights(),
    ),
    CommandButtonDescription(
        key="wake_up",
        entity_category=EntityCategory.DIAGNOSTIC,
        remotes=("remote_wake_up",),
        action=WakeUp(),
    ),
    CommandButtonDescription(
        key="start_charge",
        remotes=("remote_charging_start",),
        # A switch starts and stops the charge.
        replaced_fn=lambda car: is_command_available(car, "remote_charging_stop"),
        action=ImmediateCharging(True),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the buttons of each car."""
    await async_setup_entities(entry, async_add_entities, RefreshButton, [REFRESH])
    await async_setup_entities(
        entry, async_add_entities, ResetCapacityButton, [RESET_CAPACITY]
    )
    await async_setup_entities(entry, async_add_entities, CommandButton, COMMANDS)
