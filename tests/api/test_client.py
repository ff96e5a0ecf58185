"""Tests of what the client retrieves of a car."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from aiohttp import web
import pytest

from custom_components.stellantis_connect.api.client import StellantisClient
from custom_components.stellantis_connect.api.exceptions import (
    ForbiddenError,
    NotFoundError,
)
from custom_components.stellantis_connect.api.models.alarms import (
    AlarmActivation,
    AlarmTriggerType,
)
from custom_components.stellantis_connect.api.models.alerts import (
    AlertSeverity,
    AlertType,
)
from custom_components.stellantis_connect.api.models.collisions import (
    CollisionDetails,
    CollisionSeverity,
    CollisionSide,
)
from custom_components.stellantis_connect.api.models.telemetry import TelemetryKind
from custom_components.stellantis_connect.api.models.trips import Trip

from .fake_server import NOON, FakeServer, Handler, respond

OUTAGE = respond("<html>502 Bad Gateway</html>", 502)
UNREADABLE = respond('{"_embedded": {"tri')
QUOTA_EXCEEDED = respond({"code": 42900}, 429, {"Retry-After": "600"})
CAR = "/connectedcar/v4/user/vehicles/my-car"


def records(name: str, *elements: Mapping[str, Any]) -> Handler:
    """Return a collection of one page."""
    return respond({"total": len(elements), "_embedded": {name: elements}})


def place(longitude: float, latitude: float) -> dict[str, Any]:
    """Return a position."""
    return {"type": "Feature", "geometry": {"coordinates": [longitude, latitude]}}


async def test_last_position_is_returned_and_cached(
    client: StellantisClient, server: FakeServer
) -> None:
    """An equal response returns the same object."""
    server.respond_with(respond(place(2.35, 48.85)))
    position = await client.get_last_position("my-car")
    assert (position.longitude, position.latitude) == (2.35, 48.85)
    assert await client.get_last_position("my-car") is position
    assert server.requests[0].path == f"{CAR}/lastPosition"


async def test_alerts_are_returned_with_unknown_types(
    client: StellantisClient, server: FakeServer
) -> None:
    """Those that were cleared are among them."""
    server.respond_with(
        records(
            "alerts",
            {
                "id": "a",
                "active": False,
                "type": "LeftFrontTirePressurSensorFault",
                "severity": "Critical",
                "startedAt": "2026-02-03T08:00:00Z",
                "endAt": "2026-02-03T09:00:00Z",
                "createdAt": "2026-02-03T08:00:01Z",
                "startPosition": place(2.35, 48.85),
            },
            {"id": "b", "active": True, "type": "FluxCapacitorFault"},
        )
    )
    cleared, standing = await client.get_alerts("my-car")
    assert cleared.type is AlertType.LEFT_FRONT_TIRE_PRESSUR_SENSOR_FAULT
    assert cleared.severity is AlertSeverity.CRITICAL
    assert cleared.active is False
    assert cleared.started_at == datetime(2026, 2, 3, 8, tzinfo=UTC)
    assert cleared.end_at == datetime(2026, 2, 3, 9, tzinfo=UTC)
    assert cleared.created_at == datetime(2026, 2, 3, 8, 0, 1, tzinfo=UTC)
    assert cleared.start_position.latitude == 48.85
    assert (standing.id, standing.active, standing.type) == ("b", True, None)
    assert client.unexpected_fields == {"Alert.type"}
    assert server.requests[0].path == f"{CAR}/alerts"


async def test_alarms_are_returned_with_their_times(
    client: StellantisClient, server: FakeServer
) -> None:
    """Each is a change of the activation or a trigger."""
    server.respond_with(
        records(
            "alarms",
            {
                "id": "a",
                "status": {
                    "activation": "Active",
                    "createdAt": "2026-02-03T08:00:00Z",
                },
            },
            {
                "id": "b",
                "trigger": {
                    "type": "VehicleLifting",
                    "startAt": "2026-02-03T08:59:00Z",
                    "createdAt": "2026-02-03T09:00:00Z",
                    "position": place(2.35, 48.85),
                },
            },
        )
    )
    armed, lifted = await client.get_alarms("my-car")
    assert armed.status.activation is AlarmActivation.ACTIVE
    assert armed.created_at == datetime(2026, 2, 3, 8, tzinfo=UTC)
    assert armed.trigger.type is None
    assert lifted.trigger.type is AlarmTriggerType.VEHICLE_LIFTING
    assert lifted.trigger.position.longitude == 2.35
    assert lifted.created_at == datetime(2026, 2, 3, 9, tzinfo=UTC)
    assert server.requests[0].path == f"{CAR}/alarms"


async def test_collisions_are_returned_in_any_case_of_their_name(
    client: StellantisClient, server: FakeServer
) -> None:
    """The platform embeds them with a capital letter."""
    server.respond_with(
        records(
            "Collisions",
            {
                "id": "a",
                "details": [{"side": "Rear", "severity": "Major"}, {"side": "Front"}],
                "pedestrian": False,
            },
        )
    )
    (collision,) = await client.get_collisions("my-car")
    assert collision.details == (
        CollisionDetails(side=CollisionSide.REAR, severity=CollisionSeverity.MAJOR),
        CollisionDetails(side=CollisionSide.FRONT),
    )
    assert collision.pedestrian is False
    assert collision.tipped_over is None
    assert server.requests[0].path == f"{CAR}/collisions"


async def test_way_points_of_trip_are_returned(
    client: StellantisClient, server: FakeServer
) -> None:
    """Points without coordinates are left out."""
    server.respond_with(
        records("positions", place(2.35, 48.85), {}, place(2.36, 48.86)),
    )
    points = await client.get_way_points("my-car", "a")
    assert [point.longitude for point in points] == [2.35, 2.36]
    assert [request.path for request in server.requests] == [
        f"{CAR}/trips/a/wayPoints",
    ]


async def test_telemetry_of_some_kinds_is_requested(
    client: StellantisClient, server: FakeServer
) -> None:
    """Large pages are requested as well."""
    server.respond_with(records("telemetries", {"vehicle": {"adas": {"sli": 110}}}))
    (message,) = await client.get_telemetry(
        "my-car",
        kinds=[TelemetryKind.ADAS, TelemetryKind.TRANSMISSION],
        since=NOON,
    )
    assert message.adas.sli == 110
    (request,) = server.requests
    assert request.path == f"{CAR}/telemetry"
    assert request.query.getall("type") == ["vehicle.adas", "vehicle.transmission"]
    assert request.query["pageSize"] == "500"
    assert request.query["timestamps"] == "2026-02-03T12:00:00Z/"


async def test_telemetry_without_kinds_requests_all(
    client: StellantisClient, server: FakeServer
) -> None:
    """An element that is no message makes the collection incomplete."""
    server.respond_with(
        respond({"_embedded": {"telemetries": [{"createdAt": "x"}, "rubbish"]}})
    )
    messages = await client.get_telemetry("my-car")
    assert len(messages) == 1
    assert not messages.complete
    assert set(server.requests[0].query) == {"client_id", "pageSize"}


@pytest.mark.parametrize(
    ("since", "until", "timestamps"),
    [
        (NOON, None, "2026-02-03T12:00:00Z/"),
        (None, NOON, "/2026-02-03T12:00:00Z"),
        (
            NOON.astimezone(timezone(timedelta(hours=2))),
            NOON + timedelta(days=1, microseconds=5),
            "2026-02-03T12:00:00Z/2026-02-04T12:00:00Z",
        ),
        (None, None, None),
    ],
)
@pytest.mark.parametrize("name", ["alerts", "alarms", "collisions", "trips"])
async def test_range_of_a_collection_is_requested_in_utc(
    client: StellantisClient,
    server: FakeServer,
    name: str,
    since: datetime | None,
    until: datetime | None,
    timestamps: str | None,
) -> None:
    """Each end of the range is optional."""
    server.respond_with(respond({"total": 0}))
    await getattr(client, f"get_{name}")("my-car", since=since, until=until)
    assert server.requests[0].query.get("timestamps") == timestamps


def trips(first: int, last: int, total: int) -> Handler:
    """Return a page of trips whose ids are numbers, with a link to the next."""
    elements = [{"id": str(number)} for number in range(first, last + 1)]
    links = {"next": {"href": f"{CAR}/trips?indexRange={last + 1}-"}}
    body: dict[str, Any] = {"total": total, "_embedded": {"trips": elements}}
    return respond(body | ({"_links": links} if last + 1 < total else {}))


def ids(found: list[Trip]) -> list[int]:
    """Return the ids of trips."""
    return [int(trip.id) for trip in found]


async def test_range_is_requested_for_each_page(
    client: StellantisClient, server: FakeServer
) -> None:
    """The link need not repeat it."""
    server.respond_with(trips(0, 1, 4), trips(2, 3, 4))
    found = await client.get_trips("my-car", since=NOON)
    assert ids(found) == [0, 1, 2, 3]
    assert found.complete
    assert all("timestamps" in request.query for request in server.requests)


@pytest.mark.parametrize("failure", [UNREADABLE, OUTAGE])
@pytest.mark.parametrize("lost", range(1, 10))
async def test_page_that_fails_is_skipped(
    client: StellantisClient, server: FakeServer, failure: Handler, lost: int
) -> None:
    """The other nine are returned."""
    pages = [trips(2 * n, 2 * n + 1, 20) for n in range(10)]
    server.respond_with(*pages[:lost], *[failure] * 3, *pages[lost + 1 :])
    found = await client.get_trips("my-car")
    assert ids(found) == [n for n in range(20) if n // 2 != lost]
    assert not found.complete


async def test_two_pages_in_a_row_that_fail_end_the_collection(
    client: StellantisClient, server: FakeServer
) -> None:
    """The platform is failing."""
    server.respond_with(trips(0, 1, 1000), OUTAGE)
    found = await client.get_trips("my-car")
    assert ids(found) == [0, 1]
    assert not found.complete
    assert len(server.requests) == 7


async def test_two_separate_pages_that_fail_are_skipped(
    client: StellantisClient, server: FakeServer
) -> None:
    """The others are returned."""
    server.respond_with(
        trips(0, 1, 10),
        *[OUTAGE] * 3,
        trips(4, 5, 10),
        *[OUTAGE] * 3,
        trips(8, 9, 10),
    )
    assert ids(await client.get_trips("my-car")) == [0, 1, 4, 5, 8, 9]


async def test_exceeded_quota_ends_the_collection(
    client: StellantisClient, server: FakeServer
) -> None:
    """The pages before are returned."""
    server.respond_with(trips(0, 1, 1000), trips(2, 3, 1000), QUOTA_EXCEEDED)
    found = await client.get_trips("my-car")
    assert ids(found) == [0, 1, 2, 3]
    assert not found.complete
    assert len(server.requests) == 3


async def test_collection_whose_scope_is_withdrawn_midway_raises(
    client: StellantisClient, server: FakeServer
) -> None:
    """A refusal is not a page that fails."""
    server.respond_with(trips(0, 1, 1000), respond({"code": 40300}, 403))
    with pytest.raises(ForbiddenError):
        await client.get_trips("my-car")


LISTS = ["alerts", "alarms", "collisions", "trips", "telemetry"]


@pytest.mark.parametrize("name", LISTS)
async def test_collection_that_is_not_found_is_empty(
    client: StellantisClient, server: FakeServer, name: str
) -> None:
    """The platform says so when nothing has happened."""
    server.respond_with(respond({"code": 40400, "message": "No trip was found"}, 404))
    found = await getattr(client, f"get_{name}")("my-car", since=NOON)
    assert found == []
    assert found.complete


@pytest.mark.parametrize(
    "body", [{}, {"code": 40404}, {"code": 40410}, {"httpCode": "404"}]
)
@pytest.mark.parametrize("name", LISTS)
async def test_collection_of_a_car_that_is_not_found_raises(
    client: StellantisClient, server: FakeServer, name: str, body: dict[str, object]
) -> None:
    """Another code, or none, means something else."""
    server.respond_with(respond(body, 404))
    with pytest.raises(NotFoundError):
        await getattr(client, f"get_{name}")("my-car")


async def test_collection_whose_second_page_is_not_found_is_incomplete(
    client: StellantisClient, server: FakeServer
) -> None:
    """The first page is kept."""
    server.respond_with(trips(0, 1, 1000), respond({"code": 40400}, 404))
    found = await client.get_trips("my-car")
    assert ids(found) == [0, 1]
    assert not found.complete


async def test_endless_pages_without_elements_end(
    client: StellantisClient, server: FakeServer
) -> None:
    """A link to a next page is not followed from an empty one."""

    async def another_page(request: web.Request) -> web.StreamResponse:
        href = f"{CAR}/trips?pageToken={len(server.requests)}"
        page = {"total": 60, "_links": {"next": {"href": href}}}
        return await respond(page | {"_embedded": {"trips": []}})(request)

    server.respond_with(another_page)
    assert not (await client.get_trips("my-car")).complete
    assert len(server.requests) == 1


async def test_endless_pages_with_elements_end(
    client: StellantisClient, server: FakeServer
) -> None:
    """Two hundred pages are enough for any car."""

    async def another_page(request: web.Request) -> web.StreamResponse:
        href = f"{CAR}/trips?pageToken={len(server.requests)}"
        page = {"_links": {"next": {"href": href}}}
        return await respond(page | {"_embedded": {"trips": [{"id": "a"}]}})(request)

    server.respond_with(another_page)
    assert not (await client.get_trips("my-car")).complete
    assert len(server.requests) == 200


async def test_last_position_accepts_geo_json(
    client: StellantisClient, server: FakeServer
) -> None:
    """The platform refuses requests for the general format alone."""
    server.respond_with(respond(place(2.35, 48.85)))
    await client.get_last_position("my-car")
    assert server.requests[0].headers["Accept"] == (
        "application/vnd.geo+json, application/hal+json"
    )


@pytest.mark.parametrize(("max_pages", "complete"), [(1, False), (2, True), (3, True)])
async def test_pages_beyond_the_maximum_are_not_requested(
    client: StellantisClient, server: FakeServer, max_pages: int, complete: bool
) -> None:
    """The collection is incomplete then."""
    server.respond_with(trips(0, 1, 4), trips(2, 3, 4))
    found = await client.get_trips("my-car", max_pages=max_pages)
    assert len(server.requests) == min(max_pages, 2)
    assert found.complete is complete


async def test_equal_collection_returns_the_same_object(
    client: StellantisClient, server: FakeServer
) -> None:
    """Another element, or a missing one, makes a difference."""
    server.respond_with(records("trips", {"id": "a"}, {"id": "b"}))
    first = await client.get_trips("my-car")
    assert await client.get_trips("my-car") is first
    assert await client.get_trips("your-car") is not first
    server.respond_with(
        respond({"total": 3, "_embedded": {"trips": [{"id": "a"}, {"id": "b"}]}})
    )
    second = await client.get_trips("my-car")
    assert second is not first
    assert not second.complete
    server.respond_with(records("trips", {"id": "a"}, {"id": "b", "distance": 7.5}))
    assert (await client.get_trips("my-car"))[1].distance == 7.5


@pytest.mark.parametrize("name", ["alerts", "alarms", "collisions", "trips"])
async def test_unreadable_element_is_left_out(
    client: StellantisClient, server: FakeServer, name: str
) -> None:
    """So is one without an id."""
    elements = [{"id": "a", "details": 3, "faults": {}}, 7, None, {"distance": 3}]
    server.respond_with(respond({"_embedded": {name: elements}}))
    found = await getattr(client, f"get_{name}")("my-car")
    assert [element.id for element in found] == ["a"]
    assert not found.complete
    assert found[0].raw == elements[0]
