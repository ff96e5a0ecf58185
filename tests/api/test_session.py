"""Tests of requests: what is sent, and how responses and failures are handled."""

import asyncio
from datetime import timedelta
import logging
from typing import Any, override

import aiohttp
import pytest
from yarl import URL

from custom_components.stellantis_connect.api import transport
from custom_components.stellantis_connect.api.client import StellantisClient
from custom_components.stellantis_connect.api.exceptions import (
    AuthenticationError,
    BadRequestError,
    ForbiddenError,
    InvalidClientError,
    InvalidResponseError,
    NotFoundError,
    NotRegisteredToPlanError,
    NoVehiclesError,
    QuotaExceededError,
    ServerError,
    StellantisError,
    UnauthorizedError,
)
from custom_components.stellantis_connect.api.models.brand import Hosts
from custom_components.stellantis_connect.api.models.remote_actions import WakeUp
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.vehicle import Motorization
from custom_components.stellantis_connect.api.rate_limit import RateLimiter

from .fake_server import (
    FakeClock,
    FakeServer,
    FakeTokens,
    Handler,
    close_connection,
    interrupt,
    respond,
)
from .recorded import load

STATUS = load("psa_ccc-status-bev-2023-04")
HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"
EXPIRED = respond(load("ha158-error-401-security"), 401)
NOT_REGISTERED = load("psacc32-error-401-plan")


async def test_request_carries_token_realm_and_client_id(
    client: StellantisClient, server: FakeServer
) -> None:
    """The token and the realm are headers, the client id is in the query."""
    server.respond_with(respond(STATUS))
    await client.get_status("my-car")
    (request,) = server.requests
    assert request.method == "GET"
    assert request.path == "/connectedcar/v4/user/vehicles/my-car/status"
    assert dict(request.query) == {"client_id": "my-id"}
    assert request.headers["Authorization"] == "Bearer first"
    assert request.headers["x-introspect-realm"] == "clientsB2CPeugeot"
    assert request.headers["Accept"] == "application/hal+json"


async def test_user_and_maintenance_are_requested_from_their_urls(
    client: StellantisClient, server: FakeServer
) -> None:
    """Each is returned as its model."""
    server.respond_with(
        respond(load("psa_ccc-user-2023-04")),
        respond(load("psa_ccc-maintenance-2023-03")),
    )
    user = await client.get_user()
    maintenance = await client.get_maintenance("my-car")
    assert [car.label for car in user.vehicles] == ["myLabel"]
    assert maintenance.days_before_maintenance == 610
    assert [request.path for request in server.requests] == [
        "/connectedcar/v4/user",
        "/connectedcar/v4/user/vehicles/my-car/maintenance",
    ]
    assert client.rate_limiter.sent_for("my-car") == 1
    assert client.rate_limiter.sent_today == 2


async def test_vehicles_are_requested_with_their_extensions(
    client: StellantisClient, server: FakeServer
) -> None:
    """The platform omits capabilities, branding and pictures otherwise."""
    server.respond_with(respond(load("evcc11534-vehicles-peugeot-e208-2024-01")))
    vehicles = await client.get_vehicles()
    assert [car.motorization for car in vehicles] == [Motorization.ELECTRIC]
    assert vehicles.complete
    assert server.requests[0].query.getall("extension") == [
        "onboardCapabilities",
        "branding",
        "pictures",
    ]


async def test_equal_response_returns_the_same_object(
    client: StellantisClient, server: FakeServer
) -> None:
    """Each car and each motorization has its own."""
    server.respond_with(respond(STATUS))
    first = await client.get_status("my-car")
    assert await client.get_status("my-car") is first
    assert await client.get_status("my-car", Motorization.ELECTRIC) is not first
    assert await client.get_status("your-car") is not first
    server.respond_with(respond(STATUS | {"updatedAt": "2023-04-30T00:00:00Z"}))
    assert await client.get_status("my-car") is not first


async def test_unexpected_field_is_logged_once_without_its_value(
    client: StellantisClient, server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    """It is kept for diagnostics by its dotted name."""
    caplog.set_level(logging.DEBUG)
    server.respond_with(
        respond({"kinetic": {"moving": "secretly"}}),
        respond({"kinetic": {"moving": "openly"}}),
    )
    await client.get_status("my-car")
    await client.get_status("my-car")
    assert client.unexpected_fields == {"Status.kinetic.moving"}
    assert caplog.text.count("Status.kinetic.moving") == 1
    assert "secretly" not in caplog.text


REFUSED: dict[str, tuple[Handler, type[StellantisError]]] = {
    "no plan": (respond(NOT_REGISTERED, 401), NotRegisteredToPlanError),
    "wrong client": (
        respond(load("psacc1079-error-401-client"), 401),
        InvalidClientError,
    ),
    "security checks": (EXPIRED, UnauthorizedError),
    "bare 401": (respond(status=401), UnauthorizedError),
    "forbidden": (
        respond({"code": 40300, "message": "Forbidden"}, 403),
        ForbiddenError,
    ),
    "gateway 403": (
        respond({"httpCode": "403", "httpMessage": "Forbidden"}, 403),
        ForbiddenError,
    ),
    "no status": (respond(load("psacc474-error-404-status"), 404), NotFoundError),
    "no maintenance": (
        respond(load("ha623-error-404-maintenance"), 404),
        NotFoundError,
    ),
    "bare 404": (respond(status=404), NotFoundError),
    "parameter": (respond(load("psacc674-error-400-parameter"), 400), BadRequestError),
    "method": (respond({"code": 40500}, 405), BadRequestError),
    "quota": (
        respond({"code": 42900}, 429, {"Retry-After": "120"}),
        QuotaExceededError,
    ),
}


@pytest.mark.parametrize(("response", "error"), REFUSED.values(), ids=REFUSED)
async def test_refused_request_raises_its_error_and_is_not_repeated(
    client: StellantisClient,
    server: FakeServer,
    clock: FakeClock,
    response: Handler,
    error: type[StellantisError],
) -> None:
    """Only a rejected token is renewed, once."""
    server.respond_with(response)
    with pytest.raises(error) as caught:
        await client.get_status("my-car")
    assert type(caught.value) is error
    assert len(server.requests) == (2 if error is UnauthorizedError else 1)
    assert clock.slept == []


TRANSIENT: dict[str, tuple[Handler, type[StellantisError]]] = {
    "platform 500": (respond(load("ha580-error-500-cvs"), 500), ServerError),
    "gateway 500": (
        respond({"httpMessage": "Internal Server Error", "moreInformation": "?"}, 500),
        ServerError,
    ),
    "html 502": (respond(HTML, 502), ServerError),
    "empty 503": (respond(status=503), ServerError),
    "html 404": (respond(HTML, 404), ServerError),
    "html 403": (respond(HTML, 403), ServerError),
    "request timeout": (respond(status=408), ServerError),
    "redirect": (
        respond(status=302, headers={"Location": "https://example.com"}),
        ServerError,
    ),
    "dropped": (close_connection, ServerError),
    "interrupted": (interrupt, ServerError),
    "error as success": (respond(load("ha580-error-500-cvs"), 200), ServerError),
    "html as success": (respond(HTML), InvalidResponseError),
    "truncated": (respond('{"updatedAt": "2023-04'), InvalidResponseError),
    "list": (respond([STATUS]), InvalidResponseError),
    "null": (respond("null"), InvalidResponseError),
    "empty": (respond(""), InvalidResponseError),
}


@pytest.mark.parametrize(("failure", "error"), TRANSIENT.values(), ids=TRANSIENT)
async def test_transient_failure_is_retried_twice_before_it_raises(
    client: StellantisClient,
    server: FakeServer,
    clock: FakeClock,
    failure: Handler,
    error: type[StellantisError],
) -> None:
    """The pauses grow, and are not the same for all clients."""
    server.respond_with(failure)
    with pytest.raises(error) as caught:
        await client.get_status("my-car")
    assert type(caught.value) is error
    # aiohttp itself repeats a request whose connection was closed.
    assert len(server.requests) == (6 if failure is close_connection else 3)
    first, second = clock.slept
    assert 0.5 <= first <= 1.5
    assert 1.0 <= second <= 3.0


@pytest.mark.parametrize(("failure", "_error"), TRANSIENT.values(), ids=TRANSIENT)
async def test_transient_failure_that_passes_is_not_raised(
    client: StellantisClient, server: FakeServer, failure: Handler, _error: object
) -> None:
    """The third attempt succeeds."""
    server.respond_with(failure, failure, respond(STATUS))
    car = await client.get_status("my-car")
    assert car.odometer.mileage == 14529.9


async def test_slow_response_raises_server_error(
    client: StellantisClient, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each request has a timeout."""

    async def hang(request: Any) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(transport, "TIMEOUT", aiohttp.ClientTimeout(total=0.05))
    server.respond_with(hang)
    with pytest.raises(ServerError):
        await client.get_status("my-car")


@pytest.mark.parametrize("fetch", ["get_user", "get_vehicles"])
async def test_account_without_cars_raises_no_vehicles_error(
    client: StellantisClient, server: FakeServer, fetch: str
) -> None:
    """The meaning of the code depends on the resource."""
    for code in (40400, 40410):
        server.respond_with(
            respond({"code": code, "message": "No vehicule found"}, 404)
        )
        with pytest.raises(NoVehiclesError) as caught:
            await getattr(client, fetch)()
        assert caught.value.code == code


async def test_rejected_token_is_renewed_once(
    client: StellantisClient, server: FakeServer
) -> None:
    """The platform may end a token before its time."""
    server.respond_with(EXPIRED, respond(STATUS))
    await client.get_status("my-car")
    assert [request.headers["Authorization"] for request in server.requests] == [
        "Bearer first",
        "Bearer second",
    ]


async def test_renewed_token_that_is_rejected_is_not_renewed_again(
    client: StellantisClient, server: FakeServer, clock: FakeClock
) -> None:
    """A passing refusal of good tokens spends no more of them for some minutes."""
    server.respond_with(EXPIRED)
    with pytest.raises(UnauthorizedError):
        await client.get_status("my-car")
    assert len(server.requests) == 2
    clock.time += timedelta(minutes=9)
    with pytest.raises(UnauthorizedError):
        await client.get_status("my-car")
    assert len(server.requests) == 3
    clock.time += timedelta(minutes=1)
    with pytest.raises(UnauthorizedError):
        await client.get_status("my-car")
    assert [one.headers["Authorization"] for one in server.requests[3:]] == [
        "Bearer second",
        "Bearer third",
    ]


async def test_concurrent_requests_with_a_rejected_token_use_the_renewed_one(
    client: StellantisClient, server: FakeServer
) -> None:
    """The token of the second request was renewed by the first."""

    async def reject_first(request: Any) -> Any:
        is_first = request.headers["Authorization"] == "Bearer first"
        return await (EXPIRED if is_first else respond(STATUS))(request)

    server.respond_with(reject_first)
    await asyncio.gather(client.get_status("my-car"), client.get_status("your-car"))
    await client.get_status("other-car")
    assert len(server.requests) == 5
    assert server.requests[-1].headers["Authorization"] == "Bearer second"


@pytest.mark.parametrize("error", [AuthenticationError("token"), ServerError("token")])
async def test_token_that_cannot_be_renewed_raises_the_error_of_its_source(
    session: aiohttp.ClientSession,
    hosts: Hosts,
    rate_limiter: RateLimiter,
    server: FakeServer,
    error: StellantisError,
) -> None:
    """Only the identity provider decides that the owner must sign in."""

    class FailingTokens(FakeTokens):
        @override
        async def async_get_access_token(self, rejected: str | None = None) -> str:
            if rejected:
                raise error
            return await super().async_get_access_token()

    client = StellantisClient(
        session, FailingTokens("first"), hosts, "my-id", rate_limiter=rate_limiter
    )
    server.respond_with(EXPIRED)
    with pytest.raises(type(error)) as caught:
        await client.send_remote("my-car", "c", "a label", WakeUp())
    assert caught.value is error
    assert len(server.requests) == 1


async def test_request_after_a_refusal_over_the_quota_is_not_sent(
    client: StellantisClient, server: FakeServer, clock: FakeClock
) -> None:
    """For no car of the client id, until the platform allows it."""
    server.respond_with(respond({"code": 42900}, 429, {"Retry-After": "120"}))
    with pytest.raises(QuotaExceededError) as caught:
        await client.get_status("my-car")
    assert caught.value.retry_after == timedelta(minutes=2)

    server.respond_with(respond(STATUS))
    with pytest.raises(QuotaExceededError):
        await client.get_status("your-car")
    assert len(server.requests) == 1
    clock.time += timedelta(minutes=2)
    await client.get_status("your-car")


async def test_refusal_over_the_burst_is_waited_for(
    client: StellantisClient, server: FakeServer, clock: FakeClock
) -> None:
    """It takes a few seconds only."""
    server.respond_with(
        respond({"code": 42900}, 429, {"Retry-After": "2"}), respond(STATUS)
    )
    await client.get_status("my-car")
    assert sum(clock.slept) >= 1.999


def page(first: int, last: int, total: int, next_query: str | None = None) -> Handler:
    """Return a page of cars whose ids are numbers."""
    links = {"self": {"href": "https://elsewhere.example/vehicles"}}
    if next_query:
        links["next"] = {"href": f"https://elsewhere.example/vehicles?{next_query}"}
    cars = [{"id": str(number)} for number in range(first, last + 1)]
    return respond({"total": total, "_links": links, "_embedded": {"vehicles": cars}})


async def test_next_page_is_requested_from_the_own_host(
    client: StellantisClient, server: FakeServer
) -> None:
    """Only the query of the link is used."""
    server.respond_with(
        page(0, 1, 5, "pageToken=b&client_id=theirs"),
        page(2, 3, 5, "pageToken=c"),
        page(4, 4, 5),
    )
    vehicles = await client.get_vehicles()
    assert [car.id for car in vehicles] == ["0", "1", "2", "3", "4"]
    assert vehicles.complete
    assert [request.query.get("pageToken") for request in server.requests] == [
        None,
        "b",
        "c",
    ]
    assert {request.query["client_id"] for request in server.requests} == {"my-id"}
    assert all("extension" in request.query for request in server.requests)


@pytest.mark.parametrize(
    "unreadable", [respond(HTML), respond("[]"), respond('{"_embedded"')]
)
async def test_unreadable_page_does_not_lose_the_others(
    client: StellantisClient, server: FakeServer, unreadable: Handler
) -> None:
    """The link to the next page is lost with it; its position is counted."""
    server.respond_with(
        page(0, 1, 6, "pageToken=b"), unreadable, unreadable, unreadable, page(4, 5, 6)
    )
    vehicles = await client.get_vehicles()
    assert [car.id for car in vehicles] == ["0", "1", "4", "5"]
    assert not vehicles.complete
    assert server.requests[-1].query["indexRange"] == "4-"


async def test_unreadable_last_page_ends_the_collection(
    client: StellantisClient, server: FakeServer
) -> None:
    """The collection is incomplete."""
    server.respond_with(page(0, 1, 4, "pageToken=b"), respond(HTML))
    vehicles = await client.get_vehicles()
    assert [car.id for car in vehicles] == ["0", "1"]
    assert not vehicles.complete


async def test_unreadable_first_page_raises(
    client: StellantisClient, server: FakeServer
) -> None:
    """There is nothing to return."""
    server.respond_with(respond(HTML))
    with pytest.raises(InvalidResponseError):
        await client.get_vehicles()


@pytest.mark.parametrize("query", ["pageToken=b", ""])
async def test_pages_that_link_to_each_other_end(
    client: StellantisClient, server: FakeServer, query: str
) -> None:
    """The collection is incomplete."""
    server.respond_with(page(0, 1, 6, query or "client_id=x"), page(2, 3, 6, query))
    assert not (await client.get_vehicles()).complete
    assert len(server.requests) <= 2


@pytest.mark.parametrize(
    ("body", "complete"),
    [
        ({"_embedded": {"vehicles": []}, "total": 0}, True),
        ({"total": 0}, True),
        ({"_embedded": "unreadable", "total": 2}, False),
        ({"_embedded": {"vehicles": [{"id": "a"}, {"vin": "b"}, 3]}}, False),
        ({"_embedded": {"vehicles": [{"id": "a"}]}, "_links": {"next": 5}}, True),
        (
            {
                "_embedded": {"vehicles": [{"id": "a"}]},
                "_links": {"next": {"href": "http://[x"}},
                "total": 2,
            },
            False,
        ),
    ],
)
async def test_collection_with_unreadable_elements_is_incomplete(
    client: StellantisClient, server: FakeServer, body: Any, complete: bool
) -> None:
    """A car whose entry is unreadable is not removed."""
    server.respond_with(respond(body))
    assert (await client.get_vehicles()).complete is complete


async def test_errors_and_log_contain_nothing_personal(
    client: StellantisClient, server: FakeServer, caplog: pytest.LogCaptureFixture
) -> None:
    """They contain no id, token, URL, or text of the platform."""
    caplog.set_level(logging.DEBUG, "custom_components")
    personal = ["my-car", "first", "my-id", "VR3UPHNKSKT000000", "://"]
    for status in (400, 401, 403, 404, 429, 500):
        server.respond_with(
            respond({"message": f"{personal} at {URL('http://x')}"}, status)
        )
        with pytest.raises(StellantisError) as caught:
            await client.get_status("my-car")
        own_lines = [line for name, _, line in caplog.record_tuples if "api" in name]
        texts = f"{caught.value!r} {caught.value} {caught.value.__cause__} {own_lines}"
        assert "status" in str(caught.value)
        for secret in personal:
            assert secret not in texts


@pytest.mark.parametrize(
    ("body", "is_found"),
    [
        (respond({"_embedded": {"trips": []}}), True),
        (respond({"code": 40400}, 404), True),
        (respond({"code": 40300}, 403), False),
    ],
)
async def test_scope_is_found_unless_its_resource_is_forbidden(
    client: StellantisClient, server: FakeServer, body: Handler, is_found: bool
) -> None:
    """Any other failure proves nothing; commands cannot be tried."""
    server.respond_with(body)
    found = await client.find_scopes("my-car")
    commands = {scope for scope in Scope if scope.startswith("remote:")}
    assert set(found) == (set(Scope) if is_found else commands)
    assert [request.path.rpartition("/")[2] for request in server.requests] == [
        "status",
        "lastPosition",
        "trips",
        "alerts",
        "collisions",
    ]


async def test_errors_have_different_keys() -> None:
    """The keys are those of the translations."""
    kinds = {error for _, error in (REFUSED | TRANSIENT).values()} | {NoVehiclesError}
    assert len({kind.key for kind in kinds}) == len(kinds - {UnauthorizedError})
    assert (
        str(NoVehiclesError("vehicles", 404, 40410)) == "no_vehicles vehicles 404 40410"
    )
