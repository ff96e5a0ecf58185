"""The time of the event loop's thread that polls and messages take."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
import http.client
import json
from statistics import median
import time
from typing import Any

from aiohttp import hdrs
from pytest_homeassistant_custom_component.common import MockConfigEntry
from yarl import URL

from custom_components.stellantis_connect.api.models.brand import Brand, Hosts
from custom_components.stellantis_connect.api.session import HAL_JSON
from custom_components.stellantis_connect.push.manager import PushManager
from custom_components.stellantis_connect.runtime import VehicleData
from homeassistant.const import CONF_TOKEN, EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util
from simulator.application import Application

from .account import Home, running_home
from .platform import running_platform

BARE_FETCH = "bare fetch"
UNCHANGED_POLL = "unchanged poll"
CHANGED_POLL = "changed poll"
MERGED_MESSAGE = "merged message"

BATCH = 20
"""Steps in a row, for which the plan's burst has room."""
PAUSE = 1.2
"""Seconds between batches."""
POST_DELAY = 0.001
"""Seconds before a message is posted: in a longer pause, other processes would empty the caches."""

type Prepare = Callable[[int], Awaitable[None]]
type Step = Callable[[], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a step takes.

    Attributes:
        milliseconds: the time of the event loop's thread.
        ratio: the same, compared with a bare fetch.
        state_writes: the states that are written.
    """

    milliseconds: float
    ratio: float
    state_writes: float


async def measure_costs(history: timedelta, batches: int) -> Mapping[str, Cost]:
    """Return what polls and messages take for a car that has lived for a time.

    Each is measured in batches, in turn, so that what else the machine does concerns them alike.
    """
    async with (
        running_platform(1, history) as url,
        running_home(url, push=True) as home,
    ):
        entry = await home.add_entry()
        [car] = await home.set_up(entry)
        measurement = _Measurement(home, entry, car)
        await measurement.start()
        costs = await measurement.run(batches)
        measurement.close()
        return costs


class _Measurement:
    """The steps to measure."""

    def __init__(self, home: Home, entry: MockConfigEntry, car: VehicleData) -> None:
        """Initialize the measurement of a car."""
        self._home = home
        self._data = car
        self._car = car.coordinator
        self._push: PushManager = entry.runtime_data.push
        hosts = Hosts(Brand.PEUGEOT)
        path = hosts.api_url / "user" / "vehicles" / car.coordinator.vehicle.id
        self._status_url = (path / "status").with_query(
            client_id=Application().client_id
        )
        self._headers = {
            hdrs.ACCEPT: HAL_JSON,
            hdrs.AUTHORIZATION: f"Bearer {entry.data[CONF_TOKEN]['access_token']}",
            "x-introspect-realm": hosts.brand.realm,
        }
        self._last_body = b""
        self._message: Any = {}
        self._message_body = b""
        self._connection = http.client.HTTPConnection(home.local_url.authority)
        self._posted: asyncio.Future[None] = asyncio.Future()
        self._posted.set_result(None)
        self._updated = asyncio.Event()
        self._writes = 0

    async def start(self) -> None:
        """Wait for the first message, after which push works."""
        self._home.hass.bus.async_listen(EVENT_STATE_CHANGED, self._count_write)
        self._car.async_add_listener(self._updated.set)
        locked = False
        while not self._push.is_working:
            await self._home.change(self._data, locked=locked)
            locked = not locked
            await asyncio.sleep(1)
        sent = (await self._home.control("GET", "messages"))["messages"]
        [self._message, *_] = [
            one["message"] for one in reversed(sent) if one["delivered"]
        ]

    def close(self) -> None:
        """Close the connection that messages are posted by."""
        self._connection.close()

    async def run(self, batches: int) -> Mapping[str, Cost]:
        """Return the costs of the steps by their names."""
        steps: Mapping[str, tuple[Prepare, Step]] = {
            BARE_FETCH: (self._prepare_nothing, self._fetch),
            UNCHANGED_POLL: (self._prepare_nothing, self._car.async_refresh),
            CHANGED_POLL: (self._change_car, self._car.async_refresh),
            MERGED_MESSAGE: (self._change_message, self._receive),
        }
        times: dict[str, list[float]] = {name: [] for name in steps}
        writes = dict.fromkeys(steps, 0)
        for _ in range(batches):
            for name, (prepare, step) in steps.items():
                await asyncio.sleep(PAUSE)
                await prepare(0)
                await step()
                for number in range(1, BATCH + 1):
                    await prepare(number)
                    self._writes = 0
                    started = time.thread_time()
                    await step()
                    times[name].append(time.thread_time() - started)
                    writes[name] += self._writes
        typical = {name: median(each) * 1000 for name, each in times.items()}
        return {
            name: Cost(
                milliseconds=round(milliseconds, 3),
                ratio=round(milliseconds / typical[BARE_FETCH], 1),
                state_writes=round(writes[name] / BATCH / batches, 1),
            )
            for name, milliseconds in typical.items()
        }

    @callback
    def _count_write(self, event: Event[EventStateChangedData]) -> None:
        self._writes += 1

    async def _prepare_nothing(self, number: int) -> None:
        """Leave the response as it is."""

    async def _fetch(self) -> None:
        """Fetch the status, and compare it with the last one."""
        session = async_get_clientsession(self._home.hass)
        async with session.get(self._status_url, headers=self._headers) as response:
            body = await response.read()
        if body != self._last_body:
            self._last_body = body

    async def _change_car(self, number: int) -> None:
        await self._home.change(self._data, level=40 + number)

    async def _change_message(self, number: int) -> None:
        """Give the message another level, at a later time, and let another thread post it."""
        now = dt_util.utcnow().isoformat(timespec="seconds")
        [extension] = [
            one
            for one in self._message["monitorEvent"]["extensions"]
            if one["type"] == "vehicle.status"
        ]
        status = extension["body"][0]["status"]
        self._message["date"] = status["createdAt"] = status["updatedAt"] = now
        [energy] = [one for one in status["energies"] if one["type"] == "Electric"]
        energy["level"] = 60 + number
        self._message_body = json.dumps([self._message]).encode()
        await self._posted
        self._updated.clear()
        self._posted = self._home.hass.async_add_executor_job(self._post)

    async def _receive(self) -> None:
        """Receive and merge a message; the response is sent before this continues."""
        await self._updated.wait()

    def _post(self) -> None:
        """Post the message, once the event loop has nothing to do but to receive it.

        The connection is open, as that of the polls.
        """
        time.sleep(POST_DELAY)
        path = URL(self._push.url.url or "").path
        headers = {"Content-Type": "application/json"}
        self._connection.request("POST", path, self._message_body, headers)
        response = self._connection.getresponse()
        response.read()
        assert response.status == HTTPStatus.OK
