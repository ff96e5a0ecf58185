"""Buttons: what a person asks of a car or of the platform."""

from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import StellantisConfigEntry
from .entity import StellantisEntity, StellantisEntityDescription, async_setup_entities

PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class StellantisButtonDescription(
    ButtonEntityDescription, StellantisEntityDescription[bool]
):
    """A button of a car."""


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
    translation_key="refresh",
    scope=None,
    value_fn=lambda car: True,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of each car."""
    async_setup_entities(entry, async_add_entities, RefreshButton, [REFRESH])
