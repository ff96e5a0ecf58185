"""The energy that a car has charged: for its statistic, and as a total that never falls."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self

from ..api.models.energy import EnergyType
from ..api.models.trips import Trip, level_of
from .charging import MIN_LEVEL_GAIN, Charge

# A charge that started earlier is complete.
MAX_CORRECTION_AGE = timedelta(days=30)


@dataclass(frozen=True)
class Period:
    """An amount that accrued evenly between two times."""

    start: datetime
    end: datetime
    amount: float


@dataclass(frozen=True, kw_only=True)
class ChargedEnergy:
    """The energy charged in kWh since the car was added.

    What changes in the past, such as a charge that is found later, is counted by its difference.

    Attributes:
        total: the total, which never falls.
        since: charges that started earlier are not counted anymore.
        counted: how much of the total was charged since then.
    """

    total: float = 0.0
    since: datetime
    counted: float = 0.0

    def updated(self, periods: Iterable[Period], now: datetime) -> Self:
        """Return the total with all that has been charged by a time."""
        recent = [one for one in periods if one.start >= self.since]
        amount = sum(one.amount for one in recent)
        updated = replace(
            self,
            total=self.total + max(amount - self.counted, 0),
            counted=max(amount, self.counted),
        )
        if now - self.since <= 2 * MAX_CORRECTION_AGE:
            return updated
        oldest = now - MAX_CORRECTION_AGE
        complete = sum(one.amount for one in recent if one.start < oldest)
        return replace(updated, since=oldest, counted=updated.counted - complete)

    def recounted(self, periods: Iterable[Period]) -> Self:
        """Return the same total after the past was computed anew."""
        recent = (one.amount for one in periods if one.start >= self.since)
        return replace(self, counted=sum(recent))


def charged_periods(
    charges: Iterable[Charge],
    trips: Iterable[Trip],
    capacities: Mapping[str, float],
    since: datetime | None = None,
) -> Iterator[Period]:
    """Yield the ended charges, and what the level rose between two trips without a known charge.

    Args:
        charges: the charges.
        trips: the trips, oldest first.
        capacities: kWh of a full battery, by the ids of the trips.
        since: leaves out what ended earlier.

    """
    ended = [
        one
        for one in charges
        if one.ended_at and (since is None or one.ended_at >= since)
    ]
    for charge in ended:
        if charge.ended_at and (charge.energy or 0) > 0:
            yield Period(charge.started_at, charge.ended_at, charge.energy or 0)
    complete = [
        one
        for one in trips
        if one.started_at
        and one.stopped_at
        and (since is None or one.stopped_at >= since)
    ]
    for trip, following in pairwise(complete):
        gain = _level_gain(trip, following, ended)
        capacity = capacities.get(following.id)
        if capacity and gain and trip.stopped_at and following.started_at:
            yield Period(trip.stopped_at, following.started_at, gain / 100 * capacity)


def present_period(charge: Charge, now: datetime) -> Period:
    """Return what a charge in progress has charged by a time."""
    return Period(charge.started_at, now, max(charge.energy or 0, 0))


def _level_gain(trip: Trip, following: Trip, charges: Sequence[Charge]) -> float | None:
    """Return by how many percent the level rose between trips without a known charge."""
    before = level_of(trip.end_energies, EnergyType.ELECTRIC)
    after = level_of(following.start_energies, EnergyType.ELECTRIC)
    if before is None or after is None:
        return None
    known = sum(
        charge.end_level - charge.start_level
        for charge in charges
        if trip.stopped_at
        and following.started_at
        and charge.ended_at
        and trip.stopped_at < charge.ended_at
        and charge.started_at < following.started_at
    )
    gain = after - before - known
    return gain if gain >= MIN_LEVEL_GAIN else None
