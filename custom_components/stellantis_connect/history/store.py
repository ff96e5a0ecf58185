"""The stored history of a car: a base, and the records that changed since it was written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant, callback

from ..api.models.alarms import AlarmDetails
from ..api.models.alerts import Alert
from ..api.models.base import Record as ListedRecord
from ..api.models.collisions import Collision
from ..api.models.trips import Trip
from ..storage import JSONText, ModelStore, StorageFormat, vehicle_digest
from .charging import Charge
from .models import History
from .records import Record, Records, content_of, without_links

# With more changes the base is written again, which is about ten times as large.
MAX_CHANGES = 24

CHARGES = "charges"
LISTED: Mapping[str, type[ListedRecord]] = {
    "alerts": Alert,
    "alarms": AlarmDetails,
    "collisions": Collision,
    "trips": Trip,
}

type RecordsByKind = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, kw_only=True)
class StoredHistory:
    """A history, or the changed part of one.

    Attributes:
        listed: by kind, the records as the platform lists them.
        read_until: by kind, until when the records are complete.
    """

    listed: dict[str, tuple[JSONText, ...]] = field(default_factory=dict)
    charges: tuple[Charge, ...] = ()
    read_until: dict[str, datetime] = field(default_factory=dict)
    capacities: dict[str, float] = field(default_factory=dict)


FORMAT = StorageFormat(StoredHistory)


class HistoryStore:
    """Stores what changed of a car's history, and nothing while only fetch times change."""

    def __init__(self, hass: HomeAssistant, entry_id: str, vehicle_key: str) -> None:
        """Initialize the store of a car."""
        name = f"{entry_id}.history.{vehicle_digest(vehicle_key)}"
        self._hass = hass
        self._base_store = ModelStore(hass, name, FORMAT)
        self._changes_store = ModelStore(hass, f"{name}.changes", FORMAT)
        self._base = History()
        self._latest = History()

    async def async_load(self) -> History:
        """Return the stored history."""
        base = await self._base_store.async_load() or StoredHistory()
        changes = await self._changes_store.async_load() or StoredHistory()
        self._base, self._latest = await self._hass.async_add_executor_job(
            _restored, base, changes
        )
        return self._latest

    @callback
    def async_save(self, history: History) -> None:
        """Write the records that have changed, and nothing while only fetch times change."""
        if not _has_changed(self._latest, history):
            return
        self._latest = history
        changes = _changes(self._base, history)
        if sum(map(len, changes.values())) > MAX_CHANGES:
            self._base = history
            everything = {kind: records.records for kind, records in _by_kind(history)}
            self._base_store.async_delay_save(_stored(history, everything), 0)
        else:
            self._changes_store.async_delay_save(_stored(history, changes), 0)

    async def async_close(self) -> None:
        """Write what is pending, and ignore what a run that has ended still saves."""
        await self._base_store.async_close()
        await self._changes_store.async_close()

    async def async_remove(self) -> None:
        """Remove the stored history."""
        await self._base_store.async_remove()
        await self._changes_store.async_remove()


def _by_kind(history: History) -> Iterator[tuple[str, Records[Any]]]:
    for kind in (*LISTED, CHARGES):
        yield kind, getattr(history, kind)


def _has_changed(before: History, now: History) -> bool:
    read = [[one.read_until is None for _, one in _by_kind(h)] for h in (before, now)]
    return (
        read[0] != read[1]
        or before.capacities != now.capacities
        or any(_changes(before, now).values())
    )


def _changes(before: History, now: History) -> RecordsByKind:
    """Return by kind the records that are new or whose content differs."""
    held = {
        kind: {one.id: one for one in records} for kind, records in _by_kind(before)
    }
    return {
        kind: [one for one in records if _differs(one, held[kind].get(one.id))]
        for kind, records in _by_kind(now)
    }


def _differs(record: Record, held: Record | None) -> bool:
    if held is None or record is held:
        return held is None
    return content_of(record) != content_of(held)


def _stored(history: History, records: RecordsByKind) -> StoredHistory:
    ids = {one.id for one in records["trips"]}
    return StoredHistory(
        listed={
            kind: tuple(JSONText(without_links(one.raw)) for one in records[kind])
            for kind in LISTED
        },
        charges=tuple(records[CHARGES]),
        read_until={
            kind: one.read_until for kind, one in _by_kind(history) if one.read_until
        },
        capacities={
            trip_id: capacity
            for trip_id, capacity in history.capacities.items()
            if trip_id in ids
        },
    )


def _restored(base: StoredHistory, changes: StoredHistory) -> tuple[History, History]:
    """Return the history of the base, and the same with the changes."""
    history = _merged(History(), base)
    return history, _merged(history, changes)


def _merged(history: History, stored: StoredHistory) -> History:
    found: dict[str, Sequence[Any]] = {
        kind: [model.from_json(one.value) for one in stored.listed.get(kind, ())]
        for kind, model in LISTED.items()
    }
    found[CHARGES] = stored.charges
    changes: dict[str, Any] = {
        kind: records.with_fetched(found[kind], stored.read_until.get(kind))
        for kind, records in _by_kind(history)
    }
    capacities = {**history.capacities, **stored.capacities}
    return replace(history, **changes, capacities=capacities)
