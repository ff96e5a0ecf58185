"""A command: what somebody asked of a car, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self, override

from mashumaro import DataClassDictMixin

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..api.models.remote_actions import ImmediateCharging, RemoteAction
from ..api.models.remotes import RemoteStatus
from ..api.models.status import Status
from ..const import DOMAIN

type Value = bool | str | None

MIN_CHARGE_LIMIT = 10
MAX_CHARGE_LIMIT = 100
# How often stopping a charge is tried.
MAX_CHARGE_STOP_FAILURES = 3

START_CHARGE = ImmediateCharging(True).body()
STOP_CHARGE = ImmediateCharging(False).body()


class Stage(StrEnum):
    """Where a command is while, or because, the platform says nothing of it."""

    QUEUED = "Queued"
    SENDING = "Sending"
    NOT_SENT = "NotSent"
    UNCONFIRMED = "Unconfirmed"
    NO_ANSWER = "NoAnswer"


SUCCEEDED = frozenset({RemoteStatus.SUCCESS, RemoteStatus.ALREADY_DONE})
SETTLED = SUCCEEDED | {
    RemoteStatus.FAILED,
    Stage.NOT_SENT,
    Stage.UNCONFIRMED,
    Stage.NO_ANSWER,
}


@dataclass(frozen=True)
class Worded(RemoteAction):
    """An action in the platform's words, as commands keep it."""

    words: Mapping[str, Any]

    @override
    def body(self) -> dict[str, object]:
        """Return what to send."""
        return dict(self.words)


@dataclass(frozen=True, kw_only=True)
class Command(DataClassDictMixin):
    """A command on its way, or at its end.

    Attributes:
        label: what the platform knows it by; no other command has it.
        name: what it was asked through: the key of an entity or an action.
        value: what that is to become.
        words: the action in the platform's words.
        forced: whether the person takes the risk that a guard would not.
        asked_at: when it was asked for.
        sent_at: when it was sent, or may have been.
        remote_id: the platform's id, once it is known.
        problem: the translation key of what to tell the person.
        cause: why it failed, as the platform names it.
    """

    label: str
    name: str
    value: Value
    words: Mapping[str, Any]
    forced: bool = False
    requested_at: datetime
    sent_at: datetime | None = None
    remote_id: str | None = None
    stage: Stage | RemoteStatus = Stage.QUEUED
    problem: str | None = None
    cause: str | None = None
    settled_at: datetime | None = None

    @property
    def kind(self) -> str:
        """The platform's name of the action: one of seven."""
        return next(iter(self.words))

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is expected of it."""
        return self.stage in SETTLED

    @property
    def has_succeeded(self) -> bool:
        """Whether the car did what was asked for, or had done so before."""
        return self.stage in SUCCEEDED

    @property
    def error(self) -> HomeAssistantError | None:
        """What to tell whoever asked, where there is something to tell."""
        if self.problem is None:
            return None
        return HomeAssistantError(
            translation_domain=DOMAIN, translation_key=self.problem
        )


@dataclass(frozen=True, kw_only=True)
class WakeUps(DataClassDictMixin):
    """How often a car was woken in a month; the platform allows so many and no more.

    Attributes:
        month: its first day; None before the first time.
        exhausted: whether the platform said that they are used up.
    """

    month: date | None = None
    count: int = 0
    exhausted: bool = False

    @property
    def of_this_month(self) -> Self:
        """The present month's."""
        month = dt_util.utcnow().date().replace(day=1)
        return self if self.month == month else type(self)(month=month)


@dataclass(frozen=True, kw_only=True)
class CommandState(DataClassDictMixin):
    """What was asked of a car.

    Attributes:
        pending: what is under way and what waits for that, in the order of asking.
        last: what was settled last.
    """

    pending: tuple[Command, ...] = ()
    last: Command | None = None
    wake_ups: WakeUps = WakeUps()

    @property
    def current(self) -> Command | None:
        """The command that is under way, or else was last."""
        return self.pending[0] if self.pending else self.last

    def pending_value(self, name: str) -> Value:
        """Return what an entity is to become; None where nothing of the kind is pending."""
        values = (one.value for one in reversed(self.pending) if one.name == name)
        return next(values, None)

    def is_pending(self, command: Command) -> bool:
        """Tell whether a command is not at its end yet."""
        return any(one.label == command.label for one in self.pending)

    def find(self, label: str) -> Command | None:
        """Return a command that is pending or was settled last."""
        known = (*self.pending, *filter(None, [self.last]))
        return next((one for one in known if one.label == label), None)

    def same(self, command: Command) -> Command | None:
        """Return a pending command that does the same, unless another of its kind comes after."""
        alike = (one for one in reversed(self.pending) if one.kind == command.kind)
        last = next(alike, None)
        return last if last and last.words == command.words else None

    def with_pending(self, command: Command) -> Self:
        """Return the book with a command in its place, or at the end where it is new."""
        if self.is_pending(command):
            pending = tuple(
                command if one.label == command.label else one for one in self.pending
            )
        else:
            pending = (*self.pending, command)
        return replace(self, pending=pending)

    def with_settled(self, command: Command) -> Self:
        """Return the book with a command at its end."""
        pending = tuple(one for one in self.pending if one.label != command.label)
        return replace(self, pending=pending, last=command)


@dataclass(frozen=True, kw_only=True)
class ChargeLimit(DataClassDictMixin):
    """What a person wants, and whether it was seen to.

    Attributes:
        level: percent; a full battery means no limit.
        is_met: whether the charge of this plug-in was stopped, or goes on at the owner's wish.
        failures: how often it could not be stopped.
        mileage: km at that time. A car that has moved since was unplugged, seen or not.
    """

    level: int = MAX_CHARGE_LIMIT
    is_met: bool = False
    failures: int = 0
    mileage: float | None = None

    def after_status(self, status: Status) -> ChargeLimit:
        """Return the limit, which is good once more where a status shows another plug-in."""
        electric = status.electric
        unplugged = electric is not None and electric.charging.plugged is False
        moved = self.mileage != status.odometer.mileage
        return ChargeLimit(level=self.level) if unplugged or moved else self

    def after_command(self, command: Command, status: Status) -> ChargeLimit:
        """Return the limit, which is seen to once a charge was stopped or started beyond it."""
        if command.words not in (START_CHARGE, STOP_CHARGE) or not self.is_reached(
            status
        ):
            return self
        known = replace(self, mileage=status.odometer.mileage)
        if command.has_succeeded:
            return replace(known, is_met=True)
        return replace(known, failures=self.failures + (command.words == STOP_CHARGE))

    def is_reached(self, status: Status) -> bool:
        """Tell whether a battery is as full as it should become."""
        level = status.electric.level if status.electric else None
        return (
            level is not None and self.level < MAX_CHARGE_LIMIT and self.level <= level
        )

    def is_exceeded(self, status: Status) -> bool:
        """Tell whether there is a charge to be stopped."""
        is_open = not self.is_met and self.failures < MAX_CHARGE_STOP_FAILURES
        return is_open and status.charging is True and self.is_reached(status)
