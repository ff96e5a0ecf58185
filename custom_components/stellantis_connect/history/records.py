"""What is kept of what befalls a car: each record once, in its latest form."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from homeassistant.util import dt as dt_util

from ..api.models.alarms import AlarmDetails
from ..api.models.alerts import Alert
from ..api.models.collisions import Collision
from ..api.models.trips import Trip
from .charging import Charge

# The platform keeps about two months.
KEPT_FOR = timedelta(days=100)
# What is older when it is first seen is history, and no news.
EVENT_MAX_AGE = timedelta(days=7)
# So late may a car upload what happened while it had no network.
LATE_BY = timedelta(days=2)
# What is still open by then will not be closed any more.
OPEN_FOR = timedelta(days=30)

type Record = Alert | AlarmDetails | Collision | Trip | Charge


@dataclass(frozen=True, kw_only=True)
class FetchedRecords[T: Record]:
    """Records as the platform lists them.

    Attributes:
        kind: the field of `Past` that they belong to.
        read_until: when they were asked for; None where some may be missing.
    """

    kind: str
    records: Sequence[T]
    read_until: datetime | None = None


@dataclass(frozen=True)
class Records[T: Record]:
    """The records of one kind, oldest first.

    Attributes:
        records: what is kept.
        read_until: up to when all are known; None before they were read.
    """

    records: tuple[T, ...] = ()
    read_until: datetime | None = None

    def __iter__(self) -> Iterator[T]:
        """Go through the records, oldest first."""
        return iter(self.records)

    @property
    def open(self) -> tuple[T, ...]:
        """What is not over."""
        return tuple(one for one in self.records if not is_over(one))

    @property
    def latest(self) -> T | None:
        """What was over last."""
        return next((one for one in reversed(self.records) if is_over(one)), None)

    @property
    def since(self) -> datetime | None:
        """From when on to read, so that no change is missed; None for all there is."""
        if self.read_until is None:
            return None
        begun = (begin_of(one) for one in self.open)
        closable = (one for one in begun if one > dt_util.utcnow() - OPEN_FOR)
        return min((self.read_until, *closable)) - LATE_BY

    def with_found(self, found: Iterable[T], read_until: datetime | None) -> Self:
        """Return the records with what was found; what is kept never goes backwards."""
        kept = {one.id: one for one in self.records}
        for one in found:
            held = kept.get(one.id)
            if held is None or not _is_behind(one, held):
                kept[one.id] = one
        oldest = dt_util.utcnow() - KEPT_FOR
        records = sorted(
            (one for one in kept.values() if begin_of(one) >= oldest), key=begin_of
        )
        return replace(
            self,
            records=tuple(records),
            read_until=read_until or self.read_until,
        )

    def changes_since(self, before: Self) -> Iterator[tuple[T | None, T]]:
        """Yield what has come or changed, each with what it was before.

        What the first reading brings is no news, and neither is what is long past.
        """
        if before.read_until is None:
            return
        known = {one.id: one for one in before.records}
        oldest = dt_util.utcnow() - EVENT_MAX_AGE
        for one in self.records:
            was = known.get(one.id)
            if one != was and (was is not None or begin_of(one) >= oldest):
                yield was, one


def is_over(record: Record) -> bool:
    """Tell whether nothing more is expected of a record."""
    match record:
        case Alert(active=active):
            return not active
        case Trip(done=done):
            return done is not False
        case Charge(ended_at=ended_at):
            return ended_at is not None
        case _:
            return True


def begin_of(record: Record) -> datetime:
    """Return when something happened or began; one without a time happened just now."""
    began = getattr(record, "started_at", None) or getattr(record, "created_at", None)
    return began or dt_util.utcnow()


def _is_behind(record: Record, held: Record) -> bool:
    """Tell whether a record is an older form of one that is held.

    Back-ends may answer in turn, one with older data; what was over does not begin again.
    """
    if is_over(held) and not is_over(record):
        return True
    match record, held:
        case (
            (Alert() | Trip() | Collision()) as one,
            (Alert() | Trip() | Collision()) as other,
        ) if one.updated_at and other.updated_at:
            return one.updated_at < other.updated_at
        case _:
            return False


def without_links(raw: Mapping[str, object]) -> dict[str, object]:
    """Return an answer as it came, without the addresses that lead to more of it."""
    return {key: value for key, value in raw.items() if key != "_links"}
