"""Push: callbacks, monitors, and messages."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
from aiohttp import web
from hypothesis import given, strategies as st
import pytest

from simulator import Simulator
from simulator.push import expressions
from simulator.push.readings import READINGS

from .client import Client, Response

PLUGGED = {
    "name": "plug",
    "data": {"data": "vehicle.energy.charging.plugged", "op": "onChange"},
}
SECRET = {"type": "Header", "key": "X-Secret", "value": "s3cret"}


@dataclass
class Listener:
    """A webhook of a client, which may refuse messages."""

    url: str = ""
    status: int = 201
    posts: list[tuple[Any, dict[str, str], dict[str, str]]] = field(
        default_factory=list
    )

    async def handle(self, request: web.Request) -> web.Response:
        """Handle a request."""
        self.posts.append(
            (await request.json(), dict(request.headers), dict(request.query))
        )
        return web.Response(status=self.status)

    @property
    def bodies(self) -> list[Any]:
        """Return all messages, alone and in batches."""
        return [
            one
            for body, _, _ in self.posts
            for one in (body if isinstance(body, list) else [body])
        ]

    @property
    def events(self) -> list[Any]:
        """Return the events of all messages."""
        return [one.get("monitorEvent") or one["remoteEvent"] for one in self.bodies]


@pytest.fixture
async def listener(socket_enabled: None) -> AsyncIterator[Listener]:
    """Return a running webhook."""
    listener = Listener()
    app = web.Application()
    app.router.add_post("/hook", listener.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield listener
    await runner.cleanup()


class Subscriber:
    """A callback, and monitors of one car."""

    def __init__(self, client: Client, car: str, callback: str) -> None:
        """Initialize the paths of the callback."""
        self.client = client
        self.car = car
        self.callback = f"/user/callbacks/{callback}"
        self.monitors = f"{car}/callbacks/{callback}/monitors"
        self.remotes = f"{car}/callbacks/{callback}/remotes"

    async def create_monitor(
        self, *triggers: Any, expression: str = "", **more: object
    ) -> Response:
        """Create a monitor of triggers, by default joined by or."""
        expression = expression or "|".join(trigger["name"] for trigger in triggers)
        body = {
            "label": "test",
            "triggerParam": {"triggers": list(triggers), "boolExp": expression},
            **more,
        }
        return await self.client.call("POST", self.monitors, body)

    async def change(
        self, later: timedelta = timedelta(seconds=1), **changes: object
    ) -> None:
        """Change the car after a time, and send all messages."""
        self.client.simulator.clock.advance(later)
        await self.client.patch(self.car, **changes)
        await self.client.simulator.settle()


async def subscriber_of(
    client: Client, listener: Listener, car: str, **webhook: object
) -> Subscriber:
    """Create a callback of a car's owner."""
    body = {
        "label": "my callback",
        "type": ["Monitor", "Remote"],
        "callback": {"webhook": {"name": "test", "target": listener.url, **webhook}},
    }
    response = await client.call("POST", "/user/callbacks", body)
    assert response.status == 200, response.body
    return Subscriber(client, car, response.body["callbackId"])


@pytest.fixture
async def subscriber(client: Client, listener: Listener) -> Subscriber:
    """Return a callback with attributes of all types."""
    attributes = [
        SECRET,
        {"type": "Query", "key": "for", "value": "$vin"},
        {"type": "Body", "key": "secret", "value": "s3cret"},
        {"type": "Body", "key": "callback", "value": "$callbackLabel"},
    ]
    return await subscriber_of(
        client, listener, await client.car(), attributes=attributes
    )


def data(
    name: str, operator: str = "onChange", *value: str, **more: object
) -> dict[str, object]:
    """Return a data trigger."""
    parameters: dict[str, object] = {"data": name, "op": operator, **more}
    return {
        "name": "t1",
        "data": {**parameters, "value": list(value)} if value else parameters,
    }


async def test_message_of_a_change_has_requested_extensions(
    subscriber: Subscriber, listener: Listener
) -> None:
    """It has the changed value and the attributes of the callback."""
    response = await subscriber.create_monitor(
        PLUGGED, extendedEventParam=["vehicle.status", "vehicle.alerts"]
    )
    assert response.status == 202
    await subscriber.change(plugged=True)
    ((body, headers, query),) = listener.posts
    vin = (await subscriber.client.get(subscriber.car))["vin"]
    assert headers["X-Secret"] == "s3cret"
    assert query == {"for": vin}
    assert body["attributes"] == [
        {"key": "secret", "value": "s3cret"},
        {"key": "callback", "value": "my callback"},
    ]
    assert (body["type"], body["date"]) == ("Monitor", "2026-03-18T12:00:01Z")
    event = body["monitorEvent"]
    assert event["monitorId"] == response.body["monitorId"]
    assert event["refresh"] is False
    assert event["values"] == [
        {
            "data": "vehicle.energy.charging.plugged",
            "value": {"type": "string", "body": {"literalValue": "true"}},
        }
    ]
    status, alerts = event["extensions"]
    assert status["type"] == "vehicle.status"
    assert status["body"][0]["status"] == await subscriber.client.get(
        f"{subscriber.car}/status"
    )
    assert alerts == {"type": "vehicle.alerts", "body": [{"alerts": []}]}


@pytest.mark.parametrize(
    ("trigger", "changes"),
    [
        (data("vehicle.alert"), {"alert": "RiskOfIce"}),
        (
            data("vehicle.alert", "includedIn", "RiskOfIce", "EngineFault"),
            {"alert": "RiskOfIce"},
        ),
        (data("vehicle.alert", "equalsTo", "RiskOfIce"), {"alert": "RiskOfIce"}),
        (data("vehicle.odometer", "greaterThan", "60000"), {"odometer": 60001}),
        (data("vehicle.powertrain.status", "equalsTo", "Running"), {"trip": "start"}),
        (data("vehicle.energy.electric.level", "lowerThan", "20"), {"level": 15}),
        (data("vehicle.energy.electric.level", "equalsTo", "42"), {"level": 42}),
        (data("vehicle.energy.electric.autonomy", "lowerThan", "60"), {"level": 15}),
        (data("vehicle.autonomy", "lowerThan", "60"), {"level": 15}),
        (data("vehicle.energy.charging.status"), {"charging": True}),
        (
            data(
                "vehicle.energy.charging.status", "includedIn", "Failure", "InProgress"
            ),
            {"charging": True},
        ),
        (
            data("vehicle.energy.charging.plugged", "equalsTo", "true"),
            {"plugged": True},
        ),
        (
            data("vehicle.energy.charging.type", "equalsTo", "Partial"),
            {"charge_type": "Partial"},
        ),
        (data("vehicle.doorsState.lockedState"), {"locked": False}),
        (data("vehicle.doorsState.opening"), {"open": ["Trunk"]}),
        (data("vehicle.kinetic.moving", "equalsTo", "true"), {"trip": "start"}),
        (data("vehicle.kinetic.speed", "greaterThan", "10"), {"trip": "start"}),
        (data("vehicle.trip.start"), {"trip": "start"}),
        (data("vehicle.trip.duration", "lowerThan", "5"), {"trip": "start"}),
        (data("vehicle.trip.distance", "lowerThan", "0.5"), {"trip": "start"}),
        (data("privacy.state", "equalsTo", "Geolocation"), {"privacy": "Geolocation"}),
        (data("privacy.state"), {"privacy": "Full"}),
        (
            data("vehicle.safety.autoECallTriggering"),
            {"collision": {"side": "Front", "severity": "Major"}},
        ),
        (data("vehicle.preconditioning.airConditioning"), {"preconditioning": True}),
        (
            data("vehicle.alarm.trigger.type", "equalsTo", "RoofBreakIn"),
            {"alarm": "RoofBreakIn"},
        ),
        (data("vehicle.alarm.status.activation"), {"locked": False}),
        (
            {
                "name": "t1",
                "zone": {
                    "transition": "In",
                    "place": {
                        "radius": 2,
                        "center": {"longitude": 2.3, "latitude": 48.8},
                    },
                },
            },
            {"position": [2.31, 48.8]},
        ),
        (
            {
                "name": "t1",
                "zone": {
                    "transition": "Out",
                    "circle": {
                        "radius": 60,
                        "center": {"longitude": -1.68, "latitude": 48.1},
                    },
                },
            },
            {"position": [2.31, 48.8]},
        ),
        (
            {
                "name": "t1",
                "time": {
                    "times": [
                        {
                            "start": "PT12H",
                            "duration": "PT4H",
                            "occurence": {"day": ["Wed"]},
                        }
                    ],
                    "timeZone": "Europe/Paris",
                },
            },
            {"trip": "start"},
        ),
    ],
)
async def test_trigger_sends_one_message_when_it_becomes_true(
    subscriber: Subscriber,
    listener: Listener,
    trigger: dict[str, Any],
    changes: dict[str, Any],
) -> None:
    """Other changes send none."""
    assert (await subscriber.create_monitor(trigger)).status == 202
    await subscriber.change(auxiliary=77)
    assert listener.posts == []
    await subscriber.change(**changes)
    assert len(listener.posts) == 1
    await subscriber.change(auxiliary=78)
    assert len(listener.posts) == 1


async def test_triggers_of_a_petrol_car_send_messages(
    client: Client, listener: Listener
) -> None:
    """They cover the tank, the oil, and trips."""
    subscriber = await subscriber_of(
        client, listener, await client.car(motorization="Thermic")
    )
    for name, operator, *value in (
        ("vehicle.energy.fuel.level", "lowerThan", "20"),
        ("vehicle.engines.thermic.oil.temp", "greaterThan", "60"),
        ("vehicle.trip.stop", "onChange"),
        ("vehicle.trip.state", "includedIn", "Unfinished"),
        ("vehicle.energy.electric.level", "lowerThan", "20"),
    ):
        assert (
            await subscriber.create_monitor(data(name, operator, *value))
        ).status == 202
    await subscriber.change(fuel=10)
    await subscriber.change(trip="start")
    await subscriber.change(timedelta(minutes=10))
    await subscriber.change(trip="stop")
    data_of_events = [event["values"][0]["data"] for event in listener.events]
    assert data_of_events == [
        "vehicle.energy.fuel.level",
        "vehicle.trip.state",
        "vehicle.engines.thermic.oil.temp",
        "vehicle.trip.stop",
    ]


async def test_messages_of_a_clock_jump_are_in_order(
    subscriber: Subscriber, listener: Listener
) -> None:
    """Each has the time of its change."""
    await subscriber.create_monitor(data("vehicle.kinetic.moving"))
    subscriber.client.simulator.clock.advance(timedelta(days=1))
    await subscriber.client.simulator.settle()
    dates = [body["date"] for body in listener.bodies]
    assert len(dates) >= 4
    assert dates == sorted(dates)
    values = [
        event["values"][0]["value"]["body"]["literalValue"] for event in listener.events
    ]
    assert values == ["true", "false"] * (len(values) // 2)


async def test_trigger_with_previous_value_requires_it(
    subscriber: Subscriber, listener: Listener
) -> None:
    """The message contains the previous value."""
    previous = {"op": "equalsTo", "value": ["Stopped"]}
    trigger = data(
        "vehicle.energy.charging.status", "equalsTo", "InProgress", previous=previous
    )
    await subscriber.create_monitor(trigger)
    await subscriber.change(charging=True)
    assert listener.posts == []
    await subscriber.change(charging=False)
    await subscriber.change(charging=True)
    (event,) = listener.events
    assert event["values"][0]["previous"] == "Stopped"


async def test_refresh_events_repeat_while_the_trigger_is_true(
    subscriber: Subscriber, listener: Listener
) -> None:
    """They are marked as refresh."""
    await subscriber.create_monitor(
        data("vehicle.energy.charging.plugged", "equalsTo", "true"),
        subscribeParam={"refreshEvent": 600},
    )
    await subscriber.change(charging=True, level=20)
    await subscriber.change(timedelta(minutes=31))
    assert [event["refresh"] for event in listener.events] == [False, True, True, True]
    await subscriber.change(plugged=False)
    await subscriber.change(timedelta(minutes=31))
    assert len(listener.events) == 4


async def test_refresh_event_of_parked_car_is_sent_without_its_reports(
    subscriber: Subscriber, listener: Listener
) -> None:
    """The platform evaluates the monitor at once, and then in its interval."""
    await subscriber.create_monitor(
        data("vehicle.odometer", "greaterThan", "0"),
        subscribeParam={"refreshEvent": 60},
    )
    for _ in range(3):
        await subscriber.client.simulator.settle()
        subscriber.client.simulator.clock.advance(timedelta(seconds=61))
    assert [event["refresh"] for event in listener.events] == [False, True, True]


async def test_expression_joins_triggers(
    subscriber: Subscriber, listener: Listener
) -> None:
    """The message contains the triggers that are true."""
    low = {
        "name": "low",
        "data": {
            "data": "vehicle.energy.electric.level",
            "op": "lowerThan",
            "value": ["20"],
        },
    }
    moving = {
        "name": "moving",
        "data": {"data": "vehicle.kinetic.moving", "op": "equalsTo", "value": ["true"]},
    }
    await subscriber.create_monitor(low, moving, expression="low & !moving")
    await subscriber.change(trip="start")
    await subscriber.change(level=10)
    assert listener.posts == []
    await subscriber.change(trip="stop")
    (event,) = listener.events
    assert [value["data"] for value in event["values"]] == [
        "vehicle.energy.electric.level"
    ]


async def test_message_has_each_requested_extension(
    subscriber: Subscriber, listener: Listener
) -> None:
    """Each has its own name."""
    names = [
        "vehicle.doorsState",
        "vehicle.maintenance",
        "vehicle.position",
        "vehicle.alarm",
        "vehicle.trip",
        "vehicle.telemetry.vehicle.adas",
        "vehicle.telemetry",
    ]
    await subscriber.create_monitor(PLUGGED, extendedEventParam=names)
    await subscriber.change(plugged=True)
    extensions = listener.events[0]["extensions"]
    assert {
        name: list(one["body"][0]) for one in extensions for name in [one["type"]]
    } == {
        "vehicle.doorsState": ["doorState"],
        "vehicle.maintenance": ["maintenance"],
        "vehicle.position": ["position"],
        "vehicle.alarm": ["alarm"],
        "vehicle.trip": ["trip"],
        "vehicle.telemetry": ["telemetry"],
    }


async def test_message_of_an_alert_has_objects(
    subscriber: Subscriber, listener: Listener
) -> None:
    """The type of the value is obj.alert."""
    await subscriber.create_monitor(data("vehicle.alert"))
    await subscriber.change(alert={"type": "EngineFault", "severity": "Critical"})
    value = listener.events[0]["values"][0]["value"]
    assert value["type"] == "obj.alert"
    assert [one["type"] for one in value["body"]["objectValues"]] == ["EngineFault"]


async def test_refused_message_is_retried_and_batched(
    subscriber: Subscriber, listener: Listener
) -> None:
    """A batch has body attributes only."""
    await subscriber.create_monitor(PLUGGED)
    listener.status = 500
    await subscriber.change(plugged=True)
    await subscriber.change(plugged=False)
    await subscriber.change(plugged=True)
    assert len(listener.posts) == 1
    await subscriber.change(timedelta(seconds=10))
    assert len(listener.posts) == 2
    listener.status = 200
    await subscriber.change(timedelta(seconds=10))
    body, headers, query = listener.posts[-1]
    assert [one["date"] for one in body] == [
        f"2026-03-18T12:00:0{second}Z" for second in (1, 2, 3)
    ]
    assert "X-Secret" not in headers
    assert query == {}
    assert {"key": "secret", "value": "s3cret"} in body[0]["attributes"]
    await subscriber.change(plugged=False)
    assert isinstance(listener.posts[-1][0], dict)


async def test_batch_has_at_most_100_messages(
    subscriber: Subscriber, listener: Listener
) -> None:
    """The others follow in the next one."""
    await subscriber.create_monitor(data("vehicle.doorsState.lockedState"))
    listener.status = 503
    for turn in range(130):
        subscriber.client.simulator.clock.advance(timedelta(seconds=1))
        await subscriber.client.patch(subscriber.car, locked=bool(turn % 2))
    await subscriber.client.simulator.settle()
    listener.status, listener.posts = 200, []
    await subscriber.change(timedelta(seconds=20))
    assert [len(body) for body, _, _ in listener.posts[:2]] == [100, 30]


async def test_message_after_three_days_is_discarded(
    subscriber: Subscriber, listener: Listener
) -> None:
    """It is not sent when the listener is available again."""
    await subscriber.create_monitor(PLUGGED)
    listener.status = 500
    await subscriber.change(plugged=True)
    listener.status, listener.posts = 200, []
    monitors = subscriber.client.simulator.backend.subscriptions.monitors()
    monitors[0].status = "Paused"
    await subscriber.change(timedelta(hours=73))
    assert listener.posts == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("lose_message", ["false"]),
        ("double_message", ["true", "true", "false"]),
        ("hold_message", ["false", "true"]),
    ],
)
async def test_message_fault_loses_doubles_or_delays_a_message(
    subscriber: Subscriber, listener: Listener, kind: str, expected: list[str]
) -> None:
    """The list of messages shows lost ones."""
    await subscriber.create_monitor(PLUGGED)
    await subscriber.client.fault(kind=kind)
    await subscriber.change(plugged=True)
    await subscriber.change(plugged=False)
    values = [
        event["values"][0]["value"]["body"]["literalValue"] for event in listener.events
    ]
    assert values == expected
    async with subscriber.client.session.get("/_sim/messages") as response:
        messages = (await response.json())["messages"]
    assert [one["lost"] for one in messages] == [kind == "lose_message", False]


async def test_remote_sends_a_message_for_each_status(
    subscriber: Subscriber, listener: Listener
) -> None:
    """The type of the last one is Done."""
    await subscriber.client.patch(subscriber.car, sleep="awake")
    body = {
        "label": "horn",
        "horn": {"state": "Activated"},
        "attributes": [{"type": "Header", "key": "X-Status", "value": "$remoteStatus"}],
    }
    response = await subscriber.client.call("POST", subscriber.remotes, body)
    await subscriber.change(timedelta(seconds=10))
    assert [event["eventStatus"] for event in listener.events] == [
        {"type": "Pending", "status": "Accepted"},
        {"type": "Pending", "status": "CheckingVehicle"},
        {"type": "Pending", "status": "SentToVehicle"},
        {"type": "Done", "status": "Success"},
    ]
    assert {event["remoteActionId"] for event in listener.events} == {
        response.body["remoteActionId"]
    }
    assert {event["remoteType"] for event in listener.events} == {"Horn"}
    assert listener.posts[-1][1]["X-Status"] == "Success"


async def test_message_of_failed_remote_has_its_cause(
    subscriber: Subscriber, listener: Listener
) -> None:
    """The type is Done."""
    await subscriber.client.fault(kind="remote_fails", message="CidInside")
    await subscriber.client.patch(subscriber.car, sleep="awake")
    await subscriber.client.call(
        "POST", subscriber.remotes, {"door": {"state": "Unlocked"}}
    )
    await subscriber.change(timedelta(seconds=10))
    assert listener.events[-1]["eventStatus"] == {
        "type": "Done",
        "status": "Failed",
        "failureCause": "CidInside",
    }


async def test_callback_with_invalid_host_sends_no_messages(
    client: Client, listener: Listener
) -> None:
    """Its remotes succeed."""
    listener.url = "https://nothing.invalid/hook"
    subscriber = await subscriber_of(client, listener, await client.car())
    await client.patch(subscriber.car, sleep="awake")
    response = await client.call(
        "POST", subscriber.remotes, {"horn": {"state": "Activated"}}
    )
    await subscriber.change(timedelta(seconds=10))
    shown = await client.get(f"{subscriber.remotes}/{response.body['remoteActionId']}")
    assert shown["status"] == "Success"


async def test_callback_is_read_changed_paused_and_deleted(
    subscriber: Subscriber, listener: Listener
) -> None:
    """Its monitors are deleted with it."""
    client = subscriber.client
    (found,) = (await client.get("/user/callbacks"))["_embedded"]["callbacks"]
    assert subscriber.callback.endswith(found["id"])
    assert (await client.get(subscriber.callback))["subscribe"]["callback"]["webhook"][
        "target"
    ] == listener.url
    await subscriber.create_monitor(PLUGGED)

    body = {**found["subscribe"], "type": ["Remote"]}
    assert (await client.call("PUT", subscriber.callback, body)).status == 202
    assert (await client.get("/user/callbacks", types="Monitor"))["total"] == 0
    await subscriber.change(plugged=True)
    assert listener.posts == []

    await client.call("PUT", subscriber.callback, found["subscribe"])
    paused = await client.call(
        "PUT", f"{subscriber.callback}/status", {"status": "Paused"}
    )
    assert (paused.status, paused.body["status"]) == (202, "Paused")
    await subscriber.change(plugged=False)
    assert listener.posts == []
    await client.call("PUT", f"{subscriber.callback}/status", {"status": "Running"})
    await subscriber.change(plugged=True)
    assert len(listener.posts) == 1

    assert (await client.call("DELETE", subscriber.callback)).status == 204
    assert (await client.call("GET", subscriber.callback)).status == 404
    await subscriber.change(plugged=False)
    assert len(listener.posts) == 1


async def test_monitor_is_read_changed_paused_and_deleted(
    subscriber: Subscriber, listener: Listener
) -> None:
    """It is returned as it was created."""
    client = subscriber.client
    made = await subscriber.create_monitor(PLUGGED)
    path = f"{subscriber.monitors}/{made.body['monitorId']}"
    shown = await client.get(path)
    assert shown["monitor"]["triggerParam"]["triggers"] == [PLUGGED]
    changed = {
        **shown["monitor"],
        "triggerParam": {"triggers": [data("vehicle.alert")], "boolExp": "t1"},
    }
    assert (await client.call("PUT", path, changed)).status == 202
    await subscriber.change(plugged=True)
    assert listener.posts == []
    await subscriber.change(alert="RiskOfIce")
    assert len(listener.posts) == 1
    assert (await client.call("PUT", f"{path}/status", {"status": "Paused"})).body[
        "status"
    ] == "Paused"
    await subscriber.change(alert="EngineFault")
    assert len(listener.posts) == 1
    assert (
        await client.call("PUT", f"{path}/status", {"status": "Failed"})
    ).status == 400
    assert (await client.call("DELETE", path)).status == 204
    assert (await client.call("GET", path)).status == 404
    assert (await client.get(subscriber.monitors))["total"] == 0


@pytest.mark.parametrize(
    ("kind", "status"), [("fail_monitors", "Failed"), ("fail_callbacks", "Running")]
)
async def test_failed_monitor_or_callback_sends_no_messages(
    subscriber: Subscriber, listener: Listener, kind: str, status: str
) -> None:
    """The monitors of a failed callback keep their status."""
    await subscriber.create_monitor(PLUGGED)
    await subscriber.client.fault(kind=kind)
    await subscriber.change(plugged=True)
    assert listener.posts == []
    (monitor,) = (await subscriber.client.get(subscriber.monitors))["_embedded"][
        "monitors"
    ]
    assert monitor["status"] == status


async def test_forget_callbacks_fault_deletes_callbacks_and_monitors(
    subscriber: Subscriber,
) -> None:
    """They are not found any more."""
    await subscriber.client.fault(kind="forget_callbacks")
    assert (await subscriber.client.call("GET", subscriber.monitors)).status == 404


async def test_sixth_monitor_of_a_vehicle_is_refused(subscriber: Subscriber) -> None:
    """Five are accepted."""
    responses = [await subscriber.create_monitor(PLUGGED) for _ in range(6)]
    assert [response.status for response in responses] == [202] * 5 + [400]


@pytest.mark.parametrize(
    ("triggers", "more"),
    [
        ([], {}),
        ([{**PLUGGED, "name": f"p{index}"} for index in range(6)], {}),
        ([PLUGGED, PLUGGED], {}),
        ([{**PLUGGED, "name": "1plug"}], {}),
        ([{"name": "plug"}], {}),
        ([{**PLUGGED, "time": {}}], {}),
        ([data("vehicle.mood")], {}),
        ([data("vehicle.odometer", "onChange")], {}),
        ([data("vehicle.odometer", "greaterThan")], {}),
        ([data("vehicle.alert", "onChange", "RiskOfIce")], {}),
        (
            [
                data(
                    "vehicle.odometer",
                    "equalsTo",
                    "1",
                    previous={"op": "equalsTo", "value": ["0"]},
                )
            ],
            {},
        ),
        ([{"name": "z", "zone": {"transition": "Over", "place": {}}}], {}),
        ([{"name": "t", "time": {"times": []}}], {}),
        ([{"name": "t", "time": {"times": [{"duration": "PT1H"}]}}], {}),
        (
            [
                {
                    "name": "t",
                    "time": {"times": [{"start": "PT1H"}], "timeZone": "Moon/Crater"},
                }
            ],
            {},
        ),
        ([PLUGGED], {"expression": "plug |"}),
        ([PLUGGED], {"expression": "(plug"}),
        ([PLUGGED], {"expression": "plug plug"}),
        ([PLUGGED], {"expression": "plug & other"}),
        ([PLUGGED], {"expression": "plug | !plug"}),
        ([PLUGGED], {"extendedEventParam": ["vehicle.mood"]}),
        ([PLUGGED], {"subscribeParam": {"refreshEvent": 59}}),
        ([PLUGGED], {"subscribeParam": {}}),
        ([PLUGGED], {"label": None}),
    ],
)
async def test_invalid_monitor_is_refused(
    subscriber: Subscriber, triggers: list[Any], more: dict[str, Any]
) -> None:
    """The specification does not allow it."""
    response = await subscriber.create_monitor(*triggers, **more)
    assert (response.status, response.body["code"]) == (400, 40000)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"callback": {"webhook": {"name": "x"}}},
        {"callback": {"webhook": {"name": "x", "target": "nowhere"}}},
        {
            "callback": {"webhook": {"name": "x", "target": "https://x.example"}},
            "type": ["Mail"],
        },
    ],
)
async def test_invalid_callback_is_refused(
    client: Client, body: dict[str, object]
) -> None:
    """The specification does not allow it."""
    assert (await client.call("POST", "/user/callbacks", body)).status == 400


async def test_monitor_without_scope_of_its_data_is_forbidden(
    simulator: Simulator, session: aiohttp.ClientSession, listener: Listener
) -> None:
    """So are its extensions; a status lacks the position."""
    client = await Client.signed_in(simulator, session, scopes=["data:telemetry"])
    subscriber = await subscriber_of(client, listener, await client.car())
    assert (await subscriber.create_monitor(data("vehicle.alert"))).status == 403
    assert (
        await subscriber.create_monitor(
            PLUGGED, extendedEventParam=["vehicle.position"]
        )
    ).status == 403
    assert (
        await subscriber.create_monitor(PLUGGED, extendedEventParam=["vehicle.status"])
    ).status == 202
    await subscriber.change(plugged=True)
    assert (
        "lastPosition" not in listener.events[0]["extensions"][0]["body"][0]["status"]
    )


async def test_callback_of_another_user_is_not_found(
    subscriber: Subscriber, simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """So it is with another brand."""
    for wanted in ({"email": "second@example.com"}, {"brand": "opel"}):
        other = await Client.signed_in(simulator, session, **wanted)
        assert (await other.get("/user/callbacks"))["total"] == 0
        assert (await other.call("DELETE", subscriber.callback)).status == 404


def test_readings_have_all_data_of_the_specification() -> None:
    """Monitors can have 29 data."""
    assert len(READINGS) == 29


names = st.sampled_from(["a", "b", "c"])
trees = st.recursive(
    names,
    lambda inner: st.one_of(
        inner.map(lambda one: f"!({one})"),
        st.tuples(inner, st.sampled_from("&|"), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
        ),
    ),
)


@given(
    tree=trees, values=st.fixed_dictionaries({name: st.booleans() for name in "abc"})
)
def test_expression_has_its_logical_value(tree: str, values: dict[str, bool]) -> None:
    """Python evaluates it for comparison."""
    python = tree.replace("!", " not ").replace("&", " and ").replace("|", " or ")
    expected = bool(eval(python, {}, values))  # noqa: S307 - three names and three operators
    assert expressions.parse(tree).evaluate(values) is expected
