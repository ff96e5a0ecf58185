"""The memory that polls take, which must not grow."""

from dataclasses import dataclass
from datetime import timedelta
import gc
from pathlib import Path
import resource
import sys

import pytest

from custom_components.stellantis_connect.api import rate_limit

from .account import running_home
from .platform import running_platform

MEGABYTE = 1024 * 1024
HISTORY = timedelta(days=62)
# Until all that is kept of the last responses exists.
WARM_UP = 1000
LEVELS = 20


@dataclass(frozen=True, kw_only=True)
class Memory:
    """The memory before and after polls.

    Attributes:
        before: what the process uses, in MB.
        blocks_before: the blocks that Python has allocated.
    """

    polls: int
    before: float
    after: float
    blocks_before: int
    blocks_after: int


def used_memory() -> float:
    """Return the memory of this process in MB, without garbage."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / MEGABYTE


async def measure_memory(polls: int, *, changed: bool) -> Memory:
    """Return the memory before and after polls of a car, whose responses change or do not."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(rate_limit, "MAX_BURST", WARM_UP)
        async with running_platform(1, HISTORY) as url, running_home(url) as home:
            unlimited = {"per_day": 10**9, "per_second": WARM_UP}
            await home.control("PATCH", "application", **unlimited)
            [car] = await home.set_up(await home.add_entry())

            async def poll(count: int) -> None:
                for number in range(count):
                    if changed:
                        await home.change(car, level=40 + number % LEVELS)
                    await car.coordinator.async_refresh()

            await poll(WARM_UP)
            before, blocks_before = used_memory(), sys.getallocatedblocks()
            await poll(polls)
            return Memory(
                polls=polls,
                before=round(before, 1),
                after=round(used_memory(), 1),
                blocks_before=blocks_before,
                blocks_after=sys.getallocatedblocks(),
            )
