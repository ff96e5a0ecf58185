"""What is under way while the time is held: requests, and jobs of the executor."""

import asyncio
from collections.abc import Callable
import os
import time
from typing import Any

from aiohttp import ClientResponse, ClientSession
import pytest

from simulator.server import Simulator

QUIET_ROUNDS = 3
"""In how many rounds of the event loop nothing may happen."""
LONGEST = 60
"""Seconds, in reality, after which something never ends."""


class Activity:
    """Follows requests and jobs, so that tests wait for their end and not for a while."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, simulator: Simulator) -> None:
        """Initialize by following the requests of all sessions and the jobs of the loop."""
        self._loop = asyncio.get_running_loop()
        self._faults = simulator.backend.faults
        self._requests: list[str] = []
        self._jobs: set[asyncio.Future[Any]] = set()
        self._settling: asyncio.Future[None] | None = None
        request = vars(ClientSession)["_request"]
        run_in_executor = self._loop.run_in_executor

        async def follow_request(
            session: ClientSession, method: str, url: Any, **options: Any
        ) -> ClientResponse:
            self._requests.append(f"{method} {url}")
            try:
                response: ClientResponse = await request(
                    session, method, url, **options
                )
            finally:
                self._requests.remove(f"{method} {url}")
            return response

        def follow_job(
            executor: Any, job: Callable[..., Any], *arguments: Any
        ) -> asyncio.Future[Any]:
            future = run_in_executor(executor, job, *arguments)
            self._jobs.add(future)
            future.add_done_callback(self._jobs.discard)
            return future

        monkeypatch.setattr(ClientSession, "_request", follow_request)
        monkeypatch.setattr(self._loop, "run_in_executor", follow_job)

    async def settle(self) -> None:
        """Wait until nothing happens any more without the time passing."""
        if self._settling is None or self._settling.done():
            self._settling = asyncio.ensure_future(self._settle())
        await asyncio.shield(self._settling)

    async def _settle(self) -> None:
        latest = time.clock_gettime(time.CLOCK_MONOTONIC) + LONGEST
        quiet = 0
        while quiet < QUIET_ROUNDS:
            await asyncio.sleep(0)
            if self._is_busy():
                quiet = 0
                os.sched_yield()
            else:
                quiet += 1
            assert time.clock_gettime(time.CLOCK_MONOTONIC) < latest, self._requests

    def _is_busy(self) -> bool:
        """Return whether the loop has something to run, or will have without the time passing."""
        ready: Any = vars(self._loop)["_ready"]
        return (
            bool(ready) or bool(self._jobs) or len(self._requests) > self._faults.paused
        )
