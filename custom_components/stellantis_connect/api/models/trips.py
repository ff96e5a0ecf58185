"""Trips, and the energy that they consumed."""

from collections.abc import Iterable, Mapping
from dataclasses import field, fields, replace
from datetime import datetime, timedelta
from typing import Self, override

from ..decode import OnInvalid, decode, internal_field, json_field, model
from .base import EMPTY, MAX_MILEAGE, Record, distance_field, packed_json, speed_field
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

    Hundreds of them are in memory, without what is needed of few of them at a time.

    Attributes:
        duration: s.
        distance: km.
        start_mileage: km.
        start_level: percent of the battery.
        end_level: percent of the battery; some cars send the level of the start.
        energy_used: kWh of the battery, as reported.
        done: whether it has ended.
        packed: compared, as the details are decoded from it.
    """

    packed: bytes = field(default=EMPTY, repr=False, metadata={"internal": True})
    updated_at: datetime | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    duration: int | None = json_field(
        minimum=0, maximum=MAX_TRIP_DURATION.total_seconds()
    )
    distance: float | None = distance_field()
    start_mileage: float | None = distance_field(maximum=MAX_MILEAGE, missing=0)
    start_level: float | None = internal_field(lambda: None)
    end_level: float | None = internal_field(lambda: None)
    energy_used: float | None = internal_field(lambda: None)
    done: bool | None = None

    @classmethod
    @override
    def from_json(
        cls, raw: Mapping[str, object], *, on_invalid: OnInvalid | None = None
    ) -> Self:
        trip = decode(DetailedTrip, raw, on_invalid=on_invalid, packed=packed_json(raw))
        return cls(**{one.name: getattr(trip, one.name) for one in fields(cls)})

    @classmethod
    def __post_deserialize__(cls, trip: Self) -> Self:
        """Return the trip without times that contradict each other."""
        if trip.started_at and trip.stopped_at:
            duration = trip.stopped_at - trip.started_at
            if not timedelta() <= duration <= MAX_TRIP_DURATION:
                return replace(trip, started_at=None, stopped_at=None)
        return trip

    def detailed(self) -> DetailedTrip:
        """Return the trip with its details, which are decoded each time."""
        known = {one.name: getattr(self, one.name) for one in fields(Trip)}
        return decode(DetailedTrip, self.raw, **known)

    @property
    def level_used(self) -> float | None:
        """Return by how many percent the level of the battery fell; None if it did not.

        A level that is the same at the end may be a copy.
        """
        if self.start_level is None or self.end_level is None:
            return None
        used = round(self.start_level - self.end_level, 1)
        return used if used > 0 else None


@model
class DetailedTrip(Trip):
    """A trip with its details.

    Attributes:
        avg_speed: km/h; sent in m/s.
        max_speed: km/h; many cars send 0 for an unknown one.
    """

    start_position: Position = Position()
    stop_position: Position = Position()
    start_energies: tuple[LiteEnergy, ...] = ()
    end_energies: tuple[LiteEnergy, ...] = ()
    energy_consumptions: tuple[EnergyConsumption, ...] = ()
    avg_speed: float | None = speed_field(
        "kinetic/avgSpeed",
        maximum=400 / 3.6,
        convert=lambda speed: round(speed * 3.6, 2),
    )
    max_speed: float | None = speed_field("kinetic/maxSpeed", missing=0)

    @classmethod
    @override
    def __post_deserialize__(cls, trip: Self) -> Self:
        """Return the trip without contradicting times, with its consumption in kWh or L."""
        consumptions = tuple(
            _converted(energy, energy.type, trip.distance)
            for energy in trip.energy_consumptions
            if energy.type
        )
        return replace(
            super().__post_deserialize__(trip),
            start_level=_battery_level(trip.start_energies),
            end_level=_battery_level(trip.end_energies),
            energy_used={one.type: one.consumption for one in consumptions}.get(
                EnergyType.ELECTRIC
            ),
            energy_consumptions=consumptions,
        )

    @property
    def consumptions(self) -> Mapping[EnergyType, EnergyConsumption]:
        """Return the consumption by type of energy; some consumed ones may be missing."""
        return {one.type: one for one in self.energy_consumptions if one.type}


def _battery_level(energies: Iterable[LiteEnergy]) -> float | None:
    levels = (one.level for one in energies if one.type is EnergyType.ELECTRIC)
    return next(levels, None)
