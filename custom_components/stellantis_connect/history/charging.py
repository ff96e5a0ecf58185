"""Charges, derived from successive statuses: the platform keeps no list of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self

from mashumaro import DataClassDictMixin

from homeassistant.util import dt as dt_util

from ..api.models.energy import ChargingMode, Energy
from ..api.models.status import Status

# Percent; the level of a parked car varies by less.
MIN_LEVEL_GAIN = 2.0


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
        capacity: Wh.
        fast: whether it used direct current.
        observed: whether statuses were polled during it; False for one found in the past.
    """

    started_at: datetime
    ended_at: datetime | None = None
    start_level: float
    end_level: float
    start_energy: float | None = None
    end_energy: float | None = None
    capacity: float | None = None
    fast: bool = False
    observed: bool = True

    @property
    def id(self) -> str:
        """Return what identifies the charge among those of the car."""
        return self.started_at.isoformat()

    @property
    def energy(self) -> float | None:
        """Return the energy charged in kWh, from the levels if the car does not report it."""
        if self.start_energy is not None and self.end_energy is not None:
            reported = self.end_energy - self.start_energy
            if reported > 0:
                return reported / 1000
        if self.capacity is None:
            return None
        return (self.end_level - self.start_level) / 100 * self.capacity / 1000

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

    def overlaps(self, other: Self) -> bool:
        """Return whether this and another charge share any time."""
        now = dt_util.utcnow()
        return self.started_at < (other.ended_at or now) and other.started_at < (
            self.ended_at or now
        )

    def with_status(self, status: Status) -> Self:
        """Return the charge after a newer status."""
        electric = status.electric or Energy()
        mode = electric.charging.charging_mode
        return replace(
            self,
            ended_at=None if status.charging else _time_of(status),
            end_level=self.end_level if electric.level is None else electric.level,
            end_energy=electric.battery.load.residual,
            capacity=electric.battery.load.capacity or self.capacity,
            fast=self.fast or mode is ChargingMode.QUICK,
        )


def next_charge(charge: Charge | None, before: Status, now: Status) -> Charge | None:
    """Return the charge that two successive statuses imply.

    Args:
        charge: the charge in progress before, if any.
        before: the previous status.
        now: the current status.

    Returns:
        The charge that is in progress or has just ended; None without any.

    """
    if charge:
        return charge.with_status(now)
    started = _started(before if _is_parked_between(before, now) else now)
    if started is None:
        return None
    charge = started.with_status(now)
    has_gained = charge.end_level - charge.start_level >= MIN_LEVEL_GAIN
    if now.charging and not has_gained:
        return replace(charge, started_at=_time_of(now))
    # It started between the statuses, and may have ended there.
    return charge if now.charging or has_gained else None


def ended_charges(statuses: Iterable[Status]) -> list[Charge]:
    """Return the ended charges that successive statuses imply."""
    charges: list[Charge] = []
    charge: Charge | None = None
    for before, now in pairwise(statuses):
        charge = next_charge(charge, before, now)
        if charge and charge.ended_at:
            charges.append(charge)
            charge = None
    return charges


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
