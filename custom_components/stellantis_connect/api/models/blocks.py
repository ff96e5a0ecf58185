"""The blocks of a status that have no module of their own."""

from collections.abc import Mapping
from enum import StrEnum

from ..decode import json_field, model
from .base import Block, sensed
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
    """All engines together."""

    status: PowertrainStatus | None = None


class PrivacyState(StrEnum):
    """What the car keeps to itself: nothing, its position, or everything."""

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
        level: percent; the platform calls it `voltage`.
    """

    level: float | None = json_field("voltage")


class ServiceType(StrEnum):
    """What kind of car the connected service was sold for."""

    ELECTRIC = "Electric"
    HYBRID = "Hybrid"
    UNKNOWN = "Unknown"


@model
class Service(Block):
    """The connected service."""

    type: ServiceType | None = None


class Seat(StrEnum):
    """A seat with a watched belt."""

    DRIVER = "Driver"
    PASSENGER = "Passenger"


class BeltState(StrEnum):
    """Whether a belt is worn as it should be."""

    NORMAL = "Normal"
    OMISSION = "Omission"


@model
class BeltStatus:
    """One seat belt."""

    id: Seat | None = None
    belt: BeltState | None = None


class ECallTriggering(StrEnum):
    """Whether the automatic emergency call was set off."""

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
        """The state of each belt that is told."""
        return {
            status.id: status.belt
            for status in self.belt_status
            if status.id and status.belt
        }


@model
class Odometer(Block):
    """The distance driven, in km."""

    mileage: float | None = None


@model
class Kinetic(Block):
    """The movement: m/s² and km/h.

    Attributes:
        moving: None where the car claimed to move so long ago that it says nothing of now.
    """

    acceleration: float | None = None
    speed: float | None = None
    moving: bool | None = None


@model
class Luminosity(Block):
    """Whether it is day."""

    day: bool | None = None


@model
class Air(Block):
    """The outside temperature, in °C."""

    temp: float | None = json_field(convert=sensed)


@model
class Environment:
    """What surrounds the car."""

    luminosity: Luminosity = Luminosity()
    air: Air = Air()


class DrivingMode(StrEnum):
    """The mode that the driver chose."""

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
    """How the driver wants the car to behave."""

    mode: DrivingMode | None = None


class LightDirection(StrEnum):
    """The side on which a light is."""

    LEFT = "Left"
    RIGHT = "Right"


class LightPosition(StrEnum):
    """The end at which a light is."""

    FRONT = "Front"
    REAR = "Rear"


class LightStatus(StrEnum):
    """Whether a light is on."""

    OFF = "Off"
    ON = "On"


@model
class Light:
    """One light."""

    direction: LightDirection | None = None
    position: LightPosition | None = None
    status: LightStatus | None = None


@model
class LightingSystem(Block):
    """Direction and fog lights."""

    turn: tuple[Light, ...] = ()
    fog: tuple[Light, ...] = ()

    @property
    def any_on(self) -> bool | None:
        """Whether any light is on."""
        states = {light.status for light in self.turn + self.fog if light.status}
        return LightStatus.ON in states if states else None
