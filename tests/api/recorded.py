"""The recorded responses of the platform, and models as flat tables of values."""

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
    """Return a recorded response."""
    return json.loads((FIXTURES / f"{name}.json").read_bytes())


def motorization(name: str) -> Motorization:
    """Return the motorization of the recorded car."""
    motorizations = {"thermal": Motorization.THERMIC, "phev": Motorization.HYBRID}
    return next(
        (value for word, value in motorizations.items() if word in name),
        Motorization.ELECTRIC,
    )


def values(status: Status) -> dict[str, Any]:
    """Return the known values of a status by dotted name, doors and belts one by one."""
    doors, belts = status.doors_state, status.safety.belts
    named = dict(leaves(status))
    named |= {f"doors_state.{name}": state for name, state in doors.openings.items()}
    named |= {f"safety.{seat}": belt for seat, belt in belts.items()}
    named |= {
        "doors_state.locked": doors.locked,
        "doors_state.any_open": doors.any_open,
        "charging": status.charging,
        "charging_end": status.charging_end,
    }
    for name in ("locked_states", "opening"):
        named.pop(f"doors_state.{name}", None)
    named.pop("safety.belt_status", None)
    return {name: value for name, value in named.items() if value is not None}


def leaves(model: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the known values of a model by dotted name."""
    for field in fields(model):
        value = getattr(model, field.name)
        if is_dataclass(value):
            yield from leaves(value, f"{prefix}{field.name}.")
        elif field.compare and value not in (None, (), frozenset()):
            yield prefix + field.name, value
