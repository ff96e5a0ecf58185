"""The data and remotes of a car: `onboardCapabilities` of API versions 4 and 3."""

from simulator.errors import Json

from .blocks import Block
from .models import CarModel

COMMON_DATA = (
    "data:telemetry",
    "data:telemetry:environment",
    "data:telemetry:privacy",
    "data:telemetry:vehicle",
    "data:telemetry:vehicle:battery",
    "data:telemetry:vehicle:energies",
    "data:telemetry:vehicle:kinetic",
    "data:telemetry:vehicle:maintenance",
    "data:telemetry:vehicle:odometer",
    "data:position",
    "data:trip",
    "data:alert",
)
MODERN_DATA = (
    "data:telemetry:vehicle:adas",
    "data:telemetry:vehicle:alarm",
    "data:telemetry:vehicle:doorsState",
    "data:telemetry:vehicle:drivingBehavior",
    "data:telemetry:vehicle:engines",
    "data:telemetry:vehicle:ignition",
    "data:telemetry:vehicle:lightingSystem",
    "data:telemetry:vehicle:powertrain",
    "data:telemetry:vehicle:safety",
    "data:telemetry:vehicle:transmission",
    "data:telemetry:vehicle:wipingBlades",
    "data:collision",
)
PRECONDITIONING_DATA = "data:telemetry:vehicle:preconditioning"
SIMPLE_REMOTES = ("door", "horn", "lights", "wakeup", "navigation")


def data(model: CarModel) -> list[Json]:
    """Return the scope-like names of the data that a car makes."""
    modern = MODERN_DATA if model.dialect != "2022" else ()
    conditioned = (
        (PRECONDITIONING_DATA,) if "preconditioning" in model.remotes.names else ()
    )
    return [*COMMON_DATA, *modern, *conditioned]


def _parameters(model: CarModel) -> dict[str, Json]:
    remotes = model.remotes
    return {
        "preconditioning": {
            "programs": {"size": remotes.preconditioning_programs},
            "immediate": "preconditioning" in remotes.names,
        },
        "charging": {
            "immediate": {
                "start": remotes.charging_start,
                "stop": remotes.charging_stop,
            },
            "schedule": {
                "programs": {
                    "supported": remotes.charging_programs > 0,
                    "size": remotes.charging_programs,
                },
                "nextDelayedTime": remotes.next_delayed_time,
            },
            "preferences": {"level": remotes.preferences, "type": remotes.preferences},
        },
    }


def version_4(model: CarModel) -> Block:
    """Return the capabilities as version 4 has them."""
    remote: Block = {
        name: {
            "supported": name in model.remotes.names,
            "scopeName": f"remote:{name}:write",
        }
        for name in SIMPLE_REMOTES
    }
    for name, parameters in _parameters(model).items():
        remote[name] = {
            "supported": name in model.remotes.names,
            "scopeName": f"remote:{name}:write",
            "parameters": parameters,
        }
    return {"data": data(model), "remote": remote}


def version_3(model: CarModel) -> Block:
    """Return the capabilities as version 3 has them: operations by name, details beside."""
    details = {
        name: parameters
        for name, parameters in _parameters(model).items()
        if name in model.remotes.names
    }
    operations: list[Json] = [
        f"remote:{name}:write" for name in sorted(model.remotes.names)
    ]
    return {
        "data": data(model),
        "remote": {"operation": operations, "details": details},
    }
