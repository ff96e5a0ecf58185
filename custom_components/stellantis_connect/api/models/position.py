"""Positions."""

from datetime import datetime
from enum import StrEnum
from typing import Self, override

from ..decode import json_field, model
from .base import Block


class PositionType(StrEnum):
    """How a position was determined; an estimated one may be hundreds of meters off."""

    ESTIMATED = "Estimated"
    ACQUIRE = "Acquire"

    @classmethod
    @override
    def _missing_(cls, value: object) -> Self | None:
        """Return the member for a spelling that is not in the specification."""
        return {"Aquire": cls.ACQUIRE, "Estimate": cls.ESTIMATED}.get(str(value))


class FixStatus(StrEnum):
    """The quality of the satellite fix."""

    FIX_2D = "2D"
    FIX_3D = "3D"


@model
class Position(Block):
    """A GeoJSON point: degrees, and meters of altitude."""

    created_at: datetime | None = json_field(
        "properties/createdAt", "properties/updatedAt"
    )
    longitude: float | None = json_field(
        "geometry/coordinates/0", minimum=-180, maximum=180
    )
    latitude: float | None = json_field(
        "geometry/coordinates/1", minimum=-90, maximum=90
    )
    altitude: float | None = json_field(
        "geometry/coordinates/2", minimum=-500, maximum=10_000, missing=-1
    )
    heading: int | None = json_field("properties/heading", minimum=0, maximum=360)
    type: PositionType | None = json_field("properties/type")
    fix_status: FixStatus | None = json_field("properties/fixStatus")
    signal_quality: int | None = json_field(
        "properties/signalQuality", minimum=0, maximum=100
    )
