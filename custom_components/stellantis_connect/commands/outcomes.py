"""Outcomes of a car's commands: an event for each failure, and a notification if nobody waited."""

from dataclasses import replace

from homeassistant.components import persistent_notification
from homeassistant.components.persistent_notification import Notification, UpdateType
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, ATTR_NAME
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.util import dt as dt_util

from ..api.models.remotes import RemoteType
from ..const import DOMAIN, EVENT_COMMAND_FAILED
from ..coordinator import VehicleCoordinator
from ..storage import vehicle_digest
from ..translation import text
from .errors import command_problem, device_name, vehicle_device, vehicle_entity_id
from .models import Command

ATTR_COMMAND = "command"
ATTR_MESSAGE = "message"
ATTR_OUTCOME = "outcome"
ATTR_REASON = "reason"


class OutcomeReporter:
    """Report what became of the commands of a car."""

    def __init__(self, coordinator: VehicleCoordinator) -> None:
        """Initialize the reporter."""
        self._coordinator = coordinator
        self._hass = coordinator.hass
        self._last: Command | None = None
        self._shown: dict[RemoteType, Command] = {}
        self._remove_callback: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> None:
        """Show the failures from before a restart, and listen to the coordinator."""
        self._last = self._coordinator.data.commands.last
        self._update_notifications()
        self._coordinator.async_add_listener(self._handle_update)
        self._remove_callback = persistent_notification.async_register_callback(
            self._hass, self._handle_notifications
        )

    @callback
    def async_close(self) -> None:
        """Remove the notifications; the next run shows them again."""
        if self._remove_callback:
            self._remove_callback()
        for kind in self._shown:
            persistent_notification.async_dismiss(
                self._hass, self._notification_id(kind)
            )

    @callback
    def _handle_update(self) -> None:
        """Report the command that has been concluded since the last update."""
        last = self._coordinator.data.commands.last
        if last is self._last:
            return
        self._last = last
        if last and last.error_key:
            self._fire_event(last)
        self._update_notifications()

    def _fire_event(self, command: Command) -> None:
        car = self._coordinator
        device = vehicle_device(car)
        self._hass.bus.async_fire(
            EVENT_COMMAND_FAILED,
            {
                ATTR_DEVICE_ID: device.id if device else None,
                ATTR_ENTITY_ID: vehicle_entity_id(car, command.name),
                ATTR_NAME: device_name(car),
                ATTR_COMMAND: command.action.key,
                ATTR_OUTCOME: command.stage.name.lower(),
                ATTR_REASON: command.error_key,
                ATTR_MESSAGE: command_problem(car, command),
            },
        )

    def _update_notifications(self) -> None:
        """Show a notification for each unattended failure, and no others."""
        unattended = {
            one.action.type: one for one in self._coordinator.data.commands.unattended
        }
        for kind in self._shown.keys() - unattended.keys():
            del self._shown[kind]
            persistent_notification.async_dismiss(
                self._hass, self._notification_id(kind)
            )
        for kind, command in unattended.items():
            if self._shown.get(kind) != command:
                self._shown[kind] = command
                self._notify(kind, command)

    def _notify(self, kind: RemoteType, command: Command) -> None:
        problem = command_problem(self._coordinator, command)
        requested = dt_util.as_local(command.requested_at)
        time = f"{requested:%Y-%m-%d %H:%M}"
        persistent_notification.async_create(
            self._hass,
            text(self._hass, "common", "notification_command").format(
                problem=problem, time=time
            ),
            text(self._hass, "common", "notification_command_title"),
            self._notification_id(kind),
        )

    def _notification_id(self, kind: RemoteType) -> str:
        digest = vehicle_digest(self._coordinator.key)
        return f"{DOMAIN}_{digest}_{kind.name.lower()}"

    @callback
    def _handle_notifications(
        self, update: UpdateType, notifications: dict[str, Notification]
    ) -> None:
        """Forget the failures whose notifications a person has dismissed."""
        if update is not UpdateType.REMOVED:
            return
        dismissed = [
            kind for kind in self._shown if self._notification_id(kind) in notifications
        ]
        if not dismissed:
            return
        for kind in dismissed:
            del self._shown[kind]
        state = self._coordinator.data
        commands = state.commands.without_unattended(dismissed)
        self._coordinator.async_update_state(replace(state, commands=commands))
        self._coordinator.async_schedule_save()
