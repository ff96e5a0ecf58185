"""Times of a car, in its time zone: when it starts to charge or to precondition."""

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

# The queue of each car sends its commands one after the other.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StellantisTimeDescription(TimeEntityDescription, CommandDescription[time]):
    """Describe a time of a car.

    Attributes:
        action_fn: returns the action that sets it, for a time since midnight.
    """

    entity_category: EntityCategory | None = EntityCategory.CONFIG
    action_fn: Callable[[VehicleState, timedelta], RemoteAction]


class StellantisTime(CommandEntity[time], TimeEntity):
    """Time of a car."""

    entity_description: StellantisTimeDescription

    @property
    @override
    def native_value(self) -> time | None:
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


def _program(slot: int) -> StellantisTimeDescription:
    def start(car: VehicleState) -> time | None:
        program = reported_program(car, slot)
        return time_of_day(program.start if program else None)

    return StellantisTimeDescription(
        key=f"program_{slot}_start",
        remotes=("remote_preconditioning_programs",),
        slot=slot,
        requires_value=True,
        value_fn=start,
        action_fn=lambda car, start: start_program_at(car, slot, start),
    )


DESCRIPTIONS = (
    StellantisTimeDescription(
        key="charging_next_delayed_time",
        remotes=("remote_charging_next_delayed_time",),
        value_fn=lambda car: time_of_day(car.electric.charging.next_delayed_time),
        action_fn=lambda car, start: DelayedCharging(start),
    ),
    *map(_program, sorted(PRECONDITIONING_SLOTS)),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the times of each car."""
    await async_setup_entities(entry, async_add_entities, StellantisTime, DESCRIPTIONS)
