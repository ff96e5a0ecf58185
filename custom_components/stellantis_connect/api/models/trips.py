"""Trips, and the energy that they consumed."""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Self, override

import orjson

from ..decode import OnInvalid, decode, internal_field, json_field, model
from ..packing import unpack
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
class TripDetails:
    """What is decoded of a trip only when it is needed.

    Attributes:
        avg_speed: km/h; sent in m/s.
        max_speed: km/h; many cars send 0 for an unknown one.
        distance: km.
    """

    start_position: Position = Position()
    stop_position: Position = Position()
    distance: float | None = distance_field()
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
    def __post_deserialize__(cls, details: Self) -> Self:
        """Return the details with the consumption in kWh or L."""
        consumptions = tuple(
            _converted(energy, energy.type, details.distance)
            for energy in details.energy_consumptions
            if energy.type
        )
        return replace(details, energy_consumptions=consumptions)

    @property
    def consumptions(self) -> Mapping[EnergyType, EnergyConsumption]:
        """Return the consumption by type of energy; some consumed ones may be missing."""
        return {one.type: one for one in self.energy_consumptions if one.type}


@model
class Trip(Record):
    """A trip, which may not have ended yet.

    Hundreds are in memory: its fields are what all of them are needed for at once.

    Attributes:
        duration: s.
        distance: km.
        start_mileage: km.
        start_level: percent of the battery.
        end_level: percent of the battery; some cars send the level of the start.
        energy_used: kWh of the battery, as reported.
        done: whether it has ended.
        packed: compared, as the details are read from it.
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
        details = decode(TripDetails, raw, on_invalid=on_invalid)
        used = details.consumptions.get(EnergyType.ELECTRIC, EnergyConsumption())
        return decode(
            cls,
            raw,
            on_invalid=on_invalid,
            packed=packed_json(raw),
            start_level=_battery_level(details.start_energies),
            end_level=_battery_level(details.end_energies),
            energy_used=used.consumption,
        )

    @classmethod
    def __post_deserialize__(cls, trip: Self) -> Self:
        """Return the trip without times that contradict each other."""
        if trip.started_at and trip.stopped_at:
            duration = trip.stopped_at - trip.started_at
            if not timedelta() <= duration <= MAX_TRIP_DURATION:
                return replace(trip, started_at=None, stopped_at=None)
        return trip

    @property
    def details(self) -> TripDetails:
        """Return what else is known of it."""
        return _details(self.packed)

    @property
    def level_used(self) -> float | None:
        """Return by how many percent the level of the battery fell; None if it did not.

        A level that is the same at the end may be a copy.
        """
        if self.start_level is None or self.end_level is None:
            return None
        used = round(self.start_level - self.end_level, 1)
        return used if used > 0 else None


# Entities show those of the last trips again and again.
@lru_cache(maxsize=128)
def _details(packed: bytes) -> TripDetails:
    return decode(TripDetails, orjson.loads(unpack(packed)))


def _battery_level(energies: Iterable[LiteEnergy]) -> float | None:
    levels = (one.level for one in energies if one.type is EnergyType.ELECTRIC)
    return next(levels, None)
