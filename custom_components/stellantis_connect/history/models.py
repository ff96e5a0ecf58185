"""What has happened to a car, and what of it is kept over a restart."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from ..api.models.alarms import AlarmDetails
from ..api.models.alerts import Alert
from ..api.models.collisions import Collision
from ..api.models.status import Status
from ..api.models.trips import Trip
from .charging import Charge, follow
from .records import FetchedRecords, Record, Records, without_links

_READ: Mapping[str, Any] = {
    "alerts": Alert.from_json,
    "alarms": AlarmDetails.from_json,
    "collisions": Collision.from_json,
    "trips": Trip.from_json,
    "charges": Charge.from_dict,
}


@dataclass(frozen=True, kw_only=True)
class History:
    """What has happened to a car; charges are told by its states, the rest by lists."""

    alerts: Records[Alert] = field(default_factory=Records)
    alarms: Records[AlarmDetails] = field(default_factory=Records)
    collisions: Records[Collision] = field(default_factory=Records)
    trips: Records[Trip] = field(default_factory=Records)
    charges: Records[Charge] = field(default_factory=Records)

    def with_found(self, found: FetchedRecords[Any]) -> Self:
        """Return the past with what the platform lists."""
        records: Records[Any] = getattr(self, found.kind)
        changes: dict[str, Any] = {
            found.kind: records.with_found(found.records, found.read_until)
        }
        return replace(self, **changes)

    def with_status(self, before: Status, now: Status) -> Self:
        """Return the past with what two states in a row tell of charges."""
        if now.updated_at is None or now.electric is None:
            return self
        current = next(iter(self.charges.open), None)
        charge = follow(current, before, now)
        charges = self.charges.with_found([charge] if charge else [], now.updated_at)
        return replace(self, charges=charges)

    def as_stored(self) -> dict[str, Any]:
        """Return what is to survive a restart."""
        return {kind: _stored(getattr(self, kind)) for kind in _READ}

    @classmethod
    def restored(cls, stored: Mapping[str, Any]) -> Self:
        """Return what was known before a restart."""
        return cls(
            **{
                kind: Records(
                    tuple(read(raw) for raw in stored[kind]["records"]),
                    _moment(stored[kind]["read_until"]),
                )
                for kind, read in _READ.items()
            },
        )


def _stored(records: Records[Any]) -> dict[str, Any]:
    return {
        "read_until": records.read_until and records.read_until.isoformat(),
        "records": [_raw(one) for one in records],
    }


def _raw(record: Record) -> dict[str, Any]:
    return record.to_dict() if isinstance(record, Charge) else without_links(record.raw)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
