"""The latest state of a car."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from ..decode import (
    OnInvalid,
    decode,
    decode_fields,
    internal_field,
    json_field,
    json_keys,
    model,
)
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
from .motorization import absent_fields, keyed_by_type, service_motorization
from .position import Position
from .preconditioning import Preconditioning
from .vehicle import Motorization

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# A moving car reports about every minute; some have claimed to move for a year.
MAX_MOVING_AGE = timedelta(hours=1)


# The fields that depend on more than their own JSON.
_DERIVED = frozenset(
    {
        "updated_at",
        "electric",
        "fuel",
        "thermic",
        "electric_engine",
        "kinetic",
    }
)


@model
class Status(Block):
    """The latest state of a car.

    All blocks are present, with None for values that were not reported. Energies and engines are
    None if the car does not have them.

    Attributes:
        updated_at: when the platform last received data from the car.
        raw: the response, from which `from_json` returns an equal instance.
    """

    updated_at: datetime | None = None
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
        held: Status | None = None,
        on_invalid: OnInvalid | None = None,
    ) -> Self:
        """Return a status decoded from the platform's JSON.

        Args:
            raw: the response.
            motorization: that of the car; by default that of its connected service.
            held: an earlier status; what has not changed since is kept.
            on_invalid: called with the name of each field that holds a value of a wrong type.

        """
        motorization = motorization or service_motorization(raw)
        values = decode_fields(
            cls,
            keyed_by_type(raw, motorization),
            on_invalid=on_invalid,
            raw=raw,
            **(_unchanged_fields(raw, held) if held else {}),
        )
        times = values.get("updated_at"), values.get("created_at")
        newest = filter(None, times) if times[0] else _times(cls(**values))
        updated_at = values["updated_at"] = max(newest, default=None)
        if kinetic := values.get("kinetic"):
            values["kinetic"] = _current(kinetic, updated_at)
        if motorization is None:
            for name in absent_fields(values.get("fuel"), values.get("thermic")):
                values.pop(name, None)
        return cls(**values)

    def with_odometer(self, previous: Status) -> Self:
        """Return the status with the previous odometer reading if it has none of its own."""
        if self.odometer.mileage is not None or previous.odometer.mileage is None:
            return self
        created_at = previous.odometer.created_at
        odometer = {
            "mileage": previous.odometer.mileage,
            "createdAt": created_at and created_at.isoformat(),
        }
        raw = {**self.raw, "odometer": odometer}
        return replace(self, odometer=previous.odometer, raw=raw)

    @property
    def driving(self) -> bool:
        """Return whether the car is moving."""
        return self.kinetic.moving is True

    @property
    def may_move(self) -> bool:
        """Return whether the car claims to move, also at an unknown or future time."""
        kinetic = decode(Kinetic, self.raw.get("kinetic"))
        created_at, updated_at = kinetic.created_at, self.updated_at
        if not kinetic.moving or created_at is None or updated_at is None:
            return kinetic.moving is True
        return updated_at - created_at < MAX_MOVING_AGE

    @property
    def charging(self) -> bool | None:
        """Return whether the car charges; None if it is not known."""
        return self.electric.is_charging if self.electric else None

    @property
    def charging_end(self) -> datetime | None:
        """Return when the current charge is complete.

        The remaining time counts from the time of the energy, or from the time of the status where
        that of the energy is frozen, so that the charge would have ended before the status.
        """
        if self.electric is None or not self.charging:
            return None
        remaining = self.electric.charging.remaining_time
        if not remaining:
            return None
        times = [time for time in (self.electric.updated_at, self.updated_at) if time]
        ends = [time + remaining for time in times]
        return next((end for end in ends if end > max(times)), None)


def _unchanged_fields(raw: Mapping[str, object], held: Status) -> Mapping[str, Any]:
    """Return the fields of a status whose JSON is still the same."""
    changed = {
        key for key in raw.keys() | held.raw.keys() if raw.get(key) != held.raw.get(key)
    }
    return {
        name: getattr(held, name)
        for name, keys in json_keys(Status).items()
        if name not in _DERIVED and changed.isdisjoint(keys)
    }


def _times(block: DataclassInstance) -> Iterator[datetime]:
    """Yield the times of a block and of all blocks in it."""
    for field in fields(block):
        value = getattr(block, field.name)
        if is_dataclass(value) and not isinstance(value, type):
            yield from _times(value)
        elif field.name in ("created_at", "updated_at") and value:
            yield value


def _current(kinetic: Kinetic, updated_at: datetime | None) -> Kinetic:
    """Return the movement without a claim to move that is outdated or of unknown age."""
    if not kinetic.moving:
        return kinetic
    if kinetic.created_at and updated_at:
        if abs(updated_at - kinetic.created_at) < MAX_MOVING_AGE:
            return kinetic
    return replace(kinetic, moving=None)
