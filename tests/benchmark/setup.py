"""The setup of an account: its time, its requests, its longest step, and its memory."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
import gc
import json
import sys
import time
from typing import Any

import pytest

from .account import Home, running_home
from .memory import used_memory
from .platform import running_platform

PACKAGE = "custom_components/stellantis_connect/"


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What the setup of an account takes.

    Attributes:
        seconds: until Home Assistant has set up the entry.
        seconds_with_lists: until the lists of two months are read as well.
        loop_milliseconds: of the event loop's thread.
        longest_step: the longest step of the integration in the event loop, in milliseconds,
            without a search for garbage in all of Home Assistant.
        memory: what the process uses with the lists, in MB.
    """

    cars: int
    entities: int
    seconds: float
    seconds_with_lists: float
    loop_milliseconds: float
    requests_per_car: float
    longest_step: float
    longest_step_location: str
    memory: float


@dataclass
class _Steps:
    """The longest step of the integration in the event loop.

    Attributes:
        seconds_of_measuring: what it took to locate the steps.
    """

    milliseconds: float = 0.0
    location: str = ""
    seconds_of_measuring: float = 0.0
    _garbage_started: float = 0.0
    _garbage_seconds: float = 0.0

    def measure(self, run: Callable[[asyncio.Handle], None]) -> Any:
        """Return a replacement of the method that runs a step."""

        def run_measured(handle: asyncio.Handle) -> None:
            located = time.thread_time()
            own = [one for one in _locations(handle) if PACKAGE in one]
            garbage = self._garbage_seconds
            # The time of the processor: what other programs do does not count.
            started = time.thread_time()
            self.seconds_of_measuring += started - located
            run(handle)
            seconds = time.thread_time() - started
            milliseconds = (seconds - self._garbage_seconds + garbage) * 1000
            if own and milliseconds > self.milliseconds:
                self.milliseconds = milliseconds
                self.location = own[-1].rpartition(PACKAGE)[2]

        return run_measured

    def note_garbage(self, phase: str, _info: object) -> None:
        """Note how long a search for garbage takes."""
        if phase == "start":
            self._garbage_started = time.thread_time()
        else:
            self._garbage_seconds += time.thread_time() - self._garbage_started


def _locations(handle: asyncio.Handle) -> Iterator[str]:
    """Yield the files and functions of a step, the innermost last."""
    callback: Any = vars(asyncio.Handle)["_callback"].__get__(handle)
    owner = getattr(callback, "__self__", None)
    coroutine: Any = owner.get_coro() if isinstance(owner, asyncio.Task) else None
    if coroutine is None:
        yield repr(callback)
    while coroutine is not None:
        if code := getattr(coroutine, "cr_code", None):
            yield f"{code.co_filename}:{code.co_qualname}"
        coroutine = getattr(coroutine, "cr_await", None)


async def measure_setup(cars: int, history: timedelta) -> Setup:
    """Return what the setup of an account with a number of cars takes, which lived for a time."""
    async with running_platform(cars, history) as url, running_home(url) as home:
        # The simulator lives the past of the cars when they are first requested.
        await home.control("GET", "vehicles")
        entry = await home.add_entry()
        requests = await _requests(home)
        # Else a search for garbage in all of Home Assistant counts as a step.
        gc.collect()
        gc.freeze()
        with _measured_steps() as steps:
            started, thread_started = time.perf_counter(), time.thread_time()
            assert await home.hass.config_entries.async_setup(entry.entry_id)
            seconds = time.perf_counter() - started
            thread_seconds = time.thread_time() - thread_started
            thread_seconds -= steps.seconds_of_measuring
            requests = await _requests(home) - requests
            await home.hass.async_block_till_done()
            complete_seconds = time.perf_counter() - started
        gc.unfreeze()
        return Setup(
            cars=len(entry.runtime_data.vehicles),
            entities=len(home.hass.states.async_all()),
            seconds=round(seconds, 2),
            seconds_with_lists=round(complete_seconds, 2),
            loop_milliseconds=round(thread_seconds * 1000, 1),
            requests_per_car=round(requests / cars, 1),
            longest_step=round(steps.milliseconds, 1),
            longest_step_location=steps.location,
            memory=round(used_memory(), 1),
        )


@contextmanager
def _measured_steps() -> Iterator[_Steps]:
    steps = _Steps()
    with pytest.MonkeyPatch.context() as monkeypatch:
        run = vars(asyncio.Handle)["_run"]
        monkeypatch.setattr(asyncio.Handle, "_run", steps.measure(run))
        gc.callbacks.append(steps.note_garbage)
        yield steps
        gc.callbacks.remove(steps.note_garbage)


async def _requests(home: Home) -> int:
    log = (await home.control("GET", "log"))["requests"]
    return sum(one["path"].startswith("/connectedcar") for one in log)


if __name__ == "__main__":
    # Each in a process of its own, whose memory is nothing else's.
    cars, days = map(int, sys.argv[1:])
    measured = asyncio.run(measure_setup(cars, timedelta(days=days)))
    sys.stdout.write(json.dumps(asdict(measured)))
