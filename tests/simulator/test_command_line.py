"""`python -m simulator`: it says where it listens, serves, and stops when told to."""

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
PATIENCE = 120
"""Seconds that a program has on a busy machine."""
FIXTURE = ROOT / "tests/fixtures/psa_ccc-status-bev-2023-04.json"


@asynccontextmanager
async def running(*options: str) -> AsyncIterator[tuple[Process, str]]:
    """Run the program; return it with its address."""
    command = (sys.executable, "-m", "simulator", "--port", "0", *options)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    try:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()
        secure = line.startswith("with client certificates on https://127.0.0.1:")
        assert secure or line.startswith("listening on http://127.0.0.1:")
        yield process, line.split()[-1]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_program(socket_enabled: None, number: signal.Signals) -> None:
    """It serves what the options say, and ends within seconds of a signal."""
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
        async with session.get("/_sim/vehicles", params={"brand": "opel"}) as answer:
            cars = (await answer.json())["vehicles"]
        assert [car["dialect"] for car in cars] == [
            "4.17",
            "4.17",
            "4.17",
            "2022",
            "recording",
            "4.17",
        ]
        async with session.get("/_sim/clock") as answer:
            assert (await answer.json())["speed"] == 60
        async with session.get("/_sim/application") as answer:
            assert (await answer.json())["client_id"] == "me"
        process.send_signal(number)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_program_with_certificates(socket_enabled: None, tmp_path: Path) -> None:
    """It writes its certificates, and lets in over TLS who shows one."""
    async with running("--tls", "--certificates", str(tmp_path)) as (_, url):
        context = ssl.create_default_context(cafile=tmp_path / "ca.pem")
        context.load_cert_chain(tmp_path / "client-both.pem")
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{url}/_sim/clock", ssl=context) as answer,
        ):
            assert answer.status == 200
