"""Reading what cars have gone through: what is asked for, and how much of it comes."""

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
from custom_components.stellantis_connect.api.models.telemetry import (
    TelemetryExtension,
    TelemetryKind,
)
from custom_components.stellantis_connect.api.models.trips import Trip

from .fake_server import NOON, FakeServer, Handler, respond
from .recorded import load

OUTAGE = respond("<html>502 Bad Gateway</html>", 502)
RUBBISH = respond('{"_embedded": {"tri')
USED_UP = respond({"code": 42900}, 429, {"Retry-After": "600"})
CAR = "/connectedcar/v4/user/vehicles/my-car"


def records(name: str, *elements: Mapping[str, Any]) -> Handler:
    """Return the one page of a collection."""
    return respond({"total": len(elements), "_embedded": {name: elements}})


def place(longitude: float, latitude: float) -> dict[str, Any]:
    """Return a position."""
    return {"type": "Feature", "geometry": {"coordinates": [longitude, latitude]}}


async def test_last_position(client: StellantisClient, server: FakeServer) -> None:
    """Longitude first; the same object while the car stands."""
    server.respond_with(respond(place(2.35, 48.85)))
    position = await client.get_last_position("my-car")
    assert (position.longitude, position.latitude) == (2.35, 48.85)
    assert await client.get_last_position("my-car") is position
    assert server.requests[0].path == f"{CAR}/lastPosition"


async def test_alerts(client: StellantisClient, server: FakeServer) -> None:
    """Those that stand and those that were cleared; kinds that nobody knows yet among them."""
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
    assert cleared.end_position.latitude is None
    assert (standing.id, standing.active, standing.type) == ("b", True, None)
    assert client.unexpected_fields == {"Alert.type"}
    assert server.requests[0].path == f"{CAR}/alerts"


async def test_alarms(client: StellantisClient, server: FakeServer) -> None:
    """Each is a switching or a going off."""
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


async def test_collisions(client: StellantisClient, server: FakeServer) -> None:
    """Under a name that begins with a capital."""
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


async def test_trip_and_its_way_points(
    client: StellantisClient, server: FakeServer
) -> None:
    """Points that say nowhere are left out."""
    server.respond_with(
        respond(load("ha365-trip-308-phev-2025") | {"id": "a"}),
        records("positions", place(2.35, 48.85), {}, place(2.36, 48.86)),
    )
    trip = await client.get_trip("my-car", "a")
    points = await client.get_way_points("my-car", trip.id)
    assert [point.longitude for point in points] == [2.35, 2.36]
    assert [request.path for request in server.requests] == [
        f"{CAR}/trips/a",
        f"{CAR}/trips/a/wayPoints",
    ]


async def test_telemetry(client: StellantisClient, server: FakeServer) -> None:
    """Of some kinds, with more beside them, in large pages."""
    server.respond_with(records("telemetries", {"vehicle": {"adas": {"sli": 110}}}))
    (message,) = await client.get_telemetry(
        "my-car",
        kinds=[TelemetryKind.ADAS, TelemetryKind.TRANSMISSION],
        extensions=[TelemetryExtension.LOCATION],
        since=NOON,
    )
    assert message.adas.sli == 110
    (request,) = server.requests
    assert request.path == f"{CAR}/telemetry"
    assert request.query.getall("type") == ["vehicle.adas", "vehicle.transmission"]
    assert request.query.getall("extension") == ["location"]
    assert request.query["pageSize"] == "500"
    assert request.query["timestamps"] == "2026-02-03T12:00:00Z/"


async def test_all_telemetry(client: StellantisClient, server: FakeServer) -> None:
    """Comes where no kinds are named; what is no message is left out, and told."""
    server.respond_with(
        respond({"_embedded": {"telemetries": [{"createdAt": "x"}, "rubbish"]}})
    )
    messages = await client.get_telemetry("my-car")
    assert len(messages) == 1
    assert not messages.complete
    assert set(server.requests[0].query) == {"client_id", "pageSize"}


@pytest.mark.parametrize(
    ("since", "until", "asked"),
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
@pytest.mark.parametrize("what", ["alerts", "alarms", "collisions", "trips"])
async def test_past_can_be_narrowed_down(
    client: StellantisClient,
    server: FakeServer,
    what: str,
    since: datetime | None,
    until: datetime | None,
    asked: str | None,
) -> None:
    """To what lies between two moments, in UTC."""
    server.respond_with(respond({"total": 0}))
    await getattr(client, f"get_{what}")("my-car", since=since, until=until)
    assert server.requests[0].query.get("timestamps") == asked


def trips(first: int, last: int, total: int) -> Handler:
    """Return a page of trips that are named by their number, with a link to the next."""
    elements = [{"id": str(number)} for number in range(first, last + 1)]
    links = {"next": {"href": f"{CAR}/trips?indexRange={last + 1}-"}}
    body: dict[str, Any] = {"total": total, "_embedded": {"trips": elements}}
    return respond(body | ({"_links": links} if last + 1 < total else {}))


def ids(found: list[Trip]) -> list[int]:
    """Return the numbers of trips."""
    return [int(trip.id) for trip in found]


async def test_filter_goes_along_from_page_to_page(
    client: StellantisClient, server: FakeServer
) -> None:
    """Also where the link leaves it out."""
    server.respond_with(trips(0, 1, 4), trips(2, 3, 4))
    found = await client.get_trips("my-car", since=NOON)
    assert ids(found) == [0, 1, 2, 3]
    assert found.complete
    assert all("timestamps" in request.query for request in server.requests)


@pytest.mark.parametrize("trouble", [RUBBISH, OUTAGE])
@pytest.mark.parametrize("lost", range(1, 10))
async def test_page_that_is_lost_costs_only_itself(
    client: StellantisClient, server: FakeServer, trouble: Handler, lost: int
) -> None:
    """Nine of ten pages come, whichever it is."""
    pages = [trips(2 * n, 2 * n + 1, 20) for n in range(10)]
    server.respond_with(*pages[:lost], *[trouble] * 3, *pages[lost + 1 :])
    found = await client.get_trips("my-car")
    assert ids(found) == [n for n in range(20) if n // 2 != lost]
    assert not found.complete


async def test_two_lost_pages_in_a_row_are_an_outage(
    client: StellantisClient, server: FakeServer
) -> None:
    """In which asking for the rest would only cost."""
    server.respond_with(trips(0, 1, 1000), OUTAGE)
    found = await client.get_trips("my-car")
    assert ids(found) == [0, 1]
    assert not found.complete
    assert len(server.requests) == 7


async def test_two_lost_pages_apart(
    client: StellantisClient, server: FakeServer
) -> None:
    """Cost themselves."""
    server.respond_with(
        trips(0, 1, 10),
        *[OUTAGE] * 3,
        trips(4, 5, 10),
        *[OUTAGE] * 3,
        trips(8, 9, 10),
    )
    assert ids(await client.get_trips("my-car")) == [0, 1, 4, 5, 8, 9]


async def test_quota_ends_a_collection(
    client: StellantisClient, server: FakeServer
) -> None:
    """What was read until then is not lost, and nothing more is asked."""
    server.respond_with(trips(0, 1, 1000), trips(2, 3, 1000), USED_UP)
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
async def test_cost_can_be_bounded(
    client: StellantisClient, server: FakeServer, max_pages: int, complete: bool
) -> None:
    """And a collection that is cut off says so."""
    server.respond_with(trips(0, 1, 4), trips(2, 3, 4))
    found = await client.get_trips("my-car", max_pages=max_pages)
    assert len(server.requests) == min(max_pages, 2)
    assert found.complete is complete


async def test_equal_collection_is_the_same_object(
    client: StellantisClient, server: FakeServer
) -> None:
    """Until an element differs, is added, or is lost."""
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


@pytest.mark.parametrize("what", ["alerts", "alarms", "collisions", "trips"])
async def test_element_of_rubbish_drops_alone(
    client: StellantisClient, server: FakeServer, what: str
) -> None:
    """As does one without an id, by which it could be told from the others."""
    elements = [{"id": "a", "details": 3, "faults": {}}, 7, None, {"distance": 3}]
    server.respond_with(respond({"_embedded": {what: elements}}))
    found = await getattr(client, f"get_{what}")("my-car")
    assert [element.id for element in found] == ["a"]
    assert not found.complete
    assert found[0].raw == elements[0]
