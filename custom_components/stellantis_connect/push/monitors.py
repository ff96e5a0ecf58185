"""Monitors of a car: the platform allows five, with five triggers each."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import orjson

from ..api.models.monitors import (
    DataTrigger,
    ExtendedEvent,
    MonitoredData,
    MonitorParameter,
    TriggerOperation,
    ZoneTransition,
    ZoneTrigger,
)
from ..api.models.scope import Scope
from ..api.models.status import Status
from ..api.models.vehicle import Motorization, Vehicle
from .zones import Zone

MAX_MONITORS = 5
# Names of triggers are letters followed by a number.
TRIGGER = "t"

ENTERED = "entered"
LEFT = "left"
LEVEL = "level"
LEFT_OR_LEVEL = "left_or_level"

IN_PROGRESS = DataTrigger(
    MonitoredData.CHARGING_STATUS, TriggerOperation.EQUALS_TO, ("InProgress",)
)

EXTENSION_SCOPES: Mapping[ExtendedEvent, Scope] = {
    ExtendedEvent.STATUS: Scope.TELEMETRY,
    ExtendedEvent.POSITION: Scope.POSITION,
    ExtendedEvent.ALERTS: Scope.ALERT,
    ExtendedEvent.TRIP: Scope.TRIP,
}


@dataclass(frozen=True)
class Watched:
    """A datum of which each change is reported.

    Attributes:
        capability: its name in a car's list of data; None if it is in none.
        value_fn: returns its value in a status; None if the status has none.
        motorizations: those that have it.
    """

    data: MonitoredData
    capability: str | None
    scope: Scope = Scope.TELEMETRY
    value_fn: Callable[[Status], object] = lambda status: None
    motorizations: frozenset[Motorization] = frozenset(Motorization)

    def has_changed(self, before: Status, after: Status) -> bool:
        """Return whether two statuses that both have a value differ in it."""
        values = self.value_fn(before), self.value_fn(after)
        return None not in values and values[0] != values[1]

    def is_available(self, vehicle: Vehicle, scopes: Collection[Scope]) -> bool:
        """Return whether a car has the datum, and the owner granted it."""
        listed = vehicle.data
        return (
            self.scope in scopes
            and vehicle.motorization in (None, *self.motorizations)
            and (not listed or self.capability is None or self.capability in listed)
        )


@dataclass(frozen=True)
class MonitorGroup:
    """A monitor of changes.

    Attributes:
        extensions: what each of its messages contains beside the status and the position.
    """

    key: str
    watched: tuple[Watched, ...]
    extensions: tuple[ExtendedEvent, ...] = ()


CHARGEABLE = frozenset({Motorization.ELECTRIC, Motorization.HYBRID})
ENERGIES = "data:telemetry:vehicle:energies"
DOORS = "data:telemetry:vehicle:doorsState"
ALARM = "data:telemetry:vehicle:alarm"

GROUPS: Sequence[MonitorGroup] = (
    MonitorGroup(
        "parked",
        (
            Watched(
                MonitoredData.CHARGING_STATUS,
                ENERGIES,
                value_fn=lambda status: (
                    status.electric and status.electric.charging.status
                ),
                motorizations=CHARGEABLE,
            ),
            Watched(
                MonitoredData.CHARGING_PLUGGED,
                ENERGIES,
                value_fn=lambda status: (
                    status.electric and status.electric.charging.plugged
                ),
                motorizations=CHARGEABLE,
            ),
            Watched(
                MonitoredData.LOCKED_STATE,
                DOORS,
                value_fn=lambda status: status.doors_state.locked_states or None,
            ),
            Watched(
                MonitoredData.OPENING,
                DOORS,
                value_fn=lambda status: status.doors_state.openings or None,
            ),
            Watched(
                MonitoredData.AIR_CONDITIONING,
                "data:telemetry:vehicle:preconditioning",
                value_fn=lambda status: status.preconditioning.status,
            ),
        ),
    ),
    MonitorGroup(
        "trip",
        (
            Watched(
                MonitoredData.MOVING,
                "data:telemetry:vehicle:kinetic",
                value_fn=lambda status: status.kinetic.moving,
            ),
            Watched(MonitoredData.TRIP_START, None, Scope.TRIP),
            Watched(MonitoredData.TRIP_STOP, None, Scope.TRIP),
            Watched(
                MonitoredData.POWERTRAIN_STATUS, "data:telemetry:vehicle:powertrain"
            ),
        ),
        (ExtendedEvent.TRIP,),
    ),
    MonitorGroup(
        "safety",
        (
            Watched(MonitoredData.ALERT, None, Scope.ALERT),
            Watched(MonitoredData.ALARM_TRIGGER_TYPE, ALARM),
            Watched(MonitoredData.ALARM_STATUS_ACTIVATION, ALARM),
            Watched(
                MonitoredData.AUTO_E_CALL_TRIGGERING, "data:telemetry:vehicle:safety"
            ),
            Watched(
                MonitoredData.PRIVACY_STATE,
                "data:telemetry:privacy",
                value_fn=lambda status: status.privacy.state,
            ),
        ),
        (ExtendedEvent.ALERTS,),
    ),
)


def monitors_for(
    vehicle: Vehicle,
    scopes: Collection[Scope],
    charge_limit: int | None,
    zones: Sequence[Zone],
) -> Mapping[str, MonitorParameter]:
    """Return the monitors that a car is to have, by their labels.

    A label ends in a digest of the parameters, so that a monitor is current if its label is.

    Args:
        vehicle: the car.
        scopes: the granted scopes.
        charge_limit: the battery level that a message is needed at; None without a limit.
        zones: the zones whose entering and leaving is to be reported.

    """
    monitors = (
        *_change_monitors(vehicle, scopes),
        *_place_monitors(
            vehicle, scopes, charge_limit, zones if Scope.POSITION in scopes else ()
        ),
    )
    return {one.label: one for one in map(_with_digest, monitors)}


def has_watched_change(
    vehicle: Vehicle, scopes: Collection[Scope], before: Status, after: Status
) -> bool:
    """Return whether two statuses differ in a value that a monitor of the car watches."""
    return any(
        one.has_changed(before, after) and one.is_available(vehicle, scopes)
        for group in GROUPS
        for one in group.watched
    )


def key_of(label: str) -> str:
    """Return the key of a monitor."""
    return label.rpartition(".")[0]


def _change_monitors(
    vehicle: Vehicle, scopes: Collection[Scope]
) -> Iterator[MonitorParameter]:
    for group in GROUPS:
        available = [
            one.data for one in group.watched if one.is_available(vehicle, scopes)
        ]
        if available:
            yield _monitor(
                group.key, map(DataTrigger, available), " | ", scopes, group.extensions
            )


def _place_monitors(
    vehicle: Vehicle,
    scopes: Collection[Scope],
    charge_limit: int | None,
    zones: Sequence[Zone],
) -> Iterator[MonitorParameter]:
    """Yield the monitors of the charge limit and of zones, which share two places."""
    is_limited = charge_limit is not None and Watched(
        MonitoredData.ELECTRIC_LEVEL, ENERGIES, motorizations=CHARGEABLE
    ).is_available(vehicle, scopes)
    reached = (
        DataTrigger(
            MonitoredData.ELECTRIC_LEVEL,
            TriggerOperation.GREATER_THAN,
            (f"{(charge_limit or 0) - 0.5:g}",),
        ),
        IN_PROGRESS,
    )
    outside = [zone.trigger(ZoneTransition.OUT) for zone in zones]
    if is_limited and zones:
        # A charge within the zones: outside of them the expression is true all the time.
        monitor = _monitor(LEFT_OR_LEVEL, (*reached, *outside), " & ", scopes)
        names = list(monitor.triggers)
        left = " & ".join(names[2:])
        yield replace(monitor, bool_exp=f"({names[0]} & {names[1]}) | ({left})")
    elif is_limited:
        yield _monitor(LEVEL, reached, " & ", scopes)
    elif zones:
        yield _monitor(LEFT, outside, " & ", scopes)
    if zones:
        inside = [zone.trigger(ZoneTransition.IN) for zone in zones]
        yield _monitor(ENTERED, inside, " | ", scopes)


def _monitor(
    key: str,
    triggers: Iterator[DataTrigger] | Collection[DataTrigger | ZoneTrigger],
    operator: str,
    scopes: Collection[Scope],
    extensions: tuple[ExtendedEvent, ...] = (),
) -> MonitorParameter:
    named = {f"{TRIGGER}{number}": one for number, one in enumerate(triggers, 1)}
    wanted = (ExtendedEvent.STATUS, ExtendedEvent.POSITION, *extensions)
    return MonitorParameter(
        label=key,
        triggers=named,
        bool_exp=operator.join(named),
        extended_events=tuple(
            event for event in wanted if EXTENSION_SCOPES[event] in scopes
        ),
    )


def _with_digest(monitor: MonitorParameter) -> MonitorParameter:
    content = orjson.dumps(monitor.body(), option=orjson.OPT_SORT_KEYS)
    digest = sha256(content).hexdigest()[:8]
    return replace(monitor, label=f"{monitor.label}.{digest}")
