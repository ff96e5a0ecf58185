"""Callbacks and their monitors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
import uuid

from simulator.brands import Brand
from simulator.cars.car import Car
from simulator.cars.state import State
from simulator.errors import ApiError, Json
from simulator.identity import Account

from .expressions import Expression, parse
from .messages import Attribute, Message, read_attributes
from .triggers import Sight, Trigger, read_trigger

type Status = Literal["Running", "Paused", "Failed"]

MOST_TRIGGERS = 5
MOST_MONITORS = 5
SHORTEST_REFRESH = 60
EXTENSIONS = {
    "vehicle.doorsState": "data:telemetry",
    "vehicle.status": "data:telemetry",
    "vehicle.maintenance": "data:telemetry",
    "vehicle.position": "data:position",
    "vehicle.telemetry": "data:telemetry",
    "vehicle.alerts": "data:alert",
    "vehicle.alarm": "data:telemetry",
    "vehicle.trip": "data:trip",
}


@dataclass
class Callback:
    """A callback of an application."""

    id: str
    account: Account
    brand: Brand
    subscribe: dict[str, Json]
    root: str
    status: Status = "Running"

    @property
    def label(self) -> str:
        """Return the label."""
        return str(self.subscribe.get("label", ""))

    @property
    def kinds(self) -> set[str]:
        """Return which kinds of messages it receives."""
        kinds = self.subscribe.get("type")
        return (
            set(map(str, kinds)) if isinstance(kinds, list) else {"Monitor", "Remote"}
        )

    @property
    def webhook(self) -> Mapping[str, Json]:
        """Return the webhook, or nothing for another kind of callback."""
        callback = self.subscribe.get("callback")
        webhook = callback.get("webhook") if isinstance(callback, dict) else None
        return webhook if isinstance(webhook, dict) else {}

    def message(
        self,
        car: Car,
        raised: datetime,
        kind: str,
        event: dict[str, Json],
        attributes: list[Attribute],
        variables: Mapping[str, str],
    ) -> Message | None:
        """Return a message to the callback, if it takes such at present."""
        target = self.webhook.get("target")
        if (
            self.status != "Running"
            or kind not in self.kinds
            or not isinstance(target, str)
        ):
            return None
        known = {
            "$vin": car.vin,
            "$callbackId": self.id,
            "$callbackLabel": self.label,
            **variables,
        }
        own = read_attributes(self.webhook.get("attributes"))
        filled = tuple(attribute.filled(known) for attribute in (*own, *attributes))
        return Message(self.id, target, filled, raised, kind, event)


def read_subscription(body: dict[str, Json]) -> dict[str, Json]:
    """Check a callback's subscription; raise ApiError 400."""
    kinds = body.get("type", ["Monitor", "Remote"])
    if (
        not isinstance(kinds, list)
        or not kinds
        or not set(map(str, kinds)) <= {"Monitor", "Remote"}
    ):
        raise ApiError(400, "Invalid parameter: type")
    match body.get("callback"):
        case {"webhook": {"name": str(), "target": str(target)}} if "://" in target:
            return body
        case {"websocket": {"target": str()}} | {"pushnotif": dict()}:
            return body
        case _:
            raise ApiError(400, "Invalid parameter: callback")


@dataclass(frozen=True)
class MonitorParameters:
    """The parameters of a monitor."""

    body: dict[str, Json]
    triggers: tuple[Trigger, ...]
    expression: Expression
    extensions: tuple[str, ...]
    refresh: timedelta | None

    @property
    def scopes(self) -> set[str]:
        """Return the required scopes."""
        extended = {EXTENSIONS[_plain(name)] for name in self.extensions}
        return {trigger.scope for trigger in self.triggers} | extended

    @property
    def label(self) -> str:
        """Return the label."""
        return str(self.body["label"])

    @property
    def attributes(self) -> list[Attribute]:
        """Return the attributes beside those of the callback."""
        subscribe = self.body.get("subscribeParam")
        extra = (
            subscribe.get("callbackAttributes") if isinstance(subscribe, dict) else None
        )
        webhook = extra.get("webhook") if isinstance(extra, dict) else None
        return [
            *read_attributes(webhook),
            *read_attributes(self.body.get("attributes")),
        ]


def _plain(extension: str) -> str:
    return (
        "vehicle.telemetry" if extension.startswith("vehicle.telemetry.") else extension
    )


def read_monitor(body: dict[str, Json]) -> MonitorParameters:
    """Parse a monitor's parameters; raise ApiError 400."""
    match body:
        case {
            "label": str(),
            "triggerParam": {"triggers": list(triggers), "boolExp": str(text)},
        }:
            pass
        case _:
            raise ApiError(400, "Invalid parameter: triggerParam")
    if not 1 <= len(triggers) <= MOST_TRIGGERS:
        raise ApiError(400, "Invalid parameter: triggers")
    found = tuple(read_trigger(trigger) for trigger in triggers)
    try:
        expression = parse(text)
    except ValueError as error:
        raise ApiError(400, f"Invalid parameter: boolExp: {error}") from error
    names = {trigger.name for trigger in found}
    if (
        len(names) < len(found)
        or not expression.names <= names
        or expression.is_constant()
    ):
        raise ApiError(400, "Invalid parameter: boolExp")
    extended = body.get("extendedEventParam", [])
    extensions = tuple(map(str, extended)) if isinstance(extended, list) else ("",)
    if any(_plain(name) not in EXTENSIONS for name in extensions):
        raise ApiError(400, "Invalid parameter: extendedEventParam")
    return MonitorParameters(
        body, found, expression, extensions, _refresh(body.get("subscribeParam"))
    )


def _refresh(subscribe: Json) -> timedelta | None:
    match subscribe:
        case None:
            return None
        case {"refreshEvent": int(seconds)} if seconds >= SHORTEST_REFRESH:
            return timedelta(seconds=seconds)
        case {"callbackAttributes": dict(), **rest} if not rest:
            return None
        case _:
            raise ApiError(400, "Invalid parameter: subscribeParam")


@dataclass(frozen=True)
class Event:
    """An event of a monitor: its triggers and the car's state, or a refresh."""

    triggers: tuple[Trigger, ...]
    sight: Sight
    refresh: bool


@dataclass
class Monitor:
    """A monitor of one car, which fires when its expression becomes true."""

    id: str
    callback: Callback
    car: Car
    parameters: MonitorParameters
    scopes: frozenset[str]
    created: datetime
    updated: datetime
    status: Status = "Running"
    before: State | None = field(default=None, repr=False)
    fired: datetime | None = None

    def evaluate(self, state: State) -> Event | None:
        """Evaluate a state of the car; return an event if there is one."""
        sight = Sight(self.car, state, self.before)
        self.before = state
        values = {
            trigger.name: trigger.test(sight) for trigger in self.parameters.triggers
        }
        if not self.parameters.expression.evaluate(values):
            self.fired = None
            return None
        true = tuple(
            trigger for trigger in self.parameters.triggers if values[trigger.name]
        )
        refresh = self.fired is not None and not any(one.momentary for one in true)
        if refresh and not self._is_due(state.at):
            return None
        self.fired = state.at
        return Event(true, sight, refresh)

    def _is_due(self, moment: datetime) -> bool:
        every = self.parameters.refresh
        return (
            every is not None
            and self.fired is not None
            and moment >= self.fired + every
        )


class Subscriptions:
    """All callbacks and monitors."""

    def __init__(self) -> None:
        """Initialize without subscriptions."""
        self._callbacks: dict[str, Callback] = {}
        self._monitors: dict[str, Monitor] = {}

    def subscribe(
        self, account: Account, brand: Brand, body: dict[str, Json], root: str
    ) -> Callback:
        """Create a callback; the root is the API's URL."""
        callback = Callback(
            str(uuid.uuid4()), account, brand, read_subscription(body), root
        )
        self._callbacks[callback.id] = callback
        return callback

    def callbacks(self, account: Account, brand: Brand) -> list[Callback]:
        """Return an account's callbacks at a brand."""
        return [
            one
            for one in self._callbacks.values()
            if (one.account, one.brand) == (account, brand)
        ]

    def callback(self, account: Account, brand: Brand, identifier: str) -> Callback:
        """Return a callback; raise ApiError 404."""
        for callback in self.callbacks(account, brand):
            if callback.id == identifier:
                return callback
        raise ApiError(404, "Not Found: unknown callback.", 40404)

    def all_callbacks(self, brand: Brand | None = None) -> list[Callback]:
        """Return all callbacks of a brand, or of all brands."""
        return [one for one in self._callbacks.values() if brand in (None, one.brand)]

    def unsubscribe(self, callback: Callback) -> None:
        """Delete a callback with its monitors."""
        del self._callbacks[callback.id]
        for monitor in [
            one for one in self._monitors.values() if one.callback is callback
        ]:
            del self._monitors[monitor.id]

    def watch(
        self,
        callback: Callback,
        car: Car,
        parameters: MonitorParameters,
        scopes: frozenset[str],
        now: datetime,
    ) -> Monitor:
        """Create a monitor; raise ApiError 400 for one too many."""
        if (
            len([one for one in self._monitors.values() if one.car is car])
            >= MOST_MONITORS
        ):
            raise ApiError(400, "Too many monitors for this vehicle.", 40010)
        monitor = Monitor(
            str(uuid.uuid4()),
            callback,
            car,
            parameters,
            scopes,
            now,
            now,
            before=car.at(now),
        )
        self._monitors[monitor.id] = monitor
        return monitor

    def monitors(
        self, callback: Callback | None = None, car: Car | None = None
    ) -> list[Monitor]:
        """Return monitors, of a callback or of a car."""
        return [
            one
            for one in self._monitors.values()
            if callback in (None, one.callback) and car in (None, one.car)
        ]

    def monitor(self, callback: Callback, car: Car, identifier: str) -> Monitor:
        """Return a monitor; raise ApiError 404."""
        for monitor in self.monitors(callback, car):
            if monitor.id == identifier:
                return monitor
        raise ApiError(404, "Not Found: unknown monitor.", 40404)

    def unwatch(self, monitor: Monitor) -> None:
        """Delete a monitor."""
        del self._monitors[monitor.id]

    def change(
        self, monitor: Monitor, parameters: MonitorParameters, now: datetime
    ) -> Monitor:
        """Change a monitor."""
        changed = replace(
            monitor,
            parameters=parameters,
            updated=now,
            fired=None,
            before=monitor.car.at(now),
        )
        self._monitors[monitor.id] = changed
        return changed

    def watched(self) -> Iterator[Car]:
        """Return the cars that have monitors, each once."""
        seen = set()
        for monitor in self._monitors.values():
            if monitor.car.id not in seen:
                seen.add(monitor.car.id)
                yield monitor.car
