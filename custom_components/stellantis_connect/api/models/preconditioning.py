"""Preconditioning of the cabin."""

from enum import StrEnum

from ..decode import json_field, model
from .base import Block
from .program import Program, set_programs


class PreconditioningStatus(StrEnum):
    """The state of the preconditioning."""

    ENABLED = "Enabled"
    DISABLED = "Disabled"
    FINISHED = "Finished"
    FAILURE = "Failure"


class PreconditioningStartingCause(StrEnum):
    """What started the preconditioning."""

    IMMEDIATE = "Immediate"
    SCHEDULED = "Scheduled"


class PreconditioningFailureCause(StrEnum):
    """Why the preconditioning failed."""

    DEFECT = "Defect"
    DOOR_OPENED = "DoorOpened"
    LOW_BATTERY = "LowBattery"
    LOW_FUEL_LEVEL = "LowFuelLevel"
    TOO_MANY_UNUSED_PROG = "TooManyUnusedProg"
    WINDOWS_ROOF_OPENED = "WindowsRoofOpened"
    HOOD_OPENED = "HoodOpened"
    NOT_PARKED = "NotParked"
    OTHER_FAILURES = "OtherFailures"


@model
class Preconditioning(Block):
    """The preconditioning, and its programs without unset slots."""

    status: PreconditioningStatus | None = None
    starting_cause: PreconditioningStartingCause | None = None
    failure_cause: PreconditioningFailureCause | None = None
    programs: tuple[Program, ...] = json_field(convert=set_programs, default=())
