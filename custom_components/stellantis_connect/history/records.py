"""Records of what happened to a car: each once, in its newest form."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import takewhile
from operator import is_
from typing import Self

from homeassistant.util import dt as dt_util

from ..api.models.alarms import AlarmDetails
from ..api.models.alerts import Alert
from ..api.models.collisions import Collision
from ..api.models.trips import Trip
from .charging import MIN_LEVEL_GAIN, Charge

TIMES_OF_RECORD = ("createdAt", "updatedAt")
# The platform keeps about two months.
MAX_RECORD_AGE = timedelta(days=100)
MAX_RECORDS = 3000
# Charges are kept by Home Assistant alone: for years, several a day.
MAX_CHARGES = 10_000
# An older record that is fetched for the first time triggers no event.
MAX_EVENT_AGE = timedelta(days=7)
# Cars upload late what happened without network coverage.
MAX_UPLOAD_DELAY = timedelta(days=2)
# A record that is open for longer has lost its end.
MAX_OPEN_TIME = timedelta(days=30)

type Record = Alert | AlarmDetails | Collision | Trip | Charge


@dataclass(frozen=True, kw_only=True)
class FetchedRecords[T: Record]:
    """Records as the platform lists them.

    Attributes:
        kind: the field of `History` that they belong to.
        read_until: when they were requested; None if some may be missing.
    """

    kind: str
    records: Sequence[T]
    read_until: datetime | None = None


@dataclass(frozen=True)
class Records[T: Record]:
    """The records of one kind, oldest first.

    Attributes:
        records: the records.
        read_until: until when the records are complete; None before the first fetch.
        max_age: older records are dropped.
        max_records: the oldest of more records are dropped.
    """

    records: tuple[T, ...] = ()
    read_until: datetime | None = None
    max_age: timedelta = MAX_RECORD_AGE
    max_records: int = MAX_RECORDS

    def __iter__(self) -> Iterator[T]:
        """Iterate over the records that count, oldest first."""
        return (one for one in self.records if not is_without_distance(one))

    @property
    def fetched(self) -> tuple[T, ...] | None:
        """Return the records; None before the first fetch."""
        return self.records if self.read_until else None

    @cached_property
    def open(self) -> tuple[T, ...]:
        """Return the records that have not ended."""
        return tuple(one for one in self.records if not has_ended(one))

    @cached_property
    def latest(self) -> T | None:
        """Return the last record that has ended."""
        return next(
            (
                one
                for one in reversed(self.records)
                if has_ended(one) and not is_without_distance(one)
            ),
            None,
        )

    @property
    def since(self) -> datetime | None:
        """Return from when on to fetch to miss no change; None for everything."""
        now = dt_util.utcnow()
        if self.read_until is None:
            return now - self.max_age if self.max_age < MAX_RECORD_AGE else None
        starts = (start_of(one) for one in self.open)
        recent = (start for start in starts if start > now - MAX_OPEN_TIME)
        return min((self.read_until, now, *recent)) - MAX_UPLOAD_DELAY

    def with_fetched(self, fetched: Iterable[T], read_until: datetime | None) -> Self:
        """Return the records merged with fetched ones, of which outdated ones are ignored.

        The records stay the same object if nothing changes.
        """
        merged = {one.id: one for one in self.records}
        for record in fetched:
            if isinstance(record, Trip) and record.started_at is None:
                continue
            held = merged.get(record.id)
            if held is None or (record != held and not _is_outdated(record, held)):
                merged[record.id] = record
        oldest = dt_util.utcnow() - self.max_age
        recent = (one for one in merged.values() if start_of(one) >= oldest)
        known = {_identity(one) for one in self.records}
        counting = [
            one
            for one in _without_duplicates(sorted(recent, key=start_of))
            if not is_without_distance(one) or _identity(one) in known
        ]
        records = tuple(counting[-self.max_records :])
        return replace(
            self,
            records=self.records if records == self.records else records,
            read_until=read_until or self.read_until,
        )

    def changes_since(self, before: Self) -> Iterator[tuple[T | None, T]]:
        """Yield each new or changed record with its previous form.

        The records of the first fetch and old ones are not new.
        """
        if before.read_until is None:
            return
        oldest = dt_util.utcnow() - MAX_EVENT_AGE
        for previous, one in self.differences(before):
            if one != previous and (previous is not None or start_of(one) >= oldest):
                yield previous, one

    def differences(self, before: Self) -> Iterator[tuple[T | None, T]]:
        """Yield each record that was another object before, with its previous form."""
        pairs = map(is_, before.records, self.records, strict=False)
        # The records are ordered by time, and it is mostly the last that changes.
        start = len([*takewhile(bool, pairs)])
        earlier, later = before.records[start:], self.records[start:]
        held, kept = {*map(id, earlier)}, {*map(id, later)}
        known = {
            key: one
            for one in earlier
            if id(one) not in kept
            for key in (one.id, _identity(one))
        }
        for one in later:
            if id(one) not in held:
                yield known.get(one.id) or known.get(_identity(one)), one


def has_ended(record: Record) -> bool:
    """Return whether a record is complete."""
    match record:
        case Alert(active=active):
            return not active
        case Trip(done=done):
            return done is not False
        case Charge(ended_at=ended_at):
            return ended_at is not None
        case _:
            return True


def is_without_distance(record: Record) -> bool:
    """Return whether a record is a trip of 0 km, which does not count.

    A trip in progress counts: its distance is fetched again only after its end.
    """
    return (
        isinstance(record, Trip)
        and has_ended(record)
        and record.distance is not None
        and round(record.distance, 1) == 0
    )


def start_of(record: Record) -> datetime:
    """Return when something happened or started; now if the record has no time."""
    start = getattr(record, "started_at", None) or getattr(record, "created_at", None)
    return start or dt_util.utcnow()


def end_of(trip: Trip) -> datetime | None:
    """Return when a trip ended, from its duration if it has no end; None if unknown."""
    if trip.started_at is None or trip.stopped_at or not has_ended(trip):
        return trip.stopped_at
    return trip.started_at + timedelta(seconds=trip.duration or 0)


def completed_charges(
    known: Sequence[Charge], found: Iterable[Charge]
) -> Iterator[Charge]:
    """Yield charges found in the past in place of those of which statuses were missed.

    What was found counts unless it does not explain the gain in level.
    """
    new = [one for one in found if sum(one.overlaps(charge) for charge in known) == 1]
    for charge in known:
        if not charge.has_gap:
            continue
        parts = [one for one in new if one.overlaps(charge)]
        gain = sum(one.end_level - one.start_level for one in parts)
        if charge.end_level - charge.start_level - gain >= MIN_LEVEL_GAIN:
            parts = [charge]
        for part in parts:
            yield replace(
                part,
                identified_at=charge.identified_at or charge.started_at
                if part is parts[0]
                else None,
                completed=True,
                reported_per_level=charge.reported_per_level,
                observed=charge.observed,
                fast=part.fast or charge.fast,
            )


def content_of(record: Record) -> object:
    """Return what a record says, without what changes while nothing happens."""
    match record:
        case Charge(ended_at=None):
            return replace(
                record,
                end_level=record.start_level,
                end_energy=None,
                capacity=None,
                usable_capacity=None,
                top_power=None,
                curve=(),
                fast=False,
            )
        case Charge():
            return record
        case _:
            raw = record.raw
            return {key: raw[key] for key in raw if key not in TIMES_OF_RECORD}


def _is_outdated(record: Record, held: Record) -> bool:
    """Return whether a record is an older form of the held one.

    Back-ends respond in turn, one with older data; what has ended does not start again.
    """
    if has_ended(held) and not has_ended(record):
        return True
    match record, held:
        case (
            (Alert() | Trip() | Collision()) as one,
            (Alert() | Trip() | Collision()) as other,
        ) if one.updated_at and other.updated_at:
            return one.updated_at < other.updated_at
        case _:
            return False


def _identity(record: Record) -> object:
    """Return what identifies a record: a trip its start, whatever its id."""
    start = record.started_at if isinstance(record, Trip) else None
    return start or record.id


def _without_duplicates[T: Record](records: Iterable[T]) -> Iterable[T]:
    """Return each record once."""
    unique: dict[object, T] = {}
    for record in records:
        held = unique.setdefault(_identity(record), record)
        if has_ended(record) and not has_ended(held):
            unique[_identity(record)] = record
    return unique.values()
