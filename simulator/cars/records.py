"""The bodies of maintenance, alerts, alarms, collisions, and trips."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from simulator.clock import rfc3339
from simulator.errors import Json

from . import blocks, deviations
from .blocks import Block
from .car import Car
from .past import Alarm, Alert, Collision, Trip
from .roads import simplified
from .state import State

SERVICE_KM = 25_000
SERVICE_DAYS = 365


def position(state: State, at: datetime) -> Block:
    """Return where a car was at the moment of an event."""
    properties = {**blocks.fix_properties(state.fix.heading), "createdAt": rfc3339(at)}
    return {
        "type": "Feature",
        "geometry": blocks.point(state.fix.place),
        "properties": properties,
    }


def maintenance(car: Car, state: State) -> Block:
    """Return what is left until the next service."""
    days = (state.at.toordinal() + int(car.id[:4], 16)) % SERVICE_DAYS
    body: Block = {
        "createdAt": rfc3339(state.at),
        "mileageBeforeMaintenance": round(SERVICE_KM - state.odometer % SERVICE_KM, 1),
        "daysBeforeMaintenance": SERVICE_DAYS - days,
    }
    if car.dialect == "2022":
        return {**body, "updatedAt": body.pop("createdAt")}
    return {**body, "updatedAt": body["createdAt"]}


def alert(record: Alert, *, located: bool) -> Block:
    """Return an alert; it is updated when it ends."""
    body: Block = {
        "id": record.id,
        "type": record.kind,
        "severity": record.severity,
        "active": record.end is None,
        "startedAt": rfc3339(record.start.at),
        "createdAt": rfc3339(record.start.at),
        "updatedAt": rfc3339((record.end or record.start).at),
    }
    if record.end:
        body["endAt"] = rfc3339(record.end.at)
    if located and record.start.privacy == "None":
        body["startPosition"] = position(record.start, record.start.at)
        if record.end:
            body["endPosition"] = position(record.end, record.end.at)
    return body


def alarm(record: Alarm, *, located: bool) -> Block:
    """Return a switching of the alarm, or its going off: only one of the two is present."""
    created = rfc3339(record.at)
    if record.trigger is None:
        activation = "Active" if record.active else "Inactive"
        return {
            "id": record.id,
            "status": {"activation": activation, "createdAt": created},
        }
    trigger: Block = {
        "type": record.trigger.kind,
        "startAt": rfc3339(record.trigger.started),
        "createdAt": created,
    }
    if located:
        trigger["position"] = {
            "type": "Feature",
            "geometry": blocks.point(record.trigger.place),
            "properties": {**blocks.fix_properties(0), "createdAt": created},
        }
    return {"id": record.id, "trigger": trigger}


def collision(record: Collision) -> Block:
    """Return a blow."""
    return {
        "id": record.id,
        "createdAt": rfc3339(record.at),
        "updatedAt": rfc3339(record.at),
        "tippedOver": record.tipped_over,
        "pedestrian": record.pedestrian,
        "details": [{"side": record.side, "severity": record.severity}],
    }


def trip(car: Car, record: Trip, now: datetime, *, located: bool) -> Block:
    """Return a trip, also one that lasts; speeds are metres per second."""
    last = record.stop or car.at(now)
    seconds = round((last.at - record.start.at).total_seconds())
    distance = round(last.odometer - record.start.odometer, 1)
    body: Block = {
        "id": record.id,
        "createdAt": rfc3339(record.start.at),
        "updatedAt": rfc3339(last.at),
        "startedAt": rfc3339(record.start.at),
        "duration": seconds,
        "distance": distance,
        "startMileage": round(record.start.odometer, 1),
        "startEnergies": list[Json](blocks.lite_energies(car.model, record.start)),
        "energyConsumptions": list[Json](_consumptions(car, record.start, last)),
        "kinetic": {
            "avgSpeed": round(distance * 1000 / seconds, 2) if seconds else 0.0,
            "maxSpeed": _top_speed(record) if car.dialect == "4.17" else 0.0,
        },
        "done": record.stop is not None,
    }
    if record.stop:
        body["stoppedAt"] = rfc3339(record.stop.at)
        body["endEnergies"] = list[Json](blocks.lite_energies(car.model, record.stop))
    if car.model.battery and car.model.tank:
        body["segments"] = list[Json](_segments(car, record.start, last))
    if causes := [
        cause
        for state in (record.start, last)
        if (cause := FAULT_CAUSES.get(state.privacy))
    ]:
        body["faults"] = [{"fault": "DataLacking", "cause": causes[0]}]
    elif located:
        body["startPosition"] = position(record.start, record.start.at)
        if record.stop:
            body["stopPosition"] = position(record.stop, record.stop.at)
    return body if car.by_the_book else deviations.trip(body)


FAULT_CAUSES = {"Geolocation": "GeoPrivacy", "Full": "FullPrivacy"}


def state_of(record: Trip) -> str:
    """Return the name by which the `states` filter knows a trip."""
    if any(
        state.privacy != "None" for state in (record.start, record.stop or record.start)
    ):
        return "DataLacking"
    return "Nominal" if record.stop else "Unfinished"


def way_points(
    record: Trip, now: datetime, tolerance: float
) -> list[tuple[datetime, Block]]:
    """Return the positions of a trip so far, each with its time, as exactly as wanted in km."""
    if state_of(record) == "DataLacking":
        return []
    end = record.stop.at if record.stop else now
    times = [
        record.start.at + timedelta(seconds=round(seconds / record.drive.pace))
        for seconds in record.drive.road.passing_times()
    ]
    states = [
        replace(record.start, at=moment, drive=record.drive)
        for moment in times
        if moment <= end
    ]
    kept = simplified([state.fix.place for state in states], tolerance)
    return [
        (states[index].at, position(states[index], states[index].at)) for index in kept
    ]


def _top_speed(record: Trip) -> float:
    return round(record.drive.road.top_speed * record.drive.pace / 3.6, 1)


def _consumptions(car: Car, start: State, last: State) -> Sequence[Block]:
    """Return litres and kWh; a plug-in leaves its electric energy out, as some really do."""
    distance = last.odometer - start.odometer
    entries: list[Block] = []
    if car.model.tank:
        litres = last.fuel_used - start.fuel_used
        entries.append(
            {
                "type": "Fuel",
                "subType": "FossilEnergy",
                "consumption": round(litres, 3),
                "avgConsumption": round(litres * 100 / distance * 100, 1)
                if distance
                else 0.0,
            }
        )
    elif car.model.battery:
        energy = start.energy - last.energy
        entries.append(
            {
                "type": "Electric",
                "subType": "ElectricEnergy",
                "consumption": round(energy / 1000, 3),
                "avgConsumption": round(energy / distance * 100) if distance else 0,
            }
        )
    return entries


def _segments(car: Car, start: State, last: State) -> Sequence[Block]:
    distance = last.odometer - start.odometer
    if not distance or car.model.tank is None:
        return []
    litres = last.fuel_used - start.fuel_used
    thermal = min(1.0, litres / (distance * car.model.tank.per_100_km / 100))
    parts = (("Electric", 1 - thermal), ("Thermal", thermal))
    return [
        {
            "propulsion": name,
            "percent": round(part * 100, 1),
            "distance": round(distance * part, 1),
        }
        for name, part in parts
        if part > 0.005
    ]
