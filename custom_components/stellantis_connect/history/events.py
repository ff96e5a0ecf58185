"""Events of a car's history: what changed between two of its states."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from ..api.models.alarms import AlarmActivation, AlarmDetails
from ..api.models.alerts import AlertType
from ..api.models.energy import EnergyType
from ..api.models.position import Position
from ..api.models.trips import DetailedTrip
from .charging import Charge, ChargePlace
from .consumption import Consumption, trip_consumptions
from .models import History
from .records import has_ended

type Attributes = Mapping[str, object]

OTHER = "other"
MAX_IMPACTS = 10
ALARM_EVENTS: Mapping[AlarmActivation | None, str] = {
    AlarmActivation.ACTIVE: "armed",
    AlarmActivation.INACTIVE: "disarmed",
    None: "triggered",
}


@dataclass(frozen=True)
class HistoryEvent:
    """An event: its type, its attributes, and the trip that it is about."""

    type: str
    attributes: Attributes
    trip: DetailedTrip | None = None


def alert_events(before: History, now: History) -> Iterator[HistoryEvent]:
    """Yield the alerts that were raised or cleared."""
    for previous, alert in now.alerts.changes_since(before.alerts):
        attributes = {
            "kind": alert_kind(alert.type),
            "severity": state_of(alert.severity),
            "started_at": _iso(alert.started_at),
            **position_data(alert.start_position),
        }
        if previous is None:
            yield HistoryEvent("raised", attributes)
        if has_ended(alert) and (previous is None or not has_ended(previous)):
            ended_at = {"ended_at": _iso(alert.end_at)}
            yield HistoryEvent("cleared", attributes | ended_at)


def alarm_events(before: History, now: History) -> Iterator[HistoryEvent]:
    """Yield when the alarm was armed, disarmed or triggered."""
    for previous, alarm in now.alarms.changes_since(before.alarms):
        if previous is None:
            yield _alarm_event(alarm)


def _alarm_event(alarm: AlarmDetails) -> HistoryEvent:
    trigger = alarm.trigger
    if trigger.type is None:
        event_type = ALARM_EVENTS[alarm.status.activation]
        return HistoryEvent(event_type, {"happened_at": _iso(alarm.created_at)})
    return HistoryEvent(
        "triggered",
        {
            "kind": state_of(trigger.type),
            "happened_at": _iso(trigger.start_at or alarm.created_at),
            **position_data(trigger.position),
        },
    )


def collision_events(before: History, now: History) -> Iterator[HistoryEvent]:
    """Yield the collisions, each with its impacts."""
    for previous, collision in now.collisions.changes_since(before.collisions):
        if previous is None:
            impacts = [
                {"side": state_of(one.side), "severity": state_of(one.severity)}
                for one in islice(collision.details, MAX_IMPACTS)
            ]
            yield HistoryEvent(
                "collision",
                {
                    **(impacts[0] if impacts else {"side": None, "severity": None}),
                    "impacts": impacts,
                    "tipped_over": collision.tipped_over,
                    "pedestrian": collision.pedestrian,
                    "happened_at": _iso(collision.created_at),
                },
            )


def trip_events(before: History, now: History) -> Iterator[HistoryEvent]:
    """Yield the trips that started or ended; both at once of a trip that was not seen before."""
    for previous, changed in now.trips.changes_since(before.trips):
        trip = changed.detailed()
        if previous is None:
            attributes = {
                "started_at": _iso(trip.started_at),
                **position_data(trip.start_position),
            }
            yield HistoryEvent("started", attributes)
        if has_ended(trip) and (previous is None or not has_ended(previous)):
            consumptions = trip_consumptions(trip, now.capacity_of(trip))
            yield HistoryEvent("ended", trip_data(trip, consumptions), trip)


def charge_events(before: History, now: History) -> Iterator[HistoryEvent]:
    """Yield the observed charges that started or ended."""
    for previous, charge in now.charges.changes_since(before.charges):
        if not charge.observed:
            continue
        if previous is None:
            attributes = {
                "started_at": _iso(charge.started_at),
                "start_level": charge.start_level,
            }
            yield HistoryEvent("started", attributes)
        if has_ended(charge) and (previous is None or not has_ended(previous)):
            yield HistoryEvent("ended", charge_data(charge))


def trip_data(
    trip: DetailedTrip, consumptions: Mapping[EnergyType, Consumption]
) -> Attributes:
    """Return the data of a trip in km, minutes, km/h, kWh and liters.

    Args:
        trip: the trip.
        consumptions: the known consumptions by type of energy.

    """
    return {
        "started_at": _iso(trip.started_at),
        "ended_at": _iso(trip.stopped_at),
        "distance": trip.distance,
        "duration": None if trip.duration is None else round(trip.duration / 60),
        "average_speed": trip.avg_speed,
        "top_speed": trip.max_speed,
        "start_mileage": trip.start_mileage,
        **_consumption("electric", consumptions.get(EnergyType.ELECTRIC)),
        **_consumption("fuel", consumptions.get(EnergyType.FUEL)),
        **position_data(trip.stop_position),
    }


def charge_data(charge: Charge) -> Attributes:
    """Return the data of a charge in percent, kWh, kW and minutes."""
    duration = charge.duration or timedelta()
    return {
        "started_at": _iso(charge.started_at),
        "ended_at": _iso(charge.ended_at),
        "start_level": charge.start_level,
        "end_level": charge.end_level,
        "energy": None if charge.energy is None else round(charge.energy, 2),
        "power": None if charge.power is None else round(charge.power, 1),
        "duration": round(duration / timedelta(minutes=1)),
        "fast_charging": charge.fast,
        **_place_data(charge.place),
        **_cost_data(charge),
    }


def _place_data(place: ChargePlace) -> Attributes:
    return {
        **({"zone": place.zone} if place.zone else {}),
        **position_data(Position(latitude=place.latitude, longitude=place.longitude)),
    }


def _cost_data(charge: Charge) -> Attributes:
    if charge.cost is None:
        return {}
    return {
        "cost": round(charge.cost, 2),
        "price": charge.price,
        "currency": charge.currency,
    }


def state_of(member: StrEnum | None) -> str | None:
    """Return the state of a member of an enumeration."""
    return None if member is None else member.name.lower()


def alert_kind(kind: AlertType | None) -> str:
    """Return the state of a type of alert."""
    return state_of(kind) or OTHER


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _consumption(energy: str, consumption: Consumption | None) -> Attributes:
    if consumption is None:
        return {}
    return {
        f"{energy}_consumption": round(consumption.amount, 2),
        f"{energy}_consumption_estimated": consumption.estimated,
    }


def position_data(position: Position) -> Attributes:
    """Return a position as one attribute: the map would show an entity with a latitude."""
    latitude, longitude = position.latitude, position.longitude
    if latitude is None or longitude is None:
        return {}
    return {"position": {"latitude": latitude, "longitude": longitude}}
