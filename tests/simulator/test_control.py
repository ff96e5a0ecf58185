"""The control interface of the simulator."""

from datetime import timedelta
import time

import aiohttp
import pytest

from simulator import Simulator
from simulator.clock import Clock

from .client import Client
from .conftest import START


async def test_vehicles_of_all_accounts_are_listed_with_their_truth(
    client: Client,
) -> None:
    """IDs and VINs are unique."""
    async with client.session.get("/_sim/vehicles") as response:
        cars = (await response.json())["vehicles"]
    assert len(cars) == 25
    assert {car["dialect"] for car in cars} == {"4.17", "2022"}
    assert len({car["id"] for car in cars}) == len({car["vin"] for car in cars}) == 25
    assert all(car["truth"]["odometer"] > 10_000 for car in cars)


async def test_change_of_unknown_vehicle_is_not_found(client: Client) -> None:
    """The response is a 404."""
    async with client.session.patch("/_sim/vehicles/none", json={}) as response:
        assert response.status == 404


async def test_log_contains_each_api_request(client: Client) -> None:
    """It has time, method, path, query, and status; the control interface is left out."""
    await client.get("/user/vehicles", pageSize=2)
    await client.call("GET", "/user/vehicles/none")
    async with client.session.get("/_sim/log") as response:
        first, second = (await response.json())["requests"]
    assert first == {
        "time": "2026-03-18T12:00:00Z",
        "method": "GET",
        "path": "/connectedcar/v4/user/vehicles",
        "query": "client_id=simulated-client&pageSize=2",
        "status": 200,
    }
    assert second["status"] == 403


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"advance": 90}, 90),
        ({"advance": "PT2H30M"}, 9000),
        ({"to": "2026-03-19T12:00:00+00:00"}, 86400),
    ],
)
async def test_clock_is_advanced_by_seconds_duration_or_time(
    client: Client, body: dict[str, object], seconds: int
) -> None:
    """The cars have the new time."""
    async with client.session.post("/_sim/clock", json=body) as response:
        assert response.status == 200
    assert client.simulator.clock.now() == START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "body",
    [{"advance": -1}, {"advance": "soon"}, {"to": "2020-01-01T00:00:00Z"}, {}, []],
)
async def test_invalid_change_of_clock_is_refused(client: Client, body: object) -> None:
    """The clock does not go back."""
    async with client.session.post("/_sim/clock", json=body) as response:
        assert response.status == 400


def test_clock_with_speed_is_faster_for_cars_only() -> None:
    """Tokens and quotas follow the real time and the jumps."""
    moments = iter([START, START + timedelta(minutes=1), START + timedelta(minutes=1)])
    clock = Clock(lambda: next(moments), speed=60)
    clock.advance(timedelta(minutes=5))
    assert clock.now() == START + timedelta(minutes=65)
    assert clock.client_now() == START + timedelta(minutes=6)


@pytest.mark.parametrize(
    "body", [{"brand": "rover"}, {}, {"brand": "opel", "email": "x@example.com"}]
)
async def test_token_of_unknown_brand_or_account_is_refused(
    client: Client, body: dict[str, str]
) -> None:
    """Both must exist."""
    async with client.session.post("/_sim/token", json=body) as response:
        assert response.status == 400


async def test_change_of_application_is_returned(client: Client) -> None:
    """An invalid value is refused."""
    changes = {
        "scopes": ["data:trip"],
        "redirect_uris": ["app://done"],
        "plan": False,
        "announce_scopes": False,
        "withheld_claims": ["email"],
        "wake_ups_per_month": 2,
        "per_day": 7,
        "per_second": 3,
        "numbered": False,
    }
    async with client.session.patch("/_sim/application", json=changes) as response:
        assert await response.json() == {"client_id": "simulated-client", **changes}
    async with client.session.patch(
        "/_sim/application", json={"redirect_uris": None}
    ) as response:
        assert (await response.json())["redirect_uris"] is None
    async with client.session.patch(
        "/_sim/application", json={"plan": "big"}
    ) as response:
        assert response.status == 400


async def test_token_response_without_announced_scopes_has_no_scope(
    client: Client,
) -> None:
    """The identity provider may leave them out."""
    client.simulator.backend.application.announce_scopes = False
    async with client.session.post("/_sim/token", json={"brand": "ds"}) as response:
        assert "scope" not in await response.json()


async def test_request_over_daily_quota_is_refused(client: Client) -> None:
    """It is accepted once the oldest request is a day old."""
    client.simulator.backend.quota.limits.per_day = 2
    first = await client.call("GET", "/user")
    assert (
        first.headers["X-RateLimit-Limit-1"],
        first.headers["X-RateLimit-Remaining-1"],
    ) == ("2", "1")
    client.simulator.clock.advance(timedelta(minutes=10))
    assert (await client.call("GET", "/user")).headers["X-RateLimit-Remaining-1"] == "0"
    refused = await client.call("GET", "/user")
    assert (refused.status, refused.body["httpCode"]) == (429, "429")
    assert (
        refused.headers["Retry-After"]
        == refused.headers["X-RateLimit-Reset"]
        == str(24 * 3600 - 600)
    )
    client.simulator.clock.advance(timedelta(days=1) - timedelta(minutes=10))
    await client.renew()
    assert (await client.call("GET", "/user")).status == 200


async def test_rate_limit_headers_without_numbers_have_the_daily_limit_only(
    client: Client,
) -> None:
    """Some gateways send no others."""
    client.simulator.backend.quota.limits.numbered = False
    headers = (await client.call("GET", "/user")).headers
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == (
        "20000",
        "19999",
    )
    assert "X-RateLimit-Limit-1" not in headers


async def test_request_over_rate_per_second_is_refused(client: Client) -> None:
    """A second of real time later it is accepted."""
    seconds = 5.0
    quota = client.simulator.backend.quota
    quota.limits.per_second = 2
    quota.seconds = lambda: seconds
    responses = [await client.call("GET", "/user") for _ in range(3)]
    assert [response.status for response in responses] == [200, 200, 429]
    assert responses[1].headers["X-RateLimit-Remaining-2"] == "0"
    assert responses[2].headers["Retry-After"] == "1"
    seconds += 1
    assert (await client.call("GET", "/user")).status == 200


async def test_start_with_default_history_takes_less_than_a_second(
    socket_enabled: None,
) -> None:
    """CPU time is measured, which the load of a machine does not change."""
    before = time.process_time()
    async with (
        Simulator() as simulator,
        aiohttp.ClientSession(simulator.url) as session,
    ):
        client = await Client.signed_in(simulator, session)
        assert (await client.get("/user/vehicles"))["total"] == 4
        await client.get(f"{await client.car()}/status")
    assert time.process_time() - before < 1
