"""The real time from a change in the simulated car to the changed entity, with push."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
import time

from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.push.manager import PushManager
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers import entity_registry as er

from .account import running_home
from .day import percentile_95
from .platform import running_platform

HISTORY = timedelta(days=9)
TIMEOUT = 30


@dataclass(frozen=True, kw_only=True)
class Latency:
    """Seconds of real time from a change to its entity."""

    changes: int
    median: float
    percentile_95: float


async def measure_latency(changes: int) -> Latency:
    """Lock and unlock a car; return how long the lock takes to show it."""
    async with (
        running_platform(1, HISTORY) as url,
        running_home(url, push=True) as home,
    ):
        entry = await home.add_entry()
        [car] = await home.set_up(entry)
        push: PushManager = entry.runtime_data.push
        coordinator = car.coordinator
        entity_id = er.async_get(home.hass).async_get_entity_id(
            "lock", DOMAIN, f"{entry.unique_id}_{coordinator.key}_lock"
        )
        changed = asyncio.Event()

        @callback
        def note_change(event: Event[EventStateChangedData]) -> None:
            if event.data["entity_id"] == entity_id:
                changed.set()

        home.hass.bus.async_listen(EVENT_STATE_CHANGED, note_change)
        locked = True
        while not push.is_working:
            locked = not locked
            await home.change(car, locked=locked)
            await asyncio.sleep(1)
        seconds = []
        for number in range(changes):
            # At another part of the second each time.
            await asyncio.sleep(0.5 + number / changes)
            changed.clear()
            locked = not locked
            started = time.perf_counter()
            await home.change(car, locked=locked)
            async with asyncio.timeout(TIMEOUT):
                await changed.wait()
            seconds.append(time.perf_counter() - started)
        return Latency(
            changes=changes,
            median=round(median(seconds), 2),
            percentile_95=round(percentile_95(seconds), 2),
        )
