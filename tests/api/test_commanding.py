"""Callbacks, remotes and monitors: what is sent, and that nothing new is made twice."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from yarl import URL

from custom_components.stellantis_connect.api.client import StellantisClient
from custom_components.stellantis_connect.api.exceptions import (
    BadRequestError,
    ForbiddenError,
    OutcomeUnknownError,
    QuotaExceededError,
    ServerError,
    StellantisError,
    UnauthorizedError,
    UnreachableError,
)
from custom_components.stellantis_connect.api.models.callbacks import (
    Attribute,
    AttributeType,
    CallbackSubscribe,
    CallbackType,
    SubscriptionStatus,
)
from custom_components.stellantis_connect.api.models.monitors import (
    DataTrigger,
    ExtendedEvent,
    MonitoredData,
    MonitorParameter,
    TriggerOperation,
    ZoneTransition,
    ZoneTrigger,
)
from custom_components.stellantis_connect.api.models.remote_actions import Door, WakeUp
from custom_components.stellantis_connect.api.models.remotes import (
    RemoteFailureCause,
    RemoteFeedbackDetail,
    RemoteState,
    RemoteStatus,
    RemoteType,
)
from custom_components.stellantis_connect.api.rate_limit import RateLimiter

from .fake_server import (
    FakeClock,
    FakeServer,
    FakeTokens,
    Handler,
    ServerHosts,
    close_connection,
    interrupt,
    respond,
)

CALLBACKS = "/connectedcar/v4/user/callbacks"
CAR = "/connectedcar/v4/user/vehicles/my-car/callbacks/my-callback"
OUTAGE = respond("<html>502 Bad Gateway</html>", 502)

SUBSCRIBE = CallbackSubscribe(
    label="a label",
    name="a name",
    target="https://example.com/hook",
    type=frozenset({CallbackType.REMOTE}),
    attributes=(Attribute(type=AttributeType.BODY, key="secret", value="s3cret"),),
)
SUBSCRIBE_BODY = {
    "label": "a label",
    "type": ["Remote"],
    "callback": {
        "webhook": {
            "name": "a name",
            "target": "https://example.com/hook",
            "attributes": [{"type": "Body", "key": "secret", "value": "s3cret"}],
        }
    },
}
MONITOR = MonitorParameter(
    label="a label",
    triggers={
        "plug": DataTrigger(MonitoredData.CHARGING_PLUGGED),
        "level": DataTrigger(
            MonitoredData.ELECTRIC_LEVEL, TriggerOperation.GREATER_THAN, ("80",)
        ),
        "home": ZoneTrigger(ZoneTransition.IN, 2.35, 48.85, 3),
    },
    extended_events=(ExtendedEvent.STATUS, ExtendedEvent.TRIP),
)
MONITOR_BODY = {
    "label": "a label",
    "triggerParam": {
        "triggers": [
            {
                "name": "plug",
                "data": {"data": "vehicle.energy.charging.plugged", "op": "onChange"},
            },
            {
                "name": "level",
                "data": {
                    "data": "vehicle.energy.electric.level",
                    "op": "greaterThan",
                    "value": ["80"],
                },
            },
            {
                "name": "home",
                "zone": {
                    "transition": "In",
                    "place": {
                        "center": {"longitude": 2.35, "latitude": 48.85},
                        "radius": 3,
                    },
                },
            },
        ],
        "boolExp": "plug | level | home",
    },
    "extendedEventParam": ["vehicle.status", "vehicle.trip"],
    "attributes": [],
}

type Call = Callable[[StellantisClient], Awaitable[object]]

MAKING: dict[str, tuple[Call, str, Any, str]] = {
    "callback": (
        lambda client: client.create_callback(SUBSCRIBE),
        CALLBACKS,
        SUBSCRIBE_BODY,
        "callbackId",
    ),
    "remote": (
        lambda client: client.send_remote(
            "my-car", "my-callback", "a label", Door(locked=True)
        ),
        f"{CAR}/remotes",
        {"label": "a label", "door": {"state": "Locked"}},
        "remoteActionId",
    ),
    "monitor": (
        lambda client: client.create_monitor("my-car", "my-callback", MONITOR),
        f"{CAR}/monitors",
        MONITOR_BODY,
        "monitorId",
    ),
}
CHANGING: dict[str, tuple[Call, str, Any]] = {
    "callback": (
        lambda client: client.update_callback("c", SUBSCRIBE),
        f"{CALLBACKS}/c",
        SUBSCRIBE_BODY,
    ),
    "callback status": (
        lambda client: client.set_callback_status("c", SubscriptionStatus.PAUSED),
        f"{CALLBACKS}/c/status",
        {"status": "Paused"},
    ),
    "monitor": (
        lambda client: client.update_monitor("my-car", "my-callback", "m", MONITOR),
        f"{CAR}/monitors/m",
        MONITOR_BODY,
    ),
    "monitor status": (
        lambda client: client.set_monitor_status(
            "my-car", "my-callback", "m", SubscriptionStatus.RUNNING
        ),
        f"{CAR}/monitors/m/status",
        {"status": "Running"},
    ),
}
DELETING: dict[str, tuple[Call, str]] = {
    "callback": (lambda client: client.delete_callback("c"), f"{CALLBACKS}/c"),
    "monitor": (
        lambda client: client.delete_monitor("my-car", "my-callback", "m"),
        f"{CAR}/monitors/m",
    ),
}


@pytest.mark.parametrize("status", [200, 202])
@pytest.mark.parametrize(("make", "path", "body", "name"), MAKING.values(), ids=MAKING)
async def test_what_is_made_has_an_id(
    client: StellantisClient,
    server: FakeServer,
    make: Call,
    path: str,
    body: Any,
    name: str,
    status: int,
) -> None:
    """Whether the platform has made it already or only promises to."""
    server.respond_with(respond({name: "the-id", "status": "Running"}, status))
    assert await make(client) == "the-id"
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", path)
    assert dict(request.query) == {"client_id": "my-id"}
    assert request.headers["Authorization"] == "Bearer first"
    assert server.bodies == [body]


UNKNOWN_OUTCOMES: dict[str, Handler] = {
    "dropped": close_connection,
    "broken off": interrupt,
    "html 502": OUTAGE,
    "500": respond({"code": 50000}, 500),
    "truncated": respond('{"remoteActionId": "the-', 202),
    "without an id": respond({}, 202),
    "with a strange id": respond({"remoteActionId": 5}, 202),
}


@pytest.mark.parametrize("loss", UNKNOWN_OUTCOMES.values(), ids=UNKNOWN_OUTCOMES)
@pytest.mark.parametrize("make", [row[0] for row in MAKING.values()], ids=MAKING)
async def test_nothing_is_made_twice(
    client: StellantisClient, server: FakeServer, make: Call, loss: Handler
) -> None:
    """Where the answer is lost, whoever asked has to look."""
    server.respond_with(loss)
    with pytest.raises(OutcomeUnknownError):
        await make(client)
    assert len(server.requests) == 1


@pytest.mark.parametrize("make", [row[0] for row in MAKING.values()], ids=MAKING)
async def test_nobody_is_reached(
    session: aiohttp.ClientSession,
    rate_limiter: RateLimiter,
    clock: FakeClock,
    make: Call,
    unused_tcp_port: int,
) -> None:
    """Then nothing was asked for: it is tried again, and the outcome is known."""
    nowhere = ServerHosts(server=URL(f"http://127.0.0.1:{unused_tcp_port}"))
    client = StellantisClient(
        session,
        FakeTokens("first"),
        nowhere,
        "my-id",
        rate_limiter=rate_limiter,
        clock=clock,
    )
    with pytest.raises(UnreachableError):
        await make(client)
    assert len(clock.slept) == 2


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (respond({"code": 40000}, 400), BadRequestError),
        (respond({"code": 40300}, 403), ForbiddenError),
        (respond({"code": 42900}, 429, {"Retry-After": "600"}), QuotaExceededError),
    ],
)
@pytest.mark.parametrize("make", [row[0] for row in MAKING.values()], ids=MAKING)
async def test_refusal_is_told_as_such(
    client: StellantisClient,
    server: FakeServer,
    make: Call,
    refusal: Handler,
    error: type[StellantisError],
) -> None:
    """What is refused is not made."""
    server.respond_with(refusal)
    with pytest.raises(error):
        await make(client)
    assert len(server.requests) == 1


async def test_burst_is_sat_out(
    client: StellantisClient, server: FakeServer, clock: FakeClock
) -> None:
    """As what is refused in it has had no effect."""
    made = respond({"remoteActionId": "the-id"}, 202)
    server.respond_with(respond({"code": 42900}, 429, {"Retry-After": "2"}), made)
    assert await client.send_remote("my-car", "c", "a label", WakeUp()) == "the-id"
    assert sum(clock.slept) >= 1.999


async def test_rejected_token_is_replaced(
    client: StellantisClient, server: FakeServer
) -> None:
    """And what was asked for with it was not done."""
    server.respond_with(respond(status=401), respond({"remoteActionId": "the-id"}, 202))
    assert await client.send_remote("my-car", "c", "a label", WakeUp()) == "the-id"
    server.respond_with(respond(status=401))
    with pytest.raises(UnauthorizedError):
        await client.send_remote("my-car", "c", "a label", WakeUp())


@pytest.mark.parametrize(("change", "path", "body"), CHANGING.values(), ids=CHANGING)
async def test_what_exists_is_changed(
    client: StellantisClient, server: FakeServer, change: Call, path: str, body: Any
) -> None:
    """Again, if the answer is lost: twice is the same as once."""
    server.respond_with(OUTAGE, respond({"status": "Running"}, 202))
    await change(client)
    assert {(one.method, one.path) for one in server.requests} == {("PUT", path)}
    assert server.bodies == [body, body]


@pytest.mark.parametrize("answer", [respond(status=204), respond({"code": 40400}, 404)])
@pytest.mark.parametrize(("delete", "path"), DELETING.values(), ids=DELETING)
async def test_what_is_deleted_is_gone(
    client: StellantisClient,
    server: FakeServer,
    delete: Call,
    path: str,
    answer: Handler,
) -> None:
    """Or was so before."""
    server.respond_with(OUTAGE, answer)
    await delete(client)
    assert {(one.method, one.path) for one in server.requests} == {("DELETE", path)}


async def test_outage_is_told_of_what_can_be_repeated(
    client: StellantisClient, server: FakeServer
) -> None:
    """After several tries."""
    server.respond_with(OUTAGE)
    changes = [row[0] for row in CHANGING.values()]
    deletions = [row[0] for row in DELETING.values()]
    for call in changes + deletions:
        server.requests.clear()
        with pytest.raises(ServerError) as caught:
            await call(client)
        assert not isinstance(caught.value, OutcomeUnknownError)
        assert len(server.requests) == 3


async def test_callbacks(client: StellantisClient, server: FakeServer) -> None:
    """Own ones are told from strangers' by what they were made with."""
    own = {"id": "a", "status": "Failed", "subscribe": SUBSCRIBE_BODY}
    stranger = {
        "id": "b",
        "label": "theirs",
        "status": "Running",
        "subscribe": {"callback": {"pushnotif": {"devices": ["d"]}}},
    }
    server.respond_with(
        respond({"_embedded": {"callbacks": [own, stranger, {"label": "c"}]}})
    )
    first, second = await client.get_callbacks()
    assert (first.id, first.label) == ("a", "a label")
    assert first.status is SubscriptionStatus.FAILED
    assert first.subscribe == SUBSCRIBE
    assert (second.id, second.label, second.subscribe.target) == ("b", "theirs", None)
    assert server.requests[0].path == CALLBACKS


def test_callback_is_for_everything_and_has_a_list_of_attributes() -> None:
    """The platform refuses one without."""
    assert CallbackSubscribe(label="a", name="b", target="c").body() == {
        "label": "a",
        "type": ["Monitor", "Remote"],
        "callback": {"webhook": {"name": "b", "target": "c", "attributes": []}},
    }


async def test_remotes(client: StellantisClient, server: FakeServer) -> None:
    """All of a car, found by label; or one, by id."""
    failed = {
        "remoteActionId": "a",
        "remote": {"label": "a label", "door": {"state": "Locked"}},
        "type": "Doors",
        "status": "Failed",
        "failureCause": "DoorsOpen",
    }
    server.respond_with(respond({"_embedded": {"remoteActions": [failed, {}]}}))
    (remote,) = await client.get_remotes("my-car", "my-callback")
    assert (remote.id, remote.label) == ("a", "a label")
    assert remote.type is RemoteType.DOORS
    assert remote.failure_cause is RemoteFailureCause.DOORS_OPEN
    server.respond_with(respond(failed))
    assert await client.get_remote("my-car", "my-callback", "a") == remote
    assert [one.path for one in server.requests] == [
        f"{CAR}/remotes",
        f"{CAR}/remotes/a",
    ]


def test_remote_of_a_message() -> None:
    """Which words the same in another way."""
    remote = RemoteState.from_json(
        {
            "remoteActionId": "a",
            "remoteType": "ChargingState",
            "eventStatus": {
                "type": "Done",
                "status": "Success",
                "feedbackDetail": "NoCIDBlacklisted",
            },
        }
    )
    assert remote == RemoteState(
        id="a",
        type=RemoteType.CHARGING_STATE,
        status=RemoteStatus.SUCCESS,
        feedback_detail=RemoteFeedbackDetail.NO_CID_BLACKLISTED,
    )


ENDS = {
    RemoteStatus.SUCCESS: True,
    RemoteStatus.ALREADY_DONE: True,
    RemoteStatus.FAILED: False,
}


@pytest.mark.parametrize("status", [*RemoteStatus, None])
def test_remote_is_pending_until_it_ends(status: RemoteStatus | None) -> None:
    """Warnings, and statuses that nobody knows, are no ends."""
    remote = RemoteState(status=status)
    assert remote.succeeded is (ENDS.get(status) if status else None)
    assert remote.pending is (status not in ENDS)


async def test_monitors(client: StellantisClient, server: FakeServer) -> None:
    """With what they were made with."""
    monitor = {
        "monitorId": "a",
        "monitor": MONITOR_BODY,
        "status": "Paused",
        "createdAt": "2026-02-03T08:00:00Z",
        "updatedAt": "2026-02-03T09:00:00Z",
    }
    server.respond_with(respond({"_embedded": {"monitors": [monitor]}}))
    (found,) = await client.get_monitors("my-car", "my-callback")
    assert (found.id, found.label) == ("a", "a label")
    assert found.status is SubscriptionStatus.PAUSED
    assert found.created_at == datetime(2026, 2, 3, 8, tzinfo=UTC)
    assert found.updated_at == datetime(2026, 2, 3, 9, tzinfo=UTC)
    assert found.raw["monitor"] == MONITOR.body()
    assert server.requests[0].path == f"{CAR}/monitors"


def test_monitor_that_reminds() -> None:
    """By an expression of its own, with attributes of its own."""
    monitor = MonitorParameter(
        label="a",
        triggers=MONITOR.triggers,
        bool_exp="plug & !level",
        refresh_event=timedelta(minutes=2),
        attributes=(Attribute(type=AttributeType.HEADER, key="k", value="$vin"),),
    )
    body: Any = monitor.body()
    assert body["triggerParam"]["boolExp"] == "plug & !level"
    assert body["subscribeParam"] == {"refreshEvent": 120}
    assert body["attributes"] == [{"type": "Header", "key": "k", "value": "$vin"}]
    assert body["extendedEventParam"] == []


@pytest.mark.parametrize(
    ("count", "refresh_event"), [(0, None), (6, None), (1, timedelta(seconds=59))]
)
def test_monitor_that_the_platform_would_refuse(
    count: int, refresh_event: timedelta | None
) -> None:
    """Is refused before it costs a request."""
    trigger = DataTrigger(MonitoredData.ALERT)
    with pytest.raises(ValueError):
        MonitorParameter(
            label="a",
            triggers={f"t{number}": trigger for number in range(count)},
            refresh_event=refresh_event,
        )
