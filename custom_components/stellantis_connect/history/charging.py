"""Charges, derived from successive statuses: the platform keeps no list of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Self

from mashumaro import DataClassDictMixin

from homeassistant.util import dt as dt_util

from ..api.models.energy import NO_ENERGY, ChargingMode
from ..api.models.status import Status

# Percent; the level of a parked car varies by less.
MIN_LEVEL_GAIN = 2.0
# Percent; the power over a smaller gain would show how the level is rounded.
POWER_LEVEL_GAIN = 5.0
MAX_POWER_PERIOD = timedelta(hours=1)
# kW; more follows from a level that was sent late.
MAX_POWER = 400
# The level may rise unseen between two statuses that are this close.
MAX_STATUS_GAP = timedelta(minutes=30)
# A reported capacity that differs by more is wrong, and so is the energy beside it.
CAPACITY_TOLERANCE = 0.1
# Levels are rounded to percent at both ends of a gain.
LEVEL_TOLERANCE = 1.5
ENERGY_TOLERANCE = 0.05
# Whole percents differ by less at both ends of a gain together.
ROUNDING = 1.0
# Wh per percent: of any traction battery.
MIN_ENERGY_PER_LEVEL = 50
MAX_ENERGY_PER_LEVEL = 2000


class EnergySource(StrEnum):
    """What the energy of a charge follows from."""

    REPORTED = "reported"
    LEVELS = "levels"


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """A gain of energy in kWh, or a power in kW."""

    value: float
    source: EnergySource


@dataclass(frozen=True, kw_only=True)
class ChargePoint:
    """The level in percent of a charging battery, and its energy in Wh."""

    at: datetime
    level: float
    energy: float | None = None


@dataclass(frozen=True, kw_only=True)
class ChargePlace:
    """Where a car was charged; its name and its position are known independently.

    Attributes:
        zone: the name of the zone at that time.
        home: whether it was at home; None if that is not known.
    """

    zone: str | None = None
    home: bool | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, kw_only=True)
class Charge(DataClassDictMixin):
    """A charge, which may still be in progress.

    Attributes:
        started_at: time of the first status of the charge, or of the last one before it.
        ended_at: time of the first status after the charge; None while it is in progress.
        start_level: percent.
        end_level: percent; the latest one while in progress.
        start_energy: energy in the battery in Wh.
        end_energy: energy in the battery in Wh; the latest one while in progress.
        capacity: Wh, as the car reports it.
        usable_capacity: Wh, by which levels are converted to energy.
        reported_per_level: Wh that the car reports for each percent, by earlier charges.
        top_power: the highest power in kW.
        curve: the first status of each level while the battery charged.
        fast: whether it used direct current.
        observed: whether a status showed it; False for one found in the past.
        completed: whether statuses that were missed were looked up.
        identified_at: its start before it was completed, which identifies it.
        place: where it took place, if that is known.
        price: the average price per kWh, if it is known.
        currency: the currency of the price.
        settled: whether its place and its price are final; then it has no curve any more.
    """

    started_at: datetime
    ended_at: datetime | None = None
    start_level: float
    end_level: float
    start_energy: float | None = None
    end_energy: float | None = None
    capacity: float | None = None
    usable_capacity: float | None = None
    reported_per_level: float | None = None
    top_power: float | None = None
    curve: tuple[ChargePoint, ...] = ()
    fast: bool = False
    observed: bool = True
    completed: bool = False
    identified_at: datetime | None = None
    place: ChargePlace = ChargePlace()
    price: float | None = None
    currency: str | None = None
    settled: bool = False

    @cached_property
    def id(self) -> str:
        """Return what identifies the charge among those of the car."""
        return (self.identified_at or self.started_at).isoformat()

    @property
    def gain(self) -> Measurement | None:
        """Return the energy charged and its source."""
        return self._gain(self._start, self.end_level, self.end_energy)

    @property
    def energy(self) -> float | None:
        """Return the energy charged in kWh."""
        return self.gain.value if self.gain else None

    @property
    def duration(self) -> timedelta | None:
        """Return the duration of a charge that has ended."""
        return self.ended_at - self.started_at if self.ended_at else None

    @property
    def power(self) -> float | None:
        """Return the average power in kW."""
        if not self.duration or self.energy is None:
            return None
        return self.energy / (self.duration / timedelta(hours=1))

    @property
    def cost(self) -> float | None:
        """Return the cost of a charge that has ended, in its currency."""
        if self.ended_at is None or self.price is None or self.energy is None:
            return None
        return self.price * self.energy

    @property
    def levels(self) -> list[tuple[datetime, float]]:
        """Return the known levels of a charge that has ended, from its start to its end."""
        start = self._start
        end = ChargePoint(
            at=self.ended_at or dt_util.utcnow(),
            level=self.end_level,
            energy=self.end_energy,
        )
        return [
            (one.at, start.level + self._level_gain(start, one.level, one.energy))
            for one in (start, *self.curve, end)
        ]

    @property
    def has_gap(self) -> bool:
        """Return whether the level of a charge that has ended rose while no status was seen."""
        if self.settled or self.completed or not self.ended_at:
            return False
        return any(
            end - start > MAX_STATUS_GAP and after - before >= MIN_LEVEL_GAIN
            for (start, before), (end, after) in pairwise(self.levels)
        )

    def present_power(self, status: Status) -> Measurement | None:
        """Return the power in kW at a status, over the shortest period with a sufficient gain."""
        electric, at = status.electric or NO_ENERGY, _time_of(status)
        level = electric.level
        periods = [at - point.at for point in self.curve]
        points = [
            point
            for point, period in zip(self.curve, periods, strict=True)
            if timedelta() < period <= MAX_POWER_PERIOD
        ]
        if level is None or not points:
            return None
        enough = [one for one in points if level - one.level >= POWER_LEVEL_GAIN]
        since = enough[-1] if enough else points[0]
        gain = self._gain(since, level, electric.battery.load.residual)
        if gain is None or level - since.level < MIN_LEVEL_GAIN:
            return None
        power = gain.value / ((at - since.at) / timedelta(hours=1))
        return replace(gain, value=power) if power <= MAX_POWER else None

    def _gain(
        self, since: ChargePoint, level: float, energy: float | None
    ) -> Measurement | None:
        """Return the energy gained since a point of the charge, if it is known.

        The reported energy counts unless the capacity, or the levels, contradict it; then it may
        still show what the levels are before they are rounded.
        """
        capacity = self.usable_capacity or self.capacity
        levels = level - since.level
        if since.energy is not None and energy is not None:
            reported = energy - since.energy
            if self._is_capacity_right and _agree(reported, levels, capacity):
                return Measurement(value=reported / 1000, source=EnergySource.REPORTED)
        if capacity is None:
            return None
        gain = self._level_gain(since, level, energy) / 100 * capacity
        return Measurement(value=gain / 1000, source=EnergySource.LEVELS)

    def _level_gain(
        self, since: ChargePoint, level: float, energy: float | None
    ) -> float:
        """Return the gain in percent, of whole percents by the reported energy if they agree."""
        rounded = level - since.level
        if since.energy is None or energy is None or not self.reported_per_level:
            return rounded
        gain = (energy - since.energy) / self.reported_per_level
        agree = rounded % 1 == 0 and abs(gain - rounded) < ROUNDING
        return gain if agree else rounded

    @property
    def _start(self) -> ChargePoint:
        return ChargePoint(
            at=self.started_at, level=self.start_level, energy=self.start_energy
        )

    @property
    def _is_capacity_right(self) -> bool:
        """Return whether the car may know its capacity, and so the energy in its battery."""
        reported, usable = self.capacity, self.usable_capacity
        if reported is None or usable is None:
            return True
        return abs(reported - usable) <= CAPACITY_TOLERANCE * usable

    def overlaps(self, other: Self) -> bool:
        """Return whether this and another charge share any time."""
        now = dt_util.utcnow()
        return self.started_at < (other.ended_at or now) and other.started_at < (
            self.ended_at or now
        )

    def with_status(self, status: Status, capacity: float | None) -> Self:
        """Return the charge after a newer status.

        Args:
            status: the status.
            capacity: the usable capacity in Wh, if known.

        """
        electric = status.electric or NO_ENERGY
        load = electric.battery.load
        level = self.end_level if electric.level is None else electric.level
        mode = electric.charging.charging_mode
        power = self.present_power(status) if status.charging else None
        charge = replace(
            self,
            ended_at=None if status.charging else _time_of(status),
            end_level=level,
            end_energy=load.residual,
            capacity=load.capacity or self.capacity,
            usable_capacity=capacity or self.usable_capacity,
            fast=self.fast or mode is ChargingMode.QUICK,
        )
        if power:
            top_power = max(power.value, self.top_power or 0)
            charge = replace(charge, top_power=top_power)
        last_level = self.curve[-1].level if self.curve else None
        if not status.charging or electric.level in (None, last_level):
            return charge
        point = ChargePoint(at=_time_of(status), level=level, energy=load.residual)
        return replace(charge, curve=(*self.curve, point))


def next_charge(
    charge: Charge | None, before: Status, now: Status, capacity: float | None = None
) -> Charge | None:
    """Return the charge that two successive statuses imply.

    Args:
        charge: the charge in progress before, if any.
        before: the previous status.
        now: the current status.
        capacity: the usable capacity in Wh, if known.

    Returns:
        The charge that is in progress or has just ended; None without any.

    """
    if charge:
        updated = charge.with_status(now, capacity)
        has_moved = before.odometer.mileage != now.odometer.mileage
        if updated.ended_at and has_moved and updated.end_level < charge.end_level:
            # What the drive has used since was charged before.
            return replace(
                updated, end_level=charge.end_level, end_energy=charge.end_energy
            )
        return updated
    started = _started(before if _is_parked_between(before, now) else now)
    if started is None:
        return None
    charge = started.with_status(now, capacity)
    has_gained = charge.end_level - charge.start_level >= MIN_LEVEL_GAIN
    if now.charging and not has_gained:
        return replace(charge, started_at=_time_of(now))
    # It started between the statuses, and may have ended there.
    return charge if now.charging or has_gained else None


def ended_charges(
    statuses: Iterable[Status], capacity: float | None = None
) -> list[Charge]:
    """Return the ended charges that successive statuses imply.

    Args:
        statuses: the statuses, oldest first.
        capacity: the usable capacity in Wh, if known.

    """
    charges: list[Charge] = []
    charge: Charge | None = None
    for before, now in pairwise(statuses):
        charge = next_charge(charge, before, now, capacity)
        if charge and charge.ended_at:
            charges.append(charge)
            charge = None
    return charges


def _agree(reported: float, levels: float, capacity: float | None) -> bool:
    """Return whether a gain in Wh is what a gain in percent may be."""
    if capacity is None:
        return MIN_ENERGY_PER_LEVEL <= reported / max(levels, 1) <= MAX_ENERGY_PER_LEVEL
    expected = levels / 100 * capacity
    tolerance = LEVEL_TOLERANCE / 100 * capacity + ENERGY_TOLERANCE * abs(expected)
    return reported > 0 and abs(reported - expected) <= tolerance


def _started(status: Status) -> Charge | None:
    electric = status.electric
    if electric is None or electric.level is None:
        return None
    return Charge(
        started_at=_time_of(status),
        start_level=electric.level,
        end_level=electric.level,
        start_energy=electric.battery.load.residual,
        capacity=electric.battery.load.capacity,
    )


def _is_parked_between(before: Status, now: Status) -> bool:
    """Return whether the car has not moved and its level has not fallen."""
    if before.electric is None or before.electric.level is None or now.electric is None:
        return False
    return (
        before.odometer.mileage == now.odometer.mileage
        and before.electric.level <= (now.electric.level or 0)
    )


def _time_of(status: Status) -> datetime:
    return status.updated_at or dt_util.utcnow()
