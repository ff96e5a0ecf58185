"""Triggers: what happens to a car, whether or not its entities are enabled."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, override

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID, CONF_ZONE, PERCENTAGE, UnitOfLength
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType, VolDictType
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import DistanceConverter

from .api.models.alerts import AlertSeverity
from .commands.errors import command_problem
from .commands.models import CommandState
from .coordinator import VehicleCoordinator
from .history.events import (
    HistoryEvent,
    alarm_events,
    alert_events,
    charge_events,
    state_of,
    trip_events,
)
from .history.models import History
from .models import VehicleState
from .polling.endpoints import Endpoint
from .runtime import async_track_vehicle
from .target import CONF_DURATION, VehicleTracker, async_validate_config
from .translation import alert_name, command_name
from .zones import is_in_zone

CONF_LEVEL = "level"
CONF_RANGE = "range"
CONF_SEVERITY = "severity"
CONF_UNIT = "unit"

SEVERITIES = [severity.name.lower() for severity in AlertSeverity]
RANGE_UNITS = (UnitOfLength.KILOMETERS, UnitOfLength.MILES)
# A low range triggers again once it was this much higher: it varies with the temperature.
RANGE_HYSTERESIS = 1.1

type Variables = Mapping[str, object]
type HistoryEvents = Callable[[History, History], Iterable[HistoryEvent]]


class VehicleTrigger(Trigger):
    """A trigger of one or more cars."""

    endpoint: ClassVar[Endpoint] = Endpoint.STATUS
    options_schema: ClassVar[VolDictType] = {}

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        return async_validate_config(hass, config, cls.options_schema)

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Initialize the trigger."""
        super().__init__(hass, config)
        self._name = config.key.rpartition(".")[2].replace("_", " ")
        self._options: Mapping[str, Any] = config.options or {}
        self._target = config.target

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        tracker = VehicleTracker(
            self._hass,
            self._target,
            lambda device_id: self._async_track(device_id, run_action),
        )
        return await tracker.async_setup()

    @callback
    @abstractmethod
    def _async_track(
        self, device_id: str, run_action: TriggerActionRunner
    ) -> CALLBACK_TYPE:
        """Run the action whenever something happens to a car; return what stops that."""

    @callback
    def _async_run(
        self,
        run_action: TriggerActionRunner,
        device_id: str,
        car: VehicleCoordinator,
        variables: Variables,
    ) -> None:
        # After a crash, it must not happen again.
        car.async_schedule_save()
        run_action(
            {ATTR_DEVICE_ID: device_id, "name": car.name, **variables},
            f"{car.name} {self._name}",
        )


class ChangeTrigger[ValueT](VehicleTrigger):
    """A trigger that compares a value of a car before and after its state changes.

    The last value is kept while no value is known and while the entry is reloaded, so that
    nothing triggers twice.
    """

    @callback
    @override
    def _async_track(
        self, device_id: str, run_action: TriggerActionRunner
    ) -> CALLBACK_TYPE:
        value: ValueT | None = None

        @callback
        def update(car: VehicleCoordinator) -> None:
            nonlocal value
            before, now = value, self._value(car.data, value)
            if now is None:
                return
            value = now
            if before is None:
                return
            for variables in self._events(before, now, car.data):
                self._async_run(run_action, device_id, car, variables)

        return async_track_vehicle(self._hass, device_id, self.endpoint, update)

    @abstractmethod
    def _value(self, state: VehicleState, before: ValueT | None) -> ValueT | None:
        """Return the value of a state after the last known one; None if it is not known."""

    @abstractmethod
    def _events(
        self, before: ValueT, now: ValueT, state: VehicleState
    ) -> Iterable[Variables]:
        """Yield the variables of what happened between two values."""


class PluggedInTrigger(ChangeTrigger[bool]):
    """Trigger when a car is plugged in."""

    becomes: ClassVar[bool] = True

    @override
    def _value(self, state: VehicleState, before: bool | None) -> bool | None:
        return state.electric.charging.plugged

    @override
    def _events(
        self, before: bool, now: bool, state: VehicleState
    ) -> Iterator[Variables]:
        if before is not now and now is self.becomes:
            yield {"level": state.electric.level}


class UnpluggedTrigger(PluggedInTrigger):
    """Trigger when a car is unplugged."""

    becomes = False


class ChargedToTrigger(ChangeTrigger[str]):
    """Trigger when a car is charged to a level, once per charge."""

    options_schema = {
        vol.Required(CONF_LEVEL): vol.All(vol.Coerce(float), vol.Range(min=1, max=100))
    }

    @override
    def _value(self, state: VehicleState, before: str | None) -> str | None:
        """Return the last charge that has reached the level, even if it falls again."""
        charges = state.history.charges
        if charges.read_until is None:
            return None
        level: float = self._options[CONF_LEVEL]
        for charge in charges.records[-1:]:
            # A charge that was completed afterwards has triggered before.
            is_new = charge.observed and not charge.completed
            if is_new and charge.start_level < level <= charge.end_level:
                return charge.id
        return before or ""

    @override
    def _events(
        self, before: str, now: str, state: VehicleState
    ) -> Iterator[Variables]:
        if now != before:
            charge = state.history.charges.records[-1]
            yield {
                "level": charge.end_level,
                "start_level": charge.start_level,
                "unit": PERCENTAGE,
            }


class RangeBelowTrigger(ChangeTrigger[bool]):
    """Trigger when the range of a car falls below a distance."""

    options_schema = {
        vol.Required(CONF_RANGE): cv.positive_float,
        vol.Optional(CONF_UNIT, default=UnitOfLength.KILOMETERS): vol.In(RANGE_UNITS),
    }

    @override
    def _value(self, state: VehicleState, before: bool | None) -> bool | None:
        """Return whether the range is low, until it is clearly higher."""
        if (current := self._range(state)) is None:
            return None
        limit: float = self._options[CONF_RANGE]
        return current < (limit * RANGE_HYSTERESIS if before else limit)

    @override
    def _events(
        self, before: bool, now: bool, state: VehicleState
    ) -> Iterator[Variables]:
        if now and not before:
            yield {"range": self._range(state), "unit": self._options[CONF_UNIT]}

    def _range(self, state: VehicleState) -> float | None:
        """Return the range of all energies in the unit of the options."""
        energies = filter(None, (state.status.electric, state.status.fuel))
        ranges = [energy.autonomy for energy in energies]
        known = [one for one in ranges if one is not None]
        if not known or len(known) < len(ranges):
            return None
        return DistanceConverter.convert(
            sum(known), UnitOfLength.KILOMETERS, self._options[CONF_UNIT]
        )


class ArrivedTrigger(ChangeTrigger[bool]):
    """Trigger when a car arrives in a zone."""

    becomes: ClassVar[bool] = True
    options_schema = {vol.Required(CONF_ZONE): cv.entity_domain("zone")}

    @override
    def _value(self, state: VehicleState, before: bool | None) -> bool | None:
        zone: str = self._options[CONF_ZONE]
        return is_in_zone(self._hass, state.status.last_position, zone)

    @override
    def _events(
        self, before: bool, now: bool, state: VehicleState
    ) -> Iterator[Variables]:
        if before is not now and now is self.becomes:
            zone_id: str = self._options[CONF_ZONE]
            zone = self._hass.states.get(zone_id)
            yield {"zone": zone_id, "zone_name": zone and zone.name}


class LeftTrigger(ArrivedTrigger):
    """Trigger when a car leaves a zone."""

    becomes = False


class HistoryTrigger(ChangeTrigger[History]):
    """Trigger when the history of a car has an event of a type."""

    events_fn: ClassVar[HistoryEvents]
    event_type: ClassVar[str]

    @override
    def _value(self, state: VehicleState, before: History | None) -> History:
        return state.history

    @override
    def _events(
        self, before: History, now: History, state: VehicleState
    ) -> Iterator[Variables]:
        if before is now:
            return
        for event in type(self).events_fn(before, now):
            if event.type == self.event_type:
                yield from self._variables(event.attributes)

    def _variables(self, attributes: Variables) -> Iterator[Variables]:
        """Yield the variables of an event that matches the options."""
        yield attributes


def history_trigger(
    event_endpoint: Endpoint, event_fn: HistoryEvents, event: str
) -> type[HistoryTrigger]:
    """Return a trigger for an event of the history."""

    class CustomTrigger(HistoryTrigger):
        """Trigger when the event happens."""

        endpoint = event_endpoint
        events_fn = event_fn
        event_type = event

    return CustomTrigger


class AlertRaisedTrigger(HistoryTrigger):
    """Trigger when a car raises an alert."""

    endpoint = Endpoint.ALERTS
    events_fn = alert_events
    event_type = "raised"
    options_schema = {
        vol.Optional(CONF_SEVERITY, default=list): vol.All(
            cv.ensure_list, [vol.In(SEVERITIES)]
        )
    }

    @override
    def _variables(self, attributes: Variables) -> Iterator[Variables]:
        severities = self._options[CONF_SEVERITY] or SEVERITIES
        if attributes["severity"] in (*severities, None):
            name = alert_name(self._hass, str(attributes["kind"]))
            yield {**attributes, "alert": name}


class AlertClearedTrigger(AlertRaisedTrigger):
    """Trigger when an alert of a car is cleared."""

    event_type = "cleared"


class CommandFailedTrigger(ChangeTrigger[CommandState]):
    """Trigger when a command of a car has failed or is unconfirmed."""

    @override
    def _value(self, state: VehicleState, before: CommandState | None) -> CommandState:
        return state.commands

    @override
    def _events(
        self, before: CommandState, now: CommandState, state: VehicleState
    ) -> Iterator[Variables]:
        last = now.last
        if last is None or last.has_succeeded:
            return
        if before.last is None or before.last.label != last.label:
            yield {
                "command": last.action.key,
                "command_name": command_name(self._hass, last.action.key),
                "value": last.value,
                "outcome": state_of(last.stage),
            }

    @callback
    @override
    def _async_run(
        self,
        run_action: TriggerActionRunner,
        device_id: str,
        car: VehicleCoordinator,
        variables: Variables,
    ) -> None:
        last = car.data.commands.last
        reason = command_problem(car, last) if last else ""
        super()._async_run(run_action, device_id, car, {**variables, "reason": reason})


class DataOlderTrigger(VehicleTrigger):
    """Trigger when the data of a car grows older than a duration."""

    options_schema = {vol.Required(CONF_DURATION): cv.positive_time_period}

    @callback
    @override
    def _async_track(
        self, device_id: str, run_action: TriggerActionRunner
    ) -> CALLBACK_TYPE:
        duration: timedelta = self._options[CONF_DURATION]
        updated_at: datetime | None = None
        cancel: CALLBACK_TYPE | None = None

        @callback
        def stop() -> None:
            if cancel:
                cancel()

        @callback
        def update(car: VehicleCoordinator) -> None:
            nonlocal updated_at, cancel
            current = car.data.status.updated_at
            if current is None or current == updated_at:
                return
            stop()
            updated_at, cancel = current, None
            if current + duration <= dt_util.utcnow():
                return

            @callback
            def run(now: datetime) -> None:
                variables = {"updated_at": current.isoformat()}
                self._async_run(run_action, device_id, car, variables)

            cancel = async_track_point_in_utc_time(self._hass, run, current + duration)

        remove = async_track_vehicle(self._hass, device_id, self.endpoint, update)

        @callback
        def async_remove() -> None:
            remove()
            stop()

        return async_remove


TRIGGERS: Mapping[str, type[VehicleTrigger]] = {
    "alarm_triggered": history_trigger(Endpoint.ALARMS, alarm_events, "triggered"),
    "alert_cleared": AlertClearedTrigger,
    "alert_raised": AlertRaisedTrigger,
    "arrived": ArrivedTrigger,
    "charged_to": ChargedToTrigger,
    "charging_ended": history_trigger(Endpoint.STATUS, charge_events, "ended"),
    "charging_started": history_trigger(Endpoint.STATUS, charge_events, "started"),
    "command_failed": CommandFailedTrigger,
    "data_older_than": DataOlderTrigger,
    "left": LeftTrigger,
    "plugged_in": PluggedInTrigger,
    "range_below": RangeBelowTrigger,
    "trip_ended": history_trigger(Endpoint.TRIPS, trip_events, "ended"),
    "trip_started": history_trigger(Endpoint.TRIPS, trip_events, "started"),
    "unplugged": UnpluggedTrigger,
}


async def async_get_triggers(
    hass: HomeAssistant,
) -> Mapping[str, type[VehicleTrigger]]:
    """Return the triggers of cars."""
    return TRIGGERS
