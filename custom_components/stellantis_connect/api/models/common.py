"""What several answers share: their time, that they can be stored, positions and programs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self, override

from ..decode import Note, at, decode, ignore, made, model


@model
class Block:
    """A part of an answer that carries a time of its own.

    Blocks age on their own: in one answer one may be of now and another of last year.
    """

    created_at: datetime | None = at("createdAt", "updatedAt")


@model
class Stored(Block):
    """An answer, or an element of one, that can be stored as it came.

    Attributes:
        raw: what came, to be read again with `from_json`.
    """

    raw: Mapping[str, object] = made(dict)

    @classmethod
    def from_json(cls, raw: Mapping[str, object], *, note: Note = ignore) -> Self:
        """Read what the platform sends."""
        return replace(decode(cls, raw, note=note), raw=raw)


@model
class Record(Stored):
    """An element of a collection; the platform knows it by its id."""

    id: str = ""


class PositionType(StrEnum):
    """How a position was found."""

    ESTIMATED = "Estimated"
    ACQUIRE = "Acquire"

    @classmethod
    @override
    def _missing_(cls, value: object) -> Self | None:
        """Recognise the spellings that cars use beside those of the specification."""
        return {"Aquire": cls.ACQUIRE, "Estimate": cls.ESTIMATED}.get(str(value))


class FixStatus(StrEnum):
    """How well the satellites are seen; altitude takes a 3D fix."""

    FIX_2D = "2D"
    FIX_3D = "3D"


def _within(limit: float) -> Callable[[float], float | None]:
    return lambda degrees: degrees if abs(degrees) <= limit else None


def _known_altitude(altitude: float) -> float | None:
    return None if altitude == -1 else altitude


@model
class Position(Block):
    """A GeoJSON point, which has longitude first, in degrees and metres."""

    created_at: datetime | None = at("properties/createdAt", "properties/updatedAt")
    longitude: float | None = at("geometry/coordinates/0", then=_within(180))
    latitude: float | None = at("geometry/coordinates/1", then=_within(90))
    altitude: float | None = at("geometry/coordinates/2", then=_known_altitude)
    heading: int | None = at("properties/heading")
    type: PositionType | None = at("properties/type")
    fix_status: FixStatus | None = at("properties/fixStatus")
    signal_quality: int | None = at("properties/signalQuality")


class Day(StrEnum):
    """A day of the week."""

    MONDAY = "Mon"
    TUESDAY = "Tue"
    WEDNESDAY = "Wed"
    THURSDAY = "Thu"
    FRIDAY = "Fri"
    SATURDAY = "Sat"
    SUNDAY = "Sun"


class Recurrence(StrEnum):
    """Whether a program repeats over the week."""

    NONE = "None"
    DAILY = "Daily"


@model
class Program:
    """A recurring start, of the preconditioning or of a charge.

    `start` and `end` count from midnight at the car's place; only charges have an end.
    """

    slot: int | None = None
    enabled: bool | None = None
    recurrence: Recurrence | None = None
    start: timedelta | None = None
    end: timedelta | None = None
    charge_until_full: bool | None = None
    days: frozenset[Day] = at("occurence/day", default=frozenset())

    @property
    def is_set(self) -> bool:
        """Whether the slot is in use: cars list unset ones too, at midnight of no day."""
        return bool(self.enabled or self.start or self.days)


def programs_in_use(programs: tuple[Program, ...]) -> tuple[Program, ...]:
    """Leave unset slots out."""
    return tuple(program for program in programs if program.is_set)


NO_SENSOR = 215.0
"""The temperature, in °C, that stands for a sensor which is not there."""


def sensed(temperature: float) -> float | None:
    """Return a temperature that a sensor has measured."""
    return None if temperature == NO_SENSOR else temperature
