"""Tests of callbacks, remotes and monitors."""

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

CREATIONS: dict[str, tuple[Call, str, Any, str]] = {
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
CHANGES: dict[str, tuple[Call, str, Any]] = {
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
    "monitor status": (
        lambda client: client.set_monitor_status(
            "my-car", "my-callback", "m", SubscriptionStatus.RUNNING
        ),
        f"{CAR}/monitors/m/status",
        {"status": "Running"},
    ),
}
DELETIONS: dict[str, tuple[Call, str]] = {
    "callback": (lambda client: client.delete_callback("c"), f"{CALLBACKS}/c"),
    "monitor": (
        lambda client: client.delete_monitor("my-car", "my-callback", "m"),
        f"{CAR}/monitors/m",
    ),
}


@pytest.mark.parametrize("status", [200, 202])
@pytest.mark.parametrize(
    ("create", "path", "body", "name"), CREATIONS.values(), ids=CREATIONS
)
async def test_created_resource_returns_its_id(
    client: StellantisClient,
    server: FakeServer,
    create: Call,
    path: str,
    body: Any,
    name: str,
    status: int,
) -> None:
    """The platform confirms it, or accepts the request."""
    server.respond_with(respond({name: "the-id", "status": "Running"}, status))
    assert await create(client) == "the-id"
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", path)
    assert dict(request.query) == {"client_id": "my-id"}
    assert request.headers["Authorization"] == "Bearer first"
    assert server.bodies == [body]


UNKNOWN_OUTCOMES: dict[str, Handler] = {
    "dropped": close_connection,
    "interrupted": interrupt,
    "html 502": OUTAGE,
    "500": respond({"code": 50000}, 500),
    "truncated": respond('{"remoteActionId": "the-', 202),
    "without an id": respond({}, 202),
    "with a strange id": respond({"remoteActionId": 5}, 202),
}


@pytest.mark.parametrize("failure", UNKNOWN_OUTCOMES.values(), ids=UNKNOWN_OUTCOMES)
@pytest.mark.parametrize(
    "create", [row[0] for row in CREATIONS.values()], ids=CREATIONS
)
async def test_lost_response_to_a_creation_raises_outcome_unknown(
    client: StellantisClient, server: FakeServer, create: Call, failure: Handler
) -> None:
    """The request is not repeated."""
    server.respond_with(failure)
    with pytest.raises(OutcomeUnknownError):
        await create(client)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "create", [row[0] for row in CREATIONS.values()], ids=CREATIONS
)
async def test_creation_without_a_connection_is_retried(
    session: aiohttp.ClientSession,
    rate_limiter: RateLimiter,
    clock: FakeClock,
    create: Call,
    unused_tcp_port: int,
) -> None:
    """Nothing was sent, so that the outcome is known."""
    hosts = ServerHosts(server=URL(f"http://127.0.0.1:{unused_tcp_port}"))
    client = StellantisClient(
        session,
        FakeTokens("first"),
        hosts,
        "my-id",
        rate_limiter=rate_limiter,
        clock=clock,
    )
    with pytest.raises(UnreachableError):
        await create(client)
    assert len(clock.slept) == 2


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (respond({"code": 40000}, 400), BadRequestError),
        (respond({"code": 40300}, 403), ForbiddenError),
        (respond({"code": 42900}, 429, {"Retry-After": "600"}), QuotaExceededError),
    ],
)
@pytest.mark.parametrize(
    "create", [row[0] for row in CREATIONS.values()], ids=CREATIONS
)
async def test_refused_creation_raises_its_error(
    client: StellantisClient,
    server: FakeServer,
    create: Call,
    response: Handler,
    error: type[StellantisError],
) -> None:
    """The outcome is known."""
    server.respond_with(response)
    with pytest.raises(error):
        await create(client)
    assert len(server.requests) == 1


async def test_creation_refused_over_the_burst_is_retried(
    client: StellantisClient, server: FakeServer, clock: FakeClock
) -> None:
    """The refused request had no effect."""
    created = respond({"remoteActionId": "the-id"}, 202)
    server.respond_with(respond({"code": 42900}, 429, {"Retry-After": "2"}), created)
    assert await client.send_remote("my-car", "c", "a label", WakeUp()) == "the-id"
    assert sum(clock.slept) >= 1.999


async def test_creation_with_a_rejected_token_is_repeated_once(
    client: StellantisClient, server: FakeServer
) -> None:
    """The refused request had no effect."""
    server.respond_with(respond(status=401), respond({"remoteActionId": "the-id"}, 202))
    assert await client.send_remote("my-car", "c", "a label", WakeUp()) == "the-id"
    server.respond_with(respond(status=401))
    with pytest.raises(UnauthorizedError):
        await client.send_remote("my-car", "c", "a label", WakeUp())


@pytest.mark.parametrize(("change", "path", "body"), CHANGES.values(), ids=CHANGES)
async def test_change_whose_response_is_lost_is_repeated(
    client: StellantisClient, server: FakeServer, change: Call, path: str, body: Any
) -> None:
    """Changing something twice is the same as once."""
    server.respond_with(OUTAGE, respond({"status": "Running"}, 202))
    await change(client)
    assert {(one.method, one.path) for one in server.requests} == {("PUT", path)}
    assert server.bodies == [body, body]


@pytest.mark.parametrize(
    "response", [respond(status=204), respond({"code": 40400}, 404)]
)
@pytest.mark.parametrize(("delete", "path"), DELETIONS.values(), ids=DELETIONS)
async def test_deletion_of_a_missing_resource_succeeds(
    client: StellantisClient,
    server: FakeServer,
    delete: Call,
    path: str,
    response: Handler,
) -> None:
    """It need not have existed."""
    server.respond_with(OUTAGE, response)
    await delete(client)
    assert {(one.method, one.path) for one in server.requests} == {("DELETE", path)}


async def test_change_during_an_outage_raises_server_error(
    client: StellantisClient, server: FakeServer
) -> None:
    """It is retried before."""
    server.respond_with(OUTAGE)
    changes = [row[0] for row in CHANGES.values()]
    deletions = [row[0] for row in DELETIONS.values()]
    for call in changes + deletions:
        server.requests.clear()
        with pytest.raises(ServerError) as caught:
            await call(client)
        assert not isinstance(caught.value, OutcomeUnknownError)
        assert len(server.requests) == 3


async def test_callbacks_include_those_of_others(
    client: StellantisClient, server: FakeServer
) -> None:
    """Each has its label and subscription."""
    own = {"id": "a", "status": "Failed", "subscribe": SUBSCRIBE_BODY}
    other = {
        "id": "b",
        "label": "theirs",
        "status": "Running",
        "subscribe": {"callback": {"pushnotif": {"devices": ["d"]}}},
    }
    server.respond_with(
        respond({"_embedded": {"callbacks": [own, other, {"label": "c"}]}})
    )
    first, second = await client.get_callbacks()
    assert (first.id, first.label) == ("a", "a label")
    assert first.status is SubscriptionStatus.FAILED
    assert first.subscribe == SUBSCRIBE
    assert (second.id, second.label, second.subscribe.target) == ("b", "theirs", None)
    assert server.requests[0].path == CALLBACKS


def test_callback_body_has_all_types_and_a_list_of_attributes() -> None:
    """The platform refuses a callback without the list."""
    assert CallbackSubscribe(label="a", name="b", target="c").body() == {
        "label": "a",
        "type": ["Monitor", "Remote"],
        "callback": {"webhook": {"name": "b", "target": "c", "attributes": []}},
    }


async def test_remotes_are_returned_with_their_labels(
    client: StellantisClient, server: FakeServer
) -> None:
    """One remote is returned by its id."""
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


def test_remote_of_a_message_is_read() -> None:
    """Its fields have other names."""
    remote = RemoteState.from_json(
        {
            "remoteActionId": "a",
            "remoteType": "ChargingState",
            "eventStatus": {
                "type": "Done",
                "status": "Success",
            },
        }
    )
    assert remote == RemoteState(
        id="a",
        type=RemoteType.CHARGING_STATE,
        status=RemoteStatus.SUCCESS,
    )


ENDS = {
    RemoteStatus.SUCCESS: True,
    RemoteStatus.ALREADY_DONE: True,
    RemoteStatus.FAILED: False,
}


@pytest.mark.parametrize("status", [*RemoteStatus, None])
def test_remote_is_pending_until_it_is_done(status: RemoteStatus | None) -> None:
    """Warnings and unknown statuses are pending."""
    remote = RemoteState(status=status)
    assert remote.succeeded is (ENDS.get(status) if status else None)
    assert remote.pending is (status not in ENDS)


async def test_monitors_are_returned_with_their_parameters(
    client: StellantisClient, server: FakeServer
) -> None:
    """Each has its label and triggers."""
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


def test_monitor_body_has_its_expression_and_attributes() -> None:
    """It repeats its message after a while."""
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
def test_invalid_monitor_raises_value_error(
    count: int, refresh_event: timedelta | None
) -> None:
    """No request is sent."""
    trigger = DataTrigger(MonitoredData.ALERT)
    with pytest.raises(ValueError):
        MonitorParameter(
            label="a",
            triggers={f"t{number}": trigger for number in range(count)},
            refresh_event=refresh_event,
        )
