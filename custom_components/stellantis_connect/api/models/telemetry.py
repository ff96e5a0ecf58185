"""Messages of a car, with data that a status does not have."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Self, override

from ..decode import OnInvalid, decode, json_field, model
from .adas import Adas, Gearbox, WipingBlades
from .alarms import Alarm
from .base import Stored
from .blocks import (
    AuxiliaryBattery,
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
from .doors import DoorsState
from .energy import Energy
from .engine import Engine
from .maintenance import Maintenance
from .motorization import absent_fields, keyed_by_type
from .position import Position
from .vehicle import Motorization


class TelemetryKind(StrEnum):
    """A part of messages that can be requested."""

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
    """Data that can be requested beside a message."""

    LOCATION = "location"
    MAINTENANCE = "maintenance"


@model
class Telemetry(Stored):
    """A message of a car; its blocks have no times of their own.

    Attributes:
        location: from the requested extension.
        maintenance: from the requested extension.
    """

    privacy: Privacy = Privacy()
    environment: Environment = Environment()
    electric: Energy | None = json_field("vehicle/energies/Electric")
    fuel: Energy | None = json_field("vehicle/energies/Fuel")
    thermic: Engine | None = json_field("vehicle/engines/Thermic")
    electric_engine: Engine | None = json_field("vehicle/engines/Electric")
    gearbox: Gearbox = json_field("vehicle/transmission/gearbox", default=Gearbox())
    powertrain: Powertrain = json_field("vehicle/powertrain", default=Powertrain())
    adas: Adas = json_field("vehicle/adas", default=Adas())
    lighting_system: LightingSystem = json_field(
        "vehicle/lightingSystem", default=LightingSystem()
    )
    ignition: Ignition = json_field("vehicle/ignition", default=Ignition())
    doors_state: DoorsState = json_field("vehicle/doorsState", default=DoorsState())
    battery: AuxiliaryBattery = json_field(
        "vehicle/battery", default=AuxiliaryBattery()
    )
    safety: Safety = json_field("vehicle/safety", default=Safety())
    wiping_blades: WipingBlades = json_field(
        "vehicle/wipingBlades", default=WipingBlades()
    )
    odometer: Odometer = json_field("vehicle/odometer", default=Odometer())
    kinetic: Kinetic = json_field("vehicle/kinetic", default=Kinetic())
    driving_behavior: DrivingBehavior = json_field(
        "vehicle/drivingBehavior", default=DrivingBehavior()
    )
    alarm: Alarm = json_field("vehicle/alarm", default=Alarm())
    location: Position = json_field("_embedded/extension/location", default=Position())
    maintenance: Maintenance = json_field(
        "_embedded/extension/maintenance", default=Maintenance()
    )

    @classmethod
    @override
    def from_json(
        cls,
        raw: Mapping[str, object],
        motorization: Motorization | None = None,
        *,
        on_invalid: OnInvalid | None = None,
    ) -> Self:
        vehicle = raw.get("vehicle")
        if isinstance(vehicle, Mapping):
            vehicle = keyed_by_type(vehicle, motorization)
        message = decode(cls, {**raw, "vehicle": vehicle}, on_invalid=on_invalid)
        absent: dict[str, Any] = dict.fromkeys(
            absent_fields(motorization, message.fuel, message.thermic)
        )
        return replace(message, raw=raw, **absent)

    def with_newer(
        self, messages: Iterable[Self], motorization: Motorization | None = None
    ) -> Self:
        """Return the message with each block from the newest of some messages that has it."""
        by_time = {one.created_at: one for one in messages if one.created_at}
        raw: Mapping[str, object] = self.raw
        for _, message in sorted(by_time.items()):
            vehicle = {**_vehicle(raw), **_vehicle(message.raw)}
            raw = {**raw, **message.raw, "vehicle": vehicle}
        raw = {key: value for key, value in raw.items() if key != "_links"}
        return self.from_json(raw, motorization)


def _vehicle(raw: Mapping[str, object]) -> Mapping[str, object]:
    vehicle = raw.get("vehicle")
    return vehicle if isinstance(vehicle, Mapping) else {}
