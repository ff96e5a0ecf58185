"""Lock of a car."""

from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.lock import LockEntity, LockEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.models.remote_actions import Door
from .entity import CommandDescription, CommandEntity, async_setup_entities
from .runtime import StellantisConfigEntry

# The queue of each car sends its commands one after the other.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StellantisLockDescription(LockEntityDescription, CommandDescription[bool]):
    """Describe the lock of a car."""


class StellantisLock(CommandEntity[bool], LockEntity):
    """Lock of a car."""

    entity_description: StellantisLockDescription

    @property
    @override
    def is_locked(self) -> bool | None:
        return self.reported_value

    @property
    @override
    def is_locking(self) -> bool:
        return self.pending_value is True

    @property
    @override
    def is_unlocking(self) -> bool:
        return self.pending_value is False

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        await self.async_command(Door(locked=True), True)

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        await self.async_command(Door(locked=False), False)


DESCRIPTION = StellantisLockDescription(
    key="lock",
    remotes=("remote_door",),
    value_fn=lambda car: car.status.doors_state.locked,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the lock of each car."""
    await async_setup_entities(entry, async_add_entities, StellantisLock, [DESCRIPTION])
