"""What a car sent at one moment, also what a status leaves out."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Self, override

from ..decode import Note, at, decode, ignore, model
from .blocks import (
    Alarm,
    AuxiliaryBattery,
    DoorsState,
    DrivingBehavior,
    Environment,
    Ignition,
    Kinetic,
    LightingSystem,
    Odometer,
    Powertrain,
    Privacy,
    Safety,
)
from .common import Position, Stored
from .driving import Adas, Gearbox, WipingBlades
from .energy import Energy, Engine
from .kinds import absent_kinds, keyed_by_kind
from .maintenance import Maintenance
from .vehicle import Motorization


class TelemetryKind(StrEnum):
    """What of a message can be asked for."""

    ENVIRONMENT = "environment"
    PRIVACY = "privacy"
    VEHICLE = "vehicle"
    ADAS = "vehicle.adas"
    BATTERY = "vehicle.battery"
    DOORS_STATE = "vehicle.doorsState"
    ENERGIES = "vehicle.energies"
    ENGINES = "vehicle.engines"
    IGNITION = "vehicle.ignition"
    LIGHTING_SYSTEM = "vehicle.lightingSystem"
    SAFETY = "vehicle.safety"
    TRANSMISSION = "vehicle.transmission"
    ALARM_STATUS = "vehicle.alarm.status"
    ALARM_TRIGGER = "vehicle.alarm.trigger"
    WIPING_BLADES = "vehicle.wipingBlades"


class TelemetryExtension(StrEnum):
    """What can be asked for beside the message."""

    LOCATION = "location"
    MAINTENANCE = "maintenance"


@model
class Telemetry(Stored):
    """One message of a car, read as a status is; its parts carry no times of their own.

    Attributes:
        location: as the extension that was asked for tells it.
        maintenance: as the extension that was asked for tells it.
    """

    privacy: Privacy = Privacy()
    environment: Environment = Environment()
    electric: Energy | None = at("vehicle/energies/Electric")
    fuel: Energy | None = at("vehicle/energies/Fuel")
    thermic: Engine | None = at("vehicle/engines/Thermic")
    electric_engine: Engine | None = at("vehicle/engines/Electric")
    gearbox: Gearbox = at("vehicle/transmission/gearbox", default=Gearbox())
    powertrain: Powertrain = at("vehicle/powertrain", default=Powertrain())
    adas: Adas = at("vehicle/adas", default=Adas())
    lighting_system: LightingSystem = at(
        "vehicle/lightingSystem", default=LightingSystem()
    )
    ignition: Ignition = at("vehicle/ignition", default=Ignition())
    doors_state: DoorsState = at("vehicle/doorsState", default=DoorsState())
    battery: AuxiliaryBattery = at("vehicle/battery", default=AuxiliaryBattery())
    safety: Safety = at("vehicle/safety", default=Safety())
    wiping_blades: WipingBlades = at("vehicle/wipingBlades", default=WipingBlades())
    odometer: Odometer = at("vehicle/odometer", default=Odometer())
    kinetic: Kinetic = at("vehicle/kinetic", default=Kinetic())
    driving_behavior: DrivingBehavior = at(
        "vehicle/drivingBehavior", default=DrivingBehavior()
    )
    alarm: Alarm = at("vehicle/alarm", default=Alarm())
    location: Position = at("_embedded/extension/location", default=Position())
    maintenance: Maintenance = at(
        "_embedded/extension/maintenance", default=Maintenance()
    )

    @classmethod
    @override
    def from_json(
        cls,
        raw: Mapping[str, object],
        motorization: Motorization | None = None,
        *,
        note: Note = ignore,
    ) -> Self:
        """Read a message as the platform sends it, of a car of this motorization."""
        vehicle = raw.get("vehicle")
        if isinstance(vehicle, Mapping):
            vehicle = keyed_by_kind(vehicle, motorization)
        told = decode(cls, {**raw, "vehicle": vehicle}, note=note)
        absent: dict[str, Any] = dict.fromkeys(
            absent_kinds(motorization, told.electric, told.fuel, told.thermic)
        )
        return replace(told, raw=raw, **absent)
