"""How long steps of the event loop take while ten cars are set up: scripts/benchmark."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
import json
import os
from pathlib import Path
import sys
import time
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.stellantis_connect.api.models.brand import Brand
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .conftest import SetupIntegration
from .simulator_client import OWNER

LIMIT = 30
"""Milliseconds."""
PACKAGE = "custom_components/stellantis_connect/"
ACCOUNTS = (
    (Brand.PEUGEOT, OWNER),
    (Brand.CITROEN, OWNER),
    (Brand.DS, "second@example.com"),
    (Brand.OPEL, "second@example.com"),
)
"""Four cars of each of the first two accounts, and one of each of the others."""


@dataclass(frozen=True)
class Step:
    """A step of the event loop that took long."""

    milliseconds: float
    location: str

    @property
    def is_own(self) -> bool:
        """Return whether the integration's code ran."""
        return PACKAGE in self.location


@dataclass
class Steps:
    """The steps of the event loop, and those over the limit."""

    count: int = 0
    slow: list[Step] = field(default_factory=list)

    def measure(self, run: Callable[[asyncio.Handle], None]) -> Any:
        """Return a replacement of the method that runs a step."""

        def run_measured(handle: asyncio.Handle) -> None:
            locations = " < ".join(_locations(handle))
            # The time of the processor: what other programs do does not count.
            started = time.thread_time()
            run(handle)
            milliseconds = (time.thread_time() - started) * 1000
            self.count += 1
            if milliseconds > LIMIT:
                self.slow.append(Step(round(milliseconds, 1), locations))

        return run_measured


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


@pytest.fixture(autouse=True)
def _custom_integration(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Start the recorder before Home Assistant."""


@pytest.fixture
def history() -> timedelta:
    """Return two months."""
    return timedelta(days=62)


async def test_setup_of_ten_cars(
    hass: HomeAssistant,
    setup_integration: SetupIntegration,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Print and write what the setup takes."""
    steps = Steps()
    monkeypatch.setattr(
        asyncio.Handle, "_run", steps.measure(vars(asyncio.Handle)["_run"])
    )
    started = time.perf_counter()
    entries = [await setup_integration(brand, email=email) for brand, email in ACCOUNTS]
    seconds = time.perf_counter() - started
    await hass.async_block_till_done(wait_background_tasks=True)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=10))
    await hass.async_block_till_done(wait_background_tasks=True)
    await async_wait_recording_done(hass)
    own = [step for step in steps.slow if step.is_own]
    result = {
        "cars": sum(len(entry.runtime_data.vehicles) for entry in entries),
        "entities": len(hass.states.async_all()),
        "setup_seconds": round(seconds, 2),
        "steps": steps.count,
        "longest_own_step_ms": max((step.milliseconds for step in own), default=0),
        "own_steps_over_limit": [asdict(step) for step in own],
        "limit_ms": LIMIT,
    }
    text = json.dumps(result, indent=2)
    sys.stdout.write(f"\n{text}\n")
    Path(os.getenv("BENCHMARK_RESULT", ".benchmark.json")).write_text(f"{text}\n")
    assert result["cars"] == len(ACCOUNTS) * 2 + 2
