"""Events: what has happened to a car, or what became of what it was asked to do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.components.logbook import async_log_entry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .alert import alert_name
from .api.models.scope import Scope
from .command_entity import AnyCommandDescription
from .commands.models import SETTLED, Command
from .const import DOMAIN
from .entity import StellantisEntity, StellantisEntityDescription, async_setup_entities
from .history.events import (
    HistoryEvent,
    alarm_events,
    alert_events,
    charge_events,
    collision_events,
    trip_events,
)
from .history.models import History
from .history.records import Record, Records
from .models import VehicleState
from .polling.endpoints import Endpoint
from .runtime import StellantisConfigEntry
from .sentences import advice, sentence

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class CommandOutcomeDescription(EventEntityDescription, AnyCommandDescription[Command]):
    """The outcomes of a car's commands."""


@dataclass(frozen=True, kw_only=True)
class PastEventDescription(
    EventEntityDescription, StellantisEntityDescription[tuple[Record, ...]]
):
    """What happens to a car; `news_fn` tells what of it is new since a past."""

    events_fn: Callable[[History, VehicleState], Iterable[HistoryEvent]]


class CommandOutcomeEvent(StellantisEntity[Command], EventEntity):
    """Tells of each command how it ended."""

    entity_description: CommandOutcomeDescription

    _told: Command | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Leave out what was told before a restart."""
        await super().async_added_to_hass()
        self._told = self.value

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Tell of a command that has come to its end."""
        if (command := self.value) and command is not self._told:
            self._told = command
            outcome = command.stage.name.lower()
            self._trigger_event(
                outcome,
                {
                    "command": command.name,
                    "value": command.value,
                    "reason": command.error_key,
                },
            )
            _log(self, outcome, {"reason": advice(self.hass, command.error_key)})
        super()._handle_coordinator_update()


class PastEvent(StellantisEntity[tuple[Record, ...]], EventEntity):
    """Tells of each thing that happens to a car, once: also of what happened during a restart."""

    entity_description: PastEventDescription

    _told: History = History()

    @override
    async def async_added_to_hass(self) -> None:
        """Tell what has happened since the last run."""
        await super().async_added_to_hass()
        self._told = self.coordinator.restored_history
        self._tell()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Tell what is new."""
        self._tell()
        super()._handle_coordinator_update()

    def _tell(self) -> None:
        before, self._told = self._told, self.coordinator.data.history
        events_fn = self.entity_description.events_fn
        for news in events_fn(before, self.coordinator.data):
            data = self._data(news)
            self._trigger_event(news.type, data)
            self.async_write_ha_state()
            _log(self, news.type, data)

    def _data(self, news: HistoryEvent) -> dict[str, object]:
        return dict(news.attributes)


class AlertEvent(PastEvent):
    """Tells of alerts, by their names."""

    @override
    def _data(self, news: HistoryEvent) -> dict[str, object]:
        name = alert_name(self.hass, str(news.attributes["kind"]))
        return {**super()._data(news), "name": name}


def _log(
    event: CommandOutcomeEvent | PastEvent, event_type: str, data: Mapping[str, object]
) -> None:
    """Have the logbook say more than the type of an event does, where there is more to say."""
    key = event.entity_description.translation_key
    if message := sentence(event.hass, key, event_type, data):
        car = event.coordinator.name
        async_log_entry(event.hass, car, message, DOMAIN, event.entity_id)


COMMAND = CommandOutcomeDescription(
    key="command",
    translation_key="command",
    event_types=sorted(stage.name.lower() for stage in SETTLED),
    value_fn=lambda car: car.commands.last,
)


def _read[T: Record](records: Records[T]) -> tuple[T, ...] | None:
    """Return records once they were read."""
    return records.records if records.read_until else None


ALERT = PastEventDescription(
    key="alert",
    translation_key="alert",
    event_types=["raised", "cleared"],
    resource=Endpoint.ALERTS,
    scope=Scope.ALERT,
    value_fn=lambda car: _read(car.history.alerts),
    events_fn=alert_events,
)

PAST = (
    PastEventDescription(
        key="alarm",
        translation_key="alarm",
        event_types=["armed", "disarmed", "triggered"],
        resource=Endpoint.ALARMS,
        value_fn=lambda car: _read(car.history.alarms),
        events_fn=alarm_events,
    ),
    PastEventDescription(
        key="collision",
        translation_key="collision",
        event_types=["collision"],
        resource=Endpoint.COLLISIONS,
        scope=Scope.COLLISION,
        value_fn=lambda car: _read(car.history.collisions),
        events_fn=collision_events,
    ),
    PastEventDescription(
        key="trip",
        translation_key="trip",
        event_types=["started", "ended"],
        resource=Endpoint.TRIPS,
        scope=Scope.TRIP,
        value_fn=lambda car: _read(car.history.trips),
        events_fn=trip_events,
    ),
    PastEventDescription(
        key="charge_event",
        translation_key="charge",
        event_types=["started", "ended"],
        value_fn=lambda car: _read(car.history.charges),
        events_fn=charge_events,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the events of each car."""
    await async_setup_entities(
        entry, async_add_entities, CommandOutcomeEvent, [COMMAND]
    )
    await async_setup_entities(entry, async_add_entities, AlertEvent, [ALERT])
    await async_setup_entities(entry, async_add_entities, PastEvent, PAST)
