"""The command `python -m simulator`."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import signal
import ssl
import sys

import aiohttp
import pytest

ROOT = Path(__file__).parent.parent.parent
TIMEOUT = 120
"""Seconds, enough for a busy machine."""
FIXTURE = ROOT / "tests/fixtures/psa_ccc-status-bev-2023-04.json"


@asynccontextmanager
async def running(*options: str) -> AsyncIterator[tuple[Process, str]]:
    """Run the program; yield it with its URL."""
    command = (sys.executable, "-m", "simulator", "--port", "0", *options)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    try:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), TIMEOUT)).decode()
        secure = line.startswith("with client certificates on https://127.0.0.1:")
        assert secure or line.startswith("listening on http://127.0.0.1:")
        yield process, line.split()[-1]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_program_with_options_runs_until_a_signal(
    socket_enabled: None, number: signal.Signals
) -> None:
    """The options are applied, and the exit code is zero."""
    options = (
        "--recording",
        f"{FIXTURE}:Electric",
        "--speed",
        "60",
        "--seed",
        "7",
        "--client-id",
        "me",
    )
    async with (
        running(*options) as (process, url),
        aiohttp.ClientSession(url) as session,
    ):
        async with session.get("/_sim/vehicles", params={"brand": "opel"}) as response:
            cars = (await response.json())["vehicles"]
        assert [car["dialect"] for car in cars] == [
            "4.17",
            "4.17",
            "4.17",
            "2022",
            "recording",
            "4.17",
        ]
        async with session.get("/_sim/clock") as response:
            assert (await response.json())["speed"] == 60
        async with session.get("/_sim/application") as response:
            assert (await response.json())["client_id"] == "me"
        process.send_signal(number)
        assert await asyncio.wait_for(process.wait(), TIMEOUT) == 0


async def test_program_with_tls_writes_its_certificates(
    socket_enabled: None, tmp_path: Path
) -> None:
    """The client certificate is accepted."""
    async with running("--tls", "--certificates", str(tmp_path)) as (_, url):
        context = ssl.create_default_context(cafile=tmp_path / "ca.pem")
        context.load_cert_chain(tmp_path / "client-both.pem")
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{url}/_sim/clock", ssl=context) as response,
        ):
            assert response.status == 200
