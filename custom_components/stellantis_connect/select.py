"""Select of a car: its charging power level."""

from dataclasses import dataclass
from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.models.energy import ChargingPowerLevel
from .api.models.remote_actions import ChargingPreference
from .entity import CommandDescription, CommandEntity, async_setup_entities
from .runtime import StellantisConfigEntry

# The queue of each car sends its commands one after the other.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StellantisSelectDescription(
    SelectEntityDescription, CommandDescription[ChargingPowerLevel]
):
    """Describe a select of a car."""


class PowerLevelSelect(CommandEntity[ChargingPowerLevel], SelectEntity):
    """Charging power level of a car."""

    entity_description: StellantisSelectDescription

    @property
    @override
    def current_option(self) -> str | None:
        if isinstance(self.pending_value, str):
            return self.pending_value
        return self.reported_value.name.lower() if self.reported_value else None

    @override
    async def async_select_option(self, option: str) -> None:
        level = ChargingPowerLevel[option.upper()]
        await self.async_command(ChargingPreference(level), option)


DESCRIPTION = StellantisSelectDescription(
    key="charging_power_level",
    entity_category=EntityCategory.CONFIG,
    options=[level.name.lower() for level in ChargingPowerLevel],
    remotes=("remote_charging_power_level",),
    value_fn=lambda car: car.electric.charging.charging_power_level,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the select of each car."""
    await async_setup_entities(
        entry, async_add_entities, PowerLevelSelect, [DESCRIPTION]
    )
