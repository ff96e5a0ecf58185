"""The state of a car between two events."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import exp, pi, sin
from typing import Literal

from .charging import Charge
from .models import CarModel
from .roads import Fix, Place, Road

OPENINGS = (
    "Driver",
    "Passenger",
    "RearLeft",
    "RearRight",
    "Trunk",
    "RearWindow",
    "RoofWindow",
)
LOCKED = ("Locked", "SuperLocked")
UNLOCKED = ("Unlocked",)
RESERVE = 0.08
"""The part of its battery that a plug-in keeps."""
DEEP_SLEEP = timedelta(days=7)
STAYS_AWAKE = timedelta(minutes=3)

type ChargingStatus = Literal[
    "Disconnected", "InProgress", "Failure", "Stopped", "Finished"
]
type Privacy = Literal["None", "Geolocation", "Full"]
type Sleep = Literal["auto", "awake", "asleep", "deep"]


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive; `pace` below 1 is a day with traffic."""

    road: Road
    destination: str
    started: datetime
    pace: float = 1.0

    @property
    def ends(self) -> datetime:
        """Return when the car arrives."""
        return self.started + timedelta(seconds=round(self.road.seconds / self.pace))

    def fix(self, moment: datetime) -> Fix:
        """Return where the car is; its speed follows the pace."""
        fix = self.road.after((moment - self.started).total_seconds() * self.pace)
        return replace(fix, speed=round(fix.speed * self.pace, 1))


@dataclass(frozen=True, slots=True)
class Program:
    """A preconditioning program: when, counted from local midnight, and on which days."""

    slot: int
    enabled: bool = False
    start: timedelta = timedelta()
    days: tuple[str, ...] = ()
    recurrence: str = "Daily"


@dataclass(frozen=True, slots=True)
class ChargingProgram:
    """A charging program: times counted from local midnight, and its days."""

    start: timedelta
    end: timedelta | None = None
    enabled: bool = True
    days: tuple[str, ...] = ()

    @property
    def length(self) -> timedelta | None:
        """Return how long it lasts, over midnight too; None without an end."""
        return None if self.end is None else (self.end - self.start) % timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Air:
    """The preconditioning; `ends` is set while it runs."""

    status: Literal["Enabled", "Disabled", "Finished", "Failure"] = "Disabled"
    cause: str | None = None
    failure: str | None = None
    ends: datetime | None = None
    programs: tuple[Program, ...] = ()


@dataclass(frozen=True, slots=True)
class Trigger:
    """An alarm that was triggered."""

    kind: str
    started: datetime
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A car at a moment: km, Wh, litres; the times say when a group last changed."""

    at: datetime
    where: str
    place: Place
    heading: int
    odometer: float
    energy: float
    fuel: float
    fuel_used: float
    stopped_at: datetime
    long_trip_at: datetime
    awake_until: datetime
    drive: Drive | None = None
    plugged: bool = False
    charge: Charge | None = None
    charging_status: ChargingStatus = "Disconnected"
    delayed_start: timedelta | None = None
    charge_type: Literal["Partial", "Full"] = "Full"
    power_level: str = "Level3"
    charging_programs: tuple[ChargingProgram, ...] = ()
    locks: tuple[str, ...] = LOCKED
    opened: frozenset[str] = frozenset()
    doors_at: datetime
    lights: bool = False
    horns: int = 0
    destinations: tuple[tuple[float, float], ...] = ()
    air: Air = field(default_factory=Air)
    air_at: datetime
    privacy: Privacy = "None"
    privacy_at: datetime
    trigger: Trigger | None = None
    auxiliary: float | None = None
    emergency_call: bool = False
    sleep: Sleep = "auto"
    pending: tuple[tuple[datetime, str], ...] = ()

    @property
    def armed(self) -> bool:
        """Return whether the alarm is armed, which locking does."""
        return "Locked" in self.locks

    @property
    def fix(self) -> Fix:
        """Return the position, speed, and direction."""
        if self.drive is not None:
            return self.drive.fix(self.at)
        return Fix(self.place, self.heading, 0.0, 0.0)

    @property
    def moved_at(self) -> datetime:
        """Return when the car last moved."""
        return self.at if self.drive else self.stopped_at

    @property
    def auxiliary_level(self) -> float:
        """Return the 12 V battery's level in percent, which falls while the car is parked."""
        if self.auxiliary is not None:
            return self.auxiliary
        days = (self.at - self.moved_at) / timedelta(days=1)
        return round(max(45.0, 96.0 - 0.8 * days) * 2) / 2

    @property
    def engine_temperature(self) -> float:
        """Return the coolant's temperature, which rises within minutes and falls within hours."""
        outside = outside_temperature(self.at)
        if self.drive:
            minutes = (self.at - self.drive.started) / timedelta(minutes=1)
            return round(outside + (90 - outside) * (1 - exp(-minutes / 6)), 1)
        hours = (self.at - self.stopped_at) / timedelta(hours=1)
        return round(outside + (88 - outside) * exp(-hours / 1.5), 1)

    @property
    def asleep(self) -> Literal["awake", "asleep", "deep"]:
        """Return how deeply the car sleeps."""
        if self.sleep != "auto":
            return self.sleep
        if self.drive or self.charge or self.air.ends or self.at < self.awake_until:
            return "awake"
        return "deep" if self.at - self.long_trip_at > DEEP_SLEEP else "asleep"


def outside_temperature(moment: datetime) -> float:
    """Return a plausible temperature in degrees Celsius: of the season and of the hour."""
    season = 11 - 9 * sin((moment.timetuple().tm_yday + 80) / 365 * 2 * pi)
    hour = 5 * sin((moment.hour + moment.minute / 60 - 9) / 24 * 2 * pi)
    weather = 3 * sin(moment.toordinal() * 0.7)
    return round((season + hour + weather) * 2) / 2


def is_day(moment: datetime) -> bool:
    """Return whether it is light outside."""
    length = 12 - 4 * sin((moment.timetuple().tm_yday + 80) / 365 * 2 * pi)
    return abs(moment.hour + moment.minute / 60 - 12) < length / 2


def evolve(state: State, moment: datetime, model: CarModel) -> State:
    """Return the state that a later moment finds when nothing happens in between."""
    if state.drive is not None:
        before, after = state.drive.fix(state.at), state.drive.fix(moment)
        energy, fuel = consumption(
            model, state.energy, after.distance - before.distance, state.drive
        )
        return replace(
            state,
            at=moment,
            place=after.place,
            heading=after.heading,
            odometer=state.odometer + after.distance - before.distance,
            energy=state.energy - energy,
            fuel=max(0.0, state.fuel - fuel),
            fuel_used=state.fuel_used + fuel,
        )
    if state.charge is not None:
        return replace(state, at=moment, energy=state.charge.energy_at(moment))
    return replace(state, at=moment)


def consumption(
    model: CarModel, energy: float, distance: float, drive: Drive
) -> tuple[float, float]:
    """Return the Wh and the litres that a distance takes; cold and speed cost more."""
    cold = 1 + max(0.0, 18 - outside_temperature(drive.started)) * 0.008
    fast = 1 + max(0.0, drive.road.top_speed - 90) * 0.004
    factor = cold * fast / drive.pace**0.2
    used = 0.0
    if model.battery is not None:
        keeps = RESERVE if model.tank else 0.01
        per_km = model.battery.per_km * factor
        used = min(distance * per_km, max(0.0, energy - keeps * model.battery.capacity))
        distance -= used / per_km
    burnt = distance * model.tank.per_100_km / 100 * factor if model.tank else 0.0
    return used, burnt
