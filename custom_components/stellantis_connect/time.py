"""Times: when a car starts to charge or to precondition, in its own time of the day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import override

from homeassistant.components.time import TimeEntity, TimeEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.models.remote_actions import (
    PRECONDITIONING_SLOTS,
    DelayedCharging,
    RemoteAction,
)
from .commands.programs import (
    reported_program,
    since_midnight,
    start_program_at,
    time_of_day,
)
from .entity import CommandDescription, CommandEntity, async_setup_entities
from .models import VehicleState
from .runtime import StellantisConfigEntry

# A car's own queue keeps its commands in order; one car's waiting must hold up no other's.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StellantisTimeDescription(TimeEntityDescription, CommandDescription[time]):
    """A time of a car.

    Attributes:
        action_fn: returns what sets it to so long after midnight, as the car is now.
    """

    entity_category: EntityCategory | None = EntityCategory.CONFIG
    action_fn: Callable[[VehicleState, timedelta], RemoteAction]


class StellantisTime(CommandEntity[time], TimeEntity):
    """A time of a car."""

    entity_description: StellantisTimeDescription

    @property
    @override
    def native_value(self) -> time | None:
        """Return what was asked for, and else what the car tells."""
        if isinstance(self.pending_value, str):
            return time.fromisoformat(self.pending_value)
        return self.reported_value

    @override
    async def async_set_value(self, value: time) -> None:
        """Set the time; cars know no seconds."""
        value = value.replace(second=0, microsecond=0)
        action = self.entity_description.action_fn(
            self.coordinator.data, since_midnight(value)
        )
        await self.async_command(action, value.isoformat())


def _delayed_start(car: VehicleState) -> time | None:
    electric = car.status.electric
    return time_of_day(electric.charging.next_delayed_time if electric else None)


def _program(slot: int) -> StellantisTimeDescription:
    def start(car: VehicleState) -> time | None:
        program = reported_program(car, slot)
        return time_of_day(program.start if program else None)

    return StellantisTimeDescription(
        key=f"program_{slot}_start",
        remotes=("remote_preconditioning_programs",),
        slot=slot,
        value_fn=start,
        action_fn=lambda car, span: start_program_at(car, slot, span),
    )


DESCRIPTIONS = (
    StellantisTimeDescription(
        key="charging_next_delayed_time",
        remotes=("remote_charging_next_delayed_time",),
        value_fn=_delayed_start,
        action_fn=lambda car, span: DelayedCharging(span),
    ),
    *map(_program, sorted(PRECONDITIONING_SLOTS)),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the times of each car."""
    await async_setup_entities(entry, async_add_entities, StellantisTime, DESCRIPTIONS)
