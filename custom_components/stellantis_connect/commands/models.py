"""Commands of a car, from the request to the outcome."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Self, override

from mashumaro import DataClassDictMixin, field_options
from mashumaro.codecs.basic import BasicDecoder, BasicEncoder
from mashumaro.types import SerializationStrategy

from homeassistant.util import dt as dt_util

from ..api.models.remote_actions import (
    AirConditioning,
    ChargingPreference,
    ChargingPrograms,
    DelayedCharging,
    Door,
    Horn,
    ImmediateCharging,
    Lights,
    Navigation,
    RemoteAction,
    WakeUp,
)
from ..api.models.remotes import (
    SUCCEEDED,
    RemoteFailureCause,
    RemoteState,
    RemoteStatus,
    RemoteType,
)
from ..api.models.status import Status

DAY = timedelta(days=1)

MIN_CHARGE_LIMIT = 10
MAX_CHARGE_LIMIT = 100
# Attempts to stop one charge.
MAX_STOP_FAILURES = 3

type Value = bool | str | None


class CommandStage(StrEnum):
    """Stage of a command that the platform reports no status of."""

    QUEUED = "Queued"
    SENDING = "Sending"
    NOT_SENT = "NotSent"
    UNCONFIRMED = "Unconfirmed"
    NO_ANSWER = "NoAnswer"


SETTLED = SUCCEEDED | {
    RemoteStatus.FAILED,
    CommandStage.NOT_SENT,
    CommandStage.UNCONFIRMED,
    CommandStage.NO_ANSWER,
}

# The error of a command that a person has replaced.
SUPERSEDED = "command_superseded"

WAKE_UPS_EXHAUSTED = {
    RemoteStatus.TOO_MANY_WAKE_UPS_OVER_MONTH,
    RemoteFailureCause.TOO_MANY_WAKE_UPS_OVER_MONTH,
}


class _ActionStrategy(SerializationStrategy):
    """Store an action together with its type."""

    _codecs: Mapping[
        str, tuple[BasicEncoder[RemoteAction], BasicDecoder[RemoteAction]]
    ] = {
        action.__name__: (BasicEncoder(action), BasicDecoder(action))
        for action in (
            AirConditioning,
            ChargingPreference,
            ChargingPrograms,
            DelayedCharging,
            Door,
            Horn,
            ImmediateCharging,
            Lights,
            Navigation,
            WakeUp,
        )
    }

    @override
    def serialize(self, value: RemoteAction) -> dict[str, Any]:
        name = type(value).__name__
        encoder, _ = self._codecs[name]
        return {"type": name, **encoder.encode(value)}

    @override
    def deserialize(self, value: dict[str, Any]) -> RemoteAction:
        _, decoder = self._codecs[value["type"]]
        return decoder.decode(value)


@dataclass(frozen=True, kw_only=True)
class Command(DataClassDictMixin):
    """A command, pending or settled.

    Attributes:
        label: its unique name at the platform.
        name: key of the entity or name of the action that requested it.
        value: the value that the entity is to have.
        action: what the car is to do.
        forced: whether to skip the guard of the 12 V battery and of exhausted wake-ups.
        sent_at: when it was sent, or may have been sent.
        remote_id: the platform's id, once it is known.
        error_key: translation key of the error.
        cause: the platform's name of the failure cause.
    """

    label: str
    name: str
    value: Value
    action: RemoteAction = field(
        metadata=field_options(serialization_strategy=_ActionStrategy())
    )
    forced: bool = False
    requested_at: datetime
    sent_at: datetime | None = None
    remote_id: str | None = None
    stage: CommandStage | RemoteStatus = CommandStage.QUEUED
    error_key: str | None = None
    cause: str | None = None
    settled_at: datetime | None = None

    @property
    def is_settled(self) -> bool:
        """Return whether the outcome is known."""
        return self.stage in SETTLED

    @property
    def has_succeeded(self) -> bool:
        """Return whether the car carried it out, or had done so before."""
        return self.stage in SUCCEEDED

    @property
    def interrupted(self) -> Self:
        """Return the command of a run that ended before it was sent."""
        return replace(
            self, stage=CommandStage.NOT_SENT, error_key="command_interrupted"
        )

    def is_duplicate_of(self, other: Command) -> bool:
        """Return whether another command does the same."""
        return (self.action, self.forced) == (other.action, other.forced)


@dataclass(frozen=True, kw_only=True)
class WakeUps(DataClassDictMixin):
    """Wake-ups of a car.

    Attributes:
        month: first day of the month that is counted.
        count: times that the platform woke the car in that month, for any command.
        exhausted: whether the platform reported that the month's wake-ups are used up.
        requested: when wake-up commands were sent, for a day.
    """

    month: date | None = None
    count: int = 0
    exhausted: bool = False
    requested: tuple[datetime, ...] = ()

    @property
    def of_this_month(self) -> Self:
        """Return the wake-ups with the count of the current month."""
        month = dt_util.utcnow().date().replace(day=1)
        if self.month == month:
            return self
        return replace(self, month=month, count=0, exhausted=False)

    @property
    def count_of_this_month(self) -> int:
        """Return how many times the car was woken in the current month."""
        return self.of_this_month.count if self.count else 0

    @property
    def are_exhausted(self) -> bool:
        """Return whether those of the current month are used up."""
        return self.exhausted and self.of_this_month.exhausted

    def after_remote(
        self, stage: CommandStage | RemoteStatus, remote: RemoteState
    ) -> Self:
        """Return the wake-ups after a remote has left a stage."""
        wake_ups = self.of_this_month
        waking = RemoteStatus.WAKING_UP_VEHICLE
        if remote.status is waking and stage is not waking:
            return replace(wake_ups, count=wake_ups.count + 1, exhausted=False)
        if WAKE_UPS_EXHAUSTED & {remote.status, remote.failure_cause}:
            return replace(wake_ups, exhausted=True)
        return wake_ups

    def requested_within(self, period: timedelta) -> int:
        """Return how many wake-up commands were sent within a period until now.

        Times in the future were recorded while the clock was ahead, and say nothing.
        """
        now = dt_util.utcnow()
        return sum(timedelta() <= now - at < period for at in self.requested)

    def with_request(self, at: datetime) -> Self:
        """Return the wake-ups with another command sent."""
        kept = [one for one in self.requested if timedelta() <= at - one < DAY]
        return replace(self, requested=(*kept, at))

    def without_request(self, at: datetime | None) -> Self:
        """Return the wake-ups without a command that was not sent after all."""
        return replace(
            self, requested=tuple(one for one in self.requested if one != at)
        )


@dataclass(frozen=True, kw_only=True)
class CommandState(DataClassDictMixin):
    """Commands of a car.

    Attributes:
        pending: commands that are not concluded, in the order of their requests.
        last: the command that was concluded last.
        unattended: failures that nobody waited for, until a command of the type succeeds.
    """

    pending: tuple[Command, ...] = ()
    last: Command | None = None
    unattended: tuple[Command, ...] = ()
    wake_ups: WakeUps = WakeUps()

    @property
    def current(self) -> Command | None:
        """Return the command that is being carried out, or else the last one."""
        return self.pending[0] if self.pending else self.last

    @property
    def expected(self) -> Sequence[Command]:
        """Return what may still show in the status, the latest request first."""
        return [
            command
            for command in reversed(self.pending)
            if command.has_succeeded or not command.is_settled
        ]

    def pending_command(self, name: str) -> Command | None:
        """Return the last command of an entity that may still show in the status."""
        for command in self.expected:
            if command.name == name:
                return command
        return None

    def is_pending(self, command: Command) -> bool:
        """Return whether a command is not concluded."""
        return any(one.label == command.label for one in self.pending)

    def is_superseded(self, command: Command) -> bool:
        """Return whether a later command sets the doors otherwise."""
        doors = [one for one in self.pending if isinstance(one.action, Door)]
        return isinstance(command.action, Door) and doors[-1].action != command.action

    def find(self, command: Command) -> Command:
        """Return the latest version of a command."""
        known = (*self.pending, *filter(None, [self.last]))
        return next((one for one in known if one.label == command.label), command)

    def duplicate(self, command: Command) -> Command | None:
        """Return the pending command that does the same, unless another of its type follows."""
        same_type = (
            one
            for one in reversed(self.pending)
            if one.action.type is command.action.type
        )
        last = next(same_type, None)
        if last is None or last.is_settled or not last.is_duplicate_of(command):
            return None
        return last

    def with_pending(self, command: Command) -> Self:
        """Return the state with a command in its place, or at the end where it is new."""
        if not self.is_pending(command):
            return replace(self, pending=(*self.pending, command))
        pending = tuple(
            command if one.label == command.label else one for one in self.pending
        )
        return replace(self, pending=pending)

    def with_concluded(self, command: Command, *, attended: bool) -> Self:
        """Return the state with a command as the last one.

        Args:
            command: the command.
            attended: whether somebody waits for its outcome.

        """
        pending = tuple(one for one in self.pending if one.label != command.label)
        state = replace(self, pending=pending, last=command)
        has_failed = command.error_key not in (None, SUPERSEDED)
        if command.has_succeeded:
            return state.without_unattended({command.action.type})
        if attended or not has_failed:
            return state
        others = state.without_unattended({command.action.type}).unattended
        return replace(state, unattended=(*others, command))

    def without_unattended(self, types: Container[RemoteType]) -> Self:
        """Return the state without the unattended failures of some types."""
        kept = tuple(one for one in self.unattended if one.action.type not in types)
        return replace(self, unattended=kept)


@dataclass(frozen=True, kw_only=True)
class ChargeLimit(DataClassDictMixin):
    """Battery level at which a charge is stopped, once per plug-in.

    Attributes:
        level: percent; a full battery means no limit.
        is_met: whether the charge of this plug-in was stopped, or continues at the owner's wish.
        failures: how often it could not be stopped.
        mileage: km at that time. A car that has moved since was unplugged, even if no status shows it.
    """

    level: int = MAX_CHARGE_LIMIT
    is_met: bool = False
    failures: int = 0
    mileage: float | None = None

    def __post_init__(self) -> None:
        """Refuse a stored level that the number entity cannot have."""
        if not MIN_CHARGE_LIMIT <= self.level <= MAX_CHARGE_LIMIT:
            raise ValueError("Invalid level")

    def after_status(self, status: Status) -> ChargeLimit:
        """Return the limit, which applies again where a status shows another plug-in."""
        electric = status.electric
        unplugged = electric is not None and electric.charging.plugged is False
        moved = self.mileage != status.odometer.mileage
        return ChargeLimit(level=self.level) if unplugged or moved else self

    def after_command(self, command: Command, status: Status) -> ChargeLimit:
        """Return the limit, which is met once a charge was stopped or started beyond it."""
        if not isinstance(command.action, ImmediateCharging):
            return self
        if not self.is_reached(status):
            return self
        limit = replace(self, mileage=status.odometer.mileage)
        if command.has_succeeded:
            return replace(limit, is_met=True)
        return replace(limit, failures=self.failures + (not command.action.immediate))

    def is_reached(self, status: Status) -> bool:
        """Return whether the battery is at the limit."""
        level = status.electric.level if status.electric else None
        return (
            level is not None and self.level < MAX_CHARGE_LIMIT and self.level <= level
        )

    def is_exceeded(self, status: Status) -> bool:
        """Return whether there is a charge to be stopped."""
        is_open = not self.is_met and self.failures < MAX_STOP_FAILURES
        return is_open and status.charging is True and self.is_reached(status)
