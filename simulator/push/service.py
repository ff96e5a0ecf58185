"""The service that evaluates monitors and sends messages."""

import asyncio
from collections.abc import Callable, Iterable
import contextlib
from dataclasses import replace
from datetime import datetime

from simulator.cars import records, status
from simulator.cars.car import Car
from simulator.cars.state import State
from simulator.cars.telemetry import telemetry
from simulator.errors import Json
from simulator.remotes.dispatch import Progress, RemoteAction, Remotes

from .delivery import Delivery
from .messages import read_attributes
from .readings import READINGS
from .subscriptions import Event, Monitor, Subscriptions
from .triggers import Trigger

HEARTBEAT = 0.5
"""How often, in real seconds, the service looks by itself."""


class Push:
    """Creates messages for changed cars and remotes."""

    def __init__(
        self,
        subscriptions: Subscriptions,
        remotes: Remotes,
        post: Delivery,
        now: Callable[[], datetime],
    ) -> None:
        """Initialize the service."""
        self._subscriptions = subscriptions
        self._remotes = remotes
        self._delivery = post
        self._now = now
        self._cursors: dict[str, tuple[int, datetime]] = {}
        self._nudge = asyncio.Event()

    def nudge(self) -> None:
        """Evaluate the monitors soon."""
        self._nudge.set()

    async def run(self) -> None:
        """Evaluate and deliver until cancelled."""
        while True:
            await self.settle()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._nudge.wait(), HEARTBEAT)
            self._nudge.clear()

    async def settle(self) -> None:
        """Evaluate the monitors and deliver the messages."""
        self._evaluate()
        await self._delivery.deliver()

    def watch(self, car: Car) -> None:
        """Evaluate a car from now on."""
        self._cursors.setdefault(car.id, car.cursor(self._now()))

    def _evaluate(self) -> None:
        now = self._now()
        for car in self._subscriptions.watched():
            states, self._cursors[car.id] = car.states_since(self._cursors[car.id], now)
            for state in states:
                for monitor in self._subscriptions.monitors(car=car):
                    self._evaluate_monitor(monitor, state)
        for monitor in self._subscriptions.monitors():
            if monitor.parameters.refresh:
                # The platform sends reminders whether the car reports or not.
                reported = monitor.car.reported(now)
                self._evaluate_monitor(monitor, replace(reported, at=now))
        for remote in self._remotes.sent():
            remote.car.advance(now)
            for step in remote.new_progress(now):
                self._report(remote, step)

    def _evaluate_monitor(self, monitor: Monitor, state: State) -> None:
        if monitor.status != "Running" or state.at < monitor.created:
            return
        if event := monitor.evaluate(state):
            variables = {
                "$monitorID": monitor.id,
                "$monitorLabel": monitor.parameters.label,
            }
            message = monitor.callback.message(
                monitor.car,
                state.at,
                "Monitor",
                _monitor_event(monitor, event),
                monitor.parameters.attributes,
                variables,
            )
            if message:
                self._delivery.take(message)

    def _report(self, remote: RemoteAction, step: Progress) -> None:
        event_status: dict[str, Json] = {
            "type": "Done" if step.is_done else "Pending",
            "status": step.status,
        }
        if step.cause:
            event_status["failureCause"] = step.cause
        event: dict[str, Json] = {
            "remoteActionId": remote.id,
            "remoteType": remote.action.kind,
            "eventStatus": event_status,
        }
        extra = remote.body.get("callbackAttributes")
        attributes = [
            *read_attributes(extra.get("webhook") if isinstance(extra, dict) else None),
            *read_attributes(remote.body.get("attributes")),
        ]
        variables = {
            "$remoteType": remote.action.kind,
            "$remoteStatus": step.status,
            "$remoteLabel": str(remote.body.get("label", "")),
        }
        message = remote.callback.message(
            remote.car, step.at, "Remote", event, attributes, variables
        )
        if message:
            self._delivery.take(message)


def _monitor_event(monitor: Monitor, event: Event) -> dict[str, Json]:
    return {
        "monitorId": monitor.id,
        "refresh": event.refresh,
        "values": [
            _value(trigger, event) for trigger in event.triggers if trigger.data
        ],
        "extensions": list(_extensions(monitor, event.sight.state)),
    }


def _value(trigger: Trigger, event: Event) -> Json:
    sight, data = event.sight, str(trigger.data)
    reading = READINGS[data]
    entry: dict[str, Json] = {"data": data}
    if data == "vehicle.alert":
        shown: list[Json] = [
            records.alert(alert, located=False)
            for alert in sight.car.alerts_at(sight.state.at)
        ]
        entry["value"] = {"type": "obj.alert", "body": {"objectValues": shown}}
    else:
        literal = _literal(reading.read(sight.car, sight.state))
        entry["value"] = {"type": "string", "body": {"literalValue": literal}}
    if trigger.tells_previous and sight.before and not event.refresh:
        entry["previous"] = _literal(reading.read(sight.car, sight.before))
    return entry


def _literal(value: str | float | frozenset[str] | None) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:g}"
        case frozenset():
            return ",".join(sorted(value))
        case _:
            return value


def _extensions(monitor: Monitor, state: State) -> Iterable[Json]:
    car, kinds = monitor.car, []
    located = "data:position" in monitor.scopes and state.privacy == "None"
    for name in monitor.parameters.extensions:
        if name.startswith("vehicle.telemetry."):
            kinds.append(name.removeprefix("vehicle.telemetry."))
            continue
        body = _extension(monitor, name, state, located=located)
        if body:
            yield {"type": name, "body": body}
    if kinds:
        message = telemetry(car, state.at, kinds, (), located=located)
        yield {"type": "vehicle.telemetry", "body": [{"telemetry": message}]}


def _extension(
    monitor: Monitor, name: str, state: State, *, located: bool
) -> list[Json]:
    car = monitor.car
    whole = status.status(car, state)
    if not located:
        whole.pop("lastPosition", None)
    match name:
        case "vehicle.status":
            url = f"{monitor.callback.root}/user/vehicles/{car.id}"
            whole["_links"] = {
                "self": {"href": f"{url}/status"},
                "vehicle": {"href": url},
            }
            return [{"status": whole}]
        case "vehicle.doorsState":
            return [{"doorState": whole["doorsState"]}] if "doorsState" in whole else []
        case "vehicle.alarm":
            return [{"alarm": whole["alarm"]}] if "alarm" in whole else []
        case "vehicle.position":
            return (
                [{"position": whole["lastPosition"]}] if "lastPosition" in whole else []
            )
        case "vehicle.maintenance":
            return [{"maintenance": records.maintenance(car, state)}]
        case "vehicle.alerts":
            alerts: list[Json] = [
                records.alert(one, located=located) for one in car.alerts_at(state.at)
            ]
            return [{"alerts": alerts}]
        case "vehicle.trip":
            trip = car.trip_at(state.at)
            return (
                [{"trip": records.trip(car, trip, state.at, located=located)}]
                if trip
                else []
            )
        case _:
            return [{"telemetry": telemetry(car, state.at, (), (), located=located)}]
