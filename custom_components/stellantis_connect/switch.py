"""Switches of a car."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.models.energy import ChargingType
from .api.models.preconditioning import PreconditioningStatus
from .api.models.remote_actions import (
    PRECONDITIONING_SLOTS,
    AirConditioning,
    ChargingPreference,
    ImmediateCharging,
    Lights,
    RemoteAction,
)
from .commands.charge_limit import CHARGE
from .commands.errors import vehicle_error
from .commands.programs import (
    enable_program,
    is_program_enabled,
    program_attributes,
    reported_program,
)
from .entity import CommandDescription, CommandEntity, async_setup_entities
from .models import VehicleState
from .runtime import StellantisConfigEntry
from .translation import command_name

# The queue of each car sends its commands one after the other.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StellantisSwitchDescription(SwitchEntityDescription, CommandDescription[bool]):
    """Describe a switch of a car.

    Attributes:
        action_fn: returns the action that turns it on or off; None if there is nothing to turn.
    """

    action_fn: Callable[[VehicleState, bool], RemoteAction | None]


class StellantisSwitch(CommandEntity[bool], SwitchEntity):
    """Switch of a car."""

    entity_description: StellantisSwitchDescription

    @property
    @override
    def is_on(self) -> bool | None:
        if self.pending_value is None:
            return self.reported_value
        return bool(self.pending_value)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._async_turn(True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._async_turn(False)

    async def _async_turn(self, on: bool) -> None:
        """Turn the switch on or off.

        Raises:
            HomeAssistantError: the command failed, or the program is not set.

        """
        action = self.entity_description.action_fn(self.coordinator.data, on)
        if action is None:
            command = command_name(self.hass, "set_preconditioning_program")
            raise vehicle_error(self.coordinator, command, "program_not_set")
        await self.async_command(action, on)


def _is_preconditioning(car: VehicleState) -> bool | None:
    status = car.status.preconditioning.status
    return None if status is None else status is PreconditioningStatus.ENABLED


def _is_partial_charge(car: VehicleState) -> bool | None:
    charging_type = car.electric.charging.type
    return None if charging_type is None else charging_type is ChargingType.PARTIAL


def _program(slot: int) -> StellantisSwitchDescription:
    return StellantisSwitchDescription(
        key=f"program_{slot}",
        entity_category=EntityCategory.CONFIG,
        remotes=("remote_preconditioning_programs",),
        slot=slot,
        requires_value=True,
        value_fn=lambda car: is_program_enabled(car, slot),
        attributes_fn=lambda hass, car: program_attributes(reported_program(car, slot)),
        action_fn=lambda car, on: enable_program(car, slot, on),
    )


DESCRIPTIONS = (
    StellantisSwitchDescription(
        key="precondition",
        remotes=("remote_preconditioning",),
        value_fn=_is_preconditioning,
        action_fn=lambda car, on: AirConditioning(immediate=on),
    ),
    StellantisSwitchDescription(
        key=CHARGE,
        remotes=("remote_charging_start", "remote_charging_stop"),
        value_fn=lambda car: car.status.charging,
        action_fn=lambda car, on: ImmediateCharging(on),
    ),
    StellantisSwitchDescription(
        key="charge_partially",
        entity_category=EntityCategory.CONFIG,
        remotes=("remote_charging_type",),
        value_fn=_is_partial_charge,
        action_fn=lambda car, on: ChargingPreference(
            ChargingType.PARTIAL if on else ChargingType.FULL
        ),
    ),
    StellantisSwitchDescription(
        key="light_up",
        remotes=("remote_lights",),
        # A switch without a state could not be turned off.
        requires_value=True,
        value_fn=lambda car: car.status.lighting_system.any_on,
        action_fn=lambda car, on: Lights(on=on),
    ),
    *map(_program, sorted(PRECONDITIONING_SLOTS)),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the switches of each car."""
    await async_setup_entities(
        entry, async_add_entities, StellantisSwitch, DESCRIPTIONS
    )
