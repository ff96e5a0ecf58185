"""Read what a message of a monitor says about a car."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ..api.decode import decode
from ..api.models.alerts import Alert
from ..api.models.messages import Json, Message, objects_of
from ..api.models.monitors import ExtendedEvent, MonitoredData
from ..api.models.position import Position
from ..api.models.status import Status
from ..api.models.trips import Trip
from ..api.models.vehicle import Vehicle
from ..history.records import FetchedRecords, has_ended
from ..models import FetchedData, ZoneEvent
from ..polling.endpoints import Endpoint
from .monitors import ENTERED, LEFT, LEFT_OR_LEVEL
from .zones import Zone, entered_zone

type Parts = Sequence[tuple[object, Json]]

# What only a list says completely.
OUTDATED_ENDPOINTS: Mapping[MonitoredData, Endpoint] = {
    MonitoredData.ALERT: Endpoint.ALERTS,
    MonitoredData.ALARM_TRIGGER_TYPE: Endpoint.ALARMS,
    MonitoredData.AUTO_E_CALL_TRIGGERING: Endpoint.COLLISIONS,
}

# What may have changed with messages that were lost.
PUSHED_ENDPOINTS = (Endpoint.STATUS, Endpoint.TRIPS, *OUTDATED_ENDPOINTS.values())


def read_message(
    message: Message,
    vehicle: Vehicle,
    held: Status,
    monitor_key: str,
    zones: Sequence[Zone],
) -> tuple[FetchedData, ...]:
    """Return what a message says about a car.

    Args:
        message: the message.
        vehicle: the car.
        held: its status until now.
        monitor_key: the key of the monitor that sent it.
        zones: the zones of the monitors.

    """
    parts = message.parts
    status = _status(parts, message.date, vehicle, held)
    event = _zone_event(message, monitor_key, zones, status)
    alerts = _records(parts, ExtendedEvent.ALERTS, "alerts", Alert)
    trips = _records(parts, ExtendedEvent.TRIP, "trip", Trip)
    ended = [trip for trip in trips if has_ended(trip) and trip.stopped_at]
    return (
        *([status] if status else []),
        *([event] if event else []),
        *([FetchedRecords(kind="alerts", records=alerts)] if alerts else []),
        *([FetchedRecords(kind="trips", records=ended)] if ended else []),
    )


def outdated_endpoints(message: Message) -> Iterator[Endpoint]:
    """Yield the endpoints to fetch after a message."""
    for data in message.data & OUTDATED_ENDPOINTS.keys():
        yield OUTDATED_ENDPOINTS[data]


def _status(
    parts: Parts, date: datetime | None, vehicle: Vehicle, held: Status
) -> Status | None:
    """Return the status with the position; None without any, or without a time."""
    raw = next(_objects(parts, ExtendedEvent.STATUS, "status"), {})
    position = next(_objects(parts, ExtendedEvent.POSITION, "position"), {})
    if raw:
        raw = {"lastPosition": position, **raw}
        status = Status.from_json(raw, vehicle.motorization, held=held)
    elif position:
        # It says nothing about the rest of the status.
        located = decode(Position, position)
        status = replace(
            held,
            raw={**held.raw, "lastPosition": position},
            last_position=located,
            updated_at=located.created_at,
        )
    else:
        return None
    if status.updated_at is None:
        status = replace(status, updated_at=date)
    return status if status.updated_at else None


def _zone_event(
    message: Message, monitor_key: str, zones: Sequence[Zone], status: Status | None
) -> ZoneEvent | None:
    if not zones or message.date is None:
        return None
    position = status.last_position if status else Position()
    zone = entered_zone(zones, position)
    if monitor_key == ENTERED:
        # Without a position, the only zone is the one that was entered.
        zone = zone or (zones[0] if len(zones) == 1 else None)
        if zone:
            return ZoneEvent(entity_id=zone.entity_id, occurred_at=message.date)
    elif monitor_key in (LEFT, LEFT_OR_LEVEL) and zone is None:
        return ZoneEvent(entity_id=None, occurred_at=message.date)
    return None


def _records[T: (Alert, Trip)](
    parts: Parts, event: ExtendedEvent, key: str, model: type[T]
) -> list[T]:
    records = [model.from_json(raw) for raw in _objects(parts, event, key)]
    return [record for record in records if record.id]


def _objects(parts: Parts, event: ExtendedEvent, key: str) -> Iterator[Json]:
    """Yield the JSON objects of an extension, such as the alerts of `vehicle.alerts`."""
    for name, part in parts:
        if name == event:
            yield from objects_of(part, key)
