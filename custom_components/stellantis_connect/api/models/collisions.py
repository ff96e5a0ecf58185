"""Collisions."""

from datetime import datetime
from enum import StrEnum

from ..decode import model
from .base import Record


class CollisionSide(StrEnum):
    """Where a car was hit."""

    FRONT = "Front"
    REAR = "Rear"
    LATERAL = "Lateral"


class CollisionSeverity(StrEnum):
    """What a collision triggered: nothing, the belts' pretensioners, or the airbags as well."""

    MINIMAL = "Minimal"
    MINOR = "Minor"
    MAJOR = "Major"


@model
class CollisionDetails:
    """One impact of a collision."""

    side: CollisionSide | None = None
    severity: CollisionSeverity | None = None


@model
class Collision(Record):
    """A collision; not all cars report a rollover or a pedestrian."""

    updated_at: datetime | None = None
    details: tuple[CollisionDetails, ...] = ()
    tipped_over: bool | None = None
    pedestrian: bool | None = None
