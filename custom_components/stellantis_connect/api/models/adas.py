"""Gearbox, wipers and driver assistance, which only telemetry reports."""

from enum import StrEnum

from ..decode import json_field, model
from .base import speed_field


class GearboxRatio(StrEnum):
    """A gear."""

    RATIO_1 = "Ratio1"
    RATIO_2 = "Ratio2"
    RATIO_3 = "Ratio3"
    RATIO_4 = "Ratio4"
    RATIO_5 = "Ratio5"
    RATIO_6 = "Ratio6"
    RATIO_7 = "Ratio7"
    RATIO_8 = "Ratio8"
    NEUTRAL = "Neutral"
    REVERSE = "Reverse"


@model
class Gearbox:
    """The gear, and the mode of the gearbox."""

    ratio: GearboxRatio | None = None
    automatic: bool | None = json_field("mode/automatic")
    sport: bool | None = json_field("mode/sport")
    snow: bool | None = json_field("mode/snow")
    sequential: bool | None = json_field("mode/sequential")
    semi_manual: bool | None = json_field("mode/semiManual")


class WipingSpeed(StrEnum):
    """The speed of the wipers."""

    HIGH = "High"
    LOW = "Low"


@model
class WipingBlades:
    """The wipers; their speed is reported while they are active."""

    active: bool | None = None
    speed: WipingSpeed | None = None


class ParkAssist(StrEnum):
    """The state of one sensor of the park assist."""

    FAULT = "Fault"
    DRIVER_INHIBITION = "DriverInhibition"
    TRAILER_INHIBITION = "TrailerInhibition"
    ACTIVE = "Active"
    WAIT = "Wait"
    OUT_OF_SERVICE = "OutOfService"


class AdaptiveCruiseControl(StrEnum):
    """The state of the adaptive cruise control."""

    ACTIVATED = "Activated"
    FAULT = "Fault"
    HOLD = "Hold"
    HOLD_WITH_OVER_SPEEDING = "HoldWithOverSpeeding"
    OFF = "Off"
    OVER_SPEEDING_BY_PEDAL_PRESS = "OverSpeedingByPedalPress"
    STAND_BY = "StandBy"


class CruiseControl(StrEnum):
    """The state of the cruise control."""

    OFF = "Off"
    NO_BEST_FIT = "NoBestFit"
    BEST_FIT_IN_PROGRESS = "BestFitInProgress"
    BEST_FIT_MAX = "BestFitMax"
    BEST_FIT_MIN = "BestFitMin"
    BEST_FIT_DEACTIVATED = "BestFitDeactivated"
    AUTO_DEACTIVATED = "AutoDeactivated"
    OVERFLOW_SPEED_CONSIGN = "OverflowSpeedConsign"
    LACK_OF_VISIBILITY_RADAR = "LackOfVisibilityRadar"
    LEARNING_RADAR = "LearningRadar"
    DEACTIVATED = "Deactivated"
    LIMIT_SETTING = "LimitSetting"


class EmergencyBraking(StrEnum):
    """The lamp of the emergency braking."""

    OFF = "off"
    FIXED = "Fixed"
    ON_FLASHING = "OnFlashing"


class LaneDepartureWarning(StrEnum):
    """The lamp of the lane departure warning."""

    FLASHING_FAULT = "FlashingFault"
    FLASHING_WARNING = "FlashingWarning"
    OFF = "Off"
    ON_FIXED = "OnFixed"


class DistanceAssist(StrEnum):
    """The state of the distance assist."""

    NOT_SELECTED = "NotSelected"
    SELECTED = "Selected"
    UNAVAILABLE = "Unavailable"


class BlindSpotMonitoring(StrEnum):
    """The state of the blind spot monitoring."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"
    DISABLED = "Disabled"
    FAULT = "Fault"


class LaneKeeping(StrEnum):
    """The state of the lane keeping on one side."""

    AUTHORIZED = "Authorized"
    CORRECTION_IN_PROGRESS = "CorrectionInProgress"
    NOT_AUTHORIZED = "NotAuthorized"
    NOT_SELECTED = "NotSelected"


class GearIndicator(StrEnum):
    """The recommended change of gears."""

    NONE = "None"
    UP = "Up"
    DOWN = "Down"
    UP_DOWN = "UpDown"


@model
class Adas:
    """The systems that assist the driver, by the platform's abbreviations.

    Attributes:
        accr: adaptive cruise control.
        lvv: speed limiter.
        rvv: cruise control.
        aebs: emergency braking.
        afil: lane departure warning.
        artiv: distance assist.
        bsm: blind spot monitoring.
        esp: stability program.
        abs: anti-lock brakes.
        fse: electric brake service.
        sli: speed limit, km/h.
        rlka: lane keeping, right.
        llka: lane keeping, left.
        rgi: recommended gear.
    """

    park_assist_front: tuple[ParkAssist, ...] = json_field(
        "parkAssist/front", default=()
    )
    park_assist_rear: tuple[ParkAssist, ...] = json_field("parkAssist/rear", default=())
    accr: AdaptiveCruiseControl | None = None
    lvv: bool | None = None
    rvv: CruiseControl | None = None
    aebs: EmergencyBraking | None = None
    afil: LaneDepartureWarning | None = None
    artiv: DistanceAssist | None = None
    bsm: BlindSpotMonitoring | None = None
    esp: bool | None = None
    abs: bool | None = None
    fse: bool | None = None
    sli: int | None = speed_field(maximum=200)
    rlka: LaneKeeping | None = None
    llka: LaneKeeping | None = None
    rgi: GearIndicator | None = None
