"""Messages of a car, with data that a status does not have."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Self, override

from ..decode import OnInvalid, decode, json_field, model
from .adas import Adas, Gearbox, WipingBlades
from .base import Stored
from .energy import Energy
from .motorization import keyed_by_type
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


@model
class Telemetry(Stored):
    """A message of a car: its battery, and what a status does not have; without times of their own."""

    electric: Energy | None = json_field("vehicle/energies/Electric")
    gearbox: Gearbox = json_field("vehicle/transmission/gearbox", default=Gearbox())
    adas: Adas = json_field("vehicle/adas", default=Adas())
    wiping_blades: WipingBlades = json_field(
        "vehicle/wipingBlades", default=WipingBlades()
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
        return replace(message, raw=raw)

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
