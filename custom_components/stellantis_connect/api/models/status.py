"""The latest state of a car, free of the platform's dialects and of the cars' lies."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self

from ..decode import OnInvalid, decode, internal_field, json_field, model
from .alarms import Alarm
from .base import Block
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
    Service,
)
from .doors import DoorsState
from .energy import Energy
from .engine import Engine
from .motorization import absent_kinds, declared_motorization, keyed_by_kind
from .position import Position
from .preconditioning import Preconditioning
from .vehicle import Motorization

# A car on its way reports every minute or so.
MOVING_IS_STALE_AFTER = timedelta(hours=1)
# Longer than any charge takes: 50 kWh from a household socket are full within 36 hours.
LONGEST_CHARGE = timedelta(hours=48)


@model
class Status(Block):
    """The latest state of a car.

    All blocks are there; what the car has not told is None in them. Only energies and engines
    are None as a whole where the car has none.

    Attributes:
        updated_at: when the platform last heard of the car, so the age of the answer.
        raw: the answer, to be stored and read again with `from_json`.
    """

    updated_at: datetime | None = json_field("updatedAt", "createdAt", select=max)
    last_position: Position = Position()
    ignition: Ignition = Ignition()
    powertrain: Powertrain = Powertrain()
    electric: Energy | None = json_field("energies/Electric", "energy/Electric")
    fuel: Energy | None = json_field("energies/Fuel", "energy/Fuel")
    thermic: Engine | None = json_field("engines/Thermic")
    electric_engine: Engine | None = json_field("engines/Electric")
    preconditioning: Preconditioning = json_field(
        "preconditioning/airConditioning",
        "preconditionning/airConditioning",
        default=Preconditioning(),
    )
    doors_state: DoorsState = DoorsState()
    privacy: Privacy = Privacy()
    battery: AuxiliaryBattery = AuxiliaryBattery()
    service: Service = Service()
    safety: Safety = Safety()
    odometer: Odometer = json_field("odometer", "timed.odometer", default=Odometer())
    kinetic: Kinetic = Kinetic()
    environment: Environment = Environment()
    driving_behavior: DrivingBehavior = DrivingBehavior()
    lighting_system: LightingSystem = LightingSystem()
    alarm: Alarm = Alarm()
    raw: Mapping[str, object] = internal_field(dict)

    @classmethod
    def from_json(
        cls,
        raw: Mapping[str, object],
        motorization: Motorization | None = None,
        *,
        on_invalid: OnInvalid | None = None,
    ) -> Self:
        """Read a status as the platform sends it, for a car of this motorization."""
        declared = motorization or declared_motorization(raw)
        told = decode(cls, keyed_by_kind(raw, declared), on_invalid=on_invalid)
        updated_at = told.updated_at or _newest_block(told)
        absent: dict[str, Any] = dict.fromkeys(
            absent_kinds(declared, told.electric, told.fuel, told.thermic)
        )
        return replace(
            told,
            raw=raw,
            updated_at=updated_at,
            kinetic=_trusted(told.kinetic, updated_at),
            **absent,
        )

    @property
    def driving(self) -> bool:
        """Whether the car is on its way."""
        return self.kinetic.moving is True

    @property
    def charging(self) -> bool | None:
        """Whether the car charges; None if it tells nothing of it."""
        return self.electric.charging.in_progress if self.electric else None

    @property
    def charging_end(self) -> datetime | None:
        """When the running charge is complete.

        The remaining time counts from when the energy was told, or, where that time is frozen,
        so that the charge would have ended before the answer, from the answer.
        """
        if self.electric is None or not self.charging:
            return None
        remaining = self.electric.charging.remaining_time
        if not remaining or remaining > LONGEST_CHARGE:
            return None
        told = [time for time in (self.electric.updated_at, self.updated_at) if time]
        ends = [time + remaining for time in told]
        return next((end for end in ends if end > max(told)), None)


def _newest_block(status: Status) -> datetime | None:
    blocks = [block for block in vars(status).values() if isinstance(block, Block)]
    return max((block.created_at for block in blocks if block.created_at), default=None)


def _trusted(kinetic: Kinetic, answered_at: datetime | None) -> Kinetic:
    """Return the movement without a claim to move that is old or of an unknown age."""
    if not kinetic.moving:
        return kinetic
    if kinetic.created_at and answered_at:
        if answered_at - kinetic.created_at < MOVING_IS_STALE_AFTER:
            return kinetic
    return replace(kinetic, moving=None)
