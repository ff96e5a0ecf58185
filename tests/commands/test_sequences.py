"""Whatever comes in between: no command is sent twice, none is lost silently, all agree in the end."""

import asyncio
from collections import Counter
from datetime import timedelta
import random
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.models.remote_actions import (
    Door,
    Horn,
    Lights,
    RemoteAction,
)
from custom_components.stellantis_connect.api.models.remotes import RemoteFailureCause
from custom_components.stellantis_connect.commands.models import Command, CommandStage
from custom_components.stellantis_connect.commands.queue import CommandQueue
from homeassistant.core import HomeAssistant, callback
from simulator.server import Simulator

from ..activity import Activity
from ..common import crash
from ..conftest import SetupIntegration
from ..harness import PETROL, SECOND, Harness
from ..simulator_client import control

SEQUENCES = 200
PARTS = 4
ACTIONS: list[tuple[str, RemoteAction, bool | None]] = [
    ("lock", Door(locked=True), True),
    ("lock", Door(locked=False), False),
    ("sound_horn", Horn(), None),
    ("light_up", Lights(on=True), True),
    ("light_up", Lights(on=False), False),
]
FAULTS: list[dict[str, Any]] = [
    {"kind": "drop", "method": "POST", "path": "*/remotes"},
    {"kind": "drop_after", "method": "POST", "path": "*/remotes"},
    {"kind": "truncate", "method": "POST", "path": "*/remotes"},
    {"kind": "error", "status": 500, "method": "POST", "path": "*/remotes"},
    {"kind": "error", "status": 403, "method": "POST", "path": "*/remotes"},
    {"kind": "error", "status": 500, "path": "*/remotes*", "times": 5},
    {"kind": "mistype", "path": "*/remotes/*", "times": 2},
    {"kind": "empty", "path": "*/remotes*", "times": 2},
    {"kind": "error", "status": 502, "form": "html", "path": "*/status", "times": 4},
    {"kind": "drop_after", "method": "POST", "path": "*/callbacks"},
    {"kind": "remote_hangs"},
    {"kind": "forget_callbacks"},
    {"kind": "expire_tokens"},
    *({"kind": "remote_fails", "message": cause.value} for cause in RemoteFailureCause),
]


class Sequence:
    """A random sequence of commands, faults, pauses and restarts, and what is told of it."""

    def __init__(
        self, harness: Harness, storage: dict[str, Any], dice: random.Random
    ) -> None:
        """Begin with nothing asked for."""
        self.harness = harness
        self.storage = storage
        self.dice = dice
        self.asked: set[str] = set()
        self.told: dict[str, Command] = {}
        self.listen()

    @property
    def car(self) -> Any:
        """Return what Home Assistant knows of the car."""
        return self.harness.car(PETROL)

    @property
    def commands(self) -> CommandQueue:
        """Return the queue of the car."""
        return self.harness.vehicle(PETROL).commands

    def listen(self) -> None:
        """Hear of each command that ends."""
        car = self.car

        @callback
        def hear() -> None:
            if last := car.data.commands.last:
                self.told[last.label] = last

        hear()
        car.async_add_listener(hear)

    async def run(self) -> None:
        """Let things happen, and then let them come to rest."""
        steps = [self.ask, self.ask, self.ask, self.wait, self.fail, self.doze]
        for _ in range(self.dice.randint(3, 6)):
            await self.dice.choice(steps)()
            if self.dice.random() < 0.15:
                await self.dice.choice([self.restart, self.crash])()
        await control(self.harness.simulator, "DELETE", "faults")
        for _ in range(400):
            if not self.commands.state.pending:
                break
            await self.harness.pass_time(5 * SECOND, 5 * SECOND)
        await self.harness.pass_time(60 * SECOND, 10 * SECOND)

    async def ask(self) -> None:
        """Ask for something, sometimes twice."""
        for _ in range(self.dice.choice([1, 1, 2])):
            name, action, value = self.dice.choice(ACTIONS)
            self.asked.add(self.commands.async_enqueue(name, action, value).label)

    async def wait(self) -> None:
        """Let time pass."""
        await self.harness.pass_time(self.dice.randint(1, 10) * 3 * SECOND, 3 * SECOND)

    async def fail(self) -> None:
        """Let something go wrong."""
        await self.harness.fault(**self.dice.choice(FAULTS))

    async def doze(self) -> None:
        """Let the car sleep, or wake it by hand."""
        sleep = self.dice.choice(["awake", "awake", "asleep", "deep"])
        await self.harness.change(PETROL, sleep=sleep)

    async def restart(self) -> None:
        """Restart in good order."""
        await self.harness.restart()
        self.listen()

    async def crash(self) -> None:
        """Stop in the middle of whatever is being done, and begin with what is on the disk."""
        for task in asyncio.all_tasks():
            if task.get_name().startswith("stellantis_connect commands"):
                task.cancel()
        await asyncio.sleep(0)
        await crash(self.harness.hass, self.storage, self.harness.entry)
        self.listen()

    async def check(self) -> None:
        """See that all that was promised holds."""
        remotes = (await control(self.harness.simulator, "GET", "remotes"))["remotes"]
        sent = {remote["body"]["label"]: remote["progress"] for remote in remotes}
        labels = Counter(remote["body"]["label"] for remote in remotes)
        assert set(labels.values()) <= {1}
        assert self.commands.state.pending == ()
        assert self.asked <= set(self.told)
        for label in self.asked:
            agree(self.told[label], sent.get(label))
        truth = await self.harness.truth(PETROL)
        await self.harness.refresh(PETROL)
        locked = "Locked" in truth["locked"]
        assert self.harness.state("lock", PETROL).state == (
            "locked" if locked else "unlocked"
        )
        assert self.harness.state("light_up", PETROL).state == (
            "on" if truth["lights"] else "off"
        )


def agree(told: Command, progress: list[dict[str, Any]] | None) -> None:
    """See that what was told of a command is what the platform made of it."""
    match told.stage:
        case CommandStage.NOT_SENT:
            assert progress is None
        case CommandStage.UNCONFIRMED:
            pass
        case CommandStage.NO_ANSWER:
            assert progress
        case stage:
            assert progress
            assert stage == progress[-1]["status"]
            assert told.cause == progress[-1]["cause"]


@pytest.mark.usefixtures("_morning")
@pytest.mark.parametrize("part", range(PARTS))
async def test_random_sequences(
    part: int,
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    activity: Activity,
) -> None:
    """Two hundred random sequences keep every promise."""
    entry = await setup_integration(email="second@example.com")
    harness = Harness(hass, freezer, connected_simulator, entry, activity)
    for seed in range(part, SEQUENCES, PARTS):
        freezer.tick(timedelta(hours=1))
        await harness.change(PETROL, sleep="awake")
        sequence = Sequence(harness, hass_storage, random.Random(seed))
        await sequence.run()
        await sequence.check()
