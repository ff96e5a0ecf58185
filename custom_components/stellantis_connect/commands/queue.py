"""Queue of a car's commands: each is sent once, followed, and concluded once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import chain, repeat
import logging
from uuid import uuid4

from homeassistant.core import callback
from homeassistant.util import dt as dt_util

from ..api.exceptions import NotFoundError, OutcomeUnknownError, StellantisError
from ..api.models.remote_actions import Door, RemoteAction, WakeUp
from ..api.models.remotes import RemoteFailureCause, RemoteState, RemoteStatus
from ..const import ACTION_TIMEOUT, DOMAIN
from ..coordinator import VehicleCoordinator
from ..push.callback import AccountCallback
from .errors import failure_key, pending_key
from .guards import async_movement_error, wake_up_error
from .models import SUPERSEDED, Command, CommandStage, CommandState, Value

_LOGGER = logging.getLogger(__name__)

# A command waits for its turn for this long, and then for the car.
COMMAND_TIMEOUT = timedelta(minutes=5)
SEND_TIMEOUT = timedelta(minutes=1)
# A remote whose sending was not confirmed appears in the list within this time.
LISTED_WITHIN = timedelta(seconds=30)
# Wall clock and monotonic clock may differ by this much.
CLOCK_TOLERANCE = timedelta(seconds=30)
# An awake car takes a few seconds, one that must be woken first up to two minutes.
STATUS_CHECK_DELAYS = [
    timedelta(seconds=seconds) for seconds in (2, 3, 5, 8, 13, 20, 30)
]
# With working push, a poll only makes up for a message that was lost.
PUSHED_CHECK_DELAY = timedelta(seconds=30)


class NotSentError(Exception):
    """A command is not sent; the argument is the translation key of the reason."""


class CommandQueue:
    """Queue of a car's commands; its state is part of the car's state."""

    def __init__(
        self, coordinator: VehicleCoordinator, account_callback: AccountCallback
    ) -> None:
        """Initialize the queue."""
        self._coordinator = coordinator
        self._callback = account_callback
        # Monotonic times of the requests of this run.
        self._requested_at: dict[str, float] = {}
        self._waiters: dict[str, asyncio.Future[Command]] = {}
        # How many actions wait for which commands.
        self._attending: Counter[str] = Counter()
        self._updated = asyncio.Event()
        self._sending: asyncio.Timeout | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def state(self) -> CommandState:
        """Return the commands of the car."""
        return self._coordinator.data.commands

    @callback
    def async_start(self, delay: timedelta) -> None:
        """Continue after a delay with what was pending before a restart."""
        if self.state.pending:
            self._start_task(delay)

    @callback
    def async_close(self) -> None:
        """End this run; what was sent is followed by the next one, what was not is not sent."""
        self._is_closed = True
        if self._task:
            self._task.cancel()
        for command in self.state.pending:
            if command.sent_at is None and not command.is_settled:
                self._release(command.interrupted)
            self._release(command)

    @callback
    def async_enqueue(
        self,
        name: str,
        action: RemoteAction,
        value: Value = None,
        *,
        forced: bool = False,
    ) -> Command:
        """Return a new command, or the pending one that does the same.

        Args:
            name: key of the entity or name of the action that requests it.
            action: what the car is to do.
            value: the value that the entity is to have.
            forced: whether to skip the guard of the 12 V battery and of exhausted wake-ups.

        """
        command = Command(
            label=uuid4().hex,
            name=name,
            value=value,
            action=action,
            forced=forced,
            requested_at=dt_util.utcnow(),
        )
        if self._is_closed:
            return command.interrupted
        if isinstance(action, Door):
            self._supersede_doors(action)
        duplicate = self.state.duplicate(command)
        if duplicate and not self._is_abandoned(duplicate):
            return duplicate
        self._requested_at[command.label] = self._now
        self._set_pending(command)
        self._coordinator.config_entry.async_create_task(
            self._coordinator.hass,
            self._coordinator.async_save(),
            f"{DOMAIN} save command",
        )
        if self._task is None or self._task.done():
            self._start_task(timedelta())
        return command

    async def async_wait(self, command: Command) -> Command:
        """Return a command once it is concluded, or still pending after the time of an action."""
        if self.state.is_pending(command):
            concluded = self._waiters.setdefault(
                command.label, self._coordinator.hass.loop.create_future()
            )
            self._attending[command.label] += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(ACTION_TIMEOUT.total_seconds()):
                    await asyncio.shield(concluded)
            self._attending[command.label] -= 1
            command = concluded.result() if concluded.done() else self._warned(command)
        return command

    @callback
    def async_handle_remote(self, remote: RemoteState) -> None:
        """Update a command by what the platform reports, by polling or push."""
        command = next(
            (one for one in self.state.pending if one.remote_id == remote.id), None
        )
        if command is None or command.is_settled or remote.status is None:
            return
        wake_ups = self.state.wake_ups.after_remote(command.stage, remote)
        self._write(replace(self.state, wake_ups=wake_ups))
        if remote.pending:
            self._set_pending(replace(command, stage=remote.status))
        else:
            self._settle(
                command,
                remote.status,
                None
                if remote.succeeded
                else failure_key(remote.failure_cause, self._coordinator),
                cause=remote.failure_cause,
            )
        self._updated.set()

    @property
    def _now(self) -> float:
        return self._coordinator.hass.loop.time()

    def _start_task(self, delay: timedelta) -> None:
        self._task = self._coordinator.config_entry.async_create_background_task(
            self._coordinator.hass,
            self._async_run(delay),
            f"{DOMAIN} commands",
            eager_start=False,
        )

    async def _async_run(self, delay: timedelta) -> None:
        """Carry out the pending commands, one after the other."""
        try:
            await self._async_owned(asyncio.sleep(delay.total_seconds()))
            while self.state.pending:
                command = self.state.pending[0]
                if command.sent_at is None and not command.is_settled:
                    command = await self._async_send(command)
                if not command.is_settled:
                    command = await self._async_follow(command)
                await self._async_conclude(command)
        except asyncio.CancelledError:
            if (task := asyncio.current_task()) and task.cancelling():
                self.async_close()
            raise

    async def _async_owned[T](self, action: Awaitable[T]) -> T:
        """Return the result of an action, unless this run has been closed meanwhile."""
        try:
            return await action
        finally:
            if self._is_closed:
                raise asyncio.CancelledError

    async def _async_send(self, command: Command) -> Command:
        """Return a command that was sent, or may have been, or was not sent for a reason."""
        try:
            try:
                return await self._async_post(command)
            except NotFoundError:
                # The callback was deleted.
                self._callback.id = None
                return await self._async_post(command)
        except NotSentError as err:
            return self._refuse(command, str(err))
        except StellantisError as err:
            self._coordinator.account.async_note_response(err)
            return self._refuse(command, f"remote_{err.key}")

    async def _async_post(self, command: Command) -> Command:
        """Return a command that was sent, or may have been.

        It is stored before it is sent: after a crash it is searched for, and not sent again.
        """
        self._ensure_current(command)
        callback_id = await self._async_owned(self._callback.async_get_id())
        await self._async_check(command)
        sent_at = dt_util.utcnow()
        command = replace(command, stage=CommandStage.SENDING, sent_at=sent_at)
        if isinstance(command.action, WakeUp):
            wake_ups = self.state.wake_ups.with_request(sent_at)
            self._write(replace(self.state, wake_ups=wake_ups))
        self._set_pending(command)
        await self._async_owned(self._coordinator.async_save())
        self._ensure_current(command)
        try:
            async with asyncio.timeout(SEND_TIMEOUT.total_seconds()) as self._sending:
                remote_id = await self._async_owned(
                    self._coordinator.account.client.send_remote(
                        self._coordinator.vehicle.id,
                        callback_id,
                        command.label,
                        command.action,
                    )
                )
        except (OutcomeUnknownError, TimeoutError) as err:
            _LOGGER.debug(
                "Failed to send a command, checking whether it arrived: %s", err
            )
            return command
        finally:
            self._sending = None
        command = self._confirm(command, remote_id)
        await self._async_owned(self._coordinator.async_save())
        return command

    async def _async_check(self, command: Command) -> None:
        """Check everything that forbids sending a command now.

        Raises:
            NotSentError: something does.
            StellantisError: the platform refuses the status.

        """
        self._ensure_current(command)
        error = None
        if isinstance(command.action, Door):
            error = await self._async_owned(async_movement_error(self._coordinator))
            self._ensure_current(command)
        elif isinstance(command.action, WakeUp):
            error = wake_up_error(self._coordinator, forced=command.forced)
        if error:
            raise NotSentError(error)

    def _ensure_current(self, command: Command) -> None:
        """Check that a command is still wanted.

        Raises:
            NotSentError: it is not, or its age is not known.

        """
        if not self.state.is_pending(command) or self.state.is_superseded(command):
            raise NotSentError(SUPERSEDED)
        if self._is_abandoned(command):
            raise NotSentError("command_interrupted")
        age = timedelta(seconds=self._now - self._requested_at[command.label])
        if abs(dt_util.utcnow() - command.requested_at - age) > CLOCK_TOLERANCE:
            raise NotSentError("clock_changed")
        if age >= COMMAND_TIMEOUT:
            raise NotSentError("waited_too_long")

    async def _async_follow(self, command: Command) -> Command:
        """Return a sent command once it is settled."""
        started_at = self._now
        deadline = started_at + self._remaining(command).total_seconds()
        delays = chain(STATUS_CHECK_DELAYS, repeat(STATUS_CHECK_DELAYS[-1]))
        while not command.is_settled:
            seconds = next(delays).total_seconds()
            if self._callback.is_pushing:
                seconds = max(seconds, PUSHED_CHECK_DELAY.total_seconds())
            await self._async_pause(min(seconds, deadline - self._now))
            is_pushed = self._callback.is_pushing and self._updated.is_set()
            has_response = is_pushed or await self._async_poll(command)
            self._updated.clear()
            command = self.state.find(command)
            is_lost = (
                has_response
                and command.remote_id is None
                and self._now - started_at >= LISTED_WITHIN.total_seconds()
            )
            if not command.is_settled and (is_lost or self._now >= deadline):
                return self._give_up(command)
        return command

    def _remaining(self, command: Command) -> timedelta:
        """Return how long to wait for a sent command, which another run may have sent."""
        if command.label in self._requested_at or command.sent_at is None:
            return COMMAND_TIMEOUT
        remaining = COMMAND_TIMEOUT - (dt_util.utcnow() - command.sent_at)
        return min(max(remaining, timedelta()), COMMAND_TIMEOUT)

    async def _async_pause(self, seconds: float) -> None:
        """Wait, but no longer than until a command is updated."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._async_owned(self._updated.wait())

    async def _async_poll(self, command: Command) -> bool:
        """Update a sent command; return whether the platform responded."""
        if self.state.find(command).is_settled:
            return True
        client, vehicle = self._coordinator.account.client, self._coordinator.vehicle
        try:
            callback_id = await self._async_owned(self._callback.async_get_id())
            if command.remote_id is not None:
                remote = await self._async_owned(
                    client.get_remote(vehicle.id, callback_id, command.remote_id)
                )
                self.async_handle_remote(replace(remote, id=command.remote_id))
                return True
            remotes = await self._async_owned(
                client.get_remotes(vehicle.id, callback_id)
            )
        except StellantisError as err:
            _LOGGER.debug("Failed to poll a command: %s", err)
            return False
        for remote in remotes:
            if remote.label == command.label:
                self._confirm(command, remote.id)
                self.async_handle_remote(remote)
        return True

    def _give_up(self, command: Command) -> Command:
        """Settle a command that nothing more is expected of."""
        if command.remote_id is None:
            return self._settle(command, CommandStage.UNCONFIRMED, "outcome_unknown")
        error_key = self._warned(command).error_key or "no_answer"
        return self._settle(command, CommandStage.NO_ANSWER, error_key)

    async def _async_conclude(self, command: Command) -> None:
        """Remove a settled command, once the status that it led to is fetched."""
        if command.sent_at:
            await self._async_owned(self._coordinator.async_refresh())
        if self.state.is_pending(command):
            self._conclude(command)
            await self._async_owned(self._coordinator.async_save())

    def _conclude(self, command: Command) -> None:
        self._requested_at.pop(command.label, None)
        attended = bool(self._attending.pop(command.label, 0))
        self._write(self.state.with_concluded(command, attended=attended))
        self._release(command)

    def _supersede_doors(self, action: Door) -> None:
        """Drop what the last person to act on the doors does not want any more."""
        for command in self.state.pending:
            if not isinstance(command.action, Door) or command.action == action:
                continue
            if command.sent_at is None and not command.is_settled:
                self._conclude(self._refuse(command, SUPERSEDED))
            elif self._sending and not self._sending.expired():
                self._sending.reschedule(self._now)

    def _is_abandoned(self, command: Command) -> bool:
        """Return whether an earlier run did not send a command, whose age is not known."""
        return command.sent_at is None and command.label not in self._requested_at

    def _release(self, command: Command) -> None:
        """Let those who wait for a command continue."""
        concluded = self._waiters.pop(command.label, None)
        if concluded and not concluded.done():
            concluded.set_result(command)

    def _warned(self, command: Command) -> Command:
        """Return a pending command with the error that the platform warns of."""
        command = self.state.find(command)
        if command.is_settled or not isinstance(command.stage, RemoteStatus):
            return command
        return replace(command, error_key=pending_key(command.stage))

    def _confirm(self, command: Command, remote_id: str) -> Command:
        return self._set_pending(
            replace(command, remote_id=remote_id, stage=RemoteStatus.ACCEPTED)
        )

    def _refuse(self, command: Command, error_key: str) -> Command:
        """Settle a command that was not sent, and does not count as a wake-up."""
        command = self.state.find(command)
        wake_ups = self.state.wake_ups.without_request(command.sent_at)
        self._write(replace(self.state, wake_ups=wake_ups))
        command = replace(command, sent_at=None)
        return self._settle(command, CommandStage.NOT_SENT, error_key)

    def _settle(
        self,
        command: Command,
        stage: CommandStage | RemoteStatus,
        error_key: str | None,
        cause: RemoteFailureCause | None = None,
    ) -> Command:
        command = replace(
            command,
            stage=stage,
            error_key=error_key,
            cause=cause,
            settled_at=dt_util.utcnow(),
        )
        return self._set_pending(command) if self.state.is_pending(command) else command

    def _set_pending(self, command: Command) -> Command:
        self._write(self.state.with_pending(command))
        return command

    @callback
    def _write(self, state: CommandState) -> None:
        self._coordinator.async_update_state(
            replace(self._coordinator.data, commands=state)
        )
