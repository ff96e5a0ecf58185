"""What events tell of what has happened to a car."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ..api.models.alarms import AlarmDetails
from ..api.models.alerts import AlertType
from ..api.models.energy import EnergyType
from ..api.models.position import Position
from ..api.models.trips import Trip
from ..models import VehicleState
from .charging import Charge
from .consumption import Used, capacity_of, used
from .models import History
from .records import is_over

type Attributes = Mapping[str, object]

OTHER = "other"


@dataclass(frozen=True)
class HistoryEvent:
    """Something to tell: its type, and its data."""

    type: str
    attributes: Attributes


def alert_events(before: History, car: VehicleState) -> Iterator[HistoryEvent]:
    """Tell of alerts that were raised, and of those that were cleared."""
    for was, alert in car.history.alerts.changes_since(before.alerts):
        told = {
            "kind": alert_kind(alert.type),
            "severity": state_of(alert.severity),
            "started_at": _written(alert.started_at),
            **place(alert.start_position),
        }
        if was is None:
            yield HistoryEvent("raised", told)
        if is_over(alert) and (was is None or not is_over(was)):
            yield HistoryEvent("cleared", {**told, "ended_at": _written(alert.end_at)})


def alarm_events(before: History, car: VehicleState) -> Iterator[HistoryEvent]:
    """Tell of an alarm that was armed or disarmed, or went off."""
    for was, alarm in car.history.alarms.changes_since(before.alarms):
        if was is None:
            yield _alarm(alarm)


def _alarm(alarm: AlarmDetails) -> HistoryEvent:
    trigger = alarm.trigger
    if trigger.type is None:
        state = state_of(alarm.status.activation)
        armed = {"active": "armed", "inactive": "disarmed"}.get(
            state or "", "triggered"
        )
        return HistoryEvent(armed, {"happened_at": _written(alarm.created_at)})
    return HistoryEvent(
        "triggered",
        {
            "kind": state_of(trigger.type),
            "happened_at": _written(trigger.start_at or alarm.created_at),
            **place(trigger.position),
        },
    )


def collision_events(before: History, car: VehicleState) -> Iterator[HistoryEvent]:
    """Tell of a collision, with each of its blows."""
    for was, collision in car.history.collisions.changes_since(before.collisions):
        if was is None:
            blow = next(iter(collision.details), None)
            yield HistoryEvent(
                "collision",
                {
                    "side": blow and state_of(blow.side),
                    "severity": blow and state_of(blow.severity),
                    "blows": [
                        {"side": state_of(one.side), "severity": state_of(one.severity)}
                        for one in collision.details
                    ],
                    "tipped_over": collision.tipped_over,
                    "pedestrian": collision.pedestrian,
                    "happened_at": _written(collision.created_at),
                },
            )


def trip_events(before: History, car: VehicleState) -> Iterator[HistoryEvent]:
    """Tell of a trip that has started, and of one that has ended."""
    for was, trip in car.history.trips.changes_since(before.trips):
        if not is_over(trip) and was is None:
            start = place(trip.start_position)
            yield HistoryEvent(
                "started", {"started_at": _written(trip.started_at), **start}
            )
        if is_over(trip) and (was is None or not is_over(was)):
            yield HistoryEvent("ended", trip_data(trip, capacity_of(car.status)))


def charge_events(before: History, car: VehicleState) -> Iterator[HistoryEvent]:
    """Tell of a charge that has started, and of one that has ended."""
    for was, charge in car.history.charges.changes_since(before.charges):
        if not charge.followed:
            continue
        if not is_over(charge) and was is None:
            level = {"start_level": charge.start_level}
            yield HistoryEvent(
                "started", {"started_at": _written(charge.started_at), **level}
            )
        if is_over(charge) and (was is None or not is_over(was)):
            yield HistoryEvent("ended", charge_data(charge))


def trip_data(trip: Trip, capacity: float | None) -> Attributes:
    """Return what is told of a trip, in km, minutes, km/h, kWh and litres.

    Args:
        trip: the trip.
        capacity: the kWh of a full battery, where it is known.

    """
    return {
        "started_at": _written(trip.started_at),
        "ended_at": _written(trip.stopped_at),
        "distance": trip.distance,
        "duration": None if trip.duration is None else round(trip.duration / 60),
        "average_speed": trip.avg_speed,
        "top_speed": trip.max_speed,
        "start_mileage": trip.start_mileage,
        **_used("electric", used(trip, EnergyType.ELECTRIC, capacity)),
        **_used("fuel", used(trip, EnergyType.FUEL, None)),
        **place(trip.stop_position),
    }


def charge_data(charge: Charge) -> Attributes:
    """Return what is told of a charge, in percent, kWh, kW and minutes."""
    duration = charge.duration or timedelta()
    return {
        "started_at": _written(charge.started_at),
        "ended_at": _written(charge.ended_at),
        "start_level": charge.start_level,
        "end_level": charge.end_level,
        "energy": None if charge.energy is None else round(charge.energy, 2),
        "power": None if charge.power is None else round(charge.power, 1),
        "duration": round(duration / timedelta(minutes=1)),
        "quick": charge.quick,
    }


def state_of(member: StrEnum | None) -> str | None:
    """Return how Home Assistant writes a member of an enumeration."""
    return None if member is None else member.name.lower()


def alert_kind(kind: AlertType | None) -> str:
    """Return how Home Assistant writes what an alert is about."""
    return state_of(kind) or OTHER


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _used(energy: str, consumption: Used | None) -> Attributes:
    if consumption is None:
        return {}
    return {
        f"{energy}_consumption": round(consumption.amount, 2),
        f"{energy}_consumption_estimated": consumption.estimated,
    }


def place(position: Position) -> Attributes:
    """Return where something happened.

    In an attribute of its own: the map shows whatever has a latitude, for as long as it has one.
    """
    latitude, longitude = position.latitude, position.longitude
    if latitude is None or longitude is None:
        return {}
    return {"position": {"latitude": latitude, "longitude": longitude}}
