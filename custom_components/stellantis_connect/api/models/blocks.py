"""The small blocks of a status."""

from collections.abc import Mapping
from enum import StrEnum

from ..decode import json_field, model
from .base import (
    MAX_MILEAGE,
    Block,
    distance_field,
    percent_field,
    speed_field,
    temperature_field,
)
from .engine import PowertrainStatus


class IgnitionType(StrEnum):
    """The position of the ignition."""

    STOP = "Stop"
    START_UP = "StartUp"
    START = "Start"


@model
class Ignition(Block):
    """The ignition."""

    type: IgnitionType | None = None


@model
class Powertrain(Block):
    """The engines as a whole."""

    status: PowertrainStatus | None = None


class PrivacyState(StrEnum):
    """What the car does not share: nothing, its position, or everything."""

    NONE = "None"
    GEOLOCATION = "Geolocation"
    FULL = "Full"


@model
class Privacy(Block):
    """The privacy setting in the car."""

    state: PrivacyState | None = None


@model
class AuxiliaryBattery(Block):
    """The 12 V battery.

    Attributes:
        level: percent, although the platform calls it `voltage`.
    """

    level: float | None = percent_field("voltage")


class ServiceType(StrEnum):
    """The motorization that the connected service is for."""

    ELECTRIC = "Electric"
    HYBRID = "Hybrid"
    UNKNOWN = "Unknown"


@model
class Service(Block):
    """The connected service."""

    type: ServiceType | None = None


class Seat(StrEnum):
    """A seat."""

    DRIVER = "Driver"
    PASSENGER = "Passenger"


class BeltState(StrEnum):
    """The state of a belt; an unused one of an empty car may be Omission."""

    NORMAL = "Normal"
    OMISSION = "Omission"


@model
class BeltStatus:
    """One seat belt."""

    id: Seat | None = json_field("id", "identifier")
    belt: BeltState | None = None


class ECallTriggering(StrEnum):
    """Whether the automatic emergency call was triggered."""

    NOT_DETECTED = "NotDetected"
    DETECTED = "Detected"
    SHOCK_DETECTION_UNABLED = "ShockDetectionUnabled"


@model
class Safety(Block):
    """Belts and emergency call."""

    belt_status: tuple[BeltStatus, ...] = ()
    auto_e_call_triggering: ECallTriggering | None = json_field("autoECallTriggering")

    @property
    def belts(self) -> Mapping[Seat, BeltState]:
        """Return the state of each belt that was reported."""
        return {
            status.id: status.belt
            for status in self.belt_status
            if status.id and status.belt
        }


@model
class Odometer(Block):
    """The distance driven, in km; 0 means that it was not read."""

    mileage: float | None = distance_field(maximum=MAX_MILEAGE, missing=0)


@model
class Kinetic(Block):
    """The movement, in m/s² and km/h."""

    acceleration: float | None = json_field(minimum=-50, maximum=50)
    speed: float | None = speed_field()
    moving: bool | None = None


@model
class Luminosity(Block):
    """Whether it is day."""

    day: bool | None = None


@model
class Air(Block):
    """The outside temperature, in °C."""

    temp: float | None = temperature_field(maximum=80)


@model
class Environment:
    """The surroundings of the car."""

    luminosity: Luminosity = Luminosity()
    air: Air = Air()


class DrivingMode(StrEnum):
    """The driving mode that the driver selected."""

    NORMAL = "Normal"
    SPORT = "Sport"
    COMFORT = "Comfort"
    ECO = "Eco"
    SAND = "Sand"
    MUD = "Mud"
    SNOW = "Snow"
    ZEV = "ZEV"
    HYBRID = "Hybrid"
    ZEV_ECO = "ZEVEco"
    HYBRID_ECO = "HybridEco"
    ECO_PLUS = "EcoPlus"
    E_AWD = "eAWD"
    AWD_4 = "4AWD"
    REINFORCED_LOAD = "ReinforcedLoad"


@model
class DrivingBehavior(Block):
    """The driving behavior."""

    mode: DrivingMode | None = None


class LightStatus(StrEnum):
    """Whether a light is on."""

    OFF = "Off"
    ON = "On"


@model
class Light:
    """One light."""

    status: LightStatus | None = None


@model
class LightingSystem(Block):
    """Direction and fog lights."""

    turn: tuple[Light, ...] = ()
    fog: tuple[Light, ...] = ()

    @property
    def any_on(self) -> bool | None:
        """Return whether any light is on; None if none was reported."""
        states = {light.status for light in self.turn + self.fog if light.status}
        return LightStatus.ON in states if states else None
