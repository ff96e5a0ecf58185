"""Asking the platform: what is sent, what comes back, and what goes wrong."""

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

from .recorded import load
from .stand import Handler, SetClock, Stand, Tokens, break_off, drop, say

STATUS = load("psa_ccc-status-bev-2023-04")
HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"
EXPIRED = say(load("ha158-error-401-security"), 401)
NOT_REGISTERED = load("psacc32-error-401-plan")


async def test_request_carries_token_realm_and_client_id(
    client: StellantisClient, stand: Stand
) -> None:
    """As the platform wants them: two headers and a query."""
    stand.will(say(STATUS))
    await client.get_status("my-car")
    (request,) = stand.requests
    assert request.method == "GET"
    assert request.path == "/connectedcar/v4/user/vehicles/my-car/status"
    assert dict(request.query) == {"client_id": "my-id"}
    assert request.headers["Authorization"] == "Bearer first"
    assert request.headers["x-introspect-realm"] == "clientsB2CPeugeot"
    assert request.headers["Accept"] == "application/hal+json"


async def test_user_and_maintenance(client: StellantisClient, stand: Stand) -> None:
    """Each is asked for at its place and comes as its model."""
    stand.will(
        say(load("psa_ccc-user-2023-04")), say(load("psa_ccc-maintenance-2023-03"))
    )
    user = await client.get_user()
    maintenance = await client.get_maintenance("my-car")
    assert [car.label for car in user.vehicles] == ["myLabel"]
    assert maintenance.days_before_maintenance == 610
    assert [request.path for request in stand.requests] == [
        "/connectedcar/v4/user",
        "/connectedcar/v4/user/vehicles/my-car/maintenance",
    ]


async def test_vehicles_are_asked_for_with_their_extensions(
    client: StellantisClient, stand: Stand
) -> None:
    """Capabilities, branding and pictures come along only when asked for."""
    stand.will(say(load("evcc11534-vehicles-peugeot-e208-2024-01")))
    vehicles = await client.get_vehicles()
    assert [car.motorization for car in vehicles] == [Motorization.ELECTRIC]
    assert vehicles.complete
    assert stand.requests[0].query.getall("extension") == [
        "onboardCapabilities",
        "branding",
        "pictures",
    ]


async def test_equal_answer_is_the_same_object(
    client: StellantisClient, stand: Stand
) -> None:
    """What has not changed is not read again; each car, and each reading of it, has its own."""
    stand.will(say(STATUS))
    first = await client.get_status("my-car")
    assert await client.get_status("my-car") is first
    assert await client.get_status("my-car", Motorization.ELECTRIC) is not first
    assert await client.get_status("your-car") is not first
    stand.will(say(STATUS | {"updatedAt": "2023-04-30T00:00:00Z"}))
    assert await client.get_status("my-car") is not first


async def test_oddities_are_noted_once_without_their_value(
    client: StellantisClient, stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    """By dotted name, in the log and for diagnostics."""
    caplog.set_level(logging.DEBUG)
    stand.will(
        say({"kinetic": {"moving": "secretly"}}), say({"kinetic": {"moving": "openly"}})
    )
    await client.get_status("my-car")
    await client.get_status("my-car")
    assert client.unexpected_fields == {"Status.kinetic.moving"}
    assert caplog.text.count("Status.kinetic.moving") == 1
    assert "secretly" not in caplog.text


REFUSALS: dict[str, tuple[Handler, type[StellantisError]]] = {
    "no plan": (say(NOT_REGISTERED, 401), NotRegisteredToPlanError),
    "wrong client": (say(load("psacc1079-error-401-client"), 401), InvalidClientError),
    "security checks": (EXPIRED, UnauthorizedError),
    "bare 401": (say(status=401), UnauthorizedError),
    "forbidden": (say({"code": 40300, "message": "Forbidden"}, 403), ForbiddenError),
    "gateway 403": (
        say({"httpCode": "403", "httpMessage": "Forbidden"}, 403),
        ForbiddenError,
    ),
    "no status": (say(load("psacc474-error-404-status"), 404), NotFoundError),
    "no maintenance": (
        say(load("ha623-error-404-maintenance"), 404),
        NotFoundError,
    ),
    "bare 404": (say(status=404), NotFoundError),
    "parameter": (say(load("psacc674-error-400-parameter"), 400), BadRequestError),
    "method": (say({"code": 40500}, 405), BadRequestError),
    "quota": (say({"code": 42900}, 429, {"Retry-After": "120"}), QuotaExceededError),
}


@pytest.mark.parametrize(("refusal", "error"), REFUSALS.values(), ids=REFUSALS)
async def test_refusal_is_told_by_its_kind_and_not_repeated(
    client: StellantisClient,
    stand: Stand,
    clock: SetClock,
    refusal: Handler,
    error: type[StellantisError],
) -> None:
    """Both forms of the platform; only a rejected token is replaced, once."""
    stand.will(refusal)
    with pytest.raises(error) as caught:
        await client.get_status("my-car")
    assert type(caught.value) is error
    assert len(stand.requests) == (2 if error is UnauthorizedError else 1)
    assert clock.slept == []


TROUBLES: dict[str, tuple[Handler, type[StellantisError]]] = {
    "platform 500": (say(load("ha580-error-500-cvs"), 500), ServerError),
    "gateway 500": (
        say({"httpMessage": "Internal Server Error", "moreInformation": "?"}, 500),
        ServerError,
    ),
    "html 502": (say(HTML, 502), ServerError),
    "empty 503": (say(status=503), ServerError),
    "html 404": (say(HTML, 404), ServerError),
    "html 403": (say(HTML, 403), ServerError),
    "request timeout": (say(status=408), ServerError),
    "redirect": (
        say(status=302, headers={"Location": "https://example.com"}),
        ServerError,
    ),
    "dropped": (drop, ServerError),
    "broken off": (break_off, ServerError),
    "error as success": (say(load("ha580-error-500-cvs"), 200), ServerError),
    "html as success": (say(HTML), InvalidResponseError),
    "truncated": (say('{"updatedAt": "2023-04'), InvalidResponseError),
    "list": (say([STATUS]), InvalidResponseError),
    "null": (say("null"), InvalidResponseError),
    "empty": (say(""), InvalidResponseError),
}


@pytest.mark.parametrize(("trouble", "error"), TROUBLES.values(), ids=TROUBLES)
async def test_trouble_is_waited_out_before_it_is_told(
    client: StellantisClient,
    stand: Stand,
    clock: SetClock,
    trouble: Handler,
    error: type[StellantisError],
) -> None:
    """Three tries, with growing pauses that are not the same for everybody."""
    stand.will(trouble)
    with pytest.raises(error) as caught:
        await client.get_status("my-car")
    assert type(caught.value) is error
    # The HTTP library itself asks again where a connection is dropped.
    assert len(stand.requests) == (6 if trouble is drop else 3)
    first, second = clock.slept
    assert 0.5 <= first <= 1.5
    assert 1.0 <= second <= 3.0


@pytest.mark.parametrize(("trouble", "_error"), TROUBLES.values(), ids=TROUBLES)
async def test_trouble_that_goes_by_is_not_told(
    client: StellantisClient, stand: Stand, trouble: Handler, _error: object
) -> None:
    """The third try brings the answer."""
    stand.will(trouble, trouble, say(STATUS))
    car = await client.get_status("my-car")
    assert car.odometer.mileage == 14529.9


async def test_slow_answer_is_an_outage(
    client: StellantisClient, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for ever."""

    async def hang(request: Any) -> Any:
        await asyncio.Event().wait()

    monkeypatch.setattr(transport, "TIMEOUT", aiohttp.ClientTimeout(total=0.05))
    stand.will(hang)
    with pytest.raises(ServerError):
        await client.get_status("my-car")


@pytest.mark.parametrize("fetch", ["get_user", "get_vehicles"])
async def test_account_without_cars(
    client: StellantisClient, stand: Stand, fetch: str
) -> None:
    """The same code means another thing where the cars themselves are asked for."""
    for code in (40400, 40410):
        stand.will(say({"code": code, "message": "No vehicule found"}, 404))
        with pytest.raises(NoVehiclesError) as caught:
            await getattr(client, fetch)()
        assert caught.value.code == code


async def test_rejected_token_is_replaced_once(
    client: StellantisClient, stand: Stand
) -> None:
    """The platform may end a token before its time."""
    stand.will(EXPIRED, say(STATUS))
    await client.get_status("my-car")
    assert [request.headers["Authorization"] for request in stand.requests] == [
        "Bearer first",
        "Bearer second",
    ]


async def test_renewed_token_that_is_rejected_is_not_renewed_again(
    client: StellantisClient, stand: Stand, clock: SetClock
) -> None:
    """A passing refusal of good tokens spends no more of them for some minutes."""
    stand.will(EXPIRED)
    with pytest.raises(UnauthorizedError):
        await client.get_status("my-car")
    assert len(stand.requests) == 2
    clock.time += timedelta(minutes=9)
    with pytest.raises(UnauthorizedError):
        await client.get_status("my-car")
    assert len(stand.requests) == 3
    clock.time += timedelta(minutes=1)
    with pytest.raises(UnauthorizedError):
        await client.get_status("my-car")
    assert [one.headers["Authorization"] for one in stand.requests[3:]] == [
        "Bearer second",
        "Bearer third",
    ]


async def test_concurrent_requests_with_a_rejected_token_use_the_renewed_one(
    client: StellantisClient, stand: Stand
) -> None:
    """The token of the second request was renewed by the first."""

    async def reject_first(request: Any) -> Any:
        is_first = request.headers["Authorization"] == "Bearer first"
        return await (EXPIRED if is_first else say(STATUS))(request)

    stand.will(reject_first)
    await asyncio.gather(client.get_status("my-car"), client.get_status("your-car"))
    await client.get_status("their-car")
    assert len(stand.requests) == 5
    assert stand.requests[-1].headers["Authorization"] == "Bearer second"


@pytest.mark.parametrize("error", [AuthenticationError("token"), ServerError("token")])
async def test_token_that_cannot_be_renewed_raises_the_error_of_its_source(
    session: aiohttp.ClientSession,
    platform: Hosts,
    rate_limiter: RateLimiter,
    stand: Stand,
    error: StellantisError,
) -> None:
    """Only the identity provider decides that the owner must sign in."""

    class FailingTokens(Tokens):
        @override
        async def async_get_access_token(self, rejected: str | None = None) -> str:
            if rejected:
                raise error
            return await super().async_get_access_token()

    client = StellantisClient(
        session, FailingTokens("first"), platform, "my-id", rate_limiter=rate_limiter
    )
    stand.will(EXPIRED)
    with pytest.raises(type(error)) as caught:
        await client.send_remote("my-car", "c", "a label", WakeUp())
    assert caught.value is error
    assert len(stand.requests) == 1


async def test_request_after_a_refusal_over_the_quota_is_not_sent(
    client: StellantisClient, stand: Stand, clock: SetClock
) -> None:
    """For no car of the client id, until the platform allows it."""
    stand.will(say({"code": 42900}, 429, {"Retry-After": "120"}))
    with pytest.raises(QuotaExceededError) as caught:
        await client.get_status("my-car")
    assert caught.value.retry_after == timedelta(minutes=2)

    stand.will(say(STATUS))
    with pytest.raises(QuotaExceededError):
        await client.get_status("your-car")
    assert len(stand.requests) == 1
    clock.time += timedelta(minutes=2)
    await client.get_status("your-car")


async def test_burst_is_sat_out(
    client: StellantisClient, stand: Stand, clock: SetClock
) -> None:
    """A second's wait is no reason to fail."""
    stand.will(say({"code": 42900}, 429, {"Retry-After": "2"}), say(STATUS))
    await client.get_status("my-car")
    assert sum(clock.slept) >= 1.999


def page(first: int, last: int, total: int, next_query: str | None = None) -> Handler:
    """Return a page of cars, named by their number."""
    links = {"self": {"href": "https://elsewhere.example/vehicles"}}
    if next_query:
        links["next"] = {"href": f"https://elsewhere.example/vehicles?{next_query}"}
    cars = [{"id": str(number)} for number in range(first, last + 1)]
    return say({"total": total, "_links": links, "_embedded": {"vehicles": cars}})


async def test_pages_are_followed_with_our_own_host(
    client: StellantisClient, stand: Stand
) -> None:
    """Of the link only the query counts, so that no token goes elsewhere."""
    stand.will(
        page(0, 1, 5, "pageToken=b&client_id=theirs"),
        page(2, 3, 5, "pageToken=c"),
        page(4, 4, 5),
    )
    vehicles = await client.get_vehicles()
    assert [car.id for car in vehicles] == ["0", "1", "2", "3", "4"]
    assert vehicles.complete
    assert [request.query.get("pageToken") for request in stand.requests] == [
        None,
        "b",
        "c",
    ]
    assert {request.query["client_id"] for request in stand.requests} == {"my-id"}
    assert all("extension" in request.query for request in stand.requests)


@pytest.mark.parametrize("rubbish", [say(HTML), say("[]"), say('{"_embedded"')])
async def test_page_of_rubbish_does_not_lose_the_others(
    client: StellantisClient, stand: Stand, rubbish: Handler
) -> None:
    """The next page is found by its place, the link to it being lost with the rubbish."""
    stand.will(page(0, 1, 6, "pageToken=b"), rubbish, rubbish, rubbish, page(4, 5, 6))
    vehicles = await client.get_vehicles()
    assert [car.id for car in vehicles] == ["0", "1", "4", "5"]
    assert not vehicles.complete
    assert stand.requests[-1].query["indexRange"] == "4-"


async def test_last_page_of_rubbish(client: StellantisClient, stand: Stand) -> None:
    """Ends the list."""
    stand.will(page(0, 1, 4, "pageToken=b"), say(HTML))
    vehicles = await client.get_vehicles()
    assert [car.id for car in vehicles] == ["0", "1"]
    assert not vehicles.complete


async def test_first_page_of_rubbish(client: StellantisClient, stand: Stand) -> None:
    """Leaves nothing to go on from."""
    stand.will(say(HTML))
    with pytest.raises(InvalidResponseError):
        await client.get_vehicles()


@pytest.mark.parametrize("query", ["pageToken=b", ""])
async def test_pages_in_a_circle_end(
    client: StellantisClient, stand: Stand, query: str
) -> None:
    """And the list is known to lack something."""
    stand.will(page(0, 1, 6, query or "client_id=x"), page(2, 3, 6, query))
    assert not (await client.get_vehicles()).complete
    assert len(stand.requests) <= 2


@pytest.mark.parametrize(
    ("answer", "complete"),
    [
        ({"_embedded": {"vehicles": []}, "total": 0}, True),
        ({"total": 0}, True),
        ({"_embedded": "rubbish", "total": 2}, False),
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
async def test_list_says_whether_something_may_be_missing(
    client: StellantisClient, stand: Stand, answer: Any, complete: bool
) -> None:
    """So that no car is taken for gone because its entry was unreadable."""
    stand.will(say(answer))
    assert (await client.get_vehicles()).complete is complete


async def test_nothing_personal_is_said(
    client: StellantisClient, stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in log lines nor in errors: no id, no token, no address, no words of the platform."""
    caplog.set_level(logging.DEBUG, "custom_components")
    personal = ["my-car", "first", "my-id", "VR3UPHNKSKT000000", "://"]
    for status in (400, 401, 403, 404, 429, 500):
        stand.will(say({"message": f"{personal} at {URL('http://x')}"}, status))
        with pytest.raises(StellantisError) as caught:
            await client.get_status("my-car")
        ours = [line for name, _, line in caplog.record_tuples if "api" in name]
        said = f"{caught.value!r} {caught.value} {caught.value.__cause__} {ours}"
        assert "status" in str(caught.value)
        for secret in personal:
            assert secret not in said


@pytest.mark.parametrize(
    ("answer", "opens"),
    [
        (say({"_embedded": {"trips": []}}), True),
        (say({"code": 40400}, 404), True),
        (say({"code": 40300}, 403), False),
    ],
)
async def test_scopes_are_found_by_asking(
    client: StellantisClient, stand: Stand, answer: Handler, opens: bool
) -> None:
    """Data that is not there is still let through; commands cannot be tried."""
    stand.will(answer)
    found = await client.find_scopes("my-car")
    commands = {scope for scope in Scope if scope.startswith("remote:")}
    assert set(found) == (set(Scope) if opens else commands)
    assert [request.path.rpartition("/")[2] for request in stand.requests] == [
        "status",
        "lastPosition",
        "trips",
        "alerts",
        "collisions",
    ]


async def test_errors_have_a_name_each() -> None:
    """By which texts are found."""
    kinds = {error for _, error in (REFUSALS | TROUBLES).values()} | {NoVehiclesError}
    assert len({kind.key for kind in kinds}) == len(kinds - {UnauthorizedError})
    assert (
        str(NoVehiclesError("vehicles", 404, 40410)) == "no_vehicles vehicles 404 40410"
    )
