"""Push: callbacks, monitors, and messages that arrive in the end."""

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

from .client import Answer, Client

PLUGGED = {
    "name": "plug",
    "data": {"data": "vehicle.energy.charging.plugged", "op": "onChange"},
}
SECRET = {"type": "Header", "key": "X-Secret", "value": "s3cret"}


@dataclass
class Listener:
    """A client's webhook, which may refuse."""

    url: str = ""
    status: int = 201
    posts: list[tuple[Any, dict[str, str], dict[str, str]]] = field(
        default_factory=list
    )

    async def take(self, request: web.Request) -> web.Response:
        """Take a post."""
        self.posts.append(
            (await request.json(), dict(request.headers), dict(request.query))
        )
        return web.Response(status=self.status)

    @property
    def bodies(self) -> list[Any]:
        """All messages that came, whether alone or in batches."""
        return [
            one
            for body, _, _ in self.posts
            for one in (body if isinstance(body, list) else [body])
        ]

    @property
    def events(self) -> list[Any]:
        """The events of all messages."""
        return [one.get("monitorEvent") or one["remoteEvent"] for one in self.bodies]


@pytest.fixture
async def listener(socket_enabled: None) -> AsyncIterator[Listener]:
    """Return a webhook that listens."""
    listener = Listener()
    app = web.Application()
    app.router.add_post("/hook", listener.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    listener.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield listener
    await runner.cleanup()


class Subscriber:
    """A callback, and monitors of one car."""

    def __init__(self, client: Client, car: str, callback: str) -> None:
        """Keep where monitors are made."""
        self.client = client
        self.car = car
        self.callback = f"/user/callbacks/{callback}"
        self.monitors = f"{car}/callbacks/{callback}/monitors"
        self.remotes = f"{car}/callbacks/{callback}/remotes"

    async def watch(
        self, *triggers: Any, expression: str = "", **more: object
    ) -> Answer:
        """Ask for a monitor of triggers that are joined by or, unless told otherwise."""
        expression = expression or "|".join(trigger["name"] for trigger in triggers)
        body = {
            "label": "test",
            "triggerParam": {"triggers": list(triggers), "boolExp": expression},
            **more,
        }
        return await self.client.call("POST", self.monitors, body)

    async def happen(
        self, later: timedelta = timedelta(seconds=1), **changes: object
    ) -> None:
        """Change the car a moment later, and let the news out."""
        self.client.simulator.clock.advance(later)
        await self.client.patch(self.car, **changes)
        await self.client.simulator.settle()


async def subscriber_of(
    client: Client, listener: Listener, car: str, **webhook: object
) -> Subscriber:
    """Return a callback of a car's owner."""
    body = {
        "label": "my callback",
        "type": ["Monitor", "Remote"],
        "callback": {"webhook": {"name": "test", "target": listener.url, **webhook}},
    }
    answer = await client.call("POST", "/user/callbacks", body)
    assert answer.status == 200, answer.body
    return Subscriber(client, car, answer.body["callbackId"])


@pytest.fixture
async def subscriber(client: Client, listener: Listener) -> Subscriber:
    """Return a callback with all sorts of attributes."""
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


async def test_change_is_told_with_the_whole_status(
    subscriber: Subscriber, listener: Listener
) -> None:
    """A change reaches the webhook in seconds: what changed, and the status beside it."""
    answer = await subscriber.watch(
        PLUGGED, extendedEventParam=["vehicle.status", "vehicle.alerts"]
    )
    assert answer.status == 202
    await subscriber.happen(plugged=True)
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
    assert event["monitorId"] == answer.body["monitorId"]
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
async def test_every_kind_of_trigger(
    subscriber: Subscriber,
    listener: Listener,
    trigger: dict[str, Any],
    changes: dict[str, Any],
) -> None:
    """A trigger fires when its condition becomes true, once, and nothing else makes it."""
    assert (await subscriber.watch(trigger)).status == 202
    await subscriber.happen(auxiliary=77)
    assert listener.posts == []
    await subscriber.happen(**changes)
    assert len(listener.posts) == 1
    await subscriber.happen(auxiliary=78)
    assert len(listener.posts) == 1


async def test_triggers_of_fuel_and_ends(client: Client, listener: Listener) -> None:
    """A petrol car's tank, oil, mode and the end of its trips can be watched."""
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
        assert (await subscriber.watch(data(name, operator, *value))).status == 202
    await subscriber.happen(fuel=10)
    await subscriber.happen(trip="start")
    await subscriber.happen(timedelta(minutes=10))
    await subscriber.happen(trip="stop")
    told = [event["values"][0]["data"] for event in listener.events]
    assert told == [
        "vehicle.energy.fuel.level",
        "vehicle.trip.state",
        "vehicle.engines.thermic.oil.temp",
        "vehicle.trip.stop",
    ]


async def test_news_of_a_jump_come_in_order(
    subscriber: Subscriber, listener: Listener
) -> None:
    """A jump over a day tells every change of that day, with its own time."""
    await subscriber.watch(data("vehicle.kinetic.moving"))
    subscriber.client.simulator.clock.advance(timedelta(days=1))
    await subscriber.client.simulator.settle()
    dates = [body["date"] for body in listener.bodies]
    assert len(dates) >= 4
    assert dates == sorted(dates)
    values = [
        event["values"][0]["value"]["body"]["literalValue"] for event in listener.events
    ]
    assert values == ["true", "false"] * (len(values) // 2)


async def test_previous_state(subscriber: Subscriber, listener: Listener) -> None:
    """A trigger may ask where the change comes from, and is told so."""
    previous = {"op": "equalsTo", "value": ["Stopped"]}
    trigger = data(
        "vehicle.energy.charging.status", "equalsTo", "InProgress", previous=previous
    )
    await subscriber.watch(trigger)
    await subscriber.happen(charging=True)
    assert listener.posts == []
    await subscriber.happen(charging=False)
    await subscriber.happen(charging=True)
    (event,) = listener.events
    assert event["values"][0]["previous"] == "Stopped"


async def test_refresh_reminds(subscriber: Subscriber, listener: Listener) -> None:
    """While the condition holds, reminders follow at their pace, and are marked."""
    await subscriber.watch(
        data("vehicle.energy.charging.plugged", "equalsTo", "true"),
        subscribeParam={"refreshEvent": 600},
    )
    await subscriber.happen(charging=True, level=20)
    await subscriber.happen(timedelta(minutes=31))
    assert [event["refresh"] for event in listener.events] == [False, True, True, True]
    await subscriber.happen(plugged=False)
    await subscriber.happen(timedelta(minutes=31))
    assert len(listener.events) == 4


async def test_refresh_event_of_parked_car_is_sent_without_its_reports(
    subscriber: Subscriber, listener: Listener
) -> None:
    """The platform evaluates the monitor at once, and then in its interval."""
    await subscriber.watch(
        data("vehicle.odometer", "greaterThan", "0"),
        subscribeParam={"refreshEvent": 60},
    )
    for _ in range(3):
        await subscriber.client.simulator.settle()
        subscriber.client.simulator.clock.advance(timedelta(seconds=61))
    assert [event["refresh"] for event in listener.events] == [False, True, True]


async def test_boolean_expression(subscriber: Subscriber, listener: Listener) -> None:
    """Triggers can be joined; only those that are true are told."""
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
    await subscriber.watch(low, moving, expression="low & !moving")
    await subscriber.happen(trip="start")
    await subscriber.happen(level=10)
    assert listener.posts == []
    await subscriber.happen(trip="stop")
    (event,) = listener.events
    assert [value["data"] for value in event["values"]] == [
        "vehicle.energy.electric.level"
    ]


async def test_extensions(subscriber: Subscriber, listener: Listener) -> None:
    """Everything that may go along does, each under its name."""
    names = [
        "vehicle.doorsState",
        "vehicle.maintenance",
        "vehicle.position",
        "vehicle.alarm",
        "vehicle.trip",
        "vehicle.telemetry.vehicle.adas",
        "vehicle.telemetry",
    ]
    await subscriber.watch(PLUGGED, extendedEventParam=names)
    await subscriber.happen(plugged=True)
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


async def test_alerts_travel_as_objects(
    subscriber: Subscriber, listener: Listener
) -> None:
    """The values of an alert trigger are alerts."""
    await subscriber.watch(data("vehicle.alert"))
    await subscriber.happen(alert={"type": "EngineFault", "severity": "Critical"})
    value = listener.events[0]["values"][0]["value"]
    assert value["type"] == "obj.alert"
    assert [one["type"] for one in value["body"]["objectValues"]] == ["EngineFault"]


async def test_retry_then_batch(subscriber: Subscriber, listener: Listener) -> None:
    """What is refused comes again every ten seconds; what has piled up comes as one batch with body attributes alone."""
    await subscriber.watch(PLUGGED)
    listener.status = 500
    await subscriber.happen(plugged=True)
    await subscriber.happen(plugged=False)
    await subscriber.happen(plugged=True)
    assert len(listener.posts) == 1
    await subscriber.happen(timedelta(seconds=10))
    assert len(listener.posts) == 2
    listener.status = 200
    await subscriber.happen(timedelta(seconds=10))
    body, headers, query = listener.posts[-1]
    assert [one["date"] for one in body] == [
        f"2026-03-18T12:00:0{second}Z" for second in (1, 2, 3)
    ]
    assert "X-Secret" not in headers
    assert query == {}
    assert {"key": "secret", "value": "s3cret"} in body[0]["attributes"]
    await subscriber.happen(plugged=False)
    assert isinstance(listener.posts[-1][0], dict)


async def test_batches_hold_a_hundred(
    subscriber: Subscriber, listener: Listener
) -> None:
    """A long queue goes out in batches of a hundred."""
    await subscriber.watch(data("vehicle.doorsState.lockedState"))
    listener.status = 503
    for turn in range(130):
        subscriber.client.simulator.clock.advance(timedelta(seconds=1))
        await subscriber.client.patch(subscriber.car, locked=bool(turn % 2))
    await subscriber.client.simulator.settle()
    listener.status, listener.posts = 200, []
    await subscriber.happen(timedelta(seconds=20))
    assert [len(body) for body, _, _ in listener.posts[:2]] == [100, 30]


async def test_retention(subscriber: Subscriber, listener: Listener) -> None:
    """After three days nobody tries any more."""
    await subscriber.watch(PLUGGED)
    listener.status = 500
    await subscriber.happen(plugged=True)
    listener.status, listener.posts = 200, []
    monitors = subscriber.client.simulator.backend.subscriptions.monitors()
    monitors[0].status = "Paused"
    await subscriber.happen(timedelta(hours=73))
    assert listener.posts == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("lose_message", ["false"]),
        ("double_message", ["true", "true", "false"]),
        ("hold_message", ["false", "true"]),
    ],
)
async def test_faults_of_the_post(
    subscriber: Subscriber, listener: Listener, kind: str, expected: list[str]
) -> None:
    """A message can be lost, doubled, or overtaken."""
    await subscriber.watch(PLUGGED)
    await subscriber.client.fault(kind=kind)
    await subscriber.happen(plugged=True)
    await subscriber.happen(plugged=False)
    values = [
        event["values"][0]["value"]["body"]["literalValue"] for event in listener.events
    ]
    assert values == expected
    async with subscriber.client.session.get("/_sim/messages") as answer:
        messages = (await answer.json())["messages"]
    assert [one["lost"] for one in messages] == [kind == "lose_message", False]


async def test_remotes_are_told(subscriber: Subscriber, listener: Listener) -> None:
    """Every step of a remote reaches the callback, the last as done."""
    await subscriber.client.patch(subscriber.car, sleep="awake")
    body = {
        "label": "horn",
        "horn": {"state": "Activated"},
        "attributes": [{"type": "Header", "key": "X-Status", "value": "$remoteStatus"}],
    }
    answer = await subscriber.client.call("POST", subscriber.remotes, body)
    await subscriber.happen(timedelta(seconds=10))
    assert [event["eventStatus"] for event in listener.events] == [
        {"type": "Pending", "status": "Accepted"},
        {"type": "Pending", "status": "CheckingVehicle"},
        {"type": "Pending", "status": "SentToVehicle"},
        {"type": "Done", "status": "Success"},
    ]
    assert {event["remoteActionId"] for event in listener.events} == {
        answer.body["remoteActionId"]
    }
    assert {event["remoteType"] for event in listener.events} == {"Horn"}
    assert listener.posts[-1][1]["X-Status"] == "Success"


async def test_failed_remote_tells_its_cause(
    subscriber: Subscriber, listener: Listener
) -> None:
    """The cause of a failure goes along."""
    await subscriber.client.fault(kind="remote_fails", message="CidInside")
    await subscriber.client.patch(subscriber.car, sleep="awake")
    await subscriber.client.call(
        "POST", subscriber.remotes, {"door": {"state": "Unlocked"}}
    )
    await subscriber.happen(timedelta(seconds=10))
    assert listener.events[-1]["eventStatus"] == {
        "type": "Done",
        "status": "Failed",
        "failureCause": "CidInside",
    }


async def test_address_that_leads_nowhere(client: Client, listener: Listener) -> None:
    """A target under .invalid gets nothing, and its remotes go their way."""
    listener.url = "https://nothing.invalid/hook"
    subscriber = await subscriber_of(client, listener, await client.car())
    await client.patch(subscriber.car, sleep="awake")
    answer = await client.call(
        "POST", subscriber.remotes, {"horn": {"state": "Activated"}}
    )
    await subscriber.happen(timedelta(seconds=10))
    shown = await client.get(f"{subscriber.remotes}/{answer.body['remoteActionId']}")
    assert shown["status"] == "Success"


async def test_callback_is_kept_shown_changed_and_deleted(
    subscriber: Subscriber, listener: Listener
) -> None:
    """A callback outlives its client's connection, can be found again, changed, paused and deleted with its monitors."""
    client = subscriber.client
    (found,) = (await client.get("/user/callbacks"))["_embedded"]["callbacks"]
    assert subscriber.callback.endswith(found["id"])
    assert (await client.get(subscriber.callback))["subscribe"]["callback"]["webhook"][
        "target"
    ] == listener.url
    await subscriber.watch(PLUGGED)

    body = {**found["subscribe"], "type": ["Remote"]}
    assert (await client.call("PUT", subscriber.callback, body)).status == 202
    assert (await client.get("/user/callbacks", types="Monitor"))["total"] == 0
    await subscriber.happen(plugged=True)
    assert listener.posts == []

    await client.call("PUT", subscriber.callback, found["subscribe"])
    paused = await client.call(
        "PUT", f"{subscriber.callback}/status", {"status": "Paused"}
    )
    assert (paused.status, paused.body["status"]) == (202, "Paused")
    await subscriber.happen(plugged=False)
    assert listener.posts == []
    await client.call("PUT", f"{subscriber.callback}/status", {"status": "Running"})
    await subscriber.happen(plugged=True)
    assert len(listener.posts) == 1

    assert (await client.call("DELETE", subscriber.callback)).status == 204
    assert (await client.call("GET", subscriber.callback)).status == 404
    await subscriber.happen(plugged=False)
    assert len(listener.posts) == 1


async def test_monitor_is_shown_changed_paused_and_deleted(
    subscriber: Subscriber, listener: Listener
) -> None:
    """A monitor can be read as it was made, replaced, paused, resumed and deleted."""
    client = subscriber.client
    made = await subscriber.watch(PLUGGED)
    path = f"{subscriber.monitors}/{made.body['monitorId']}"
    shown = await client.get(path)
    assert shown["monitor"]["triggerParam"]["triggers"] == [PLUGGED]
    changed = {
        **shown["monitor"],
        "triggerParam": {"triggers": [data("vehicle.alert")], "boolExp": "t1"},
    }
    assert (await client.call("PUT", path, changed)).status == 202
    await subscriber.happen(plugged=True)
    assert listener.posts == []
    await subscriber.happen(alert="RiskOfIce")
    assert len(listener.posts) == 1
    assert (await client.call("PUT", f"{path}/status", {"status": "Paused"})).body[
        "status"
    ] == "Paused"
    await subscriber.happen(alert="EngineFault")
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
async def test_monitors_and_callbacks_fail_on_demand(
    subscriber: Subscriber, listener: Listener, kind: str, status: str
) -> None:
    """A failed monitor, or the monitor of a failed callback, tells nothing."""
    await subscriber.watch(PLUGGED)
    await subscriber.client.fault(kind=kind)
    await subscriber.happen(plugged=True)
    assert listener.posts == []
    (monitor,) = (await subscriber.client.get(subscriber.monitors))["_embedded"][
        "monitors"
    ]
    assert monitor["status"] == status


async def test_forgotten_callbacks(subscriber: Subscriber) -> None:
    """The platform may lose callbacks, and monitors with them."""
    await subscriber.client.fault(kind="forget_callbacks")
    assert (await subscriber.client.call("GET", subscriber.monitors)).status == 404


async def test_five_monitors_are_enough(subscriber: Subscriber) -> None:
    """A sixth monitor of a vehicle is refused."""
    answers = [await subscriber.watch(PLUGGED) for _ in range(6)]
    assert [answer.status for answer in answers] == [202] * 5 + [400]


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
async def test_wrong_monitors(
    subscriber: Subscriber, triggers: list[Any], more: dict[str, Any]
) -> None:
    """A monitor that the specification does not allow is refused."""
    answer = await subscriber.watch(*triggers, **more)
    assert (answer.status, answer.body["code"]) == (400, 40000)


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
async def test_wrong_callbacks(client: Client, body: dict[str, object]) -> None:
    """A callback that the specification does not allow is refused."""
    assert (await client.call("POST", "/user/callbacks", body)).status == 400


async def test_monitor_needs_the_scopes_of_its_data(
    simulator: Simulator, session: aiohttp.ClientSession, listener: Listener
) -> None:
    """Who may not read a datum may not watch it, nor have it sent along."""
    client = await Client.signed_in(simulator, session, scopes=["data:telemetry"])
    subscriber = await subscriber_of(client, listener, await client.car())
    assert (await subscriber.watch(data("vehicle.alert"))).status == 403
    assert (
        await subscriber.watch(PLUGGED, extendedEventParam=["vehicle.position"])
    ).status == 403
    assert (
        await subscriber.watch(PLUGGED, extendedEventParam=["vehicle.status"])
    ).status == 202
    await subscriber.happen(plugged=True)
    assert (
        "lastPosition" not in listener.events[0]["extensions"][0]["body"][0]["status"]
    )


async def test_callbacks_are_their_owners(
    subscriber: Subscriber, simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """Another account or brand sees nothing of a callback."""
    for wanted in ({"email": "second@example.com"}, {"brand": "opel"}):
        stranger = await Client.signed_in(simulator, session, **wanted)
        assert (await stranger.get("/user/callbacks"))["total"] == 0
        assert (await stranger.call("DELETE", subscriber.callback)).status == 404


def test_everything_that_can_be_watched_is_known() -> None:
    """The specification lists 29 data."""
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
def test_expressions_mean_what_they_say(tree: str, values: dict[str, bool]) -> None:
    """An expression has the value that logic gives it."""
    python = tree.replace("!", " not ").replace("&", " and ").replace("|", " or ")
    expected = bool(eval(python, {}, values))  # noqa: S307 - three names and three operators
    assert expressions.parse(tree).evaluate(values) is expected
