"""The memory that the history of a car takes: bytes are counted, as a process needs more."""

import asyncio
from datetime import UTC, datetime, timedelta
import gc
import random
import sys
from types import FunctionType, ModuleType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.trips import Trip
from custom_components.stellantis_connect.history.models import History
from custom_components.stellantis_connect.history.records import FetchedRecords
from custom_components.stellantis_connect.history.store import HistoryStore
from homeassistant.core import HomeAssistant

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
VIN = "VR3UPHNKSKT101603"
TRIPS = 300
# A trip takes 1100 bytes as text, and 1500 with all that could be decoded of it.
MAX_BYTES_PER_TRIP = 900
SHARED = (type, ModuleType, FunctionType, HomeAssistant, asyncio.AbstractEventLoop)


@pytest.fixture
def hass_storage() -> dict[str, Any]:
    """Use real files."""
    return {}


def raw(number: int) -> dict[str, object]:
    """Return a trip as the platform sends it."""
    digits = random.Random(number)
    start = NOW - number * HOUR
    end = start + timedelta(seconds=digits.randrange(3000))

    def position(time: datetime) -> dict[str, object]:
        coordinates = [digits.uniform(-2, 2), digits.uniform(48, 50), 73]
        return {
            "type": "Feature",
            "geometry": {
                "type": "Point",
                "coordinates": [round(one, 6) for one in coordinates],
            },
            "properties": {
                "heading": digits.randrange(360),
                "signalQuality": 9,
                "type": "Acquire",
                "fixStatus": "3D",
                "createdAt": time.isoformat(),
            },
        }

    def energies(level: float) -> list[object]:
        energy = {"type": "Electric", "subType": "ElectricEnergy"}
        return [{**energy, "level": round(level, 1), "autonomy": round(level * 3)}]

    level = digits.uniform(20, 90)
    return {
        "id": f"{digits.getrandbits(256):064x}",
        "createdAt": start.isoformat(),
        "updatedAt": end.isoformat(),
        "startedAt": start.isoformat(),
        "stoppedAt": end.isoformat(),
        "duration": digits.randrange(3000),
        "distance": round(digits.uniform(1, 50), 1),
        "startMileage": round(digits.uniform(1000, 50_000), 1),
        "startEnergies": energies(level),
        "endEnergies": energies(level - 9),
        "energyConsumptions": [
            {
                "type": "Electric",
                "consumption": digits.randrange(300, 7000),
                "avgConsumption": digits.randrange(10_000, 20_000),
            }
        ],
        "kinetic": {"avgSpeed": digits.randrange(20), "maxSpeed": 90},
        "startPosition": position(start),
        "stopPosition": position(end),
        "done": True,
    }


async def saved(
    hass: HomeAssistant, store: HistoryStore, history: History, numbers: range
) -> History:
    """Return a history with fetched trips once it is written."""
    trips = [Trip.from_json(raw(number)) for number in numbers]
    fetched = FetchedRecords(kind="trips", records=trips, read_until=NOW)
    history = history.with_fetched(fetched, Status())
    store.async_save(history)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    return history


def size_of(*roots: object) -> int:
    """Return the bytes of everything that objects refer to, besides code and Home Assistant."""
    found: dict[int, object] = {}
    pending = [*roots]
    while pending:
        one = pending.pop()
        if id(one) not in found and not isinstance(one, SHARED):
            found[id(one)] = one
            pending += gc.get_referents(one)
    return sum(map(sys.getsizeof, found.values()))


async def test_trip_takes_less_memory_than_its_text(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Neither the history nor its store keeps the texts that are written and read."""
    freezer.move_to(NOW)
    store = HistoryStore(hass, "entry", VIN)
    history = await saved(hass, store, await store.async_load(), range(1))
    before = size_of(history, store)
    history = await saved(hass, store, history, range(TRIPS))
    saved_bytes = size_of(history, store) - before
    store = HistoryStore(hass, "entry", VIN)
    history = await store.async_load()
    restored_bytes = size_of(history, store) - before

    assert len(history.trips.records) == TRIPS
    for one in (saved_bytes, restored_bytes):
        assert one / (TRIPS - 1) < MAX_BYTES_PER_TRIP
