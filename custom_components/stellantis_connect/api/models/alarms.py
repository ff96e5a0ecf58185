"""The alarm: its state, and when it was armed, disarmed or triggered."""

from datetime import datetime
from enum import StrEnum

from ..decode import json_field, model
from .base import Block, Record
from .position import Position


class AlarmActivation(StrEnum):
    """Whether the alarm is armed."""

    INACTIVE = "Inactive"
    ACTIVE = "Active"


class AlarmTriggerType(StrEnum):
    """What triggered the alarm."""

    NO_BREAK_IN = "NoBreakIn"
    FRONT_RIGHT_DOOR_BREAK_IN = "FrontRightDoorBreakIn"
    FRONT_LEFT_DOOR_BREAK_IN = "FrontLeftDoorBreakIn"
    REAR_RIGHT_FRONT_DOOR_BREAK_IN = "RearRightFrontDoorBreakIn"
    REAR_LEFT_FRONT_DOOR_BREAK_IN = "RearLeftFrontDoorBreakIn"
    HOOD_DOOR_BREAK_IN = "HoodDoorBreakIn"
    TRUNK_DOOR_BREAK_IN = "TrunkDoorBreakIn"
    BACKLITE_DOOR_BREAK_IN = "BackliteDoorBreakIn"
    ROOF_BREAK_IN = "RoofBreakIn"
    VOLUMETRIC_BREAK_IN = "VolumetricBreakIn"
    VEHICLE_LIFTING = "VehicleLifting"
    ELECTRICALSYSTEM_BREAK_IN = "ElectricalsystemBreakIn"
    KEY_LEARNING = "KeyLearning"
    UNAUTHENTICATED_STARTUP = "UnauthenticatedStartup"


@model
class AlarmStatus(Block):
    """Whether the alarm is armed."""

    activation: AlarmActivation | None = None


@model
class AlarmTrigger(Block):
    """What triggered the alarm, where and when."""

    type: AlarmTriggerType | None = None
    position: Position = Position()
    start_at: datetime | None = None


@model
class Alarm:
    """The alarm: its state or, in some responses, its trigger."""

    status: AlarmStatus = AlarmStatus()
    trigger: AlarmTrigger = AlarmTrigger()


@model
class AlarmDetails(Record):
    """An alarm that was armed or disarmed (status), or triggered (trigger)."""

    created_at: datetime | None = json_field("trigger/createdAt", "status/createdAt")
    status: AlarmStatus = AlarmStatus()
    trigger: AlarmTrigger = AlarmTrigger()
