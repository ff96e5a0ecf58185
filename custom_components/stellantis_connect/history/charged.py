"""The energy that a car has charged: for its statistic, and as a total that never falls."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self

from mashumaro import field_options

from ..api.models.trips import Trip
from .charging import MAX_STATUS_GAP, MIN_LEVEL_GAIN, Charge

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


@dataclass(frozen=True, kw_only=True)
class Gain:
    """A gain in level between two trips that known charges do not explain.

    Attributes:
        start: when the first trip ended.
        end: when the second one started.
        start_level: percent.
        end_level: percent.
        unexplained: percent.
        trip_id: the id of the second trip.
        charges: the known charges between them.
    """

    start: datetime
    end: datetime
    start_level: float
    end_level: float
    unexplained: float
    trip_id: str
    charges: Sequence[Charge]


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
    for gain in _gains(ended, trips, since):
        if capacity := capacities.get(gain.trip_id):
            yield Period(gain.start, gain.end, gain.unexplained / 100 * capacity)


def missed_charges(
    charges: Sequence[Charge],
    trips: Iterable[Trip],
    capacities: Mapping[str, float],
    since: datetime,
    until: datetime,
) -> Iterator[Charge]:
    """Yield the charges that only the levels of trips imply.

    A charge whose end was missed, or found a while after it, ends with the next trip at the latest.

    Args:
        charges: the charges, oldest first.
        trips: the trips, oldest first.
        capacities: kWh of a full battery, by the ids of the trips.
        since: leaves out what started earlier.
        until: time of the latest status; one that is missing may show a charge.

    """
    yield from _charges_before_trips(charges, trips, since)
    for gain in _gains(charges, trips, since):
        if gain.start < since or gain.end > until:
            continue
        match gain.charges:
            case []:
                yield Charge(
                    started_at=gain.start,
                    ended_at=gain.end,
                    start_level=gain.start_level,
                    end_level=gain.end_level,
                    usable_capacity=capacities.get(gain.trip_id, 0) * 1000 or None,
                    observed=False,
                )
            case [charge] if charge.has_gap and gain.end < (charge.ended_at or until):
                yield replace(
                    charge, ended_at=gain.end, end_level=gain.end_level, end_energy=None
                )


def _charges_before_trips(
    charges: Sequence[Charge], trips: Iterable[Trip], since: datetime
) -> Iterator[Charge]:
    """Yield the charges whose ends were found only during the next trip, as it found them."""
    starts = [one.started_at for one in charges]
    for trip in trips:
        start = trip.started_at
        if start is None or start < since or not (index := bisect_left(starts, start)):
            continue
        charge = charges[index - 1]
        end = charge.ended_at
        if end is None or not timedelta() < end - start <= MAX_STATUS_GAP:
            continue
        level = trip.start_level
        if level is not None and level > charge.end_level:
            yield replace(charge, ended_at=start, end_level=level, end_energy=None)


def _gains(
    charges: Sequence[Charge], trips: Iterable[Trip], since: datetime | None
) -> Iterator[Gain]:
    """Yield the gains in level between trips that some charges do not explain."""
    complete = [
        one
        for one in trips
        if one.started_at
        and one.stopped_at
        and (since is None or one.stopped_at >= since)
    ]
    starts = [one.started_at for one in charges]
    # The charge in progress is the last one.
    ends = [one.ended_at for one in charges if one.ended_at]
    for trip, following in pairwise(complete):
        start, end = trip.stopped_at, following.started_at
        before, after = trip.end_level, following.start_level
        if start is None or end is None or before is None or after is None:
            continue
        between = charges[bisect_right(ends, start) : bisect_left(starts, end)]
        explained = sum(one.end_level - one.start_level for one in between)
        if after - before - explained >= MIN_LEVEL_GAIN:
            yield Gain(
                start=start,
                end=end,
                start_level=before,
                end_level=after,
                unexplained=after - before - explained,
                trip_id=following.id,
                charges=between,
            )
