"""The energies of a car, and their charging."""

from datetime import datetime, timedelta
from enum import StrEnum

from ..decode import json_field, model
from .base import Block
from .program import Program, programs_in_use


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
    """What the charger does; stays Disconnected on cars that are plugged in and wait."""

    DISCONNECTED = "Disconnected"
    IN_PROGRESS = "InProgress"
    FAILURE = "Failure"
    STOPPED = "Stopped"
    FINISHED = "Finished"


class ChargingMode(StrEnum):
    """How fast the socket is; Slow does not mean that the car charges."""

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
    """Where a charge ends: early, to spare the battery, or when it is full."""

    PARTIAL = "Partial"
    FULL = "Full"


@model
class Charging:
    """The charger and its settings.

    Attributes:
        remaining_time: until the charge is complete; may hold an old value while nothing charges.
        charging_rate: km/h of range gained.
        next_delayed_time: when a delayed charge starts, as the time since midnight (what cars
            send) or as a point in time (what the specification says).
        programs: without unset slots; the list itself or an object around it.
    """

    plugged: bool | None = None
    status: ChargingStatus | None = None
    remaining_time: timedelta | None = None
    charging_rate: float | None = None
    charging_mode: ChargingMode | None = None
    charging_power_level: ChargingPowerLevel | None = None
    next_delayed_time: timedelta | datetime | None = None
    type: ChargingType | None = None
    programs: tuple[Program, ...] = json_field(
        "schedule/programs", "schedule", convert=programs_in_use, default=()
    )

    @property
    def in_progress(self) -> bool | None:
        """Whether energy flows: as the status says or, without one, as range is gained."""
        if self.status is not None:
            return self.status is ChargingStatus.IN_PROGRESS
        return None if self.charging_rate is None else self.charging_rate > 0


@model
class BatteryLoad(Block):
    """What the traction battery holds, in Wh; each figure may be nonsense on its own."""

    capacity: float | None = None
    residual: float | None = None


@model
class BatteryHealth(Block):
    """The traction battery's health, in percent."""

    capacity: float | None = None
    resistance: float | None = None


@model
class TractionBattery:
    """The battery that moves the car."""

    load: BatteryLoad = BatteryLoad()
    health: BatteryHealth = BatteryHealth()


def _litres(centilitres: float) -> float:
    return centilitres / 100


@model
class Consumptions:
    """What a car has used.

    Attributes:
        total: litres of fuel, as documented; models are known to disagree on the unit.
        instant: litres (hydrogen: kg) per 100 km, electric: kW.
    """

    total: float | None = json_field("fuel/consumptions/total", convert=_litres)
    instant: float | None = json_field(
        "fuel/consumptions/instant",
        "fuel/consumption/consumption",
        "electric/consumption/consumption",
    )


@model
class Energy(Block):
    """One of a car's energies.

    Attributes:
        updated_at: the newest time that any dialect gives; the other is frozen on many cars.
        level: percent.
        autonomy: km.
    """

    updated_at: datetime | None = json_field("updatedAt", "createdAt", select=max)
    type: EnergyType | None = None
    sub_type: EnergySubType | None = None
    level: float | None = None
    autonomy: float | None = None
    charging: Charging = json_field(
        "extension/electric/charging", "charging", default=Charging()
    )
    battery: TractionBattery = json_field(
        "extension/electric/battery", default=TractionBattery()
    )
    consumptions: Consumptions = json_field("extension", default=Consumptions())
