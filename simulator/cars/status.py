"""The status of a car in the dialect of its generation."""

from datetime import datetime

from simulator.clock import rfc3339
from simulator.errors import Json
from simulator.intervals import write_duration

from . import blocks, deviations
from .blocks import Block
from .car import Car
from .models import CarModel
from .state import ChargingProgram, State


def dated(block: Block, at: datetime) -> Block:
    """Return a block with its time."""
    return {**block, "createdAt": rfc3339(at)}


def position(car: Car, state: State) -> Block | None:
    """Return the last position as a GeoJSON feature, if the privacy setting lets it out."""
    if car.recording is not None:
        recorded = car.recording.get("lastPosition")
        return recorded if isinstance(recorded, dict) else None
    if state.privacy != "None":
        return None
    if car.dialect == "2022":
        properties: Block = {
            "updatedAt": rfc3339(state.moved_at),
            "heading": state.fix.heading,
            "type": "Aquire",
        }
    else:
        properties = dated(blocks.fix_properties(state.fix.heading), state.moved_at)
    return {
        "type": "Feature",
        "geometry": blocks.point(state.fix.place),
        "properties": properties,
    }


def status(car: Car, state: State) -> Block:
    """Return the status body, without its links; a recording comes as it is."""
    if car.recording is not None:
        return dict(car.recording)
    if car.dialect == "2022":
        body = _status_2022(car.model, state)
    else:
        body = _status_4_17(car.model, state)
        if not car.by_the_book:
            body = deviations.status(car.model, state, body)
    if last_position := position(car, state):
        body["lastPosition"] = last_position
    return body


def _energies(model: CarModel, state: State) -> list[Json]:
    fuel, electric = (
        [e for e in blocks.lite_energies(model, state) if e["type"] == kind]
        for kind in ("Fuel", "Electric")
    )
    energies: list[Json] = [
        {**entry, "extension": blocks.fuel_extension(model, state)} for entry in fuel
    ]
    if model.tank is None:
        # A battery car speaks of fuel too: range 0, and no level.
        energies.append({"type": "Fuel", "subType": "FossilEnergy", "autonomy": 0})
    energies += [
        {**entry, "extension": {"electric": electric_extension(model, state)}}
        for entry in electric
    ]
    return [dated(entry, state.at) for entry in energies if isinstance(entry, dict)]


def electric_extension(
    model: CarModel, state: State, *, with_times: bool = True
) -> Block:
    """Return the traction battery and its charging."""
    if model.battery is None:
        return {}
    load: Block = {
        "capacity": round(model.battery.capacity * model.battery.reported),
        "residual": round(state.energy * model.battery.reported),
    }
    health: Block = {
        "capacity": model.battery.health,
        "resistance": 96 if model.tank is None else 9,
    }
    if with_times:
        load, health = dated(load, state.at), dated(health, state.at)
    charging = blocks.charging(model, state)
    charging["schedule"] = {
        "programs": [_program(program) for program in state.charging_programs]
    }
    if model.remotes.preferences:
        charging |= {"type": state.charge_type, "chargingPowerLevel": state.power_level}
    return {"battery": {"load": load, "health": health}, "charging": charging}


def _program(program: ChargingProgram) -> Block:
    start = write_duration(program.start)
    body: Block = {"enabled": program.enabled, "start": start}
    if program.end is not None:
        body["end"] = write_duration(program.end)
    if program.days:
        body["occurence"] = {"day": list(program.days)}
    return body


def _status_4_17(model: CarModel, state: State) -> Block:
    body: Block = {
        "createdAt": rfc3339(state.at),
        "updatedAt": rfc3339(state.at),
        "ignition": dated(blocks.ignition(state), state.moved_at),
        "powertrain": dated(blocks.powertrain(state), state.moved_at),
        "engines": [
            dated(engine, state.moved_at) for engine in blocks.engines(model, state)
        ],
        "energies": _energies(model, state),
        "battery": dated({"voltage": state.auxiliary_level}, state.at),
        "privacy": dated({"state": state.privacy}, state.privacy_at),
        "environment": {
            "luminosity": dated(blocks.luminosity(state), state.at),
            "air": dated(blocks.air(state), state.at),
        },
        "odometer": dated({"mileage": round(state.odometer, 1)}, state.moved_at),
        "kinetic": dated(blocks.kinetic(state), state.moved_at),
        "doorsState": dated(blocks.doors(model, state), state.doors_at),
        "safety": dated(blocks.safety(state), state.moved_at),
        "drivingBehavior": dated(blocks.driving_mode(model, state), state.moved_at),
        "lightingSystem": dated(blocks.lights(state), state.at),
        "alarm": _alarm(state),
    }
    if "preconditioning" in model.remotes.names:
        body["preconditioning"] = {
            "airConditioning": dated(blocks.preconditioning(state), state.air_at)
        }
    return body


def _alarm(state: State) -> Block:
    if state.trigger is None:
        return {
            "status": dated(
                {"activation": "Active" if state.armed else "Inactive"}, state.doors_at
            )
        }
    trigger: Block = {
        "type": state.trigger.kind,
        "startAt": rfc3339(state.trigger.started),
    }
    return {"trigger": dated(trigger, state.trigger.started)}


def _status_2022(model: CarModel, state: State) -> Block:
    """Return a status of before 2023: energy, preconditionning, and updatedAt."""
    now = rfc3339(state.at)
    energies: list[Json] = [
        {"updatedAt": rfc3339(state.privacy_at), "type": "Fuel", "level": 0}
    ]
    if model.battery:
        energies.append(
            {
                "updatedAt": now,
                "type": "Electric",
                "level": round(blocks.electric_level(model, state)),
                "autonomy": blocks.electric_range(model, state),
                "charging": _charging_2022(model, state),
                "battery": {
                    "capacity": round(model.battery.capacity),
                    "health": {"capacity": model.battery.health, "resistance": 94},
                },
            }
        )
    return {
        "createdAt": now,
        "updatedAt": now,
        "energy": energies,
        "preconditionning": {
            "airConditioning": {
                "updatedAt": rfc3339(state.air_at),
                **blocks.preconditioning(state),
            }
        },
        "battery": dated({"voltage": state.auxiliary_level, "current": 0}, state.at),
        "kinetic": dated({"moving": state.drive is not None}, state.moved_at),
        "privacy": dated({"state": state.privacy}, state.privacy_at),
        "service": {"type": "Electric", "updatedAt": rfc3339(state.privacy_at)},
        "timed.odometer": {"createdAt": None, "mileage": round(state.odometer, 1)},
    }


def _charging_2022(model: CarModel, state: State) -> Block:
    """Return the charging block, in which a waiting car is Disconnected."""
    charging = blocks.charging(model, state)
    return (
        {**charging, "status": "Disconnected"}
        if charging["status"] == "Stopped"
        else charging
    )
