"""The simulator with many cars, in this process or in one of its own."""

from argparse import ArgumentParser
import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import timedelta
import sys
from unittest.mock import patch

from simulator.cars.models import MODELS, CarModel
from simulator.identity import Account
from simulator.server import Simulator

from ..simulator_client import OWNER


@contextmanager
def account_of(cars: int) -> Iterator[Account]:
    """Return an account with a number of cars, each of the four models in turn."""
    models = [*MODELS.values()]
    owned = {
        model.key: model
        for number in range(cars)
        for model in [_numbered(models[number % len(models)], number // len(models))]
    }
    with patch.dict(MODELS, owned):
        yield Account(OWNER, "Dev", "Eloper", tuple(owned))


def _numbered(model: CarModel, number: int) -> CarModel:
    if not number:
        return model
    return replace(
        model, key=f"{model.key} {number + 1}", label=f"{model.label} {number + 1}"
    )


@asynccontextmanager
async def running_platform(cars: int, history: timedelta) -> AsyncIterator[str]:
    """Run the simulator in a process of its own; return its URL."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        f"--cars={cars}",
        f"--days={history.days}",
        stdout=PIPE,
    )
    assert process.stdout
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


async def _serve(cars: int, history: timedelta) -> None:
    with account_of(cars) as account:
        async with Simulator(accounts=[account], history=history) as simulator:
            sys.stdout.write(f"{simulator.url}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("--cars", type=int, required=True)
    parser.add_argument("--days", type=int, required=True)
    options = parser.parse_args()
    asyncio.run(_serve(options.cars, timedelta(days=options.days)))
