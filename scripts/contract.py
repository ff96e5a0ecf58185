"""Hold a freshly started simulator against the specification: python -m scripts.contract FOLDER."""

import asyncio
from pathlib import Path
import sys

from aiohttp import ClientSession

from .development.enrolment import ANSWERS, APPLICATION
from .development.home_assistant import until_served
from .development.programs import free_port, local, running


async def check(contract: Path) -> int:
    """Return the status of the contract's own check."""
    platform = local(free_port())
    async with (
        running("simulator", "--port", str(platform.port)),
        ClientSession(platform) as session,
    ):
        await until_served(session, platform / "_sim/vehicles")
        async with session.post("/_sim/token", json=ANSWERS) as answer:
            token = (await answer.json())["access_token"]
        async with session.get("/_sim/vehicles") as answer:
            vehicles = (await answer.json())["vehicles"]
        other_dialects = [
            f"--exclude={vehicle['vin']}"
            for vehicle in vehicles
            if vehicle["dialect"] != "4.17"
        ]
        checking = await asyncio.create_subprocess_exec(
            sys.executable,
            contract / "check_server.py",
            f"--api={platform / 'connectedcar/v4'}",
            f"--token={token}",
            f"--client-id={APPLICATION['client_id']}",
            "--realm=clientsB2CPeugeot",
            "--read-only",
            *other_dialects,
        )
        return await checking.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(check(Path(sys.argv[1]))))
