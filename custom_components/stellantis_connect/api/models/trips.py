"""Where a car went, and what that took."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from ..decode import json_field, model
from .base import Record
from .energy import EnergySubType, EnergyType
from .position import Position

# What averages are told in is this much smaller than what totals are told in: Wh, kWh; cl, l.
_PARTS: Mapping[EnergyType, int] = {EnergyType.ELECTRIC: 1000, EnergyType.FUEL: 100}


@model
class LiteEnergy:
    """What was in a battery or a tank: percent, and km of range."""

    type: EnergyType | None = None
    sub_type: EnergySubType | None = None
    level: float | None = None
    autonomy: float | None = None


@model
class EnergyConsumption:
    """What a trip used of an energy.

    Attributes:
        consumption: kWh, or litres.
        avg_consumption: kWh, or litres, per 100 km; the platform tells Wh, or centilitres.
    """

    type: EnergyType | None = None
    sub_type: EnergySubType | None = None
    consumption: float | None = None
    avg_consumption: float | None = None


def _in_whole_units(
    consumptions: tuple[EnergyConsumption, ...],
) -> tuple[EnergyConsumption, ...]:
    return tuple(
        replace(one, avg_consumption=one.avg_consumption / _PARTS[one.type])
        if one.type and one.avg_consumption is not None
        else replace(one, avg_consumption=None)
        for one in consumptions
    )


class Propulsion(StrEnum):
    """What moved a car."""

    THERMAL = "Thermal"
    ELECTRIC = "Electric"
    HYBRID = "Hybrid"


@model
class TripSegment:
    """How much of a trip a propulsion did: percent, and km."""

    propulsion: Propulsion | None = None
    percent: float | None = None
    distance: float | None = None


class TripState(StrEnum):
    """Whether all of a trip is known, or what of it is not."""

    NOMINAL = "Nominal"
    UNSTARTED = "Unstarted"
    DATA_LACKING = "DataLacking"
    UNFINISHED = "Unfinished"


class TripFaultCause(StrEnum):
    """Why something of a trip is not known."""

    GEO_PRIVACY = "GeoPrivacy"
    FULL_PRIVACY = "FullPrivacy"
    CONNECTION = "Connection"


@model
class TripFault:
    """Something of a trip that is not known."""

    fault: TripState | None = None
    cause: TripFaultCause | None = None


def _km_per_hour(metres_per_second: float) -> float:
    return round(metres_per_second * 3.6, 2)


def _top_km_per_hour(metres_per_second: float) -> float | None:
    """Convert a top speed; many cars say 0 where they do not know it."""
    return _km_per_hour(metres_per_second) or None


@model
class Trip(Record):
    """A trip, which may still last.

    Attributes:
        updated_at: when it was last heard of.
        duration: seconds.
        distance: km.
        start_mileage: km.
        avg_speed: km/h; the platform tells m/s.
        max_speed: km/h; the platform tells m/s.
        done: whether it has ended.
    """

    updated_at: datetime | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    start_position: Position = Position()
    stop_position: Position = Position()
    duration: int | None = None
    distance: float | None = None
    start_mileage: float | None = None
    start_energies: tuple[LiteEnergy, ...] = ()
    end_energies: tuple[LiteEnergy, ...] = ()
    energy_consumptions: tuple[EnergyConsumption, ...] = json_field(
        convert=_in_whole_units, default=()
    )
    avg_speed: float | None = json_field("kinetic/avgSpeed", convert=_km_per_hour)
    max_speed: float | None = json_field("kinetic/maxSpeed", convert=_top_km_per_hour)
    segments: tuple[TripSegment, ...] = ()
    done: bool | None = None
    faults: tuple[TripFault, ...] = ()

    @property
    def state(self) -> TripState | None:
        """Whether all of the trip is known; None if nothing is told of that."""
        if fault := next((one.fault for one in self.faults if one.fault), None):
            return fault
        if self.done is None:
            return None
        return TripState.NOMINAL if self.done else TripState.UNFINISHED

    @property
    def consumptions(self) -> Mapping[EnergyType, EnergyConsumption]:
        """What is told of each energy's consumption; nothing of some that were used."""
        return {one.type: one for one in self.energy_consumptions if one.type}

    def level_used(self, energy: EnergyType) -> float | None:
        """Return by how many percent the level of a battery or a tank fell.

        An estimate of the consumption where none is told; None if a level is missing or rose.
        """
        start = _level(self.start_energies, energy)
        end = _level(self.end_energies, energy)
        if start is None or end is None or end > start:
            return None
        return round(start - end, 1)


def _level(energies: tuple[LiteEnergy, ...], energy: EnergyType) -> float | None:
    return next((one.level for one in energies if one.type is energy), None)
