"""Properties of the command queue over random requests, faults, restarts and clock changes."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
import selectors
from types import SimpleNamespace
from typing import Any, cast, override
from unittest.mock import patch

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
import pytest

from custom_components.stellantis_connect.api.exceptions import (
    ForbiddenError,
    NotFoundError,
    OutcomeUnknownError,
    ServerError,
    StellantisError,
    UnreachableError,
)
from custom_components.stellantis_connect.api.models.blocks import Kinetic
from custom_components.stellantis_connect.api.models.remote_actions import (
    AirConditioning,
    Door,
    Horn,
    RemoteAction,
    WakeUp,
)
from custom_components.stellantis_connect.api.models.remotes import (
    RemoteFailureCause,
    RemoteState,
    RemoteStatus,
)
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.commands.guards import (
    DEFAULT_WAKE_UP_BUDGET,
    WAKE_UP_INTERVAL,
)
from custom_components.stellantis_connect.commands.models import (
    DAY,
    Command,
    CommandStage,
    CommandState,
)
from custom_components.stellantis_connect.commands.queue import (
    COMMAND_TIMEOUT,
    CommandQueue,
)
from custom_components.stellantis_connect.models import VehicleState
from homeassistant.util import dt as dt_util

START = datetime(2026, 3, 18, 5, tzinfo=UTC)
ACTIONS: list[RemoteAction] = [
    Door(locked=True),
    Door(locked=False),
    Horn(),
    AirConditioning(immediate=True),
    WakeUp(),
]
# Processing of one event takes no time in these tests.
TOLERANCE = 0.001


class Fault(Enum):
    """Fault of one kind of request."""

    NONE = auto()
    ERROR = auto()
    SLOW = auto()
    # Of the status: an older response.
    OUTDATED = auto()
    # Of sending: the response is lost after, or the request before it arrives.
    LOST_RESPONSE = auto()
    LOST_REQUEST = auto()
    REFUSED = auto()
    CALLBACK_DELETED = auto()
    # Of a remote: the car does not respond, or reports a failure.
    PENDING = auto()
    FAILED = auto()


STATUS_FAULTS = [Fault.NONE, Fault.ERROR, Fault.SLOW, Fault.OUTDATED]
SEND_FAULTS = [
    Fault.NONE,
    Fault.ERROR,
    Fault.SLOW,
    Fault.LOST_RESPONSE,
    Fault.LOST_REQUEST,
    Fault.REFUSED,
    Fault.CALLBACK_DELETED,
]
POLL_FAULTS = [Fault.PENDING, Fault.NONE, Fault.ERROR, Fault.SLOW, Fault.FAILED]


class VirtualTimeSelector(selectors.SelectSelector):
    """Selector that advances the time instead of waiting."""

    now = 1000.0

    @override
    def select(self, timeout: float | None = None) -> list[Any]:
        assert timeout is not None, "Nothing is scheduled"
        self.now += max(timeout, 0)
        return super().select(0)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Event loop whose time passes at once."""

    def __init__(self) -> None:
        """Initialize the loop."""
        self.selector = VirtualTimeSelector()
        super().__init__(self.selector)

    @override
    def time(self) -> float:
        return self.selector.now


@dataclass
class Platform:
    """Platform with one car, and what it received.

    Attributes:
        requested: monotonic time of each request by label.
        door: the last action on the doors that somebody requested.
        checked_at: when the last status said that the car is parked.
    """

    world: QueueMachine
    status_fault: Fault = Fault.NONE
    send_fault: Fault = Fault.NONE
    poll_fault: Fault = Fault.NONE
    is_moving: bool = False
    is_pushing: bool = False
    door: RemoteAction | None = None
    checked_at: float = 0
    requested: dict[str, float] = field(default_factory=dict)
    received: dict[str, str] = field(default_factory=dict)
    wake_ups: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


@dataclass
class Client:
    """Client of one run."""

    platform: Platform
    run: Run

    async def _async_respond(self, fault: Fault) -> None:
        await asyncio.sleep(40 if fault is Fault.SLOW else 0.5)
        if fault is Fault.ERROR:
            raise ServerError("fault")

    async def get_status(self, vehicle_id: str, motorization: None) -> Status:
        """Return the status of the car."""
        platform = self.platform
        fault, is_moving = platform.status_fault, platform.is_moving
        updated_at = platform.world.true_time
        await self._async_respond(fault)
        if fault is Fault.OUTDATED:
            return Status(updated_at=START - DAY, kinetic=Kinetic(moving=False))
        if not is_moving:
            platform.checked_at = platform.world.loop.time()
        return Status(updated_at=updated_at, kinetic=Kinetic(moving=is_moving))

    async def send_remote(
        self, vehicle_id: str, callback_id: str, label: str, action: RemoteAction
    ) -> str:
        """Receive a remote."""
        platform, now = self.platform, self.platform.world.loop.time()
        fault = platform.send_fault
        self._check(label, action, now)
        if fault is Fault.CALLBACK_DELETED:
            platform.send_fault = Fault.NONE
            raise NotFoundError("remote")
        if fault is Fault.REFUSED:
            raise ForbiddenError("remote")
        if fault is Fault.ERROR:
            raise UnreachableError("remote")
        if fault is Fault.LOST_REQUEST:
            raise OutcomeUnknownError("remote")
        platform.received[label] = f"remote-{len(platform.received)}"
        if isinstance(action, WakeUp):
            platform.wake_ups.append(now)
        await asyncio.sleep(90 if fault is Fault.SLOW else 0.5)
        if fault is Fault.LOST_RESPONSE:
            raise OutcomeUnknownError("remote")
        return platform.received[label]

    async def get_remotes(self, vehicle_id: str, callback_id: str) -> list[RemoteState]:
        """Return the remotes."""
        await self._async_respond(self.platform.poll_fault)
        return [
            replace(self._state(remote_id), label=label)
            for label, remote_id in self.platform.received.items()
        ]

    async def get_remote(
        self, vehicle_id: str, callback_id: str, remote_id: str
    ) -> RemoteState:
        """Return a remote."""
        await self._async_respond(self.platform.poll_fault)
        return self._state(remote_id)

    def _state(self, remote_id: str) -> RemoteState:
        if self.platform.poll_fault is Fault.PENDING:
            return RemoteState(id=remote_id, status=RemoteStatus.WAKING_UP_VEHICLE)
        if self.platform.poll_fault is Fault.FAILED:
            return RemoteState(
                id=remote_id,
                status=RemoteStatus.FAILED,
                failure_cause=RemoteFailureCause.DOORS_OPEN,
            )
        return RemoteState(id=remote_id, status=RemoteStatus.SUCCESS)

    def _check(self, label: str, action: RemoteAction, now: float) -> None:
        """Note each promise that this remote breaks."""
        platform = self.platform
        pending = self.run.data.commands.pending
        promises = {
            "is sent by the current run": self.run is platform.world.run,
            "is sent once": label not in platform.received,
            "is sent in time": now - platform.requested[label]
            <= COMMAND_TIMEOUT.total_seconds() + TOLERANCE,
            "is stored before": any(
                one["label"] == label and one["sent_at"]
                for one in platform.world.stored["pending"]
            ),
            "is sent alone": sum(
                one.sent_at is not None and not one.is_settled for one in pending
            )
            == 1,
        }
        if isinstance(action, Door):
            promises |= {
                "is what the last person wants": action == platform.door,
                "is sent to a parked car": now - platform.checked_at <= 60,
            }
        if isinstance(action, WakeUp):
            recent = [
                one for one in platform.wake_ups if now - one < DAY.total_seconds()
            ]
            interval = WAKE_UP_INTERVAL.total_seconds()
            promises |= {
                "is not woken too often": platform.world.has_jumped
                or all(now - one >= interval - TOLERANCE for one in recent),
                "is within the budget": platform.world.has_jumped
                or len(recent) < DEFAULT_WAKE_UP_BUDGET,
            }
        platform.violations += [
            f"{action} {name}: no" for name, kept in promises.items() if not kept
        ]


class Run:
    """One run of the integration: the coordinator as the queue knows it."""

    def __init__(self, world: QueueMachine) -> None:
        """Initialize the run from what is stored."""
        loop, platform = world.loop, world.platform
        self.world = world
        self.is_shut_down = False
        self.tasks: set[asyncio.Task[Any]] = set()
        self.outcomes: dict[str, Command] = {}
        self.data = VehicleState(
            status=Status(updated_at=START),
            commands=CommandState.from_dict(world.stored),
        )
        self.hass = SimpleNamespace(loop=loop)
        self.vehicle = SimpleNamespace(id="car", motorization=None)
        self.quota = SimpleNamespace(rate_limiter=SimpleNamespace(limit=None))
        self.account = SimpleNamespace(
            client=Client(platform, self),
            async_note_response=lambda error: None,
            vehicles={"car": self},
        )
        self.config_entry = SimpleNamespace(
            options={},
            async_create_task=self._create_task,
            async_create_background_task=self._create_task,
        )
        self.queue = CommandQueue(cast(Any, self), cast(Any, self))
        self.queue.async_start(timedelta(seconds=10))

    def _create_task(
        self,
        hass: object,
        target: Coroutine[Any, Any, None],
        name: str,
        eager_start: bool = False,
    ) -> asyncio.Task[None]:
        task = self.world.loop.create_task(target)
        self.tasks.add(task)
        return task

    def async_update_state(self, state: VehicleState) -> None:
        """Update the state, and note the outcomes."""
        self.data = state
        if not self.is_shut_down and (last := state.commands.last):
            self.world.outcomes[last.label] = last

    async def async_refresh(self) -> None:
        """Refresh the state."""
        with suppress(StellantisError):
            status = await self.account.client.get_status("car", None)
            self.async_update_state(self.data.merge(status))

    async def async_save(self) -> None:
        """Store the commands, unless this run is shut down."""
        if not self.is_shut_down:
            stored = self.data.commands.to_dict()
            await asyncio.sleep(0.1)
            if not self.is_shut_down:
                self.world.stored = stored

    async def async_get_id(self) -> str:
        """Return the id of the callback."""
        await asyncio.sleep(0.2)
        return "callback"

    def forget(self) -> None:
        """Forget the id of the callback."""

    @property
    def is_pushing(self) -> bool:
        """Return whether messages arrive."""
        return self.world.platform.is_pushing

    def end(self) -> None:
        """End all tasks, as a crash does."""
        self.is_shut_down = True
        for task in self.tasks:
            task.cancel()


class QueueMachine(RuleBasedStateMachine):
    """People, a car, a platform and a Home Assistant that is restarted."""

    def __init__(self) -> None:
        """Initialize the machine with a parked car."""
        super().__init__()
        self.loop = VirtualTimeLoop()
        self.clock_error = timedelta()
        self.has_jumped = False
        self.stored: dict[str, Any] = CommandState().to_dict()
        self.outcomes: dict[str, Command] = {}
        self.waits: list[asyncio.Task[float]] = []
        self.platform = Platform(self)
        self.patch = patch.object(dt_util, "utcnow", self.utcnow)
        self.patch.start()
        self.run = Run(self)

    @property
    def true_time(self) -> datetime:
        """Return the time of the platform's clock."""
        return START + timedelta(seconds=self.loop.time())

    def utcnow(self) -> datetime:
        """Return the time of the system clock."""
        return self.true_time + self.clock_error

    @initialize(fault=st.sampled_from(POLL_FAULTS))
    def start(self, fault: Fault) -> None:
        """Choose how the car responds at first."""
        self.platform.poll_fault = fault

    @rule(
        actions=st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=4),
        pause=st.sampled_from([0.0, 0.3, 0.75, 1.0]),
    )
    def request(self, actions: list[RemoteAction], pause: float) -> None:
        """Request commands, as several people may do at once."""
        self.loop.run_until_complete(self._async_request(actions, pause))

    async def _async_request(self, actions: list[RemoteAction], pause: float) -> None:
        for action in actions:
            if isinstance(action, Door):
                self.platform.door = action
            command = self.run.queue.async_enqueue("test", action)
            if command.is_settled and command.label in self.platform.requested:
                self.platform.violations.append("A settled command is a duplicate")
            self.platform.requested.setdefault(command.label, self.loop.time())
            self.waits.append(self.loop.create_task(self._async_wait(command)))
            await asyncio.sleep(pause)

    async def _async_wait(self, command: Command) -> float:
        started_at, run = self.loop.time(), self.run
        command = await run.queue.async_wait(command)
        if command.error_key == "command_interrupted" and run is self.run:
            self.platform.violations.append("A new command was not sent")
        return self.loop.time() - started_at

    @rule(seconds=st.sampled_from([1, 5, 45, 310, 1000]))
    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self._pass(seconds)

    def _pass(self, seconds: float) -> None:
        self.loop.run_until_complete(asyncio.sleep(seconds))

    @rule(hours=st.sampled_from([-24, -2, -0.1, 0.1, 2, 24]))
    def change_clock(self, hours: float) -> None:
        """Change the system clock."""
        self.clock_error += timedelta(hours=hours)
        self.has_jumped = True

    @rule(
        changes=st.one_of(
            st.fixed_dictionaries({"status_fault": st.sampled_from(STATUS_FAULTS)}),
            st.fixed_dictionaries({"send_fault": st.sampled_from(SEND_FAULTS)}),
            st.fixed_dictionaries({"poll_fault": st.sampled_from(POLL_FAULTS)}),
            st.fixed_dictionaries({"is_moving": st.booleans()}),
            st.fixed_dictionaries({"is_pushing": st.booleans()}),
        )
    )
    def change(self, changes: dict[str, Any]) -> None:
        """Change how the platform responds, or what the car does."""
        for name, value in changes.items():
            setattr(self.platform, name, value)

    @rule()
    def push(self) -> None:
        """Let the platform push the outcome of all remotes, known or not, twice."""
        for _ in range(2):
            for remote_id in self.platform.received.values():
                remote = RemoteState(id=remote_id, status=RemoteStatus.SUCCESS)
                self.run.queue.async_handle_remote(remote)

    @rule()
    def reload(self) -> None:
        """Reload the config entry."""
        self.run.queue.async_close()
        self.stored = self.run.data.commands.to_dict()
        self.run.is_shut_down = True
        self.run = Run(self)

    @rule()
    def kill(self) -> None:
        """Kill Home Assistant, and start it with what is stored."""
        self.run.end()
        self.run = Run(self)

    @invariant()
    def promises_are_kept(self) -> None:
        """Check what the platform noted."""
        assert self.platform.violations == []

    @override
    def teardown(self) -> None:
        """End all faults, and check the outcomes."""
        try:
            self.platform.status_fault = Fault.NONE
            self.platform.send_fault = Fault.NONE
            self.platform.poll_fault = Fault.NONE
            self._pass(3600)
            self.promises_are_kept()
            self.check_outcomes()
        finally:
            self.run.end()
            self._pass(1)
            self.patch.stop()
            self.loop.close()

    def check_outcomes(self) -> None:
        """Check that each command has the outcome that the platform knows."""
        assert self.run.data.commands.pending == ()
        assert all(wait.result() <= 90 for wait in self.waits)
        for label, command in self.outcomes.items():
            if command.has_succeeded or command.stage is CommandStage.NO_ANSWER:
                assert label in self.platform.received
            if command.stage is CommandStage.NOT_SENT:
                assert label not in self.platform.received


def test_queue_keeps_promises_over_random_sequences() -> None:
    """No command is sent twice or late, and no door moves that the last person does not want."""
    run_state_machine_as_test(
        QueueMachine,
        settings=settings(
            max_examples=300,
            stateful_step_count=15,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def machine() -> Iterator[QueueMachine]:
    """Return a machine for a sequence that is not random."""
    machine = QueueMachine()
    yield machine
    machine.promises_are_kept()
    machine.teardown()


def outcome(machine: QueueMachine, index: int) -> Command:
    """Return the outcome of a request."""
    return machine.outcomes[[*machine.platform.requested][index]]


@pytest.mark.parametrize("hours", [-3, 3])
def test_queued_command_is_not_sent_after_clock_change(
    machine: QueueMachine, hours: float
) -> None:
    """Its age by one clock contradicts that by the other."""
    machine.start(Fault.PENDING)
    machine.request([Horn(), AirConditioning(immediate=True)], pause=1)
    machine.change_clock(hours)
    machine.pass_time(100)
    machine.push()
    machine.pass_time(5)
    assert outcome(machine, 0).has_succeeded
    assert outcome(machine, 1).error_key == "clock_changed"


def test_command_for_closed_queue_is_not_sent(machine: QueueMachine) -> None:
    """A listener of the run that was unloaded may still request one."""
    queue = machine.run.queue
    machine.reload()
    command = queue.async_enqueue("test", Horn())
    assert command.error_key == "command_interrupted"
    waited = machine.loop.run_until_complete(queue.async_wait(command))
    assert waited == command


def test_canceled_request_does_not_close_queue(machine: QueueMachine) -> None:
    """What a command waits for may be canceled by others; the next one continues."""
    with patch.object(Client, "get_status", side_effect=asyncio.CancelledError):
        machine.request([Door(locked=True)], pause=1)
    machine.request([Horn()], pause=1)
    machine.pass_time(45)
    assert outcome(machine, 0).has_succeeded
    assert outcome(machine, 1).has_succeeded
