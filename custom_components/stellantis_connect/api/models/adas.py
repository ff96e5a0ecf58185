"""What a car does on the road: gears, wipers, and what assists the driver."""

from enum import StrEnum

from ..decode import json_field, model


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
    """The gear, and how gears are changed."""

    ratio: GearboxRatio | None = None
    automatic: bool | None = json_field("mode/automatic")
    sport: bool | None = json_field("mode/sport")
    snow: bool | None = json_field("mode/snow")
    sequential: bool | None = json_field("mode/sequential")
    semi_manual: bool | None = json_field("mode/semiManual")


class WipingSpeed(StrEnum):
    """How fast the wipers go."""

    HIGH = "High"
    LOW = "Low"


@model
class WipingBlades:
    """The wipers; their speed is told while they go."""

    active: bool | None = None
    speed: WipingSpeed | None = None


class ParkAssist(StrEnum):
    """What a part of the park assist does."""

    FAULT = "Fault"
    DRIVER_INHIBITION = "DriverInhibition"
    TRAILER_INHIBITION = "TrailerInhibition"
    ACTIVE = "Active"
    WAIT = "Wait"
    OUT_OF_SERVICE = "OutOfService"


class AdaptiveCruiseControl(StrEnum):
    """What the adaptive cruise control does."""

    ACTIVATED = "Activated"
    FAULT = "Fault"
    HOLD = "Hold"
    HOLD_WITH_OVER_SPEEDING = "HoldWithOverSpeeding"
    OFF = "Off"
    OVER_SPEEDING_BY_PEDAL_PRESS = "OverSpeedingByPedalPress"
    STAND_BY = "StandBy"


class CruiseControl(StrEnum):
    """What the cruise control does."""

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
    """What the lamp of the emergency braking does."""

    OFF = "off"
    FIXED = "Fixed"
    ON_FLASHING = "OnFlashing"


class LaneDepartureWarning(StrEnum):
    """What the lamp of the lane departure warning does."""

    FLASHING_FAULT = "FlashingFault"
    FLASHING_WARNING = "FlashingWarning"
    OFF = "Off"
    ON_FIXED = "OnFixed"


class DistanceAssist(StrEnum):
    """Whether the time to the vehicle ahead is watched."""

    NOT_SELECTED = "NotSelected"
    SELECTED = "Selected"
    UNAVAILABLE = "Unavailable"


class BlindSpotMonitoring(StrEnum):
    """Whether the blind spots are watched."""

    ACTIVE = "Active"
    INACTIVE = "Inactive"
    DISABLED = "Disabled"
    FAULT = "Fault"


class LaneKeeping(StrEnum):
    """What the lane keeping does on one side."""

    AUTHORIZED = "Authorized"
    CORRECTION_IN_PROGRESS = "CorrectionInProgress"
    NOT_AUTHORIZED = "NotAuthorized"
    NOT_SELECTED = "NotSelected"


class GearIndicator(StrEnum):
    """Which way to change gears."""

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
        artiv: watch over the time to the vehicle ahead.
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
    sli: int | None = None
    rlka: LaneKeeping | None = None
    llka: LaneKeeping | None = None
    rgi: GearIndicator | None = None
