"""Trips, and the energy that they consumed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Self

from ..decode import json_field, model
from .base import MAX_MILEAGE, Record, distance_field, speed_field
from .energy import EnergySubType, EnergyType, LiteEnergy
from .position import Position

MAX_TRIP_DURATION = timedelta(days=3)
MAX_PER_100_KM: Mapping[EnergyType, float] = {
    EnergyType.ELECTRIC: 100,
    EnergyType.FUEL: 60,
}
"""The highest plausible average consumption: kWh, or L."""
_PARTS: Mapping[EnergyType, int] = {EnergyType.ELECTRIC: 1000, EnergyType.FUEL: 100}
"""Wh in a kWh, and cL in a L."""


@model
class EnergyConsumption:
    """The energy of one type that a trip consumed.

    Attributes:
        consumption: kWh, or L.
        avg_consumption: kWh, or L, per 100 km.
    """

    type: EnergyType | None = None
    sub_type: EnergySubType | None = None
    consumption: float | None = json_field(minimum=0, maximum=1_000_000)
    avg_consumption: float | None = json_field(minimum=0, maximum=1_000_000)


def _converted(
    energy: EnergyConsumption, energy_type: EnergyType, distance: float | None
) -> EnergyConsumption:
    """Return a consumption in kWh or L, without implausible values.

    Averages are sent in Wh or cL. Totals are, too, but also in kWh or L, as the specification
    has them; together with the distance, the average tells which.
    """
    parts, maximum = _PARTS[energy_type], MAX_PER_100_KM[energy_type]
    total, average = energy.consumption, energy.avg_consumption
    if total and average == 0:
        average = None
    if distance and total is not None and average is not None:
        expected = total * 100 / distance
        if _is_about(average, expected * parts):
            total *= parts
        elif not _is_about(average, expected):
            total = average = None
    if total is not None:
        total /= parts
        if distance and total * 100 / distance > maximum:
            total = None
    if average is not None:
        average /= parts
        if average > maximum:
            average = None
    return replace(energy, consumption=total, avg_consumption=average)


def _is_about(value: float, expected: float) -> bool:
    """Return whether a value may be the expected one, given that distances are rounded."""
    return expected / 3 <= value <= expected * 3


@model
class Trip(Record):
    """A trip, which may not have ended yet.

    Attributes:
        duration: s.
        distance: km.
        start_mileage: km.
        avg_speed: km/h; sent in m/s.
        max_speed: km/h; many cars send 0 for an unknown one.
        done: whether it has ended.
    """

    updated_at: datetime | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    start_position: Position = Position()
    stop_position: Position = Position()
    duration: int | None = json_field(
        minimum=0, maximum=MAX_TRIP_DURATION.total_seconds()
    )
    distance: float | None = distance_field()
    start_mileage: float | None = distance_field(maximum=MAX_MILEAGE, missing=0)
    start_energies: tuple[LiteEnergy, ...] = ()
    end_energies: tuple[LiteEnergy, ...] = ()
    energy_consumptions: tuple[EnergyConsumption, ...] = ()
    avg_speed: float | None = speed_field(
        "kinetic/avgSpeed",
        maximum=400 / 3.6,
        convert=lambda speed: round(speed * 3.6, 2),
    )
    max_speed: float | None = speed_field("kinetic/maxSpeed", missing=0)
    done: bool | None = None

    @classmethod
    def __post_deserialize__(cls, trip: Self) -> Self:
        """Return the trip without times that contradict each other, with its consumption in kWh or L."""
        if trip.started_at and trip.stopped_at:
            duration = trip.stopped_at - trip.started_at
            if not timedelta() <= duration <= MAX_TRIP_DURATION:
                trip = replace(trip, started_at=None, stopped_at=None)
        consumptions = tuple(
            _converted(energy, energy.type, trip.distance)
            for energy in trip.energy_consumptions
            if energy.type
        )
        return replace(trip, energy_consumptions=consumptions)

    @property
    def consumptions(self) -> Mapping[EnergyType, EnergyConsumption]:
        """Return the consumption by type of energy; some consumed ones may be missing."""
        return {one.type: one for one in self.energy_consumptions if one.type}

    def level_used(self, energy: EnergyType) -> float | None:
        """Return by how many percent the level of a battery or a tank fell.

        None if a level is missing, rose, or may be a copy: some cars send the energies of the
        start also for the end.
        """
        start = level_of(self.start_energies, energy)
        end = level_of(self.end_energies, energy)
        is_copy = frozenset(self.start_energies) == frozenset(self.end_energies)
        if start is None or end is None or end > start or is_copy:
            return None
        return round(start - end, 1)


def level_of(energies: Iterable[LiteEnergy], energy: EnergyType) -> float | None:
    """Return the level of a battery or a tank."""
    return next((one.level for one in energies if one.type is energy), None)
