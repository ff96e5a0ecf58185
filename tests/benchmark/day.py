"""A simulated day: what is requested, and how long each change takes to reach its entity."""

import asyncio
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import (
    AsyncIterator,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import pairwise
from statistics import median, quantiles
from typing import Any, Self

import freezegun
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component import patch_time

from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.runtime import VehicleData
from homeassistant.const import EVENT_STATE_CHANGED, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util
from simulator.backend import LogEntry
from simulator.cars.car import Car, Cursor
from simulator.cars.state import State
from simulator.server import Simulator

from ..activity import Activity
from .account import Home, running_home
from .platform import account_of

# A Tuesday on which the cars drive to work and home, and charge.
MORNING = datetime(2026, 3, 17, 0, 0, 20, tzinfo=UTC)
STEP = timedelta(seconds=5)
HISTORY = timedelta(days=9)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
UNKNOWN = (STATE_UNAVAILABLE, STATE_UNKNOWN)


def _switch(value: bool) -> str:
    return "on" if value else "off"


# What is compared with the car, by the keys of the entities.
WATCHED: Mapping[str, Callable[[State], str]] = {
    "moving": lambda state: _switch(state.drive is not None),
    "charging": lambda state: _switch(state.charging_status == "InProgress"),
    "plugged": lambda state: _switch(state.plugged),
    "lock": lambda state: "locked" if "Locked" in state.locks else "unlocked",
    "any_opening": lambda state: _switch(bool(state.opened)),
}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """How a day is simulated.

    Attributes:
        push: whether the platform sends messages.
        per_day: the requests that the plan allows in a day.
    """

    name: str
    push: bool
    per_day: int


UNLIMITED = 20_000
SCENARIOS = {
    one.name: one
    for one in (
        Scenario(name="push", push=True, per_day=UNLIMITED),
        Scenario(name="polling", push=False, per_day=UNLIMITED),
        Scenario(name="push-small-plan", push=True, per_day=100),
        Scenario(name="polling-small-plan", push=False, per_day=100),
    )
}


@dataclass(frozen=True, kw_only=True)
class Delay:
    """How long changes of a kind took to reach the entity, in seconds of the simulated time.

    Attributes:
        changes: how many there were.
        missed: how many the entity never showed, because the car changed again before.
    """

    changes: int
    missed: int
    median: float | None
    percentile_95: float | None

    @classmethod
    def of(cls, delays: Sequence[float | None]) -> Delay:
        """Return the delay of changes, with None for those that were missed."""
        seen = [one for one in delays if one is not None]
        return cls(
            changes=len(delays),
            missed=len(delays) - len(seen),
            median=round(median(seen), 1) if seen else None,
            percentile_95=round(percentile_95(seen), 1) if seen else None,
        )


@dataclass(frozen=True, kw_only=True)
class Day:
    """What happened in a simulated day.

    Attributes:
        requests: by kind.
        requests_by_car: the same of each of the first ten cars.
        most_requests_of_a_car: in any 24 hours.
        delays: from a change in the car to the state of the entity.
        longest_intervals: seconds between two polls of a car that drives, and that charges.
        state_writes_per_update: states that a response or message with changes leads to.
    """

    cars: int
    hours: float
    requests: Mapping[str, int]
    requests_by_car: Sequence[Mapping[str, int]]
    requests_per_car_and_day: float
    most_requests_of_a_car: int
    refused_requests: int
    messages: int
    delays: Mapping[str, Delay]
    longest_intervals: Mapping[str, float]
    state_writes: int
    state_writes_per_update: float
    recorder_rows_per_car_and_day: int
    storage_writes_per_car_and_hour: float


def percentile_95(values: Sequence[float]) -> float:
    """Return the value that 95 percent do not exceed."""
    return (
        quantiles(values, n=20, method="inclusive")[-1]
        if len(values) > 1
        else values[0]
    )


async def simulate_day(scenario: Scenario, cars: int, span: timedelta) -> Day:
    """Simulate a day, or a part of one from midnight on."""
    async with _running(scenario, cars) as (simulation, record):
        await simulation.run(span)
        return record.result()


@contextmanager
def _frozen_time() -> Iterator[FrozenDateTimeFactory]:
    """Freeze the time as the tests of Home Assistant do."""
    api: Any = freezegun.api
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name, value in (
            ("FakeDate", patch_time.HAFakeDate),
            ("FakeDatetime", patch_time.HAFakeDatetime),
            ("datetime_to_fakedatetime", patch_time.ha_datetime_to_fakedatetime),
        ):
            monkeypatch.setattr(api, name, value)
        with freezegun.freeze_time(MORNING) as freezer:
            assert isinstance(freezer, FrozenDateTimeFactory)
            # The frozen clock counts from 1970, where a nanosecond changes nothing.
            monkeypatch.setattr(asyncio.get_running_loop(), "_clock_resolution", 1e-6)
            yield freezer


@dataclass(frozen=True)
class Simulation:
    """Simulated cars, and a Home Assistant that has set them up."""

    freezer: FrozenDateTimeFactory
    simulator: Simulator
    home: Home
    activity: Activity
    vehicles: Sequence[VehicleData]

    def car(self, vehicle: VehicleData) -> Car:
        """Return the simulated car."""
        [car] = [
            one
            for one in self.simulator.backend.garages.built()
            if one.id == vehicle.coordinator.vehicle.id
        ]
        return car

    async def run(self, span: timedelta) -> None:
        """Let the time pass, each step after all that the last one has started."""
        for _ in range(span // STEP):
            self.freezer.tick(STEP)
            await self.activity.settle()

    async def prove_push(self) -> None:
        """Let each car send a message, after which push works."""
        await self.run(timedelta(minutes=1))
        for locked in (False, True):
            for vehicle in self.vehicles:
                await self.home.change(vehicle, locked=locked)
            await self.run(timedelta(minutes=2))


@asynccontextmanager
async def _running(
    scenario: Scenario, cars: int
) -> AsyncIterator[tuple[Simulation, _Record]]:
    async with AsyncExitStack() as stack:
        freezer = stack.enter_context(_frozen_time())
        monkeypatch = stack.enter_context(pytest.MonkeyPatch.context())
        account = stack.enter_context(account_of(cars))
        simulator = await stack.enter_async_context(
            Simulator(now=dt_util.utcnow, accounts=[account], history=HISTORY)
        )
        activity = Activity(monkeypatch, simulator)
        home = await stack.enter_async_context(
            running_home(simulator.url, push=scenario.push)
        )
        setup = asyncio.ensure_future(home.set_up(await home.add_entry()))
        while not setup.done():
            # Requests beyond the burst of the plan wait for a second.
            freezer.tick()
            await activity.settle()
        vehicles = setup.result()
        simulation = Simulation(freezer, simulator, home, activity, vehicles)
        if scenario.push:
            await simulation.prove_push()
        simulator.backend.quota.limits.per_day = scenario.per_day
        yield simulation, _Record.start(simulation, monkeypatch)
        # What still waits for the frozen time would never end.
        await activity.settle()


@dataclass
class _Record:
    """What is counted while the time passes."""

    simulation: Simulation
    started_at: datetime
    cursors: Mapping[str, Cursor]
    initial: Mapping[str, str]
    messages: int
    writes: dict[str, list[tuple[datetime, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    updates: set[tuple[datetime, str]] = field(default_factory=set)
    stored: int = 0

    @classmethod
    def start(cls, simulation: Simulation, monkeypatch: pytest.MonkeyPatch) -> Self:
        """Return a record that counts from now on."""
        now = dt_util.utcnow()
        backend = simulation.simulator.backend
        backend.log.clear()
        hass = simulation.home.hass
        record = cls(
            simulation,
            now,
            {car.id: car.cursor(now) for car in backend.garages.built()},
            {state.entity_id: state.state for state in hass.states.async_all()},
            len(backend.post.shown()),
        )
        registry = er.async_get(hass)

        @callback
        def count_write(event: Event[EventStateChangedData]) -> None:
            entity = registry.async_get(event.data["entity_id"])
            state = event.data["new_state"]
            if entity and state and entity.platform == DOMAIN:
                written_at = dt_util.utcnow()
                record.writes[entity.entity_id].append((written_at, state.state))
                record.updates.add((written_at, entity.device_id or ""))

        hass.bus.async_listen(EVENT_STATE_CHANGED, count_write)
        write = vars(Store)["_async_write_data"]

        async def count_stored(store: Store[Any], *arguments: Any) -> None:
            record.stored += store.key.startswith(DOMAIN)
            await write(store, *arguments)

        monkeypatch.setattr(Store, "_async_write_data", count_stored)
        return record

    def result(self) -> Day:
        """Return what has happened since the start."""
        backend = self.simulation.simulator.backend
        span = dt_util.utcnow() - self.started_at
        cars = len(self.simulation.vehicles)
        car_days = cars * span / DAY
        log = [one for one in backend.log if one.path.startswith("/connectedcar")]
        by_car = {
            vehicle.coordinator.vehicle.id: Counter[str]()
            for vehicle in self.simulation.vehicles
        }
        times: dict[str, list[datetime]] = {car_id: [] for car_id in by_car}
        kinds = Counter[str]()
        for entry in log:
            kind = _kind(entry.path)
            kinds[kind] += 1
            for car_id, counter in by_car.items():
                if car_id in entry.path:
                    counter[kind] += 1
                    times[car_id].append(entry.time)
        writes = sum(map(len, self.writes.values()))
        return Day(
            cars=cars,
            hours=round(span / HOUR, 1),
            requests=dict(kinds.most_common()),
            requests_by_car=[dict(one.most_common()) for one in by_car.values()][:10],
            requests_per_car_and_day=round(len(log) / car_days, 1),
            most_requests_of_a_car=max(map(_most_in_a_day, times.values())),
            refused_requests=sum(
                one.status == HTTPStatus.TOO_MANY_REQUESTS for one in log
            ),
            messages=len(backend.post.shown()) - self.messages,
            delays=self._delays(),
            longest_intervals=self._longest_intervals(log),
            state_writes=writes,
            state_writes_per_update=round(writes / max(1, len(self.updates)), 1),
            recorder_rows_per_car_and_day=round(writes / car_days),
            storage_writes_per_car_and_hour=round(
                self.stored / cars / (span / HOUR), 2
            ),
        )

    def _delays(self) -> Mapping[str, Delay]:
        """Return how long the changes of each watched entity took, and those of all."""
        delays: dict[str, list[float | None]] = {key: [] for key in ("all", *WATCHED)}
        registry = er.async_get(self.simulation.home.hass)
        now = dt_util.utcnow()
        for vehicle in self.simulation.vehicles:
            coordinator = vehicle.coordinator
            car = self.simulation.car(vehicle)
            states, _ = car.states_since(self.cursors[car.id], now)
            prefix = f"{coordinator.config_entry.unique_id}_{coordinator.key}_"
            for key, value_fn in WATCHED.items():
                domain = "lock" if key == "lock" else "binary_sensor"
                entity_id = registry.async_get_entity_id(domain, DOMAIN, prefix + key)
                if entity_id is None or self.initial.get(entity_id) in (None, *UNKNOWN):
                    continue
                changes = [*_changes(self.initial[entity_id], states, value_fn)]
                found = [*_delays(changes, self.writes[entity_id], now)]
                delays[key] += found
                delays["all"] += found
        return {key: Delay.of(each) for key, each in delays.items() if each}

    def _longest_intervals(self, log: Sequence[LogEntry]) -> Mapping[str, float]:
        """Return the longest time between two polls of cars that drive, and that charge."""
        longest = {"driving": 0.0, "charging": 0.0}
        for vehicle in self.simulation.vehicles:
            car = self.simulation.car(vehicle)
            times = [one.time for one in log if one.path.endswith(f"/{car.id}/status")]
            for before, after in pairwise(times):
                state = car.reported(before)
                kind = (
                    "driving"
                    if state.drive
                    else "charging"
                    if state.charging_status == "InProgress"
                    else None
                )
                if kind:
                    seconds = (after - before).total_seconds()
                    longest[kind] = max(longest[kind], seconds)
        return longest


def _most_in_a_day(times: Sequence[datetime]) -> int:
    """Return the maximum within any 24 hours."""
    return max(
        (end - bisect_right(times, time - DAY) for end, time in enumerate(times, 1)),
        default=0,
    )


def _kind(path: str) -> str:
    """Return the kind of a request: the last part of its path that is not an id."""
    names = [part for part in path.split("/")[3:] if part.isalpha()]
    return names[-1]


def _changes(
    value: str, states: Iterable[State], value_fn: Callable[[State], str]
) -> Iterator[tuple[datetime, str]]:
    """Yield when the car reported another value."""
    for state in states:
        if (new := value_fn(state)) != value:
            value = new
            yield state.at, value


def _delays(
    changes: Sequence[tuple[datetime, str]],
    writes: Sequence[tuple[datetime, str]],
    now: datetime,
) -> Iterator[float | None]:
    """Yield the seconds from each change to the state; None if it was never written.

    What happened at the end may be written later.
    """
    for (changed_at, value), (next_at, _) in pairwise([*changes, (now, "")]):
        found = (at for at, state in writes if at >= changed_at and state == value)
        written_at = next(found, None)
        if written_at and written_at <= next_at:
            yield (written_at - changed_at).total_seconds()
        elif next_at < now:
            yield None
