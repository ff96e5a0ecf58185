"""The history of a car in the logbook: an event for each of its lines."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, ATTR_NAME
from homeassistant.core import callback

from .commands.errors import device_name, vehicle_device, vehicle_entity_id
from .commands.outcomes import ATTR_MESSAGE
from .const import EVENT_HISTORY
from .coordinator import VehicleCoordinator
from .history.events import (
    HistoryEvent,
    alarm_events,
    alert_events,
    charge_events,
    collision_events,
    trip_events,
)
from .history.models import History
from .translation import event_message
from .trip_title import trip_title


@dataclass(frozen=True)
class LoggedEvents:
    """Events of a car's history.

    Attributes:
        key: the translation key of the events.
        entity_key: the entity whose logbook has them; a device's has those of its entities.
        events_fn: the events between two histories.
    """

    key: str
    entity_key: str
    events_fn: Callable[[History, History], Iterable[HistoryEvent]]


EVENTS = (
    LoggedEvents("alarm", "alarm_triggered", alarm_events),
    LoggedEvents("alert", "active_alerts", alert_events),
    LoggedEvents("charge", "charging", charge_events),
    LoggedEvents("collision", "collision", collision_events),
    LoggedEvents("trip", "trips", trip_events),
)


class HistoryLog:
    """Fire an event for what happened to a car, also during a restart."""

    def __init__(self, coordinator: VehicleCoordinator) -> None:
        """Initialize the log."""
        self._coordinator = coordinator
        self._hass = coordinator.hass
        self._history = coordinator.restored_history

    @callback
    def async_start(self) -> None:
        """Listen to the coordinator."""
        self._handle_update()
        self._coordinator.async_add_listener(self._handle_update)

    @callback
    def _handle_update(self) -> None:
        """Fire the events since the last update."""
        before, self._history = self._history, self._coordinator.data.history
        if before is self._history:
            return
        for logged in EVENTS:
            for event in logged.events_fn(before, self._history):
                if message := self._message(logged.key, event):
                    self._fire_event(logged.entity_key, message)

    def _message(self, key: str, event: HistoryEvent) -> str:
        trip = event.trip
        data = {"title": trip_title(self._hass, trip)} if trip else event.attributes
        return event_message(self._hass, key, event.type, data)

    def _fire_event(self, entity_key: str, message: str) -> None:
        car = self._coordinator
        device = vehicle_device(car)
        self._hass.bus.async_fire(
            EVENT_HISTORY,
            {
                ATTR_DEVICE_ID: device.id if device else None,
                ATTR_ENTITY_ID: vehicle_entity_id(car, entity_key),
                ATTR_NAME: device_name(car),
                ATTR_MESSAGE: message,
            },
        )
