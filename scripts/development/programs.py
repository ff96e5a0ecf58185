"""Programs that run until this one ends."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
import os
import signal
import socket
import sys

from yarl import URL

from . import DevelopmentError

_TIMEOUT = 30
"""Seconds that a program has to end after SIGTERM."""


def local(port: int) -> URL:
    """Return the address of a server on this machine."""
    return URL.build(scheme="http", host="127.0.0.1", port=port)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ensure_free(port: int) -> None:
    """Raise DevelopmentError where something listens on a port of this machine already."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise DevelopmentError(f"port {port} is taken") from error


async def listening(simulator: Process) -> URL:
    """Return the address that a simulator with a free port prints."""
    if simulator.stdout is None:
        raise ValueError("the output is not read")
    line = (await simulator.stdout.readline()).decode()
    return URL(line.removeprefix("listening on ").strip())


@asynccontextmanager
async def running(
    module: str, *arguments: str, stdout: int | None = None
) -> AsyncIterator[Process]:
    """Run a Python module for as long as the context lasts.

    It gets a session of its own, so that Ctrl-C reaches it through this context alone: contexts close in order.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        start_new_session=True,
        stdout=stdout,
    )
    try:
        yield process
    finally:
        try:
            with suppress(ProcessLookupError):
                process.terminate()
            async with asyncio.timeout(_TIMEOUT):
                await process.wait()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
