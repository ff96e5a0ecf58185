"""A charge, as the states of a car tell it: the platform keeps no list of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self

from mashumaro import DataClassDictMixin

from homeassistant.util import dt as dt_util

from ..api.models.energy import ChargingMode, Energy
from ..api.models.status import Status

# Percent; levels waver by less while a car stands.
RISE = 2.0


@dataclass(frozen=True, kw_only=True)
class Charge(DataClassDictMixin):
    """A charge, which may still last.

    Attributes:
        started_at: when it was first heard of, or what the car said last before it.
        ended_at: when it was over; None while it lasts.
        start_level: percent.
        end_level: percent, so far.
        start_energy: Wh in the battery.
        end_energy: Wh in the battery, so far.
        capacity: Wh.
        quick: whether it is one with direct current.
        followed: whether it was seen as it happened; else it is history, and no news.
    """

    started_at: datetime
    ended_at: datetime | None = None
    start_level: float
    end_level: float
    start_energy: float | None = None
    end_energy: float | None = None
    capacity: float | None = None
    quick: bool = False
    followed: bool = True

    @property
    def id(self) -> str:
        """What tells it from all others of the car."""
        return self.started_at.isoformat()

    @property
    def energy(self) -> float | None:
        """The kWh that went into the battery; by the levels where the car does not tell.

        None where the capacity is not known either.
        """
        if self.start_energy is not None and self.end_energy is not None:
            told = self.end_energy - self.start_energy
            if told > 0:
                return told / 1000
        if self.capacity is None:
            return None
        return (self.end_level - self.start_level) / 100 * self.capacity / 1000

    @property
    def duration(self) -> timedelta | None:
        """How long it took."""
        return self.ended_at - self.started_at if self.ended_at else None

    @property
    def power(self) -> float | None:
        """The average power in kW."""
        if not self.duration or self.energy is None:
            return None
        return self.energy / (self.duration / timedelta(hours=1))

    def overlaps(self, other: Self) -> bool:
        """Tell whether this and another one were at the same time, in part at least."""
        now = dt_util.utcnow()
        return self.started_at < (other.ended_at or now) and other.started_at < (
            self.ended_at or now
        )

    def seen(self, status: Status) -> Self:
        """Return it as a newer state tells it."""
        electric = status.electric or Energy()
        mode = electric.charging.charging_mode
        return replace(
            self,
            ended_at=None if status.charging else _time_of(status),
            end_level=self.end_level if electric.level is None else electric.level,
            end_energy=electric.battery.load.residual,
            capacity=electric.battery.load.capacity or self.capacity,
            quick=self.quick or mode is ChargingMode.QUICK,
        )


def follow(charge: Charge | None, before: Status, now: Status) -> Charge | None:
    """Return what two states in a row tell of a charge.

    Args:
        charge: the charge that lasted until then, if any.
        before: the state until then.
        now: the state from now on.

    Returns:
        The charge that lasts, or the one that is over now; None without any.

    """
    if charge:
        return charge.seen(now)
    begun = _begun(before if _stands_between(before, now) else now)
    if begun is None:
        return None
    charge = begun.seen(now)
    risen = charge.end_level - charge.start_level >= RISE
    if now.charging and not risen:
        return replace(charge, started_at=_time_of(now))
    # It began unseen, and may have ended so.
    return charge if now.charging or risen else None


def ended_charges(states: Iterable[Status]) -> list[Charge]:
    """Return the charges that states in a row tell of, as far as they are over."""
    charges: list[Charge] = []
    charge: Charge | None = None
    for before, now in pairwise(states):
        charge = follow(charge, before, now)
        if charge and charge.ended_at:
            charges.append(charge)
            charge = None
    return charges


def _begun(status: Status) -> Charge | None:
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


def _stands_between(before: Status, now: Status) -> bool:
    """Tell whether a car has only gained between two states: then it charged all the while."""
    if before.electric is None or before.electric.level is None or now.electric is None:
        return False
    return (
        before.odometer.mileage == now.odometer.mileage
        and before.electric.level <= (now.electric.level or 0)
    )


def _time_of(status: Status) -> datetime:
    return status.updated_at or dt_util.utcnow()
