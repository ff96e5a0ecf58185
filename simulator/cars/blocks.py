"""The blocks of status and telemetry, without their times."""

from datetime import timedelta

from simulator.errors import Json
from simulator.intervals import write_duration

from .models import CarModel
from .roads import Place
from .state import OPENINGS, State, is_day, outside_temperature

type Block = dict[str, Json]

NO_SENSOR = 215.0
RPM_PER_KMH = {"Thermic": 28.0, "Electric": 95.0}


def point(place: Place) -> Block:
    """Return a GeoJSON point: longitude first."""
    return {
        "type": "Point",
        "coordinates": [
            round(place.longitude, 6),
            round(place.latitude, 6),
            round(place.altitude),
        ],
    }


def fix_properties(heading: int) -> Block:
    """Return what is known about a position."""
    return {
        "heading": heading,
        "signalQuality": 9,
        "type": "Acquire",
        "fixStatus": "3D",
    }


def electric_level(model: CarModel, state: State) -> float:
    """Return the traction battery's level in percent."""
    if model.battery is None:
        return 0.0
    level = state.energy / model.battery.capacity * 100
    return round(level, model.battery.decimals)


def electric_range(model: CarModel, state: State) -> int:
    """Return the range in km."""
    return round(state.energy / model.battery.per_km) if model.battery else 0


def fuel_level(model: CarModel, state: State) -> float:
    """Return the tank's level in percent."""
    return round(state.fuel / model.tank.capacity * 100, 1) if model.tank else 0.0


def fuel_range(model: CarModel, state: State) -> int:
    """Return the range in km."""
    return round(state.fuel / model.tank.per_100_km * 100) if model.tank else 0


def lite_energies(model: CarModel, state: State) -> list[Block]:
    """Return levels and ranges; the order means nothing, and Fuel comes first."""
    energies: list[Block] = []
    if model.tank:
        energies.append(
            {
                "type": "Fuel",
                "subType": "FossilEnergy",
                "level": fuel_level(model, state),
                "autonomy": fuel_range(model, state),
            }
        )
    if model.battery:
        energies.append(
            {
                "type": "Electric",
                "subType": "ElectricEnergy",
                "level": electric_level(model, state),
                "autonomy": electric_range(model, state),
            }
        )
    return energies


def charging(model: CarModel, state: State) -> Block:
    """Return the state of charging."""
    power = state.charge.power_at(state.at) if state.charge else 0.0
    block: Block = {
        "plugged": state.plugged,
        "status": state.charging_status,
        "chargingRate": round(power / model.battery.per_km) if model.battery else 0,
        "chargingMode": ("Quick" if state.charge.quick else "Slow")
        if state.charge
        else "No",
    }
    if state.plugged:
        left = state.charge.ends - state.at if state.charge else timedelta()
        block["remainingTime"] = write_duration(
            left // timedelta(minutes=1) * timedelta(minutes=1)
        )
    if state.delayed_start is not None:
        block["nextDelayedTime"] = write_duration(state.delayed_start)
    return block


def fuel_extension(model: CarModel, state: State) -> Block:
    """Return consumptions: the total in centilitres, the instant in l/100 km."""
    instant = model.tank.per_100_km if model.tank and burns(model, state) else 0.0
    return {
        "fuel": {
            "consumptions": {
                "total": round(state.fuel_used * 100.0),
                "instant": instant,
            }
        }
    }


def burns(model: CarModel, state: State) -> bool:
    """Return whether the engine burns fuel at the moment."""
    return (
        model.tank is not None
        and state.drive is not None
        and (model.battery is None or electric_level(model, state) <= 8.1)
    )


def engines(model: CarModel, state: State) -> list[Block]:
    """Return the engines; a plug-in tells of its thermic one, without a sensor for the air."""
    speed = state.fix.speed
    if model.tank is None:
        return [{"type": "Electric", "speed": round(speed * RPM_PER_KMH["Electric"])}]
    temperature = state.engine_temperature
    return [
        {
            "type": "Thermic",
            "speed": round(speed * RPM_PER_KMH["Thermic"] + 700)
            if burns(model, state)
            else 0,
            "extension": {
                "thermic": {
                    "coolant": {"level": 92, "temp": temperature},
                    "oil": {"level": 81, "temp": round(temperature * 0.96, 1)},
                    "air": {
                        "temp": NO_SENSOR
                        if model.battery
                        else outside_temperature(state.at)
                    },
                }
            },
        }
    ]


def doors(model: CarModel, state: State) -> Block:
    """Return locks and openings; a car without a roof window reports an open one."""
    opened = state.opened if model.roof_window else state.opened | {"RoofWindow"}
    return {
        "lockedStates": list(state.locks),
        "opening": [
            {"identifier": name, "state": "Open" if name in opened else "Closed"}
            for name in OPENINGS
        ],
    }


def kinetic(state: State) -> Block:
    """Return the movement."""
    moving = state.drive is not None
    return {
        "moving": moving,
        "speed": state.fix.speed,
        "acceleration": 0.3 if moving else 0.0,
    }


def lights(state: State) -> Block:
    """Return direction and fog lights."""
    status = "On" if state.lights else "Off"
    return {
        "turn": [
            {"direction": side, "position": end, "status": status}
            for side in ("Left", "Right")
            for end in ("Front", "Rear")
        ],
        "fog": [{"direction": "Left", "position": "Rear", "status": "Off"}],
    }


def safety(state: State) -> Block:
    """Return belts and the emergency call."""
    return {
        "beltStatus": [
            {"id": "Driver", "belt": "Normal" if state.drive else "Omission"},
            {"id": "Passenger", "belt": "Omission"},
        ],
        "autoECallTriggering": "Detected" if state.emergency_call else "NotDetected",
    }


def ignition(state: State) -> Block:
    """Return the ignition."""
    return {"type": "Start" if state.drive else "Stop"}


def powertrain(state: State) -> Block:
    """Return the powertrain."""
    return {"status": "Running" if state.drive else "Stopped"}


def driving_mode(model: CarModel, state: State) -> Block:
    """Return the driving mode."""
    if model.battery and model.tank:
        return {"mode": "Hybrid" if burns(model, state) else "ZEV"}
    return {"mode": "Eco" if model.battery else "Normal"}


def luminosity(state: State) -> Block:
    """Return whether it is day."""
    return {"day": is_day(state.at)}


def air(state: State) -> Block:
    """Return the temperature outside."""
    return {"temp": outside_temperature(state.at)}


def preconditioning(state: State) -> Block:
    """Return the preconditioning with its programs; unset slots have no time and no days."""
    block: Block = {"status": state.air.status}
    if state.air.cause and state.air.ends:
        block["startingCause"] = state.air.cause
    if state.air.failure:
        block["failureCause"] = state.air.failure
    programs: list[Json] = []
    for program in state.air.programs:
        entry: Block = {
            "enabled": program.enabled,
            "slot": program.slot,
            "recurrence": program.recurrence,
            "start": write_duration(program.start),
        }
        if program.days:
            entry["occurence"] = {"day": list(program.days)}
        programs.append(entry)
    if programs:
        block["programs"] = programs
    return block
