"""The charge limit: stop the charge at a level, once per plug-in."""

from dataclasses import replace

from homeassistant.core import callback

from ..api.models.remote_actions import ImmediateCharging
from ..api.models.status import Status
from ..coordinator import VehicleCoordinator
from .models import START_CHARGE, STOP_CHARGE, ChargeLimit, Command
from .queue import CommandQueue

CHARGE = "charge"


class ChargeLimiter:
    """Stops a car's charge at its limit; whatever the owner starts after that goes on."""

    def __init__(self, car: VehicleCoordinator, commands: CommandQueue) -> None:
        """Initialize the limiter."""
        self._car = car
        self._commands = commands
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
    def async_start(self) -> None:
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
                one.words in (START_CHARGE, STOP_CHARGE)
                for one in state.commands.pending
            )
            if limit.is_exceeded(state.status) and not undecided:
                self._commands.async_enqueue(CHARGE, ImmediateCharging(False), False)
        if limit != self._car.data.charge_limit:
            self._write(limit)

    def _write(self, limit: ChargeLimit) -> None:
        self._car.async_update_state(replace(self._car.data, charge_limit=limit))
