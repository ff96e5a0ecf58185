"""Positions."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Self, override

from ..decode import json_field, model
from .base import Block


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

    created_at: datetime | None = json_field(
        "properties/createdAt", "properties/updatedAt"
    )
    longitude: float | None = json_field("geometry/coordinates/0", convert=_within(180))
    latitude: float | None = json_field("geometry/coordinates/1", convert=_within(90))
    altitude: float | None = json_field(
        "geometry/coordinates/2", convert=_known_altitude
    )
    heading: int | None = json_field("properties/heading")
    type: PositionType | None = json_field("properties/type")
    fix_status: FixStatus | None = json_field("properties/fixStatus")
    signal_quality: int | None = json_field("properties/signalQuality")
