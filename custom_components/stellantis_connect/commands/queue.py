"""The way of a car's commands: sent one at a time, followed, and settled once."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
import logging
from typing import Any
from uuid import uuid4

from homeassistant.core import CALLBACK_TYPE, HassJob, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..api.exceptions import (
    AuthenticationError,
    ForbiddenError,
    NotFoundError,
    OutcomeUnknownError,
    QuotaExceededError,
    StellantisError,
    TransientError,
)
from ..api.models.remote_actions import RemoteAction
from ..api.models.remotes import RemoteFailureCause, RemoteState, RemoteStatus
from ..const import ACTION_TIMEOUT, CONF_WAKE_UP_GUARD, DOMAIN
from ..coordinator import VehicleCoordinator
from ..models import Activity
from ..push.callback import AccountCallback
from .models import Command, CommandState, Stage, Value, Worded

_LOGGER = logging.getLogger(__name__)

# So long a command waits for its turn, and then again for the car.
COMMAND_TIMEOUT = timedelta(minutes=5)
# How long a remote whose sending was not confirmed may take to show up in the list.
SHOWS_UP_WITHIN = timedelta(seconds=30)
# Between two looks at a remote: an awake car is done after a few seconds, one that must be
# woken first after up to two minutes.
STATUS_CHECK_DELAYS = [
    timedelta(seconds=seconds) for seconds in (2, 3, 5, 8, 13, 20, 30)
]
# Percent of the 12 V battery below which a car is not woken.
LEAST_AUXILIARY_LEVEL = 50

FOLLOW_UP = f"{DOMAIN} remote follow-up"

DOOR = "door"
WAKE_UP = "wakeUp"

# What a command without an answer is told to have met, by how far it came; else deep sleep.
WARNINGS = {
    RemoteStatus.VEHICLE_BATTERY_CHARGE_TOO_LOW: "pending_battery_charge_too_low",
    RemoteStatus.TOO_MANY_WAKE_UPS_OVER_MONTH: "pending_too_many_wake_ups",
}

NO_MORE_WAKE_UPS = {
    RemoteStatus.TOO_MANY_WAKE_UPS_OVER_MONTH,
    RemoteFailureCause.TOO_MANY_WAKE_UPS_OVER_MONTH,
}


class CommandQueue:
    """A car's commands; what is known of them is part of the car's state."""

    def __init__(self, car: VehicleCoordinator, callback: AccountCallback) -> None:
        """Initialize the queue."""
        self._car = car
        self._callback = callback
        self._waiting: dict[str, asyncio.Future[Command]] = {}
        self._looks = 0
        self._is_stepping = False
        self._is_stopped = False
        self._cancel_step: CALLBACK_TYPE | None = None

    @property
    def book(self) -> CommandState:
        """What was asked of the car."""
        return self._car.data.commands

    @callback
    def async_enqueue(
        self,
        name: str,
        action: RemoteAction,
        value: Value = None,
        *,
        forced: bool = False,
    ) -> Command:
        """Have the car do something as soon as it can; one that is pending serves twice.

        Args:
            name: what it is asked through.
            action: what to do.
            value: what the entity is to become.
            forced: whether to do it against the guard of the 12 V battery.

        """
        command = Command(
            label=uuid4().hex,
            name=name,
            value=value,
            words=action.body(),
            forced=forced,
            requested_at=dt_util.utcnow(),
        )
        if same := self.book.same(command):
            return same
        self._note(command)
        self._car.config_entry.async_create_task(
            self._car.hass, self._car.account.async_save(), "remote asked for"
        )
        if len(self.book.pending) == 1:
            self._step_after(timedelta())
        return command

    async def async_wait(self, command: Command) -> Command:
        """Return a command once it is settled, or as it stands after a minute and a half.

        Raises:
            HomeAssistantError: it came to nothing; says why, and what to do.

        """
        settled = self._waiting.setdefault(
            command.label, self._car.hass.loop.create_future()
        )
        with suppress(TimeoutError):
            async with asyncio.timeout(ACTION_TIMEOUT.total_seconds()):
                await asyncio.shield(settled)
        command = settled.result() if settled.done() else self._warned(command)
        if command.error:
            raise command.error
        return command

    @callback
    def async_start(self, pause: timedelta) -> None:
        """Go on after a pause with what was under way before a restart."""
        if self.book.pending:
            self._step_after(pause)

    @callback
    def async_close(self) -> None:
        """Leave everything as it is, for the next run to go on with."""
        self._is_stopped = True
        self._unplan()
        for command in self.book.pending:
            self._release(command)

    async def async_handle_remote(self, news: RemoteState) -> None:
        """Take up what the platform tells of a remote, asked or by itself."""
        command = next(
            (one for one in self.book.pending if one.remote_id == news.id), None
        )
        if command is None or command.is_settled or news.status is None:
            return
        self._count_wake_ups(command, news)
        if news.pending:
            self._note(replace(command, stage=news.status))
            return
        await self._async_settle(
            command,
            stage=news.status,
            problem=None if news.succeeded else _failure(news.failure_cause),
            cause=news.failure_cause,
        )

    def _warned(self, command: Command) -> Command:
        """Return a pending command as it stands, with what the platform warns of."""
        command = self.book.find(command.label) or command
        if isinstance(command.stage, RemoteStatus):
            return replace(command, problem=WARNINGS.get(command.stage))
        return command

    @callback
    def _step_after(self, pause: timedelta) -> None:
        self._unplan()
        self._cancel_step = async_call_later(
            self._car.hass,
            pause,
            HassJob(self._step, FOLLOW_UP, cancel_on_shutdown=True),
        )

    @callback
    def _unplan(self) -> None:
        if self._cancel_step:
            self._cancel_step()
            self._cancel_step = None

    @callback
    def _step(self, _now: datetime) -> None:
        self._cancel_step = None
        if not self._is_stepping and not self._is_stopped:
            self._car.config_entry.async_create_task(
                self._car.hass, self._async_proceed(), FOLLOW_UP
            )

    async def _async_proceed(self) -> None:
        """Take commands as far as they come, until one is on its way to the car."""
        self._is_stepping = True
        try:
            while self.book.pending and not self._is_stopped:
                command = self.book.pending[0]
                await self._async_advance(command)
                if self.book.is_pending(command):
                    break
        finally:
            self._is_stepping = False
            if self.book.pending and not self._is_stopped:
                self._step_after(
                    STATUS_CHECK_DELAYS[min(self._looks, len(STATUS_CHECK_DELAYS) - 1)]
                )
                self._looks += 1

    async def _async_advance(self, command: Command) -> None:
        """Take a command one step further."""
        if command.is_settled:
            await self._async_conclude(command)
        elif command.sent_at is None:
            await self._async_send(command)
        elif dt_util.utcnow() - command.sent_at > COMMAND_TIMEOUT:
            await self._async_give_up(command)
        elif command.remote_id is None:
            await self._async_find(command, command.sent_at)
        else:
            await self._async_look(command.remote_id)

    async def _async_send(self, command: Command) -> None:
        """Send a command, unless something speaks against it; never twice.

        It is on disk before it leaves: after a crash it is looked for, and not sent again.
        """
        self._looks = 0
        problem = await self._async_objection(command)
        if self._is_stopped:
            return
        if problem:
            await self._async_settle(command, stage=Stage.NOT_SENT, problem=problem)
            return
        command = replace(command, stage=Stage.SENDING, sent_at=dt_util.utcnow())
        self._note(command)
        await self._car.account.async_save()
        if self._is_stopped:
            return
        try:
            remote_id = await self._async_post(command)
        except OutcomeUnknownError as err:
            _LOGGER.debug("Looking for what may have been sent: %s", err)
        except StellantisError as err:
            if isinstance(err, AuthenticationError):
                self._car.config_entry.async_start_reauth(self._car.hass)
            await self._async_settle(
                command, stage=Stage.NOT_SENT, sent_at=None, problem=_refusal(err)
            )
        else:
            self._confirm(command, remote_id)
            await self._car.account.async_save()

    async def _async_objection(self, command: Command) -> str | None:
        """Return what speaks against sending a command now, as a translation key."""
        if dt_util.utcnow() - command.requested_at > COMMAND_TIMEOUT:
            return "waited_too_long"
        if command.kind == DOOR:
            await self._car.async_refresh()
            if self._car.data.activity is Activity.DRIVING:
                return "vehicle_drives"
        if command.kind == WAKE_UP and not command.forced:
            if self.book.wake_ups.of_this_month.exhausted:
                return "wake_ups_exhausted"
            level = self._car.data.status.battery.level
            guarded = self._car.config_entry.options.get(CONF_WAKE_UP_GUARD, True)
            if guarded and level is not None and level < LEAST_AUXILIARY_LEVEL:
                return "auxiliary_battery_low"
        return None

    async def _async_post(self, command: Command) -> str:
        try:
            return await self._async_post_once(command)
        except NotFoundError:
            # Somebody has deleted the callback.
            self._callback.forget()
        return await self._async_post_once(command)

    async def _async_post_once(self, command: Command) -> str:
        account = self._car.account
        return await account.client.send_remote(
            self._car.vehicle.id,
            await self._callback.async_get_id(),
            command.label,
            Worded(command.words),
        )

    async def _async_find(self, command: Command, sent_at: datetime) -> None:
        """Look for a command of which nobody knows whether it arrived."""
        account = self._car.account
        try:
            remotes = await account.client.get_remotes(
                self._car.vehicle.id, await self._callback.async_get_id()
            )
        except StellantisError as err:
            _LOGGER.debug("Looking again later: %s", err)
            return
        for news in remotes:
            if news.label == command.label:
                self._confirm(command, news.id)
                await self.async_handle_remote(news)
                return
        if dt_util.utcnow() - sent_at > SHOWS_UP_WITHIN:
            await self._async_give_up(command)

    async def _async_look(self, remote_id: str) -> None:
        """Ask how a remote goes."""
        account = self._car.account
        try:
            news = await account.client.get_remote(
                self._car.vehicle.id, await self._callback.async_get_id(), remote_id
            )
        except StellantisError as err:
            _LOGGER.debug("Looking again later: %s", err)
            return
        await self.async_handle_remote(replace(news, id=remote_id))

    async def _async_give_up(self, command: Command) -> None:
        """Expect nothing more of a command."""
        if command.remote_id is None:
            await self._async_settle(
                command, stage=Stage.UNCONFIRMED, problem="outcome_unknown"
            )
        else:
            warned = self._warned(command).problem
            await self._async_settle(
                command, stage=Stage.NO_ANSWER, problem=warned or "no_answer"
            )

    async def _async_settle(self, command: Command, **changes: Any) -> None:
        command = replace(command, settled_at=dt_util.utcnow(), **changes)
        self._note(command)
        await self._async_conclude(command)

    async def _async_conclude(self, command: Command) -> None:
        """Let go of a command at its end, once the car's state is known that it left behind.

        Once stopped that is for the next run to do: nobody would hear of it any more.
        """
        if command.sent_at and not self._is_stopped:
            await self._car.async_refresh()
        if not self.book.is_pending(command):
            return
        if not self._is_stopped:
            self._write(self.book.with_settled(command))
            self._release(command)
        await self._car.account.async_save()

    def _release(self, command: Command) -> None:
        """Let whoever waits for a command go on."""
        if settled := self._waiting.pop(command.label, None):
            settled.set_result(command)

    def _confirm(self, command: Command, remote_id: str) -> None:
        """Note that the platform has a command."""
        self._note(replace(command, remote_id=remote_id, stage=RemoteStatus.ACCEPTED))

    def _count_wake_ups(self, command: Command, news: RemoteState) -> None:
        """Count a car that is being woken, and take up whether the month has more."""
        wake_ups = self.book.wake_ups.of_this_month
        waking = RemoteStatus.WAKING_UP_VEHICLE
        if news.status is waking and command.stage is not waking:
            wake_ups = replace(wake_ups, count=wake_ups.count + 1, exhausted=False)
        elif NO_MORE_WAKE_UPS & {news.status, news.failure_cause}:
            wake_ups = replace(wake_ups, exhausted=True)
        self._write(replace(self.book, wake_ups=wake_ups))

    def _note(self, command: Command) -> None:
        self._write(self.book.with_pending(command))

    @callback
    def _write(self, book: CommandState) -> None:
        self._car.async_update_state(replace(self._car.data, commands=book))


def _failure(cause: RemoteFailureCause | None) -> str:
    """Return the translation key of what to tell of a remote that failed."""
    cause = cause or RemoteFailureCause.GENERAL_ERROR
    return f"remote_{cause.name.lower()}"


def _refusal(err: StellantisError) -> str:
    """Return the translation key of what to tell of a remote that the platform did not take."""
    match err:
        case QuotaExceededError():
            return "remote_quota_exceeded"
        case TransientError():
            return "remote_not_sent"
        case ForbiddenError():
            return "remote_forbidden"
        case _:
            return err.key
