"""Events for Stellantis Connect."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import override

from homeassistant.components.event import (
    EventEntity,
    EventEntityDescription,
    EventExtraStoredData,
)
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .availability.catalog import ALARMS, ALERTS, COLLISIONS, TRIPS
from .commands.errors import command_problem
from .commands.models import SETTLED, Command
from .entity import (
    AnyCommandDescription,
    StellantisEntity,
    StellantisEntityDescription,
    async_setup_entities,
)
from .history.events import (
    HistoryEvent,
    alarm_events,
    alert_events,
    charge_events,
    collision_events,
    trip_events,
)
from .history.models import History
from .history.records import Record
from .runtime import StellantisConfigEntry
from .translation import alert_name

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StellantisEventDescription[ValueT](
    EventEntityDescription, StellantisEntityDescription[ValueT]
):
    """Describe an event."""


@dataclass(frozen=True, kw_only=True)
class CommandEventDescription(
    AnyCommandDescription[Command], StellantisEventDescription[Command]
):
    """Describe the event of settled commands."""


@dataclass(frozen=True, kw_only=True)
class HistoryEventDescription(StellantisEventDescription[tuple[Record, ...]]):
    """Describe an event of a car's history.

    Attributes:
        events_fn: the events between two histories.
    """

    events_fn: Callable[[History, History], Iterable[HistoryEvent]]


@dataclass
class TimedEventStoredData(EventExtraStoredData):
    """The last event with its time, which an unavailable state does not contain."""

    last_event_triggered: str | None


class StellantisEvent[ValueT](StellantisEntity[ValueT], EventEntity):
    """An event of a car, which is restored even if it was unavailable."""

    entity_description: StellantisEventDescription[ValueT]

    @property
    @override
    def extra_restore_state_data(self) -> TimedEventStoredData:
        event = super().extra_restore_state_data
        return TimedEventStoredData(
            event.last_event_type, event.last_event_attributes, self.state
        )

    @override
    async def async_get_last_state(self) -> State | None:
        """Return the last state; the time of the last event if that was unavailable."""
        state = await super().async_get_last_state()
        data = await self.async_get_last_extra_data()
        triggered = data and data.as_dict().get("last_event_triggered")
        if state and triggered and state.state == STATE_UNAVAILABLE:
            return State(state.entity_id, str(triggered))
        return state

    @callback
    def _async_trigger(self, event_type: str, data: Mapping[str, object]) -> None:
        """Trigger an event."""
        self._trigger_event(event_type, dict(data))
        self.async_write_ha_state()


class CommandEvent(StellantisEvent[Command]):
    """The event of a car's settled commands."""

    entity_description: CommandEventDescription

    _last: Command | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Ignore the command that was settled before."""
        await super().async_added_to_hass()
        self._last = self.reported_value

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        if (command := self.reported_value) and command is not self._last:
            self._last = command
            outcome = command.stage.name.lower()
            data = {
                "command": command.action.key,
                "value": command.value,
                "reason": command.error_key,
                "message": command_problem(self.coordinator, command),
            }
            self._async_trigger(outcome, data)
        super()._handle_coordinator_update()


class StellantisHistoryEvent(StellantisEvent[tuple[Record, ...]]):
    """An event of a car's history; also triggered for what happened during a restart."""

    entity_description: HistoryEventDescription
    _unrecorded_attributes = frozenset({"impacts"})

    _history: History = History()

    @override
    async def async_added_to_hass(self) -> None:
        """Trigger the events since the last run."""
        await super().async_added_to_hass()
        self._history = self.coordinator.restored_history
        self._async_trigger_changes()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        self._async_trigger_changes()
        super()._handle_coordinator_update()

    @callback
    def _async_trigger_changes(self) -> None:
        before, self._history = self._history, self.coordinator.data.history
        if before is self._history:
            return
        for event in self.entity_description.events_fn(before, self._history):
            self._async_trigger(event.type, self._data(event))

    def _data(self, event: HistoryEvent) -> Mapping[str, object]:
        return event.attributes


class AlertEvent(StellantisHistoryEvent):
    """The event of a car's alerts."""

    @override
    def _data(self, event: HistoryEvent) -> Mapping[str, object]:
        name = alert_name(self.hass, str(event.attributes["kind"]))
        return {**event.attributes, "name": name}


COMMAND = CommandEventDescription(
    key="command",
    # It would repeat in the logbook what the controls and failures show.
    entity_registry_enabled_default=False,
    event_types=sorted(stage.name.lower() for stage in SETTLED),
    value_fn=lambda car: car.commands.last,
)


ALERT = HistoryEventDescription(
    key="alert",
    entity_registry_enabled_default=False,
    event_types=["raised", "cleared"],
    source=ALERTS,
    value_fn=lambda car: car.history.alerts.fetched,
    events_fn=alert_events,
)
EVENTS = (
    HistoryEventDescription(
        key="collision",
        entity_registry_enabled_default=False,
        event_types=["collision"],
        source=COLLISIONS,
        value_fn=lambda car: car.history.collisions.fetched,
        events_fn=collision_events,
    ),
    HistoryEventDescription(
        key="trip",
        entity_registry_enabled_default=False,
        event_types=["started", "ended"],
        source=TRIPS,
        value_fn=lambda car: car.history.trips.fetched,
        events_fn=trip_events,
    ),
    HistoryEventDescription(
        key="alarm",
        entity_registry_enabled_default=False,
        event_types=["armed", "disarmed", "triggered"],
        source=ALARMS,
        value_fn=lambda car: car.history.alarms.fetched,
        events_fn=alarm_events,
    ),
    HistoryEventDescription(
        key="charge_event",
        translation_key="charge",
        entity_registry_enabled_default=False,
        event_types=["started", "ended"],
        value_fn=lambda car: car.history.charges.fetched,
        events_fn=charge_events,
    ),
)

DESCRIPTIONS = (ALERT, *EVENTS)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the events of each car."""
    await async_setup_entities(entry, async_add_entities, CommandEvent, [COMMAND])
    await async_setup_entities(entry, async_add_entities, AlertEvent, [ALERT])
    await async_setup_entities(
        entry, async_add_entities, StellantisHistoryEvent, EVENTS
    )
