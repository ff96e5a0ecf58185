"""Tests of the stored history."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.stellantis_connect.api.models.alarms import AlarmDetails
from custom_components.stellantis_connect.api.models.alerts import Alert
from custom_components.stellantis_connect.api.models.base import Record
from custom_components.stellantis_connect.api.models.collisions import Collision
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.trips import Trip
from custom_components.stellantis_connect.history.charging import Charge
from custom_components.stellantis_connect.history.models import History
from custom_components.stellantis_connect.history.records import FetchedRecords
from custom_components.stellantis_connect.history.store import MAX_CHANGES, HistoryStore
from homeassistant.core import HomeAssistant

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
VIN = "VR3UPHNKSKT101603"
MODELS: dict[str, type[Record]] = {
    "alerts": Alert,
    "alarms": AlarmDetails,
    "collisions": Collision,
    "trips": Trip,
}


@pytest.fixture(autouse=True)
def _noon(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time."""
    freezer.move_to(NOW)


def history_store(hass: HomeAssistant) -> HistoryStore:
    """Return the store of the car."""
    return HistoryStore(hass, "entry", VIN)


def stored(hass_storage: dict[str, Any]) -> dict[str, Any]:
    """Return the data of all stores."""
    return {key: one["data"] for key, one in hass_storage.items() if "entry" in key}


def raw(number: int, **values: object) -> dict[str, object]:
    """Return a record as the platform sends it."""
    moment = (NOW - number * HOUR).isoformat()
    return {
        "id": f"{number}",
        "createdAt": moment,
        "startedAt": moment,
        "_links": {"self": {"href": "https://example.org"}},
        **values,
    }


def fetch(
    history: History, kind: str, *raws: dict[str, object], read_until: datetime = NOW
) -> History:
    """Return a history with fetched records."""
    records = [MODELS[kind].from_json(one) for one in raws]
    fetched = FetchedRecords[Any](kind=kind, records=records, read_until=read_until)
    return history.with_fetched(fetched, status())


def status(capacity: float = 50_000) -> Status:
    """Return a status that reports a capacity."""
    load = {"capacity": capacity}
    extension = {"electric": {"battery": {"load": load}}}
    return Status.from_json(
        {"energies": [{"type": "Electric", "extension": extension}]}
    )


async def saved(hass: HomeAssistant, store: HistoryStore, history: History) -> None:
    """Save a history and wait until it is written."""
    store.async_save(history)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()


async def test_history_saved_is_loaded_equal(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Records of each kind, their times and the capacity survive a restart."""
    store = history_store(hass)
    history = await store.async_load()
    for kind in MODELS:
        history = fetch(history, kind, raw(2), raw(1))
    charge = Charge(
        started_at=NOW - HOUR, ended_at=NOW, start_level=20, end_level=30, fast=True
    )
    fetched = FetchedRecords(kind="charges", records=[charge], read_until=NOW)
    history = history.with_fetched(fetched, status())
    await saved(hass, store, history)

    restored = await history_store(hass).async_load()

    assert restored == history
    [changes] = [data for key, data in stored(hass_storage).items() if "changes" in key]
    written = [json.loads(text) for text in changes["listed"]["trips"]]
    assert written == [one.raw for one in restored.trips]
    assert not any("_links" in one for one in written)
    assert restored.capacities == {"1": 50, "2": 50}
    assert not [key for key in hass_storage if VIN in key]


@pytest.mark.parametrize("kind", MODELS)
async def test_history_fetched_again_is_not_written(
    hass: HomeAssistant, hass_storage: dict[str, Any], kind: str
) -> None:
    """Nothing is written while only the times of fetches and updates change."""
    store = history_store(hass)
    history = fetch(await store.async_load(), kind, raw(1, active=True))
    await saved(hass, store, history)
    hass_storage.clear()

    updated = raw(1, active=True, updatedAt=NOW.isoformat())
    history = fetch(history, kind, updated, read_until=NOW + HOUR)
    await saved(hass, store, history)
    await store.async_close()

    assert stored(hass_storage) == {}


async def test_history_of_empty_list_is_written_once(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """That there is nothing is known after a restart."""
    store = history_store(hass)
    history = fetch(await store.async_load(), "collisions")
    await saved(hass, store, history)

    restored = await history_store(hass).async_load()

    assert restored.collisions.read_until == NOW


async def test_history_of_charge_in_progress_is_written_once(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Each status changes the charge; its start and its end are enough."""
    store = history_store(hass)
    history = await store.async_load()
    charge = Charge(started_at=NOW - HOUR, start_level=20, end_level=20)
    written = []
    for level in (20, 21, 22):
        now = replace(charge, end_level=level)
        fetched = FetchedRecords(kind="charges", records=[now], read_until=NOW)
        history = history.with_fetched(fetched, status())
        await saved(hass, store, history)
        written.append(bool(stored(hass_storage)))
        hass_storage.clear()
    assert written == [True, False, False]


async def test_history_of_charge_fetched_again_is_not_written(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """An ended charge with the same content is no change; with another level it is one."""
    store = history_store(hass)
    history = await store.async_load()
    charge = Charge(
        started_at=NOW - HOUR, ended_at=NOW, start_level=20, end_level=30, fast=True
    )
    written = []
    for one in (charge, replace(charge), replace(charge, end_level=31)):
        records = replace(history.charges, records=(one,), read_until=NOW)
        await saved(hass, store, replace(history, charges=records))
        written.append(bool(stored(hass_storage)))
        hass_storage.clear()
    assert written == [True, False, True]


async def test_history_changed_writes_changes_alone_until_there_are_many(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """A change costs a small write; the base is written again once in a while."""
    store = history_store(hass)
    history = fetch(await store.async_load(), "trips", *map(raw, range(100, 200)))
    await saved(hass, store, history)
    [base] = stored(hass_storage)

    for number in range(99, 99 - MAX_CHANGES, -1):
        hass_storage.pop(base, None)
        history = fetch(history, "trips", raw(number))
        await saved(hass, store, history)
        [changes] = stored(hass_storage).values()
        assert len(changes["listed"]["trips"]) == 100 - number

    history = fetch(history, "trips", raw(10))
    await saved(hass, store, history)
    assert len(hass_storage[base]["data"]["listed"]["trips"]) == 101 + MAX_CHANGES

    history = fetch(history, "trips", raw(9))
    await saved(hass, store, history)
    assert await history_store(hass).async_load() == history
    await store.async_remove()
    assert stored(hass_storage) == {}


async def test_history_keeps_capacity_of_the_time_of_each_trip(
    hass: HomeAssistant,
) -> None:
    """A capacity that wavers changes nothing of the past."""
    trips = [Trip.from_json(raw(n)) for n in (3, 2, 1)]
    history = History()
    for trip, capacity in zip(trips, (0, 50_000, 37_000), strict=True):
        fetched = FetchedRecords(kind="trips", records=[trip], read_until=NOW)
        history = history.with_fetched(fetched, status(capacity))

    # The first trip was fetched before any capacity was known.
    assert [history.capacity_of(trip) for trip in trips] == [50, 50, 37]


def charge_of(year: int, day: int = 1, **fields: Any) -> Charge:
    """Return a charge of an hour in January."""
    started_at = datetime(year, 1, day, 12, tzinfo=UTC)
    return Charge(
        started_at=started_at,
        ended_at=started_at + HOUR,
        start_level=20,
        end_level=30,
        **fields,
    )


def with_charges(history: History, *charges: Charge) -> History:
    """Return a history with more charges."""
    fetched = FetchedRecords(kind="charges", records=charges, read_until=NOW)
    return history.with_fetched(fetched, status())


async def test_charges_are_kept_for_years_each_in_its_file(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """A new charge writes the file of its year alone, and that once in a while."""
    store = history_store(hass)
    charges = [charge_of(year, day) for year in (2024, 2025) for day in range(1, 30)]
    history = with_charges(await store.async_load(), charge_of(2020), *charges)
    await saved(hass, store, history)
    by_year = {
        key.rpartition(".")[2]: len(rows)
        for key, rows in stored(hass_storage).items()
        if ".charges." in key
    }
    assert by_year == {"2024": 29, "2025": 29}
    assert (await history_store(hass).async_load()).charges.records == tuple(charges)

    hass_storage.clear()
    more = [charge_of(2026, day) for day in range(1, MAX_CHANGES + 2)]
    for number, one in enumerate(more, 1):
        history = with_charges(history, one)
        await saved(hass, store, history)
        [*written] = stored(hass_storage)
        assert len(written) == 1 if number <= MAX_CHANGES else 3
    assert not [key for key in written if key.endswith(("2024", "2025"))]
    await store.async_remove()
    assert stored(hass_storage) == {}


async def test_charges_of_changes_before_the_base_are_ignored(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """The base replaces a charge that an older change still has."""
    store = history_store(hass)
    history = with_charges(await store.async_load(), charge_of(2026))
    await saved(hass, store, history)
    changed = replace(history.charges.records[0], end_level=40)
    history = replace(history, charges=replace(history.charges, records=(changed,)))
    history = with_charges(history, *(charge_of(2025, day) for day in range(1, 30)))
    await saved(hass, store, history)

    restored = await history_store(hass).async_load()

    assert restored.charges.records == history.charges.records


async def test_charges_of_the_base_before_years_had_files_are_kept(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """The base contained them, each with all of its fields."""
    store = history_store(hass)
    history = with_charges(await store.async_load(), charge_of(2026))
    await saved(hass, store, history)
    key = next(key for key in hass_storage if key.endswith(".changes"))
    changes = hass_storage.pop(key)
    del changes["data"]["generation"]
    base = key.removesuffix(".changes")
    hass_storage[base] = {**changes, "key": base}

    restored = await history_store(hass).async_load()

    assert restored.charges.records == history.charges.records


async def test_charges_of_years_are_bounded(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Two years of a charge a day, each with all that is known of it, take little space."""
    store = history_store(hass)
    days = [NOW - timedelta(days=n, hours=1) for n in range(730)]
    full = [
        replace(charge_of(2026), started_at=day, ended_at=day + HOUR, start_energy=1e4)
        for day in reversed(days)
    ]
    history = with_charges(await store.async_load(), *full)
    await saved(hass, store, history)
    size = len(json.dumps(stored(hass_storage)))
    assert size / len(full) < 400


async def test_charge_in_progress_is_complete_after_a_restart(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    """Its levels are written when the store is closed; a charge that has ended stays so."""
    store = history_store(hass)
    charge = replace(charge_of(2026), ended_at=None)
    history = with_charges(await store.async_load(), charge)
    await saved(hass, store, history)
    later = replace(charge, end_level=50)
    history = with_charges(history, later)
    await saved(hass, store, history)
    await store.async_close()

    store = history_store(hass)
    history = await store.async_load()
    assert history.charges.records == (later,)

    ended = replace(later, ended_at=NOW)
    await saved(hass, store, with_charges(history, ended))
    await store.async_close()
    assert (await history_store(hass).async_load()).charges.records == (ended,)
