"""The energy that a car has charged: for its statistic, and as a total that never falls."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self

from mashumaro import field_options

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
        ended: how much the charges that have ended since then charged; None after a restart.
    """

    total: float = 0.0
    since: datetime
    counted: float = 0.0
    ended: float | None = field(default=None, metadata=field_options(serialize="omit"))

    def updated(
        self, periods: Iterable[Period], now: datetime, charge: Charge | None = None
    ) -> Self:
        """Return the total with all that has been charged by a time.

        Args:
            periods: what was charged by charges that have ended.
            now: the time.
            charge: the charge in progress.

        """
        recent = [one for one in periods if one.start >= self.since]
        ended = sum(one.amount for one in recent)
        updated = replace(self, ended=ended).with_present(charge)
        if now - self.since <= 2 * MAX_CORRECTION_AGE:
            return updated
        oldest = now - MAX_CORRECTION_AGE
        complete = sum(one.amount for one in recent if one.start < oldest)
        return replace(
            updated,
            since=oldest,
            counted=updated.counted - complete,
            ended=ended - complete,
        )

    def with_present(self, charge: Charge | None) -> Self:
        """Return the total with what a charge in progress has charged."""
        amount = self.ended or 0
        if charge and charge.started_at >= self.since:
            amount += max(charge.energy or 0, 0)
        return replace(
            self,
            total=self.total + max(amount - self.counted, 0),
            counted=max(amount, self.counted),
        )

    def recounted(
        self, periods: Iterable[Period], charge: Charge | None = None
    ) -> Self:
        """Return the same total after the past was computed anew."""
        ended = sum(one.amount for one in periods if one.start >= self.since)
        counted = replace(self, counted=0, ended=ended).with_present(charge).counted
        return replace(self, counted=counted, ended=ended)


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
    starts = [one.started_at for one in ended]
    ends = [one.ended_at or one.started_at for one in ended]
    for trip, following in pairwise(complete):
        if trip.stopped_at is None or following.started_at is None:
            continue
        between = ended[
            bisect_right(ends, trip.stopped_at) : bisect_left(
                starts, following.started_at
            )
        ]
        gain = _level_gain(trip, following, between)
        capacity = capacities.get(following.id)
        if capacity and gain:
            yield Period(trip.stopped_at, following.started_at, gain / 100 * capacity)


def _level_gain(trip: Trip, following: Trip, charges: Sequence[Charge]) -> float | None:
    """Return by how many percent the level rose between trips beside some charges."""
    before = level_of(trip.end_energies, EnergyType.ELECTRIC)
    after = level_of(following.start_energies, EnergyType.ELECTRIC)
    if before is None or after is None:
        return None
    gain = after - before - sum(one.end_level - one.start_level for one in charges)
    return gain if gain >= MIN_LEVEL_GAIN else None
