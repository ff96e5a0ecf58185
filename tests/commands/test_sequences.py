"""Random sequences of commands, faults and restarts, with the simulator."""

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
    """A random sequence of commands, faults, pauses and restarts, and its outcomes."""

    def __init__(
        self, harness: Harness, storage: dict[str, Any], rng: random.Random
    ) -> None:
        """Initialize the sequence."""
        self.harness = harness
        self.storage = storage
        self.rng = rng
        self.requested: set[str] = set()
        self.outcomes: dict[str, Command] = {}
        self.listen()

    @property
    def car(self) -> Any:
        """Return the coordinator of the car."""
        return self.harness.car(PETROL)

    @property
    def commands(self) -> CommandQueue:
        """Return the queue of the car."""
        return self.harness.vehicle(PETROL).commands

    def listen(self) -> None:
        """Note the outcome of each command."""
        car = self.car

        @callback
        def note_outcome() -> None:
            if last := car.data.commands.last:
                self.outcomes[last.label] = last

        note_outcome()
        car.async_add_listener(note_outcome)

    async def run(self) -> None:
        """Run random steps, and then wait until nothing is pending."""
        steps = [
            *[self.request] * 3,
            self.wait,
            self.add_fault,
            self.change_sleep,
        ]
        for _ in range(self.rng.randint(3, 6)):
            await self.rng.choice(steps)()
            if self.rng.random() < 0.15:
                await self.rng.choice([self.restart, self.crash])()
        await control(self.harness.simulator, "DELETE", "faults")
        for _ in range(400):
            if not self.commands.state.pending:
                break
            await self.harness.pass_time(5 * SECOND, 5 * SECOND)
        await self.harness.pass_time(60 * SECOND, 10 * SECOND)

    async def request(self) -> None:
        """Request one command or two."""
        for _ in range(self.rng.choice([1, 1, 2])):
            name, action, value = self.rng.choice(ACTIONS)
            self.requested.add(self.commands.async_enqueue(name, action, value).label)

    async def wait(self) -> None:
        """Let time pass."""
        await self.harness.pass_time(self.rng.randint(1, 10) * 3 * SECOND, 3 * SECOND)

    async def add_fault(self) -> None:
        """Add a fault."""
        await self.harness.fault(**self.rng.choice(FAULTS))

    async def change_sleep(self) -> None:
        """Let the car sleep or wake up."""
        sleep = self.rng.choice(["awake", "awake", "asleep", "deep"])
        await self.harness.change(PETROL, sleep=sleep)

    async def restart(self) -> None:
        """Reload the config entry."""
        await self.harness.restart()
        self.listen()

    async def crash(self) -> None:
        """End all tasks, and start with what is stored."""
        for task in asyncio.all_tasks():
            if task.get_name().startswith("stellantis_connect commands"):
                task.cancel()
        await asyncio.sleep(0)
        await crash(self.harness.hass, self.storage, self.harness.entry)
        self.listen()

    async def check(self) -> None:
        """Check that each command was sent at most once, and that all states agree."""
        remotes = (await control(self.harness.simulator, "GET", "remotes"))["remotes"]
        sent = {remote["body"]["label"]: remote["progress"] for remote in remotes}
        labels = Counter(remote["body"]["label"] for remote in remotes)
        assert set(labels.values()) <= {1}
        assert self.commands.state.pending == ()
        assert self.requested <= set(self.outcomes)
        for label in self.requested:
            check_outcome(self.outcomes[label], sent.get(label))
        truth = await self.harness.truth(PETROL)
        await self.harness.refresh(PETROL)
        locked = "Locked" in truth["locked"]
        assert self.harness.state("lock", PETROL).state == (
            "locked" if locked else "unlocked"
        )
        assert self.harness.state("light_up", PETROL).state == (
            "on" if truth["lights"] else "off"
        )


def check_outcome(command: Command, progress: list[dict[str, Any]] | None) -> None:
    """Check the outcome of a command against its progress at the platform."""
    match command.stage:
        case CommandStage.NOT_SENT:
            assert progress is None
        case CommandStage.UNCONFIRMED:
            pass
        case CommandStage.NO_ANSWER:
            assert progress
        case stage:
            assert progress
            assert stage == progress[-1]["status"]
            assert command.cause == progress[-1]["cause"]


@pytest.mark.usefixtures("freezer")
@pytest.mark.parametrize("part", range(PARTS))
async def test_random_sequences_keep_states_in_agreement(
    part: int,
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    activity: Activity,
) -> None:
    """Nothing is sent twice, nothing is lost silently, and all states are right in the end."""
    entry = await setup_integration(email="second@example.com")
    harness = Harness(hass, freezer, connected_simulator, entry, activity)
    for seed in range(part, SEQUENCES, PARTS):
        freezer.tick(timedelta(hours=1))
        await harness.change(PETROL, sleep="awake")
        sequence = Sequence(harness, hass_storage, random.Random(seed))
        await sequence.run()
        await sequence.check()
