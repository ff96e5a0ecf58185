"""The energies of a car, and their charging."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self, override

from ..decode import json_field, model
from .base import Block, distance_field, percent_field
from .program import END_OF_DAY, Program, set_programs


class EnergyType(StrEnum):
    """A kind of energy."""

    FUEL = "Fuel"
    ELECTRIC = "Electric"


class EnergySubType(StrEnum):
    """What the energy is stored as."""

    FOSSIL = "FossilEnergy"
    ELECTRIC = "ElectricEnergy"
    HYDROGEN = "Hydrogen"


class ChargingStatus(StrEnum):
    """The state of the charging; Disconnected also on cars that are plugged in and wait."""

    DISCONNECTED = "Disconnected"
    IN_PROGRESS = "InProgress"
    FAILURE = "Failure"
    STOPPED = "Stopped"
    FINISHED = "Finished"


class ChargingState(StrEnum):
    """Whether a car is plugged in and charges, as charge controllers distinguish it."""

    DISCONNECTED = "disconnected"
    CONNECTED = "connected"
    CHARGING = "charging"


class ChargingMode(StrEnum):
    """How fast the socket is, also while the battery does not charge."""

    NO = "No"
    SLOW = "Slow"
    QUICK = "Quick"


class ChargingPowerLevel(StrEnum):
    """How much power the car may draw."""

    LEVEL_1 = "Level1"
    LEVEL_2 = "Level2"
    LEVEL_3 = "Level3"
    LEVEL_4 = "Level4"
    LEVEL_5 = "Level5"


class ChargingType(StrEnum):
    """Whether a charge ends before the battery is full."""

    PARTIAL = "Partial"
    FULL = "Full"


FULL_LEVEL = 100
MAX_CHARGE_DURATION = timedelta(hours=48)
"""Longer than 50 kWh take at a household socket."""


def _delayed_time(value: timedelta | datetime) -> timedelta | datetime | None:
    is_plausible = isinstance(value, datetime) or value <= END_OF_DAY
    return value if is_plausible else None


@model
class Charging:
    """The charging of a battery, and its settings.

    Attributes:
        remaining_time: until the charge is complete; may be outdated while the battery does not charge.
        charging_rate: km of range gained per hour.
        next_delayed_time: when a delayed charge starts: the time since midnight (sent by cars), or
            a point in time (in the specification).
        programs: without unset slots.
    """

    plugged: bool | None = None
    status: ChargingStatus | None = None
    remaining_time: timedelta | None = json_field(
        minimum=timedelta(), maximum=MAX_CHARGE_DURATION
    )
    charging_rate: float | None = json_field(minimum=0, maximum=500)
    charging_mode: ChargingMode | None = None
    charging_power_level: ChargingPowerLevel | None = None
    next_delayed_time: timedelta | datetime | None = json_field(convert=_delayed_time)
    type: ChargingType | None = None
    programs: tuple[Program, ...] = json_field(
        "schedule/programs", "schedule", convert=set_programs, default=()
    )


RESIDUAL_TOLERANCE = 15
"""By how many percent of the capacity the residual energy may differ: up to 14 are common."""


def _energy_field() -> Any:
    """Declare a field with the energy in a battery in Wh; 0 means that it is not known."""
    return json_field(minimum=0, maximum=200_000, missing=0)


@model
class BatteryLoad(Block):
    """The energy that the traction battery can hold and holds, in Wh."""

    capacity: float | None = _energy_field()
    residual: float | None = _energy_field()

    def contradicts(self, level: float | None) -> bool:
        """Return whether the residual energy is not what the level in percent says."""
        if self.capacity is None or self.residual is None:
            return False
        percent = self.residual / self.capacity * 100
        if level is None:
            return percent > 100 + RESIDUAL_TOLERANCE
        return abs(percent - level) > RESIDUAL_TOLERANCE


@model
class BatteryHealth(Block):
    """The health of the traction battery in percent; 0 means that it is not known."""

    capacity: float | None = percent_field(missing=0)
    resistance: float | None = percent_field(missing=0)


@model
class TractionBattery:
    """The traction battery; older responses have its capacity beside its health."""

    load: BatteryLoad = json_field("load", "", default=BatteryLoad())
    health: BatteryHealth = BatteryHealth()


@model
class Consumptions:
    """What a car has consumed.

    Attributes:
        total: L of fuel, as documented; models do not agree on the unit.
        instant: L (hydrogen: kg) per 100 km, electric: kW.
    """

    total: float | None = json_field(
        "fuel/consumptions/total",
        minimum=0,
        maximum=100_000_00,
        convert=lambda centiliters: centiliters / 100,
    )
    instant: float | None = json_field(
        "fuel/consumptions/instant",
        "fuel/consumption/consumption",
        "electric/consumption/consumption",
        minimum=0,
        maximum=500,
    )


@model
class LiteEnergy:
    """The level of a battery or a tank in percent, and its range in km.

    A level above 10 contradicts a range of 0: the car sends this for batteries that it has not
    read, also for nearly empty ones.
    """

    type: EnergyType | None = None
    sub_type: EnergySubType | None = None
    level: float | None = percent_field()
    autonomy: float | None = distance_field()

    @classmethod
    def __post_deserialize__(cls, energy: Self) -> Self:
        """Return the energy without a level and a range that contradict each other."""
        if energy.level is not None and energy.level > 10 and energy.autonomy == 0:
            return replace(energy, level=None, autonomy=None)
        return energy


@model
class Energy(LiteEnergy):
    """One of a car's energies.

    Attributes:
        updated_at: the newest time of both dialects; `createdAt` is frozen on many cars.
    """

    created_at: datetime | None = json_field("createdAt", "updatedAt")
    updated_at: datetime | None = json_field("updatedAt", "createdAt", select=max)
    charging: Charging = json_field(
        "extension/electric/charging", "charging", default=Charging()
    )
    battery: TractionBattery = json_field(
        "extension/electric/battery", "battery", default=TractionBattery()
    )
    consumptions: Consumptions = json_field("extension", default=Consumptions())

    @classmethod
    @override
    def __post_deserialize__(cls, energy: Self) -> Self:
        energy = super().__post_deserialize__(energy)
        if energy.battery.load.contradicts(energy.level):
            load = replace(energy.battery.load, residual=None)
            return replace(energy, battery=replace(energy.battery, load=load))
        return energy

    @property
    def is_charging(self) -> bool | None:
        """Return whether the battery charges: by the status or, without a known one, by the rate.

        None if it is not known, or if the plug contradicts it. Cars report a charge that is in
        progress also while the battery is full: then the rate decides.
        """
        charging = self.charging
        is_charging = None
        if charging.status is not None:
            is_charging = charging.status is ChargingStatus.IN_PROGRESS
            if is_charging and self.level == FULL_LEVEL:
                is_charging = bool(charging.charging_rate)
        elif charging.charging_rate is not None:
            is_charging = charging.charging_rate > 0
        if charging.plugged is False:
            return None if is_charging else False
        return is_charging

    @property
    def charging_state(self) -> ChargingState | None:
        """Return whether the car is plugged in and charges; None if either is not known."""
        plugged = self.charging.plugged
        if self.is_charging:
            return ChargingState.CHARGING
        if self.is_charging is None or plugged is None:
            return None
        return ChargingState.CONNECTED if plugged else ChargingState.DISCONNECTED


NO_ENERGY = Energy()
"""That of a car that does not have it."""
