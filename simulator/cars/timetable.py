"""The plans of an owner, which are the same for the same day, car, and seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Paris")
type Destination = Literal["work", "shop", "friends", "seaside"]

ALERTS = (
    ("RiskOfIce", "Information", "all"),
    ("AddWasherFluid", "Information", "all"),
    ("ReplaceTheRemoteControlBattery", "Information", "all"),
    ("LeftFrontTireUnderInflated", "Warning", "all"),
    ("RightRearTireUnderInflated", "Warning", "all"),
    ("LeftBrakeLampFault", "Warning", "all"),
    ("ReplaceBrakePads", "Warning", "all"),
    ("ChargingFailure", "Warning", "battery"),
    ("ElectricTractionSystemFault", "Critical", "battery"),
    ("OilLevelLow", "Warning", "tank"),
    ("EngineFault", "Critical", "tank"),
)


@dataclass(frozen=True)
class Entry:
    """An event that is planned for a moment."""

    at: datetime
    action: Literal["leave", "return", "raise", "clear", "alarm", "collision"]
    detail: str = ""
    severity: str = ""


@dataclass(frozen=True)
class Timetable:
    """The timetable of one car."""

    seed: str
    diligence: float
    powers: frozenset[str]

    def entries(self, since: date) -> Iterator[Entry]:
        """Return what happens from a day on, in order, for ever."""
        day = since
        while True:
            yield from sorted(self.day(day), key=lambda entry: entry.at)
            day += timedelta(days=1)

    def day(self, day: date) -> list[Entry]:
        """Return what happens on one day."""
        rng = Random(f"{self.seed}/{day}")
        outings = list(
            _weekend(rng) if day.weekday() >= 5 else _workday(rng, self.diligence)
        )
        entries = [
            entry
            for destination, leaves, returns in outings
            for entry in (
                Entry(_local(day, leaves), "leave", destination),
                Entry(_local(day, returns), "return", destination),
            )
        ]
        return entries + list(self._mishaps(day))

    def _mishaps(self, day: date) -> Iterator[Entry]:
        week = Random(f"{self.seed}/alert/{day - timedelta(days=day.weekday())}")
        raised, lasts = week.randrange(5), week.randrange(1, 3)
        kind, severity = week.choice(
            [(k, s) for k, s, power in ALERTS if power in self.powers | {"all"}]
        )
        if day.weekday() == raised:
            yield Entry(_local(day, week.uniform(7.0, 9.0)), "raise", kind, severity)
        if day.weekday() == raised + lasts:
            yield Entry(_local(day, week.uniform(16.0, 20.0)), "clear", kind)
        month = Random(f"{self.seed}/mishap/{day.year}-{day.month}")
        alarm_day, collision_day = month.sample(range(2, 28), 2)
        if day.day == alarm_day:
            kind = month.choice(
                ["VolumetricBreakIn", "FrontLeftDoorBreakIn", "VehicleLifting"]
            )
            yield Entry(_local(day, month.uniform(2.0, 4.5)), "alarm", kind)
        if day.day == collision_day:
            yield Entry(
                _local(day, month.uniform(12.0, 16.0)),
                "collision",
                month.choice(["Front", "Rear", "Lateral"]),
            )


type Outing = tuple[Destination, float, float]


def _workday(rng: Random, diligence: float) -> Iterator[Outing]:
    if rng.random() < diligence:
        yield "work", rng.uniform(7.5, 8.6), rng.uniform(16.6, 18.0)
    if rng.random() < 0.3:
        leaves = rng.uniform(19.2, 20.0)
        yield "shop", leaves, leaves + rng.uniform(0.8, 1.6)


def _weekend(rng: Random) -> Iterator[Outing]:
    if rng.random() < 0.65:
        leaves = rng.uniform(9.5, 10.8)
        yield "shop", leaves, leaves + rng.uniform(0.9, 1.5)
    if rng.random() < 0.5:
        leaves = rng.uniform(13.0, 14.2)
        yield rng.choice(("friends", "seaside")), leaves, leaves + rng.uniform(4.5, 6.5)


def _local(day: date, hours: float) -> datetime:
    """Return a moment of a local day, in UTC."""
    midnight = datetime.combine(day, time(), LOCAL)
    wall = (
        midnight.replace(tzinfo=None) + timedelta(seconds=round(hours * 3600))
    ).replace(tzinfo=LOCAL)
    return wall.astimezone(UTC)
