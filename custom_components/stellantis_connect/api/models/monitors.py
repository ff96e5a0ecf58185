"""Monitors: on which conditions the platform sends messages, and what they contain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ..decode import json_field, model
from .base import Record
from .callbacks import Attribute, SubscriptionStatus

MAX_TRIGGERS = 5
MIN_REFRESH_INTERVAL = timedelta(minutes=1)


class MonitoredData(StrEnum):
    """The data that monitors have triggers for."""

    ALERT = "vehicle.alert"
    ODOMETER = "vehicle.odometer"
    POWERTRAIN_STATUS = "vehicle.powertrain.status"
    ELECTRIC_LEVEL = "vehicle.energy.electric.level"
    CHARGING_STATUS = "vehicle.energy.charging.status"
    CHARGING_PLUGGED = "vehicle.energy.charging.plugged"
    LOCKED_STATE = "vehicle.doorsState.lockedState"
    OPENING = "vehicle.doorsState.opening"
    MOVING = "vehicle.kinetic.moving"
    TRIP_START = "vehicle.trip.start"
    TRIP_STOP = "vehicle.trip.stop"
    PRIVACY_STATE = "privacy.state"
    AUTO_E_CALL_TRIGGERING = "vehicle.safety.autoECallTriggering"
    AIR_CONDITIONING = "vehicle.preconditioning.airConditioning"
    ALARM_TRIGGER_TYPE = "vehicle.alarm.trigger.type"
    ALARM_STATUS_ACTIVATION = "vehicle.alarm.status.activation"


class TriggerOperation(StrEnum):
    """The operation of a data trigger."""

    EQUALS_TO = "equalsTo"
    GREATER_THAN = "greaterThan"
    ON_CHANGE = "onChange"


@dataclass(frozen=True)
class DataTrigger:
    """A trigger on the value of a datum; ON_CHANGE needs no value."""

    data: MonitoredData
    op: TriggerOperation = TriggerOperation.ON_CHANGE
    value: tuple[str, ...] = ()

    def body(self) -> dict[str, object]:
        """Return the JSON object to send."""
        value = {"value": list(self.value)} if self.value else {}
        return {"data": {"data": self.data, "op": self.op, **value}}


class ZoneTransition(StrEnum):
    """Whether a car enters or leaves a zone."""

    IN = "In"
    OUT = "Out"


@dataclass(frozen=True)
class ZoneTrigger:
    """A trigger on entering or leaving a circle, in degrees and whole km."""

    transition: ZoneTransition
    longitude: float
    latitude: float
    radius: int

    def body(self) -> dict[str, object]:
        """Return the JSON object to send."""
        center = {"longitude": self.longitude, "latitude": self.latitude}
        place = {"center": center, "radius": self.radius}
        return {"zone": {"transition": self.transition, "place": place}}


class ExtendedEvent(StrEnum):
    """Data that messages of monitors contain."""

    STATUS = "vehicle.status"
    POSITION = "vehicle.position"
    ALERTS = "vehicle.alerts"
    TRIP = "vehicle.trip"


@dataclass(frozen=True, kw_only=True)
class MonitorParameter:
    """The parameters of a monitor.

    Attributes:
        triggers: up to five, by a name of letters followed by digits.
        bool_exp: an expression of the triggers' names and `& | ! ( )`; any of them by default.
        extended_events: the data that each message contains.
        refresh_event: the interval of messages while the expression is true.
        attributes: attributes of the messages beside those of the callback.

    Raises:
        ValueError: the platform would refuse it.
    """

    label: str
    triggers: Mapping[str, DataTrigger | ZoneTrigger]
    bool_exp: str | None = None
    extended_events: tuple[ExtendedEvent, ...] = ()
    refresh_event: timedelta | None = None
    attributes: tuple[Attribute, ...] = ()

    def __post_init__(self) -> None:
        """Check what the platform would refuse."""
        if not 1 <= len(self.triggers) <= MAX_TRIGGERS:
            raise ValueError("Invalid number of triggers")
        if self.refresh_event is not None and self.refresh_event < MIN_REFRESH_INTERVAL:
            raise ValueError("Refresh interval too short")

    def body(self) -> dict[str, object]:
        """Return the JSON object to send."""
        triggers = [
            {"name": name, **trigger.body()} for name, trigger in self.triggers.items()
        ]
        body: dict[str, object] = {
            "label": self.label,
            "triggerParam": {
                "triggers": triggers,
                "boolExp": self.bool_exp or " | ".join(self.triggers),
            },
            "extendedEventParam": list(self.extended_events),
            "attributes": [attribute.body() for attribute in self.attributes],
        }
        if self.refresh_event:
            seconds = round(self.refresh_event.total_seconds())
            body["subscribeParam"] = {"refreshEvent": seconds}
        return body


@model
class Monitor(Record):
    """A monitor; its parameters are in `raw`, under `monitor`."""

    id: str = json_field("monitorId", default="")
    label: str | None = json_field("monitor/label")
    status: SubscriptionStatus | None = None
    updated_at: datetime | None = None
