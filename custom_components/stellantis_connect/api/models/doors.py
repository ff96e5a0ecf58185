"""Locks, doors, windows and lids."""

from collections.abc import Mapping
from enum import StrEnum

from ..decode import model
from .base import Block


class LockedState(StrEnum):
    """Which parts of a car are locked or unlocked."""

    UNLOCKED = "Unlocked"
    LOCKED = "Locked"
    SUPER_LOCKED = "SuperLocked"
    DRIVER_DOOR_UNLOCKED = "DriverDoorUnlocked"
    CABIN_DOORS_UNLOCKED = "CabinDoorsUnlocked"
    CARGO_DOORS_LOCKED = "CargoDoorsLocked"
    CARGO_DOORS_UNLOCKED = "CargoDoorsUnlocked"
    REAR_DOORS_UNLOCKED = "RearDoorsUnlocked"
    REAR_DOORS_LOCKED = "RearDoorsLocked"
    TRUNK_LOCKED = "TrunkLocked"
    TRUNK_UNLOCKED = "TrunkUnLocked"


_LOCKED = frozenset({LockedState.LOCKED, LockedState.SUPER_LOCKED})
_UNLOCKED = frozenset(
    {
        LockedState.UNLOCKED,
        LockedState.DRIVER_DOOR_UNLOCKED,
        LockedState.CABIN_DOORS_UNLOCKED,
        LockedState.CARGO_DOORS_UNLOCKED,
        LockedState.REAR_DOORS_UNLOCKED,
        LockedState.TRUNK_UNLOCKED,
    }
)


class OpeningIdentifier(StrEnum):
    """A door, a window or a lid."""

    DRIVER = "Driver"
    PASSENGER = "Passenger"
    REAR_LEFT = "RearLeft"
    REAR_RIGHT = "RearRight"
    TRUNK = "Trunk"
    REAR_WINDOW = "RearWindow"
    ROOF_WINDOW = "RoofWindow"


class OpeningState(StrEnum):
    """Whether a door, a window or a lid is open."""

    OPEN = "Open"
    CLOSED = "Closed"


@model
class Opening:
    """One door, window or lid."""

    identifier: OpeningIdentifier | None = None
    state: OpeningState | None = None


@model
class DoorsState(Block):
    """Locks and openings; may have no value except its time."""

    locked_states: frozenset[LockedState] = frozenset()
    opening: tuple[Opening, ...] = ()

    @property
    def locked(self) -> bool | None:
        """Return whether the whole car is locked.

        One unlocked part is enough for False; a single locked part does not tell about others.
        """
        if self.locked_states & _UNLOCKED:
            return False
        return True if self.locked_states & _LOCKED else None

    def opening_state(self, identifier: OpeningIdentifier) -> OpeningState | None:
        """Return the state of an opening; None if it was not reported."""
        for one in reversed(self.opening):
            if one.identifier is identifier and one.state:
                return one.state
        return None

    @property
    def openings(self) -> Mapping[OpeningIdentifier, OpeningState]:
        """Return the state of each opening that was reported.

        RoofWindow is always Open on cars without one.
        """
        return {
            opening.identifier: opening.state
            for opening in self.opening
            if opening.identifier and opening.state
        }

    @property
    def any_open(self) -> bool | None:
        """Return whether any door, window or lid except the roof window is open."""
        states = {
            one.state
            for one in self.opening
            if one.identifier not in (None, OpeningIdentifier.ROOF_WINDOW)
        }
        return OpeningState.OPEN in states if states - {None} else None
