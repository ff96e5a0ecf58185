"""Check a new simulator against the specification: python -m scripts.contract FOLDER."""

from argparse import Namespace
import asyncio
from asyncio.subprocess import PIPE
from importlib import import_module
from pathlib import Path
import sys
from types import ModuleType

from aiohttp import ClientSession

from .development.enrolment import ANSWERS, APPLICATION
from .development.programs import listening, running


def load_check(folder: Path) -> ModuleType:
    """Return the contract's check, with every operation of the specification in its place.

    The published file keeps the operations on trips elsewhere and refers to them, which the check
    does not follow.
    """
    sys.path.insert(0, str(folder))
    check = import_module("check_server")
    paths = check.SPEC.document["paths"]
    for path, item in paths.items():
        if "$ref" in item:
            paths[path] = check.SPEC.at(item["$ref"])
    return check


async def hold_against(check: ModuleType) -> int:
    """Return 0 where the simulator's cars of the specification's dialect do not differ from it."""
    async with (
        running("simulator", "--by-the-book", "--port=0", stdout=PIPE) as simulator,
        ClientSession(url := await listening(simulator)) as session,
    ):
        async with session.post("/_sim/token", json=ANSWERS) as answer:
            token = (await answer.json())["access_token"]
        async with session.get("/_sim/vehicles") as answer:
            vehicles = (await answer.json())["vehicles"]
        options = Namespace(
            api=str(url / "connectedcar/v4"),
            token=token,
            client_id=APPLICATION["client_id"],
            realm="clientsB2CPeugeot",
            read_only=False,
            target="https://example.invalid/hook",
            exclude=[car["vin"] for car in vehicles if car["dialect"] != "4.17"],
        )
        status: int = await asyncio.to_thread(check.Walk(options).run)
        return status


if __name__ == "__main__":
    sys.exit(asyncio.run(hold_against(load_check(Path(sys.argv[1])))))
