"""Buttons: what a person asks of a car or of the platform."""

from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.models.remote_actions import (
    Horn,
    ImmediateCharging,
    Lights,
    RemoteAction,
    WakeUp,
)
from .availability.catalog import LOCAL
from .availability.conditions import is_command_available
from .entity import (
    CommandDescription,
    CommandEntity,
    StellantisEntity,
    StellantisEntityDescription,
    async_setup_entities,
)
from .runtime import StellantisConfigEntry

# A car's own queue keeps its commands in order; one car's waiting must hold up no other's.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StellantisButtonDescription(
    ButtonEntityDescription, StellantisEntityDescription[bool]
):
    """A button of a car."""


@dataclass(frozen=True, kw_only=True)
class CommandButtonDescription(ButtonEntityDescription, CommandDescription[bool]):
    """A button that has a car do something."""

    action: RemoteAction


class CommandButton(CommandEntity[bool], ButtonEntity):
    """Has a car do something."""

    entity_description: CommandButtonDescription

    @override
    async def async_press(self) -> None:
        """Have it done.

        Raises:
            HomeAssistantError: it came to nothing; says why, and what to do.

        """
        await self.async_command(self.entity_description.action)


class RefreshButton(StellantisEntity[bool], ButtonEntity):
    """Asks the platform for the car's latest status now; wakes no car."""

    entity_description: StellantisButtonDescription

    @property
    @override
    def available(self) -> bool:
        """Stay at hand while the platform is down, which is when people press it."""
        return True

    @override
    async def async_press(self) -> None:
        """Ask the platform.

        Raises:
            HomeAssistantError: the platform did not answer.

        """
        await self.coordinator.async_refresh_now()


REFRESH = StellantisButtonDescription(
    key="refresh",
    source=LOCAL,
    value_fn=lambda car: True,
)

COMMANDS = (
    CommandButtonDescription(
        key="sound_horn",
        remotes=("remote_horn",),
        value_fn=lambda car: None,
        action=Horn(),
    ),
    CommandButtonDescription(
        key="flash_lights",
        remotes=("remote_lights",),
        value_fn=lambda car: None,
        action=Lights(),
    ),
    CommandButtonDescription(
        key="wake_up",
        entity_category=EntityCategory.CONFIG,
        remotes=("remote_wake_up",),
        value_fn=lambda car: None,
        action=WakeUp(),
    ),
    CommandButtonDescription(
        key="start_charge",
        remotes=("remote_charging_start",),
        # Then there is a switch.
        replaced_fn=lambda car: is_command_available(car, "remote_charging_stop"),
        value_fn=lambda car: None,
        action=ImmediateCharging(True),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of each car."""
    await async_setup_entities(entry, async_add_entities, RefreshButton, [REFRESH])
    await async_setup_entities(entry, async_add_entities, CommandButton, COMMANDS)
