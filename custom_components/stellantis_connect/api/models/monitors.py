"""Monitors: what the platform watches for, and what it sends when that happens."""

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
    """What can be watched."""

    ALERT = "vehicle.alert"
    ODOMETER = "vehicle.odometer"
    POWERTRAIN_STATUS = "vehicle.powertrain.status"
    OIL_TEMP = "vehicle.engines.thermic.oil.temp"
    ELECTRIC_LEVEL = "vehicle.energy.electric.level"
    ELECTRIC_AUTONOMY = "vehicle.energy.electric.autonomy"
    FUEL_LEVEL = "vehicle.energy.fuel.level"
    FUEL_AUTONOMY = "vehicle.energy.fuel.autonomy"
    AUTONOMY = "vehicle.autonomy"
    CHARGING_STATUS = "vehicle.energy.charging.status"
    CHARGING_PLUGGED = "vehicle.energy.charging.plugged"
    CHARGING_TYPE = "vehicle.energy.charging.type"
    LOCKED_STATE = "vehicle.doorsState.lockedState"
    OPENING = "vehicle.doorsState.opening"
    MOVING = "vehicle.kinetic.moving"
    SPEED = "vehicle.kinetic.speed"
    TRIP_START = "vehicle.trip.start"
    TRIP_STOP = "vehicle.trip.stop"
    TRIP_DURATION = "vehicle.trip.duration"
    TRIP_DISTANCE = "vehicle.trip.distance"
    TRIP_STATE = "vehicle.trip.state"
    BELT_WARNING = "vehicle.safety.beltWarning"
    AIR_TEMP = "environment.air.temp"
    PRIVACY_STATE = "privacy.state"
    DRIVING_MODE = "vehicle.drivingBehavior.mode"
    AUTO_E_CALL_TRIGGERING = "vehicle.safety.autoECallTriggering"
    AIR_CONDITIONING = "vehicle.preconditioning.airConditioning"
    ALARM_TRIGGER_TYPE = "vehicle.alarm.trigger.type"
    ALARM_STATUS_ACTIVATION = "vehicle.alarm.status.activation"


class TriggerOperation(StrEnum):
    """What must be so of the data that is watched."""

    EQUALS_TO = "equalsTo"
    GREATER_THAN = "greaterThan"
    LOWER_THAN = "lowerThan"
    INCLUDED_IN = "includedIn"
    ON_CHANGE = "onChange"


@dataclass(frozen=True)
class DataTrigger:
    """Data that comes to compare so with some values; none are needed for a change."""

    data: MonitoredData
    op: TriggerOperation = TriggerOperation.ON_CHANGE
    value: tuple[str, ...] = ()

    def body(self) -> dict[str, object]:
        """Return what to send."""
        value = {"value": list(self.value)} if self.value else {}
        return {"data": {"data": self.data, "op": self.op, **value}}


class ZoneTransition(StrEnum):
    """Whether a car comes or goes."""

    IN = "In"
    OUT = "Out"


@dataclass(frozen=True)
class ZoneTrigger:
    """A car that enters or leaves a circle; degrees, and whole km."""

    transition: ZoneTransition
    longitude: float
    latitude: float
    radius: int

    def body(self) -> dict[str, object]:
        """Return what to send."""
        center = {"longitude": self.longitude, "latitude": self.latitude}
        place = {"center": center, "radius": self.radius}
        return {"zone": {"transition": self.transition, "place": place}}


class ExtendedEvent(StrEnum):
    """What a message can bring along."""

    DOORS_STATE = "vehicle.doorsState"
    STATUS = "vehicle.status"
    MAINTENANCE = "vehicle.maintenance"
    POSITION = "vehicle.position"
    TELEMETRY = "vehicle.telemetry"
    ALERTS = "vehicle.alerts"
    ALARM = "vehicle.alarm"
    TRIP = "vehicle.trip"


@dataclass(frozen=True, kw_only=True)
class MonitorParameter:
    """What a monitor watches for, and what it sends.

    Attributes:
        label: what the monitor is known by.
        triggers: up to five, by names of letters with digits after them.
        bool_exp: which of them must hold, in their names and `& | ! ( )`; any if left out.
        extended_events: what each message brings along.
        refresh_event: after how long to send again while the triggers hold; a minute at least.
        attributes: what each message carries beside those of the callback.

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
        """Refuse what the platform would refuse."""
        if not 1 <= len(self.triggers) <= MAX_TRIGGERS:
            raise ValueError("number of triggers")
        if self.refresh_event is not None and self.refresh_event < MIN_REFRESH_INTERVAL:
            raise ValueError("refreshes come too soon")

    def body(self) -> dict[str, object]:
        """Return what to send."""
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
    """A monitor as the platform keeps it; what it watches for is in `raw`, under `monitor`."""

    id: str = json_field("monitorId", default="")
    label: str | None = json_field("monitor/label")
    status: SubscriptionStatus | None = None
    updated_at: datetime | None = None
