"""What befell a car: alarms and collisions."""

from datetime import datetime
from enum import StrEnum

from ..decode import at, model
from .blocks import Alarm
from .common import Record


@model
class AlarmDetails(Alarm, Record):
    """An alarm that was armed or disarmed (its status), or that went off (its trigger)."""

    created_at: datetime | None = at("trigger/createdAt", "status/createdAt")


class CollisionSide(StrEnum):
    """Where a car was hit."""

    FRONT = "Front"
    REAR = "Rear"
    LATERAL = "Lateral"


class CollisionSeverity(StrEnum):
    """What a collision set off: nothing, the belts' pretensioners, or the airbags as well."""

    MINIMAL = "Minimal"
    MINOR = "Minor"
    MAJOR = "Major"


@model
class CollisionDetails:
    """One blow of a collision."""

    side: CollisionSide | None = None
    severity: CollisionSeverity | None = None


@model
class Collision(Record):
    """A collision; only some cars can tell whether they tipped over or hit a pedestrian."""

    updated_at: datetime | None = None
    details: tuple[CollisionDetails, ...] = ()
    tipped_over: bool | None = None
    pedestrian: bool | None = None
