"""The charge limit: a level at which the charge is stopped, once per plug-in."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mashumaro import DataClassDictMixin

from homeassistant.core import callback

from ..api.models.remote_actions import ImmediateCharging
from ..api.models.status import Status
from .models import Command

if TYPE_CHECKING:
    from ..coordinator import VehicleCoordinator

LEAST_LEVEL = 10
FULL = 100
# So often a charge that cannot be stopped is tried, each time that the car tells of it.
MOST_FAILURES = 3

CHARGE = "charge"
START = ImmediateCharging(True).body()
STOP = ImmediateCharging(False).body()


@dataclass(frozen=True, kw_only=True)
class ChargeLimit(DataClassDictMixin):
    """What a person wants, and whether it was seen to.

    Attributes:
        level: percent; a full battery means no limit.
        is_met: whether the charge of this plug-in was stopped, or goes on at the owner's wish.
        failures: how often it could not be stopped.
        mileage: km at that time. A car that has moved since was unplugged, seen or not.
    """

    level: int = FULL
    is_met: bool = False
    failures: int = 0
    mileage: float | None = None

    def after_status(self, status: Status) -> ChargeLimit:
        """Return the limit, which is good once more where a status shows another plug-in."""
        electric = status.electric
        unplugged = electric is not None and electric.charging.plugged is False
        moved = self.mileage != status.odometer.mileage
        return ChargeLimit(level=self.level) if unplugged or moved else self

    def after_command(self, command: Command, status: Status) -> ChargeLimit:
        """Return the limit, which is seen to once a charge was stopped or started beyond it."""
        if command.words not in (START, STOP) or not self.is_reached(status):
            return self
        known = replace(self, mileage=status.odometer.mileage)
        if command.has_succeeded:
            return replace(known, is_met=True)
        return replace(known, failures=self.failures + (command.words == STOP))

    def is_reached(self, status: Status) -> bool:
        """Tell whether a battery is as full as it should become."""
        level = status.electric.level if status.electric else None
        return level is not None and self.level < FULL and self.level <= level

    def is_exceeded(self, status: Status) -> bool:
        """Tell whether there is a charge to be stopped."""
        is_open = not self.is_met and self.failures < MOST_FAILURES
        return is_open and status.charging is True and self.is_reached(status)


class ChargeLimiter:
    """Stops a car's charge at its limit; whatever the owner starts after that goes on."""

    def __init__(self, car: VehicleCoordinator) -> None:
        """See nothing yet."""
        self._car = car
        self._seen: Status | None = None
        self._heard: Command | None = None

    @callback
    def async_set_level(self, level: int) -> None:
        """Take a new limit, for the charge that is under way as well."""
        self._write(ChargeLimit(level=level))
        self._seen = None
        self.async_look()
        self._car.account.async_schedule_save()

    @callback
    def async_watch(self) -> None:
        """Look at all that comes in from now on."""
        self._heard = self._car.data.commands.last
        self._seen = self._car.data.status
        self._car.async_add_listener(self.async_look)

    @callback
    def async_look(self) -> None:
        """Take up what is new of the car, and stop the charge where that is due."""
        state = self._car.data
        limit = state.charge_limit
        if (command := state.commands.last) and command is not self._heard:
            self._heard = command
            limit = limit.after_command(command, state.status)
        if state.status is not self._seen:
            self._seen = state.status
            limit = limit.after_status(state.status)
            undecided = any(
                one.words in (START, STOP) for one in state.commands.pending
            )
            if limit.is_exceeded(state.status) and not undecided:
                self._car.commands.async_enqueue(
                    CHARGE, ImmediateCharging(False), False
                )
        if limit != self._car.data.charge_limit:
            self._write(limit)

    def _write(self, limit: ChargeLimit) -> None:
        self._car.async_update_state(replace(self._car.data, charge_limit=limit))
