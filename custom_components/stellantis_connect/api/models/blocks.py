"""The blocks of a status that have no module of their own."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from ..decode import at, model
from .common import Block, Position, Program, programs_in_use, sensed
from .energy import PowertrainStatus


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


class PreconditioningStatus(StrEnum):
    """What the preconditioning does."""

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
    """The preconditioning of the cabin; programs without unset slots."""

    status: PreconditioningStatus | None = None
    starting_cause: PreconditioningStartingCause | None = None
    failure_cause: PreconditioningFailureCause | None = None
    programs: tuple[Program, ...] = at(then=programs_in_use, default=())


class LockedState(StrEnum):
    """What of a car is locked or not."""

    UNLOCKED = "Unlocked"
    LOCKED = "Locked"
    SUPER_LOCKED = "SuperLocked"
    DRIVER_DOOR_UNLOCKED = "DriverDoorUnlocked"
    CABIN_DOORS_UNLOCKED = "CabinDoorsUnlocked"
    CARGO_DOORS_LOCKED = "CargoDoorsLocked"
    CARGO_DOORS_UNLOCKED = "CargoDoorsUnlocked"
    REAR_DOORS_UNLOCKED = "RearDoorsUnlocked"
    REAR_DOORS_LOCKED = "RearDoorsLocked"
    TRUNK_LOCKED = "TrunkLocked"
    TRUNK_UNLOCKED = "TrunkUnLocked"


WHOLLY_LOCKED = frozenset({LockedState.LOCKED, LockedState.SUPER_LOCKED})
PARTLY_UNLOCKED = frozenset(
    state for state in LockedState if state.lower().endswith("unlocked")
)


class OpeningIdentifier(StrEnum):
    """A door, a window or a lid."""

    DRIVER = "Driver"
    PASSENGER = "Passenger"
    REAR_LEFT = "RearLeft"
    REAR_RIGHT = "RearRight"
    TRUNK = "Trunk"
    REAR_WINDOW = "RearWindow"
    ROOF_WINDOW = "RoofWindow"


class OpeningState(StrEnum):
    """Whether a door, a window or a lid is open."""

    OPEN = "Open"
    CLOSED = "Closed"


@model
class Opening:
    """One door, window or lid."""

    identifier: OpeningIdentifier | None = None
    state: OpeningState | None = None


@model
class DoorsState(Block):
    """Locks and openings; may hold nothing but its time."""

    locked_states: frozenset[LockedState] = frozenset()
    opening: tuple[Opening, ...] = ()

    @property
    def locked(self) -> bool | None:
        """Whether all of the car is locked.

        One part that is told to be unlocked is enough for False; a part that is told to be
        locked says nothing of the others.
        """
        if self.locked_states & PARTLY_UNLOCKED:
            return False
        return True if self.locked_states & WHOLLY_LOCKED else None

    @property
    def openings(self) -> Mapping[OpeningIdentifier, OpeningState]:
        """The state of each opening that is told.

        A RoofWindow that was never seen Closed may not exist: cars without one say Open.
        """
        return {
            opening.identifier: opening.state
            for opening in self.opening
            if opening.identifier and opening.state
        }

    @property
    def any_open(self) -> bool | None:
        """Whether any door, window or lid is open, apart from the untrustworthy roof."""
        states = {
            state
            for identifier, state in self.openings.items()
            if identifier is not OpeningIdentifier.ROOF_WINDOW
        }
        return OpeningState.OPEN in states if states else None


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

    level: float | None = at("voltage")


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
    auto_e_call_triggering: ECallTriggering | None = at("autoECallTriggering")

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

    temp: float | None = at(then=sensed)


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


class AlarmActivation(StrEnum):
    """Whether the alarm is armed."""

    INACTIVE = "Inactive"
    ACTIVE = "Active"


class AlarmTriggerType(StrEnum):
    """What set the alarm off."""

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
    """An alarm that went off, where and when."""

    type: AlarmTriggerType | None = None
    position: Position = Position()
    start_at: datetime | None = None


@model
class Alarm:
    """The alarm; an answer carries one of both."""

    status: AlarmStatus = AlarmStatus()
    trigger: AlarmTrigger = AlarmTrigger()
