"""The progress of remotes: accepted, sent to the car, which may have to be woken, and done or failed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
import uuid

from simulator.application import Application
from simulator.cars.car import Car
from simulator.cars.state import State
from simulator.clock import rfc3339
from simulator.errors import Json
from simulator.faults import Fault
from simulator.push.subscriptions import Callback

from .actions import ALREADY, SUCCESS, Action

SECOND = timedelta(seconds=1)
ANSWERS_AFTER = 4 * SECOND
WAKES_WITHIN = (15.0, 100.0)
GIVES_UP = timedelta(hours=1)
"""How long the platform waits for the response of a car."""
LEAST_AUXILIARY = 40.0
WITHOUT_PRELUDE = "navigation"


@dataclass(frozen=True)
class Progress:
    """A status of a remote, and the failure cause."""

    at: datetime
    status: str
    cause: str | None = None

    @property
    def is_done(self) -> bool:
        """Return whether nothing comes after it."""
        return self.status in (SUCCESS, ALREADY, "Failed")


@dataclass
class RemoteAction:
    """One remote."""

    id: str
    callback: Callback
    car: Car
    action: Action
    body: dict[str, Json]
    sent: datetime
    progress: list[Progress] = field(default_factory=list)
    woke: bool = False
    reported: int = 0

    def at(self, moment: datetime) -> Progress:
        """Return the status at a moment."""
        return [step for step in self.progress if step.at <= moment][-1]

    def new_progress(self, moment: datetime) -> Iterator[Progress]:
        """Return what was reached since last time."""
        while (
            self.reported < len(self.progress)
            and self.progress[self.reported].at <= moment
        ):
            yield self.progress[self.reported]
            self.reported += 1

    def shown(self, now: datetime) -> dict[str, Json]:
        """Return the remote as the control surface shows it."""
        self.car.advance(now)
        return {
            "id": self.id,
            "vehicle": self.car.id,
            "type": self.action.kind,
            "body": self.body,
            "progress": [
                {"time": rfc3339(step.at), "status": step.status, "cause": step.cause}
                for step in self.progress
                if step.at <= now
            ],
        }

    def reach(self, at: datetime, status: str, cause: str | None = None) -> None:
        """Add a status."""
        self.progress.append(Progress(at, status, cause))


class Remotes:
    """All remotes, and the order in which a car carries them out."""

    def __init__(self, application: Application) -> None:
        """Initialize without remotes; the application's plan limits the wake-ups."""
        self._application = application
        self._sent: list[RemoteAction] = []

    def sent(
        self, callback: Callback | None = None, car: Car | None = None
    ) -> list[RemoteAction]:
        """Return remotes, oldest first, of a callback and a car."""
        return [
            one
            for one in self._sent
            if callback in (None, one.callback) and car in (None, one.car)
        ]

    def wake_ups(self, car: Car, moment: datetime) -> int:
        """Return how often a car was woken in the month of a moment."""
        month = (moment.year, moment.month)
        return sum(
            one.woke
            for one in self.sent(car=car)
            if (one.sent.year, one.sent.month) == month
        )

    def send(
        self,
        callback: Callback,
        car: Car,
        action: Action,
        body: dict[str, Json],
        now: datetime,
        fault: Fault | None,
    ) -> RemoteAction:
        """Accept a remote and schedule its progress."""
        remote = RemoteAction(str(uuid.uuid4()), callback, car, action, body, now)
        state = car.at(now)
        running = [one for one in self.sent(car=car) if not one.at(now).is_done]
        self._sent.append(remote)
        if action.name != WITHOUT_PRELUDE:
            remote.reach(now, "Accepted")
        if running:
            same = any(one.action.name == action.name for one in running)
            cause = "SameActionInProgress" if same else "TooManyRequestInShortTime"
            remote.reach(now + SECOND, "Failed", cause)
        else:
            self._carry(remote, state, fault)
        return remote

    def _carry(self, remote: RemoteAction, state: State, fault: Fault | None) -> None:
        moment = remote.sent
        if state.asleep != "awake" and remote.action.name != WITHOUT_PRELUDE:
            moment += SECOND
            if refusal := self._refusal_to_wake(remote, state):
                remote.reach(moment, refusal[0])
                remote.reach(moment + SECOND, "Failed", refusal[1])
                return
            remote.woke = True
            remote.reach(moment, "WakingUpVehicle")
            if state.asleep == "deep":
                remote.reach(moment + GIVES_UP, "Failed", "VehicleConnectionTimeout")
                return
            moment += timedelta(seconds=round(Random(remote.id).uniform(*WAKES_WITHIN)))
            remote.car.schedule(moment, remote.car.keep_awake)
        remote.woke = remote.woke or remote.action.name == "wakeUp"
        remote.reach(moment, "CheckingVehicle")
        remote.reach(moment + SECOND, "SentToVehicle")
        if fault is not None and fault.kind == "remote_hangs":
            remote.reach(moment + GIVES_UP, "Failed", "VehicleConnectionTimeout")
            return
        cause = fault.message if fault else None
        remote.car.schedule(
            moment + ANSWERS_AFTER, lambda then: self._settle(remote, then, cause)
        )

    def _refusal_to_wake(
        self, remote: RemoteAction, state: State
    ) -> tuple[str, str] | None:
        if state.auxiliary_level < LEAST_AUXILIARY:
            return "VehicleBatteryChargeTooLow", "NotPossibleDueToVehicleBatteryLevel"
        if (
            self.wake_ups(remote.car, remote.sent)
            >= self._application.wake_ups_per_month
        ):
            return "TooManyWakeUpsOverMonth", "TooManyWakeUpsOverMonth"
        return None

    def _settle(self, remote: RemoteAction, state: State, cause: str | None) -> State:
        if cause is None and state.privacy == "Full":
            cause = "NotPossibleDueToVehiclePrivacyLevel"
        result = cause
        if result is None:
            state, result = remote.action.effect(remote.car, state)
        if result in (SUCCESS, ALREADY):
            remote.reach(state.at, result)
        else:
            remote.reach(state.at, "Failed", result)
        return remote.car.keep_awake(state)
