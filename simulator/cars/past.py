"""The past of a car."""

from dataclasses import dataclass
from datetime import datetime
import hashlib
from typing import Literal

from .state import Drive, State, Trigger


def digest(*parts: object) -> str:
    """Return an identifier that is always the same for the same parts."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()


@dataclass(frozen=True)
class Trip:
    """A drive with the car's state at both ends; the last is None while it lasts."""

    id: str
    drive: Drive
    start: State
    stop: State | None = None


@dataclass(frozen=True)
class Alert:
    """An alert with the states at its start and its end."""

    id: str
    kind: str
    severity: str
    start: State
    end: State | None = None


@dataclass(frozen=True)
class Alarm:
    """The alarm was armed, disarmed, or triggered."""

    id: str
    at: datetime
    trigger: Trigger | None = None
    active: bool = False


@dataclass(frozen=True)
class Collision:
    """A collision."""

    id: str
    at: datetime
    side: Literal["Front", "Rear", "Lateral"]
    severity: Literal["Minimal", "Minor", "Major"] = "Minimal"
    tipped_over: bool = False
    pedestrian: bool = False


@dataclass(frozen=True)
class ChargeRecord:
    """A charge that has ended; the energy in Wh."""

    started: datetime
    ended: datetime
    energy: float
    quick: bool
