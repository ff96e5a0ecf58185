"""Actions of remotes, and their JSON."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, override

from .energy import ChargingPowerLevel, ChargingType
from .position import Position
from .program import Day, Program, Recurrence
from .remotes import RemoteType
from .scope import Scope

MAX_POSITIONS = 10
PRECONDITIONING_SLOTS = frozenset({1, 2, 3, 4})

type Body = dict[str, object]


class RemoteAction(ABC):
    """An action that a car executes.

    Attributes:
        type: the type of its remote.
        scope: the scope that it requires.
        key: its name in events and texts.
    """

    type: ClassVar[RemoteType]
    scope: ClassVar[Scope]

    @property
    @abstractmethod
    def key(self) -> str:
        """Return its name in events and texts."""

    @abstractmethod
    def body(self) -> Body:
        """Return the JSON object to send."""


@dataclass(frozen=True)
class Door(RemoteAction):
    """Lock or unlock all doors."""

    type = RemoteType.DOORS
    scope = Scope.DOOR
    locked: bool

    @property
    @override
    def key(self) -> str:
        return "lock" if self.locked else "unlock"

    @override
    def body(self) -> Body:
        return {"door": {"state": "Locked" if self.locked else "Unlocked"}}


@dataclass(frozen=True)
class Horn(RemoteAction):
    """Sound the horn, or silence it."""

    type = RemoteType.HORN
    scope = Scope.HORN
    key = "sound_horn"
    activated: bool = True

    @override
    def body(self) -> Body:
        return {"horn": {"state": "Activated" if self.activated else "Unactivated"}}


@dataclass(frozen=True)
class Lights(RemoteAction):
    """Switch the lights on or off."""

    type = RemoteType.LIGHTS
    scope = Scope.LIGHTS
    on: bool = True

    @property
    @override
    def key(self) -> str:
        return "flash_lights" if self.on else "turn_off_lights"

    @override
    def body(self) -> Body:
        return {"lights": {"on": self.on}}


@dataclass(frozen=True)
class WakeUp(RemoteAction):
    """Wake the car up, so that it uploads its state."""

    type = RemoteType.WAKE_UP
    scope = Scope.WAKEUP
    key = "wake_up"

    @override
    def body(self) -> Body:
        return {"wakeUp": {"action": "WakeUp"}}


@dataclass(frozen=True)
class AirConditioning(RemoteAction):
    """Start or stop preconditioning, and set or delete some of the four programs.

    Attributes:
        immediate: whether to start or stop now; None does neither.
        programs: the programs to set, each with a slot and a start.
        deleted_slots: the slots of the programs to delete.

    Raises:
        ValueError: the platform would refuse it.
    """

    type = RemoteType.THERMAL_PRECONDITIONING
    scope = Scope.PRECONDITIONING
    immediate: bool | None = None
    programs: tuple[Program, ...] = ()
    deleted_slots: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Check what the platform would refuse."""
        slots = [*(program.slot for program in self.programs), *self.deleted_slots]
        if self.immediate is None and not slots:
            raise ValueError("No action")
        if len(set(slots)) < len(slots) or not PRECONDITIONING_SLOTS.issuperset(slots):
            raise ValueError("Invalid or duplicate slots")
        _require_start(self.programs)

    @property
    @override
    def key(self) -> str:
        if self.programs:
            return "set_preconditioning_program"
        if self.deleted_slots:
            return "delete_preconditioning_program"
        return "start_preconditioning" if self.immediate else "stop_preconditioning"

    @override
    def body(self) -> Body:
        air_conditioning: Body = {}
        if self.immediate is not None:
            air_conditioning["immediate"] = self.immediate
        if self.programs or self.deleted_slots:
            air_conditioning["programs"] = [
                *(_setting(program) for program in self.programs),
                *(_deletion(slot) for slot in self.deleted_slots),
            ]
        return {"preconditioning": {"airConditioning": air_conditioning}}


class _Charging(RemoteAction):
    """An action on charging."""

    type = RemoteType.ELECTRIC_BATTERY_CHARGING_REQUEST
    scope = Scope.CHARGING


@dataclass(frozen=True)
class ImmediateCharging(_Charging):
    """Start charging, or stop it until the programmed time."""

    immediate: bool

    @property
    @override
    def key(self) -> str:
        return "start_charging" if self.immediate else "stop_charging"

    @override
    def body(self) -> Body:
        return {"charging": {"immediate": self.immediate}}


@dataclass(frozen=True)
class DelayedCharging(_Charging):
    """Start charging at a time of day, local to the car.

    Attributes:
        next_delayed_time: the time since midnight, as cars accept it; the specification has a
            point in time.
    """

    key = "set_charging_start"
    next_delayed_time: timedelta

    @override
    def body(self) -> Body:
        start = _iso_8601(self.next_delayed_time)
        return {"charging": {"schedule": {"nextDelayedTime": start}}}


@dataclass(frozen=True)
class ChargingPrograms(_Charging):
    """Replace all charging programs; each needs a start.

    Raises:
        ValueError: the platform would refuse it.
    """

    key = "set_charging_programs"
    programs: tuple[Program, ...]

    def __post_init__(self) -> None:
        """Check what the platform would refuse."""
        _require_start(self.programs)

    @override
    def body(self) -> Body:
        programs = [_timing(program) for program in self.programs]
        return {"charging": {"schedule": {"programs": programs}}}


@dataclass(frozen=True)
class ChargingPreference(_Charging):
    """Set the power level, or whether to charge the battery fully."""

    preference: ChargingType | ChargingPowerLevel

    @property
    @override
    def key(self) -> str:
        is_target = isinstance(self.preference, ChargingType)
        return f"set_charging_{'target' if is_target else 'power'}"

    @override
    def body(self) -> Body:
        name = "type" if isinstance(self.preference, ChargingType) else "level"
        return {"charging": {"preferences": {name: self.preference}}}


@dataclass(frozen=True)
class Navigation(RemoteAction):
    """Send a route of one to ten positions, the last of which is the destination.

    Raises:
        ValueError: the platform would refuse it.
    """

    type = RemoteType.NAVIGATION
    scope = Scope.NAVIGATION
    key = "send_destination"
    positions: tuple[Position, ...]

    def __post_init__(self) -> None:
        """Check what the platform would refuse."""
        if not 1 <= len(self.positions) <= MAX_POSITIONS:
            raise ValueError("Invalid number of positions")
        if any(None in (one.longitude, one.latitude) for one in self.positions):
            raise ValueError("Position without coordinates")

    @override
    def body(self) -> Body:
        points = [
            {"type": "Point", "coordinates": [one.longitude, one.latitude]}
            for one in self.positions
        ]
        return {"navigation": {"positions": points}}


def _require_start(programs: Iterable[Program]) -> None:
    if any(program.start is None for program in programs):
        raise ValueError("Program without start")


def _setting(program: Program) -> Body:
    return {
        "slot": program.slot,
        "actionsType": "Set",
        "recurrence": program.recurrence or Recurrence.DAILY,
        **_timing(program),
    }


def _deletion(slot: int) -> Body:
    """Return the deletion of a program; the schema requires a start."""
    return {"slot": slot, "actionsType": "Delete", "start": _iso_8601(timedelta())}


def _timing(program: Program) -> Body:
    times = {"start": program.start, "end": program.end}
    return {
        "enabled": program.enabled is not False,
        **{name: _iso_8601(time) for name, time in times.items() if time is not None},
        "occurence": {"day": [day for day in Day if day in program.days]},
    }


def _iso_8601(duration: timedelta) -> str:
    """Return a duration in hours and minutes, as the platform writes it: `PT7H30M`."""
    hours, minutes = divmod(round(duration.total_seconds() / 60), 60)
    parts = [(hours, "H"), (minutes, "M")]
    return "PT" + ("".join(f"{n}{unit}" for n, unit in parts if n) or "0S")
