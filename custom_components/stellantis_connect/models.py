"""What is known of a car, and what that tells of its doings."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from homeassistant.util import dt as dt_util

from .api.models.maintenance import Maintenance
from .api.models.status import Status
from .api.models.telemetry import Telemetry
from .commands.models import ChargeLimit, CommandState
from .history.models import History
from .history.records import FetchedRecords

JUST_STOPPED_FOR = timedelta(minutes=10)
# A car on its way tells so every minute or so: this one has lost its network.
DRIVING_IS_STALE_AFTER = timedelta(hours=1)
SILENT_AFTER = timedelta(days=1)

type FetchedData = Status | Maintenance | Telemetry | FetchedRecords[Any]


class Activity(StrEnum):
    """What a car does, as far as its status tells."""

    DRIVING = "driving"
    CHARGING = "charging"
    JUST_STOPPED = "just_stopped"
    PARKED = "parked"
    SILENT = "silent"


@dataclass(frozen=True, kw_only=True)
class VehicleState:
    """What is known of a car: the newest answers, what has happened, and what was asked of it."""

    status: Status = field(default_factory=Status)
    maintenance: Maintenance = field(default_factory=Maintenance)
    telemetry: Telemetry = field(default_factory=Telemetry)
    history: History = field(default_factory=History)
    stopped_at: datetime | None = None
    commands: CommandState = field(default_factory=CommandState)
    charge_limit: ChargeLimit = field(default_factory=ChargeLimit)

    def merge(self, data: FetchedData) -> Self:
        """Return the state with an answer, or itself where the answer is older.

        Two back-ends may answer in turn, one with older data, and messages arrive in any
        order. The time of the answer as a whole decides: cars send blocks whose own time
        stands still while their values move. An answer without a time is taken as it comes.
        """
        match data:
            case Status():
                return self._with_status(data)
            case Maintenance():
                older = _is_older(data, self.maintenance)
                return self if older else replace(self, maintenance=data)
            case Telemetry():
                return replace(self, telemetry=data)
            case FetchedRecords():
                return replace(
                    self, history=self.history.with_fetched(data, self.status)
                )

    def _with_status(self, status: Status) -> Self:
        if _is_older(status, self.status):
            return self
        status = status.with_odometer(self.status)
        stopped = self.status.driving and not status.driving
        stopped_at = dt_util.utcnow() if stopped else self.stopped_at
        history = self.history.with_status(self.status, status)
        return replace(self, status=status, history=history, stopped_at=stopped_at)

    @property
    def activity(self) -> Activity:
        """Return what the car does now; one that was commanded is watched as if it had just stopped."""
        now = dt_util.utcnow()
        unheard_for = now - (self.status.updated_at or now)
        last = self.commands.last
        is_watched = any(
            moment and now - moment < JUST_STOPPED_FOR
            for moment in (self.stopped_at, last.settled_at if last else None)
        )
        if unheard_for > SILENT_AFTER and not is_watched:
            return Activity.SILENT
        if self.status.driving and unheard_for < DRIVING_IS_STALE_AFTER:
            return Activity.DRIVING
        if self.status.charging:
            return Activity.CHARGING
        if is_watched:
            return Activity.JUST_STOPPED
        return Activity.PARKED


def _is_older[T: (Status, Maintenance)](data: T, held: T) -> bool:
    """Tell whether an answer is older than what is held, unless that claims to be of the future."""
    if data.updated_at is None or held.updated_at is None:
        return False
    return data.updated_at < held.updated_at <= dt_util.utcnow()
