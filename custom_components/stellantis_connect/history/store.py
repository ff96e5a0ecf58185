"""The stored history of a car: a base, and the records that changed since it was written.

The charges of the base have a file for each year, so that past years are not written again.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from mashumaro import field_options

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.json import json_loads_object

from ..api.models.alarms import AlarmDetails
from ..api.models.alerts import Alert
from ..api.models.base import Record as ListedRecord
from ..api.models.collisions import Collision
from ..api.models.trips import Trip
from ..api.packing import pack, unpack
from ..const import CONF_CHARGE_YEARS
from ..storage import (
    ModelStore,
    StorageFormat,
    StoredText,
    async_stored_names,
    vehicle_digest,
)
from .charged import ChargedEnergy
from .charging import Charge
from .models import DEFAULT_CHARGE_YEARS, YEAR, ChargeRecords, History
from .records import Record, Records, content_of

# A kill loses what was known of a charge in progress since then.
PROGRESS_DELAY = 60 * 60
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
type PackedRecords = Mapping[str, Sequence[bytes]]


def _as_texts(listed: PackedRecords) -> Mapping[str, Sequence[str]]:
    return {kind: [unpack(one).decode() for one in listed[kind]] for kind in listed}


def _from_texts(texts: Mapping[str, Sequence[str]]) -> PackedRecords:
    return {kind: tuple(map(_packed, texts[kind])) for kind in texts}


def _packed(text: str) -> bytes:
    json_loads_object(text)
    return pack(text.encode())


@dataclass(frozen=True, kw_only=True)
class StoredHistory:
    """A history, or the changed part of one.

    Attributes:
        generation: how many times the base was written; changes of an older one are outdated.
        listed: by kind, the records as the platform lists them, packed; stored as JSON.
        charges: the charges of changes.
        read_until: by kind, until when the records are complete.
    """

    generation: int = 0
    listed: PackedRecords = field(
        default_factory=dict,
        metadata=field_options(serialize=_as_texts, deserialize=_from_texts),
    )
    charges: tuple[Charge, ...] = ()
    read_until: dict[str, datetime] = field(default_factory=dict)
    capacities: dict[str, float] = field(default_factory=dict)
    set_capacity: float | None = None
    charged: ChargedEnergy | None = None


FORMAT = StorageFormat(StoredHistory)


class StoredCharge(StoredText[Charge]):
    """A charge of a year, or in progress."""

    storage_format = StorageFormat(Charge)


CHARGES_FORMAT = StorageFormat(tuple[StoredCharge, ...])


class HistoryStore:
    """Stores what changed of a car's history, and nothing while only fetch times change."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry_id: str,
        vehicle_key: str,
        options: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """Initialize the store of a car by the options of its account."""
        self._hass = hass
        self._name = f"{entry_id}.history.{vehicle_digest(vehicle_key)}"
        self._base_store = ModelStore(hass, self._name, FORMAT)
        self._changes_store = ModelStore(hass, f"{self._name}.changes", FORMAT)
        self._progress_store = ModelStore(
            hass, f"{self._name}.charging", CHARGES_FORMAT
        )
        self._year_stores: dict[int, ModelStore[tuple[StoredCharge, ...]]] = {}
        self._charge_years = int(options.get(CONF_CHARGE_YEARS, DEFAULT_CHARGE_YEARS))
        self._generation = 0
        self._base = History()
        self._latest = History()

    async def async_load(self) -> History:
        """Return the stored history, and remove the files of expired years."""
        this_year = dt_util.utcnow().year
        first_year = this_year - self._charge_years
        await self._async_remove_expired(first_year)
        base = await self._base_store.async_load() or StoredHistory()
        changes = await self._changes_store.async_load() or StoredHistory()
        self._generation = base.generation
        charges: list[Charge] = []
        # Home Assistant may run until the next year without a restart.
        for year in range(first_year, this_year + 2):
            store = ModelStore(self._hass, self._year_name(year), CHARGES_FORMAT)
            self._year_stores[year] = store
            charges += (one.model for one in await store.async_load() or ())
        self._base, self._latest = await self._hass.async_add_executor_job(
            _restored,
            History(charges=ChargeRecords(max_age=self._charge_years * YEAR)),
            replace(base, charges=(*base.charges, *charges)),
            changes,
        )
        progress = [one.model for one in await self._progress_store.async_load() or ()]
        in_progress = {one.id for one in self._latest.charges.open}
        self._latest = replace(
            self._latest,
            charges=self._latest.charges.with_fetched(
                (one for one in progress if one.id in in_progress), None
            ),
        )
        return self._latest

    def _year_name(self, year: object) -> str:
        return f"{self._name}.charges.{year}"

    async def _async_remove_expired(self, first_year: int) -> None:
        for name in await async_stored_names(self._hass, self._year_name("")):
            year = name.rpartition(".")[2]
            if year.isdecimal() and int(year) < first_year:
                await ModelStore(self._hass, name, CHARGES_FORMAT).async_remove()

    @callback
    def async_save(self, history: History) -> None:
        """Write the records that have changed, and nothing while only fetch times change."""
        before, self._latest = self._latest, history
        if history is before:
            return
        if charge := history.charges.current:
            progress = (StoredCharge(charge),)
            self._progress_store.async_delay_save(progress, PROGRESS_DELAY)
        if not _has_changed(before, history):
            return
        changes = _changes(self._base, history)
        if sum(map(len, changes.values())) > MAX_CHANGES:
            self._async_save_base(history)
        else:
            stored = _stored(history, changes, self._generation, self._base)
            self._changes_store.async_delay_save(stored, 0)

    @callback
    def _async_save_base(self, history: History) -> None:
        before, now = self._by_year(self._base), self._by_year(history)
        for year in before | now:
            self._year_stores[year].async_delay_save(tuple(now[year]), 0)
        self._base = history
        self._generation += 1
        everything = {kind: records.records for kind, records in _by_kind(history)}
        records = {**everything, CHARGES: ()}
        stored = _stored(history, records, self._generation, History())
        self._base_store.async_delay_save(stored, 0)

    def _by_year(self, history: History) -> defaultdict[int, list[StoredCharge]]:
        """Return the charges of each year that has a store."""
        years = [*self._year_stores]
        charges: defaultdict[int, list[StoredCharge]] = defaultdict(list)
        for one in history.charges:
            year = min(max(one.started_at.year, years[0]), years[-1])
            charges[year].append(StoredCharge(one))
        return charges

    async def async_close(self) -> None:
        """Write what is pending, and ignore what a run that has ended still saves."""
        for store in self._stores():
            await store.async_close()

    async def async_remove(self) -> None:
        """Remove the stored history."""
        for store in self._stores():
            await store.async_remove()

    def _stores(self) -> Iterator[ModelStore[Any]]:
        yield from self._year_stores.values()
        yield self._base_store
        yield self._changes_store
        yield self._progress_store


def _by_kind(history: History) -> Iterator[tuple[str, Records[Any]]]:
    for kind in (*LISTED, CHARGES):
        yield kind, getattr(history, kind)


def _has_changed(before: History, now: History) -> bool:
    read = [[one.read_until is None for _, one in _by_kind(h)] for h in (before, now)]
    return (
        read[0] != read[1]
        or before.capacities != now.capacities
        or before.set_capacity != now.set_capacity
        or before.charged != now.charged
        or any(_changes(before, now).values())
    )


def _changes(before: History, now: History) -> RecordsByKind:
    """Return by kind the records that are new or whose content differs."""
    return {
        kind: _changed(getattr(before, kind), records)
        for kind, records in _by_kind(now)
    }


def _changed(before: Records[Any], now: Records[Any]) -> Sequence[Any]:
    return [one for held, one in now.differences(before) if _differs(one, held)]


def _differs(record: Record, held: Record | None) -> bool:
    return held is None or content_of(record) != content_of(held)


def _stored(
    history: History, records: RecordsByKind, generation: int, base: History
) -> StoredHistory:
    return StoredHistory(
        generation=generation,
        listed={kind: tuple(one.packed for one in records[kind]) for kind in LISTED},
        charges=tuple(records[CHARGES]),
        read_until={
            kind: one.read_until for kind, one in _by_kind(history) if one.read_until
        },
        capacities={
            trip_id: capacity
            for trip_id, capacity in history.capacities.items()
            if base.capacities.get(trip_id) != capacity
        },
        set_capacity=history.set_capacity,
        charged=history.charged,
    )


def _restored(
    empty: History, base: StoredHistory, changes: StoredHistory
) -> tuple[History, History]:
    """Return the history of the base, and the same with the changes since."""
    history = _merged(empty, base)
    if changes.generation < base.generation:
        return history, history
    return history, _merged(history, changes)


def _merged(history: History, stored: StoredHistory) -> History:
    found: dict[str, Sequence[Any]] = {
        kind: [model.from_packed(one) for one in stored.listed.get(kind, ())]
        for kind, model in LISTED.items()
    }
    found[CHARGES] = stored.charges
    changes: dict[str, Any] = {
        kind: records.with_fetched(found[kind], stored.read_until.get(kind))
        for kind, records in _by_kind(history)
    }
    capacities = {**history.capacities, **stored.capacities}
    return replace(
        history,
        **changes,
        capacities=capacities,
        set_capacity=stored.set_capacity,
        charged=stored.charged,
    )
