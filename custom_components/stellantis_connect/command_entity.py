"""What the entities share that have a car do something."""

from dataclasses import dataclass
from typing import override

from .api.models.remote_actions import RemoteAction
from .availability.catalog import LOCAL, REMOTES, Source
from .availability.conditions import is_command_available
from .commands.models import Value
from .commands.programs import preconditioning_slots
from .coordinator import VehicleCoordinator
from .entity import StellantisEntity, StellantisEntityDescription


@dataclass(frozen=True, kw_only=True)
class CommandDescription[ValueT](StellantisEntityDescription[ValueT]):
    """What an entity has a car do; it exists where the car does that, and the owner lets it.

    Attributes:
        remotes: the commands of the catalogue, all of which it takes.
        slot: the preconditioning program that it is about, if it is about one.
        is_told: whether it takes a value of the car, too.
    """

    remotes: tuple[str, ...]
    source: Source = LOCAL
    slot: int | None = None
    requires_value: bool = False

    @override
    def is_allowed(self, car: VehicleCoordinator) -> bool:
        """Tell whether nothing is known that speaks against it."""
        return super().is_allowed(car) and not any(
            is_command_available(car, key) is False for key in self.remotes
        )

    @override
    def is_supported(self, car: VehicleCoordinator) -> bool:
        """Tell whether the car does all that it takes."""
        return (
            all(is_command_available(car, key) for key in self.remotes)
            and (self.slot or 0) <= (preconditioning_slots(car.vehicle) or 0)
            and (not self.requires_value or super().is_supported(car))
        )


@dataclass(frozen=True, kw_only=True)
class AnyCommandDescription[ValueT](CommandDescription[ValueT]):
    """What an entity tells of a car that does anything at all."""

    remotes: tuple[str, ...] = tuple(REMOTES)

    @override
    def is_allowed(self, car: VehicleCoordinator) -> bool:
        """Tell whether a command may come."""
        return not all(is_command_available(car, key) is False for key in self.remotes)

    @override
    def is_supported(self, car: VehicleCoordinator) -> bool:
        """Tell whether the car does something."""
        return any(is_command_available(car, key) for key in self.remotes)


class CommandEntity[ValueT](StellantisEntity[ValueT]):
    """Has a car do something; until that is settled, it shows what was asked for."""

    entity_description: CommandDescription[ValueT]

    @property
    def wanted(self) -> Value:
        """Return what was asked for and is not settled yet."""
        return self.coordinator.data.commands.pending_value(self.entity_description.key)

    @property
    @override
    def assumed_state(self) -> bool:
        """Return whether what is shown is what was asked for."""
        return self.wanted is not None

    @property
    @override
    def _state_data(self) -> object:
        return (super()._state_data, self.wanted)

    async def async_command(self, action: RemoteAction, value: Value = None) -> None:
        """Have the car do something, and wait for it as long as an action may take.

        Raises:
            HomeAssistantError: it came to nothing; says why, and what to do.

        """
        commands = self.vehicle.commands
        asked = commands.async_enqueue(self.entity_description.key, action, value)
        await commands.async_wait(asked)
