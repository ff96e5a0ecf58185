"""How real cars' data differ from the specification."""

from datetime import UTC, datetime

from simulator.clock import rfc3339
from simulator.errors import Json

from .blocks import NO_SENSOR, Block
from .models import CarModel
from .state import State

DELIVERED = datetime(2023, 8, 10, 15, 20, 8, tzinfo=UTC)
FROZEN = datetime(2025, 6, 30, 19, 51, 19, tzinfo=UTC)
"""When the times of `energies` stopped on many cars."""

CENTILITRES = 100
WATT_HOURS = 1000
KMH_PER_METRE_PER_SECOND = 3.6


def trip(body: Block) -> Block:
    """Return a trip with the units that cars use: cL, Wh, and a top speed in km/h."""
    consumptions: list[Json] = [
        {
            **entry,
            "consumption": _scaled(
                entry["consumption"],
                CENTILITRES if entry["type"] == "Fuel" else WATT_HOURS,
            ),
        }
        for entry in _blocks(body["energyConsumptions"])
    ]
    kinetic = _block(body["kinetic"])
    top_speed = _scaled(kinetic["maxSpeed"], KMH_PER_METRE_PER_SECOND)
    return {
        **body,
        "energyConsumptions": consumptions,
        "kinetic": {**kinetic, "maxSpeed": top_speed},
    }


def status(model: CarModel, state: State, body: Block) -> Block:
    """Return a status of the present dialect as a car sends it."""
    body = {**body, "service": _service(model)}
    energies = [_energy(model, entry) for entry in _blocks(body["energies"])]
    body["energy"] = [_legacy_energy(entry, state) for entry in energies]
    body["energies"] = list[Json](energies)
    safety = _block(body["safety"])
    belts: list[Json] = [
        {"identifier": belt["id"], "belt": belt["belt"]}
        for belt in _blocks(safety["beltStatus"])
    ]
    body["safety"] = {**safety, "beltStatus": belts}
    if model.tank is None:
        body["engines"] = [_absent_engine(), *_blocks(body["engines"])]
    if "preconditioning" in body:
        body["preconditionning"] = body["preconditioning"]
    return body


def _energy(model: CarModel, entry: Block) -> Block:
    if entry["type"] != "Electric":
        return entry
    electric = _block(_block(entry["extension"])["electric"])
    charging = _block(electric["charging"])
    charging = {**charging, "schedule": _block(charging["schedule"])["programs"]}
    if model.waits_disconnected and charging["status"] == "Stopped":
        charging["status"] = "Disconnected"
    extension: Block = {"electric": {**electric, "charging": charging}}
    entry = {**entry, "extension": extension}
    return {**entry, "createdAt": rfc3339(FROZEN)} if model.frozen_times else entry


def _legacy_energy(entry: Block, state: State) -> Block:
    """Return an energy of the former dialect, which real cars send beside the present one."""
    legacy: Block = {
        name: entry[name]
        for name in ("createdAt", "type", "level", "autonomy")
        if name in entry
    }
    if entry["type"] == "Electric":
        charging = _block(_block(_block(entry["extension"])["electric"])["charging"])
        shown = {name: one for name, one in charging.items() if name != "schedule"}
        legacy |= {"updatedAt": rfc3339(state.at), "charging": shown}
    return legacy


def _service(model: CarModel) -> Block:
    kind = model.motorization if model.battery else "Unknown"
    return {"type": kind, "createdAt": rfc3339(DELIVERED)}


def _absent_engine() -> Block:
    """Return the combustion engine that battery cars report without having one."""
    sensors: Block = {name: {"temp": NO_SENSOR} for name in ("coolant", "oil", "air")}
    return {
        "type": "Thermic",
        "extension": {"thermic": sensors},
        "createdAt": rfc3339(DELIVERED),
    }


def _scaled(value: Json, factor: float) -> Json:
    return round(value * factor, 3) if isinstance(value, int | float) else value


def _block(value: Json) -> Block:
    return value if isinstance(value, dict) else {}


def _blocks(value: Json) -> list[Block]:
    return [_block(entry) for entry in value] if isinstance(value, list) else []
