"""Stop a charge at its limit."""

from dataclasses import replace

from homeassistant.core import callback

from ..api.models.remote_actions import ImmediateCharging
from ..api.models.status import Status
from ..coordinator import VehicleCoordinator
from .models import ChargeLimit, Command
from .queue import CommandQueue

CHARGE = "charge"


class ChargeLimiter:
    """Stop a car's charge at its limit; what the owner starts afterwards continues."""

    def __init__(self, coordinator: VehicleCoordinator, commands: CommandQueue) -> None:
        """Initialize the limiter."""
        self._coordinator = coordinator
        self._commands = commands
        self._seen_status: Status | None = None
        self._seen_command: Command | None = None

    @callback
    def async_start(self) -> None:
        """Listen to the coordinator."""
        self._seen_command = self._coordinator.data.commands.last
        self._seen_status = self._coordinator.data.status
        self._coordinator.async_add_listener(self._handle_update)

    @callback
    def async_set_level(self, level: int) -> None:
        """Set the limit, also for the current charge."""
        self._set_limit(ChargeLimit(level=level))
        self._seen_status = None
        self._handle_update()
        self._coordinator.async_schedule_save()

    @callback
    def _handle_update(self) -> None:
        """Update the limit, and stop the charge where it is exceeded."""
        state = self._coordinator.data
        limit = state.charge_limit
        if (command := state.commands.last) and command is not self._seen_command:
            self._seen_command = command
            limit = limit.after_command(command, state.status)
        if state.status is not self._seen_status:
            self._seen_status = state.status
            limit = limit.after_status(state.status)
            is_pending = any(
                isinstance(one.action, ImmediateCharging)
                for one in state.commands.pending
            )
            if limit.is_exceeded(state.status) and not is_pending:
                self._commands.async_enqueue(CHARGE, ImmediateCharging(False), False)
        if limit != self._coordinator.data.charge_limit:
            self._set_limit(limit)

    def _set_limit(self, limit: ChargeLimit) -> None:
        state = replace(self._coordinator.data, charge_limit=limit)
        self._coordinator.async_update_state(state)
