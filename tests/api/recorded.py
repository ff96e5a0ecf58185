"""The recorded answers of the platform, and models as flat tables of values."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
import json
from pathlib import Path
from typing import Any

from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.vehicle import Motorization

FIXTURES = Path(__file__).parents[1] / "fixtures"
STATUSES = sorted(
    path.stem for path in FIXTURES.glob("*-status-*.json") if "error" not in path.stem
)


def load(name: str) -> Any:
    """Return a recorded answer."""
    return json.loads((FIXTURES / f"{name}.json").read_bytes())


def motorization(name: str) -> Motorization:
    """Return what moves the car of a recording."""
    kinds = {"thermal": Motorization.THERMIC, "phev": Motorization.HYBRID}
    return next(
        (kind for word, kind in kinds.items() if word in name), Motorization.ELECTRIC
    )


def values(status: Status) -> dict[str, Any]:
    """Return what a status tells by dotted name, without what it does not tell.

    Lists of doors and belts are told door by door and belt by belt.
    """
    doors, belts = status.doors_state, status.safety.belts
    told = dict(_leaves(status))
    told |= {f"doors_state.{name}": state for name, state in doors.openings.items()}
    told |= {f"safety.{seat}": belt for seat, belt in belts.items()}
    told |= {
        "doors_state.locked": doors.locked,
        "doors_state.any_open": doors.any_open,
        "charging_end": status.charging_end,
    }
    for name in ("locked_states", "opening"):
        told.pop(f"doors_state.{name}", None)
    told.pop("safety.belt_status", None)
    return {name: value for name, value in told.items() if value is not None}


def _leaves(model: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for field in fields(model):
        value = getattr(model, field.name)
        if is_dataclass(value):
            yield from _leaves(value, f"{prefix}{field.name}.")
        elif field.compare and value not in (None, (), frozenset()):
            yield prefix + field.name, value
