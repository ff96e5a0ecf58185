"""Telemetry: the messages of a car, kind by kind."""

from collections.abc import Collection
from datetime import datetime

from simulator.clock import rfc3339
from simulator.errors import Json

from . import blocks, records
from .blocks import Block
from .car import Car
from .state import State
from .status import electric_extension

KINDS = (
    "environment",
    "privacy",
    "vehicle",
    "vehicle.adas",
    "vehicle.battery",
    "vehicle.doorsState",
    "vehicle.energies",
    "vehicle.engines",
    "vehicle.ignition",
    "vehicle.lightingSystem",
    "vehicle.safety",
    "vehicle.transmission",
    "vehicle.alarm.status",
    "vehicle.alarm.trigger",
    "vehicle.wipingBlades",
)
EXTENSIONS = ("location", "maintenance")
SPEED_LIMITS = (30, 50, 80, 90, 110, 130)
GEARS = ((15, "Ratio1"), (30, "Ratio2"), (48, "Ratio3"), (68, "Ratio4"), (95, "Ratio5"))


def telemetry(
    car: Car,
    moment: datetime,
    kinds: Collection[str],
    extensions: Collection[str],
    *,
    located: bool,
) -> Block:
    """Return one message; no kinds means all."""
    state = car.at(moment)
    body: Block = {"createdAt": rfc3339(moment)}
    if _wanted("environment", kinds):
        body["environment"] = {
            "luminosity": blocks.luminosity(state),
            "air": blocks.air(state),
        }
    if _wanted("privacy", kinds):
        body["privacy"] = {"state": state.privacy}
    if vehicle := _vehicle(car, state, kinds):
        body["vehicle"] = vehicle
    extension: Block = {}
    if "location" in extensions and located and state.privacy == "None":
        extension["location"] = records.position(state, state.moved_at)
    if "maintenance" in extensions:
        maintenance = records.maintenance(car, state)
        maintenance.pop("updatedAt")
        extension["maintenance"] = {**maintenance, "createdAt": rfc3339(moment)}
    if extension:
        body["_embedded"] = {"extension": extension}
    return body


def _wanted(kind: str, kinds: Collection[str]) -> bool:
    return not kinds or kind in kinds


def _vehicle(car: Car, state: State, kinds: Collection[str]) -> Block:
    model = car.model
    everything: dict[str, Json] = {
        "energies": [
            {
                **energy,
                "extension": {
                    "electric": electric_extension(model, state, with_times=False)
                }
                if energy["type"] == "Electric"
                else blocks.fuel_extension(model, state),
            }
            for energy in blocks.lite_energies(model, state)
        ],
        "battery": {"voltage": state.auxiliary_level},
        "odometer": {"mileage": round(state.odometer, 1)},
        "kinetic": blocks.kinetic(state),
    }
    if car.dialect != "2022":
        everything |= {
            "adas": driver_assistance(state),
            "doorsState": blocks.doors(model, state),
            "engines": list[Json](blocks.engines(model, state)),
            "ignition": blocks.ignition(state),
            "lightingSystem": blocks.lights(state),
            "safety": blocks.safety(state),
            "transmission": {"gearbox": gearbox(car, state)},
            "powertrain": blocks.powertrain(state),
            "drivingBehavior": blocks.driving_mode(model, state),
            "wipingBlades": wiping_blades(state),
            "alarm": _alarm(state, kinds),
        }
    if "vehicle" in kinds or not kinds:
        return everything
    return {
        name: block
        for name, block in everything.items()
        if any(k.split(".")[1:2] == [name] for k in kinds)
    }


def _alarm(state: State, kinds: Collection[str]) -> Block:
    body: Block = {}
    if not kinds or {"vehicle", "vehicle.alarm.status"} & set(kinds):
        body["status"] = {"activation": "Active" if state.armed else "Inactive"}
    if state.trigger and (
        not kinds or {"vehicle", "vehicle.alarm.trigger"} & set(kinds)
    ):
        body["trigger"] = {
            "type": state.trigger.kind,
            "startAt": rfc3339(state.trigger.started),
        }
    return body


def driver_assistance(state: State) -> Block:
    """Return what the assistants do: much on a fast road, little in town, nothing in a parked car."""
    moving, fast = state.drive is not None, state.fix.speed > 85
    limit = next(
        (limit for limit in SPEED_LIMITS if state.fix.speed <= limit + 4),
        SPEED_LIMITS[-1],
    )
    body: Block = {
        "parkAssist": {"front": ["Wait"], "rear": ["Wait" if moving else "Active"]},
        "accr": "Activated" if fast else "Off",
        "lvv": False,
        "rvv": "BestFitInProgress" if fast else "Off",
        "aebs": "off",
        "afil": "Off",
        "artiv": "Selected" if fast else "NotSelected",
        "bsm": "Active" if moving else "Inactive",
        "esp": moving,
        "abs": False,
        "fse": not moving,
        "rlka": "Authorized" if fast else "NotSelected",
        "llka": "Authorized" if fast else "NotSelected",
        "rgi": "None",
    }
    return {**body, "sli": limit} if moving else body


def gearbox(car: Car, state: State) -> Block:
    """Return mode and gear."""
    speed = state.fix.speed
    ratio = (
        next((name for limit, name in GEARS if speed < limit), "Ratio6")
        if speed
        else "Neutral"
    )
    automatic = car.model.battery is not None
    mode: Block = {
        "automatic": automatic,
        "sport": False,
        "snow": False,
        "sequential": not automatic,
        "semiManual": False,
    }
    return {
        "mode": mode,
        "ratio": "Ratio1" if automatic and speed and car.model.tank is None else ratio,
    }


def wiping_blades(state: State) -> Block:
    """Return the wipers: one drive in four goes through rain."""
    if state.drive is None or state.drive.started.toordinal() % 4:
        return {"active": False}
    return {"active": True, "speed": "High" if state.fix.speed > 85 else "Low"}
