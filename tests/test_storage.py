"""Storage that never blocks setup."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import threading
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.polling.quota import QUOTAS
from custom_components.stellantis_connect.storage import (
    ModelStore,
    StorageFormat,
    async_remove_stores,
)
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import storage
from homeassistant.util.file import write_utf8_file_atomic
from simulator.server import HISTORY, Simulator

from .common import advance_time, requested_paths
from .conftest import SetupIntegration

NAME = "entry.sample"
KEY = f"{DOMAIN}.{NAME}"
STORAGE_LOGGER = f"custom_components.{DOMAIN}.storage"
DELAY = 30


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Something to store."""

    text: str
    number: int = 0
    share: float = 0.5
    enabled: bool = True
    moment: datetime | None = None
    texts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a negative number."""
        if self.number < 0:
            raise ValueError("negative")


FORMAT = StorageFormat(Sample)
FULL = Sample(
    text="a", number=2, moment=datetime(2026, 3, 18, tzinfo=UTC), texts=("b", "c")
)


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Use real files."""
    return {}


@pytest.fixture
def path(hass: HomeAssistant) -> Path:
    """Return the file of the sample."""
    directory = Path(hass.config.path(".storage"))
    directory.mkdir(exist_ok=True)
    return directory / KEY


def sample_store(hass: HomeAssistant) -> ModelStore[Sample]:
    """Return the store of the sample."""
    return ModelStore(hass, NAME, FORMAT)


def envelope(data: object, version: object = 1) -> dict[str, object]:
    """Return the content of a file."""
    return {"version": version, "minor_version": 1, "key": KEY, "data": data}


async def test_store_saved_is_loaded_equal_and_private(
    hass: HomeAssistant, path: Path
) -> None:
    """What was saved comes back, in a file that only its owner reads."""
    store = sample_store(hass)
    assert await store.async_load() is None

    await store.async_save(FULL)

    assert await sample_store(hass).async_load() == FULL
    assert path.stat().st_mode & 0o777 == 0o600


async def test_store_unchanged_is_not_written(
    hass: HomeAssistant, path: Path, freezer: FrozenDateTimeFactory
) -> None:
    """Equal data is not written again, at once or with a delay."""
    store = sample_store(hass)
    await store.async_load()
    await store.async_save(FULL)
    path.unlink()

    await store.async_save(FULL)
    store.async_delay_save(FULL, DELAY)
    await advance_time(hass, freezer, timedelta(seconds=DELAY))

    assert not path.exists()


async def test_store_changed_again_is_written_once_after_the_first_delay(
    hass: HomeAssistant, path: Path, freezer: FrozenDateTimeFactory
) -> None:
    """The last of several changes is written, and none of them postpones that."""
    store = sample_store(hass)
    await store.async_load()

    store.async_delay_save(Sample(text="a"), DELAY)
    await advance_time(hass, freezer, timedelta(seconds=DELAY - 1))
    store.async_delay_save(FULL, DELAY)
    assert not path.exists()
    await advance_time(hass, freezer, timedelta(seconds=1))

    assert json.loads(path.read_text())["data"]["number"] == 2


async def test_store_saved_at_once_writes_later_delayed_data(
    hass: HomeAssistant, path: Path, freezer: FrozenDateTimeFactory
) -> None:
    """Saving at once takes the place of a pending write, not of those to come."""
    store = sample_store(hass)
    await store.async_load()
    store.async_delay_save(Sample(text="a"), DELAY)
    await store.async_save(Sample(text="b"))

    store.async_delay_save(FULL, DELAY)
    await advance_time(hass, freezer, timedelta(seconds=DELAY))

    assert await sample_store(hass).async_load() == FULL


async def test_close_waits_for_a_write_in_progress(
    hass: HomeAssistant,
    path: Path,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What removes the file afterward removes it for good."""
    started, released = asyncio.Event(), threading.Event()

    def write(*args: Any, **options: Any) -> None:
        hass.loop.call_soon_threadsafe(started.set)
        assert released.wait(timeout=60)
        write_utf8_file_atomic(*args, **options)

    monkeypatch.setattr(storage, "write_utf8_file_atomic", write)
    store = sample_store(hass)
    await store.async_load()
    store.async_delay_save(FULL, DELAY)
    freezer.tick(DELAY)
    async_fire_time_changed(hass)
    await started.wait()

    closing = asyncio.ensure_future(store.async_close())
    await asyncio.sleep(0)
    assert not closing.done()
    released.set()
    await closing
    assert path.exists()


async def test_store_before_load_and_after_close_is_not_written(
    hass: HomeAssistant, path: Path
) -> None:
    """A run writes only between its start and its end."""
    store = sample_store(hass)
    await store.async_save(FULL)
    await store.async_close()
    assert not path.exists()

    await store.async_load()
    store.async_delay_save(FULL, DELAY)
    await store.async_close()
    assert await sample_store(hass).async_load() == FULL

    await store.async_save(Sample(text="late"))
    store.async_delay_save(Sample(text="later"), 0)
    await store.async_close()
    await hass.async_block_till_done()
    assert await sample_store(hass).async_load() == FULL


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        json.dumps({"version": 1}),
        json.dumps({"data": {"text": "a"}}),
        json.dumps(envelope({})),
        json.dumps(envelope(["text"])),
        json.dumps(envelope({"text": 1})),
        json.dumps(envelope({"text": "a", "number": "2"})),
        json.dumps(envelope({"text": "a", "number": True})),
        json.dumps(envelope({"text": "a", "number": -1})),
        json.dumps(envelope({"text": "a", "share": True})),
        json.dumps(envelope({"text": "a", "share": None})),
        json.dumps(envelope({"text": "a", "enabled": 1})),
        json.dumps(envelope({"text": "a", "moment": "2026-03-18T05:00:00"})),
        json.dumps(envelope({"text": "a", "texts": [1]})),
        json.dumps(envelope({"text": "a"}, version=2)),
        json.dumps(envelope({"text": "a"}, version=0)),
        json.dumps(envelope({"text": "a"}, version=0.5)),
        json.dumps(envelope({"text": "a"}, version="1")),
        json.dumps(envelope({"text": "a"}, version=None)),
        json.dumps(envelope({"text": "a"}))[:-5],
    ],
)
async def test_store_unreadable_is_set_aside(
    hass: HomeAssistant, path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that cannot be read is kept under another name and named in one line of the log."""
    path.write_text(content)
    store = sample_store(hass)

    data = await store.async_load()

    assert data is None
    [kept] = path.parent.glob(f"{KEY}.corrupt*")
    assert kept.read_text() == content
    assert not path.exists()
    # Home Assistant logs what is not JSON at all.
    logger = STORAGE_LOGGER if is_json(content) else "homeassistant.helpers.storage"
    errors = [one.name for one in caplog.records if one.levelname == "ERROR"]
    assert errors.count(logger) == 1
    assert (STORAGE_LOGGER in errors) == is_json(content)

    await store.async_save(FULL)
    assert await sample_store(hass).async_load() == FULL
    await store.async_remove()
    assert not [*path.parent.glob(f"{KEY}*")]


def is_json(content: str) -> bool:
    """Return whether the content is JSON."""
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


async def test_store_with_unknown_key_is_read(hass: HomeAssistant, path: Path) -> None:
    """A key of a newer release does not hide the rest."""
    path.write_text(json.dumps(envelope({"text": "a", "new": 1})))

    assert await sample_store(hass).async_load() == Sample(text="a")


async def test_store_of_older_version_is_migrated(
    hass: HomeAssistant, path: Path
) -> None:
    """A store of each version reaches every later one, step by step."""
    migrations = [
        lambda data: {"text": data["name"]},
        lambda data: {**data, "number": len(data["text"])},
        lambda data: {**data, "texts": [data["text"]]},
    ]
    for last in range(1, 4):
        path.write_text(json.dumps(envelope({"name": "abc"})))
        storage_format = StorageFormat(Sample, migrations[:last])
        store = ModelStore(hass, NAME, storage_format)

        data = await store.async_load()

        assert storage_format.version == last + 1
        assert (
            data
            == [
                Sample(text="abc"),
                Sample(text="abc", number=3),
                Sample(text="abc", number=3, texts=("abc",)),
            ][last - 1]
        )
        assert json.loads(path.read_text())["version"] == last + 1


async def test_store_that_fails_to_migrate_is_set_aside(
    hass: HomeAssistant, path: Path
) -> None:
    """A migration that meets something else than it expects loses nothing."""
    path.write_text(json.dumps(envelope({"text": "a"})))
    store = ModelStore(
        hass, NAME, StorageFormat(Sample, [lambda data: {"text": data["name"]}])
    )

    assert await store.async_load() is None
    assert path.with_name(f"{KEY}.corrupt").exists()


async def test_stores_of_entry_are_removed_together(
    hass: HomeAssistant, path: Path
) -> None:
    """All files of an entry go, those of others stay."""
    for name in (KEY, f"{DOMAIN}.entry.other.corrupt", f"{DOMAIN}.another"):
        path.with_name(name).write_text("{}")

    await async_remove_stores(hass, "entry")

    assert [one.name for one in path.parent.glob(f"{DOMAIN}*")] == [f"{DOMAIN}.another"]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(value=JSON_VALUES)
@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_store_of_any_json_loads(
    hass: HomeAssistant, path: Path, value: object
) -> None:
    """Whatever a file holds, loading ends without an exception."""
    for content in (value, envelope(value), {**envelope({"text": "a"}), "data": value}):
        path.write_text(json.dumps(content))
        assert await sample_store(hass).async_load() is None


@pytest.fixture
async def files(
    hass: HomeAssistant, path: Path, init_integration: ConfigEntry
) -> dict[str, str]:
    """Return what the account stored by the names of the files, after it was unloaded."""
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await hass.config_entries.async_unload(init_integration.entry_id)
    stored = [
        one for one in path.parent.glob(f"{DOMAIN}.*") if "picture" not in one.name
    ]
    assert len(stored) > 4
    return {one.name: one.read_text() for one in stored}


async def setup_with(
    hass: HomeAssistant, entry: ConfigEntry, files: dict[str, str | None]
) -> None:
    """Set up and unload the account with only these files."""
    directory = Path(hass.config.path(".storage"))
    for path in directory.glob(f"{DOMAIN}.*"):
        path.unlink()
    for name, content in files.items():
        if content is not None:
            (directory / name).write_text(content)
    # Quotas outlive the entries of a run.
    hass.data.pop(QUOTAS)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED, files
    assert len(entry.runtime_data.vehicles) == 4
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_setup_without_any_of_its_stores_works(
    hass: HomeAssistant, init_integration: ConfigEntry, files: dict[str, str]
) -> None:
    """Each file may be missing, truncated, empty, of another version or of another type."""
    damages: list[Callable[[str], str | None]] = [
        lambda content: None,
        lambda content: content[: len(content) // 2],
        lambda content: "",
        lambda content: json.dumps({**json.loads(content), "version": 99}),
        lambda content: json.dumps({**json.loads(content), "data": []}),
        lambda content: json.dumps({**json.loads(content), "data": {"a": 1}}),
    ]
    for damage in damages:
        await setup_with(
            hass,
            init_integration,
            {name: damage(content) for name, content in files.items()},
        )


@given(data=st.data())
@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_setup_with_any_json_in_its_stores_works(
    hass: HomeAssistant,
    init_integration: ConfigEntry,
    files: dict[str, str],
    data: st.DataObject,
) -> None:
    """Any value anywhere in what was stored does not prevent setup."""
    await setup_with(
        hass,
        init_integration,
        {
            name: json.dumps(mutated(data, json.loads(content)))
            for name, content in files.items()
        },
    )


def mutated(data: st.DataObject, value: Any) -> Any:
    """Return a JSON value with another value in place of one that it contains."""
    if not value or not isinstance(value, dict | list) or data.draw(st.booleans()):
        return data.draw(JSON_VALUES)
    keys = [*value] if isinstance(value, dict) else [*range(len(value))]
    key = data.draw(st.sampled_from(keys))
    copy = value.copy()
    if data.draw(st.integers(0, 5)) == 0:
        del copy[key]
    else:
        copy[key] = mutated(data, value[key])
    return copy


async def test_removed_account_leaves_no_files(
    hass: HomeAssistant, path: Path, setup_integration: SetupIntegration
) -> None:
    """The account's files go with it, those of the integration with the last one."""
    first = await setup_integration(Brand.PEUGEOT)
    second = await setup_integration(Brand.OPEL)
    for entry in (first, second):
        assert await hass.config_entries.async_unload(entry.entry_id)
        assert [*path.parent.glob(f"{DOMAIN}.{entry.entry_id}*")]
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
    path.with_name(f"{DOMAIN}.{first.entry_id}.any.corrupt").touch()

    await hass.config_entries.async_remove(first.entry_id)
    await hass.async_block_till_done()
    assert not [*path.parent.glob(f"{DOMAIN}.{first.entry_id}*")]
    assert [*path.parent.glob(f"{DOMAIN}.{second.entry_id}*")]

    await hass.config_entries.async_remove(second.entry_id)
    await hass.async_block_till_done()
    assert not [*path.parent.glob(f"{DOMAIN}.*")]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how many bytes were written to each of the integration's files."""
    counter = Counter[str]()

    def write(path: str, data: bytes, *args: Any, **options: Any) -> None:
        name = Path(path).name
        if name.startswith(DOMAIN):
            counter[name] += len(data)
        write_utf8_file_atomic(path, data, *args, **options)

    monkeypatch.setattr(storage, "write_utf8_file_atomic", write)
    monkeypatch.setattr(storage, "write_utf8_file", write)
    return counter


@pytest.mark.parametrize("history", [HISTORY])
async def test_day_of_four_cars_writes_at_most_three_megabytes(
    hass: HomeAssistant,
    init_integration: ConfigEntry,
    freezer: FrozenDateTimeFactory,
    written: Counter[str],
) -> None:
    """Files of flash memory wear out: what has not changed is not written."""
    await hass.async_block_till_done(wait_background_tasks=True)
    # The requests of a whole day are stored from the second one on.
    for _ in range(2):
        written.clear()
        for _ in range(24 * 12):
            await advance_time(hass, freezer, timedelta(minutes=5))
        assert written.total() <= 3e6
        of_history = sum(size for name, size in written.items() if "history" in name)
        assert 0 < of_history < 1e6
    assert len(init_integration.runtime_data.vehicles) == 4


@pytest.mark.parametrize("history", [HISTORY])
async def test_history_of_first_start_survives_a_crash(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    path: Path,
    setup_integration: SetupIntegration,
) -> None:
    """The lists of two months are fetched once."""
    entry = await setup_integration()
    await hass.async_block_till_done(wait_background_tasks=True)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    histories = {
        key: vehicle.coordinator.data.history
        for key, vehicle in entry.runtime_data.vehicles.items()
    }
    on_disk = {one.name: one.read_bytes() for one in path.parent.glob(f"{DOMAIN}.*")}
    await hass.config_entries.async_unload(entry.entry_id)
    for name, content in on_disk.items():
        path.with_name(name).write_bytes(content)
    requested_paths(connected_simulator)

    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)

    for key, vehicle in entry.runtime_data.vehicles.items():
        restored = vehicle.coordinator.restored_history
        for kind in ("alerts", "trips", "alarms", "collisions", "charges"):
            known = getattr(histories[key], kind)
            assert [one.id for one in getattr(restored, kind)] == [
                one.id for one in known
            ]
        assert histories[key].trips.records
    assert len(requested_paths(connected_simulator)) < 10
