"""The control surface: what people and tests do to the simulator."""

from datetime import timedelta
import time

import aiohttp
import pytest

from simulator import Simulator
from simulator.clock import Clock

from .client import Client
from .conftest import START


async def test_vehicles_are_listed_with_their_truth(client: Client) -> None:
    """Every car of every account at every brand is there, by dialect."""
    async with client.session.get("/_sim/vehicles") as answer:
        cars = (await answer.json())["vehicles"]
    assert len(cars) == 25
    assert {car["dialect"] for car in cars} == {"4.17", "2022"}
    assert len({car["id"] for car in cars}) == len({car["vin"] for car in cars}) == 25
    assert all(car["truth"]["odometer"] > 10_000 for car in cars)


async def test_unknown_vehicle(client: Client) -> None:
    """Nobody can change a car that is not there."""
    async with client.session.patch("/_sim/vehicles/none", json={}) as answer:
        assert answer.status == 404


async def test_log_tells_every_request(client: Client) -> None:
    """The log holds time, method, path, query and status, and nothing of the control surface."""
    await client.get("/user/vehicles", pageSize=2)
    await client.call("GET", "/user/vehicles/none")
    async with client.session.get("/_sim/log") as answer:
        first, second = (await answer.json())["requests"]
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
async def test_clock_is_advanced(
    client: Client, body: dict[str, object], seconds: int
) -> None:
    """The clock jumps by seconds, by a duration, or to a moment."""
    async with client.session.post("/_sim/clock", json=body) as answer:
        assert answer.status == 200
    assert client.simulator.clock.now() == START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "body",
    [{"advance": -1}, {"advance": "soon"}, {"to": "2020-01-01T00:00:00Z"}, {}, []],
)
async def test_clock_goes_only_forward(client: Client, body: object) -> None:
    """No way back, and no nonsense."""
    async with client.session.post("/_sim/clock", json=body) as answer:
        assert answer.status == 400


def test_clock_runs_faster_for_cars_than_for_clients() -> None:
    """Speed hurries the cars; tokens and quotas keep to real time, but for the jumps."""
    moments = iter([START, START + timedelta(minutes=1), START + timedelta(minutes=1)])
    clock = Clock(lambda: next(moments), speed=60)
    clock.advance(timedelta(minutes=5))
    assert clock.now() == START + timedelta(minutes=65)
    assert clock.unhurried() == START + timedelta(minutes=6)


@pytest.mark.parametrize(
    "body", [{"brand": "rover"}, {}, {"brand": "opel", "email": "x@example.com"}]
)
async def test_token_for_nobody(client: Client, body: dict[str, str]) -> None:
    """A token needs a brand and an account that exist."""
    async with client.session.post("/_sim/token", json=body) as answer:
        assert answer.status == 400


async def test_application_can_be_changed(client: Client) -> None:
    """Scopes, redirect addresses, plan and limits are set by the names that are shown."""
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
    async with client.session.patch("/_sim/application", json=changes) as answer:
        assert await answer.json() == {"client_id": "simulated-client", **changes}
    async with client.session.patch(
        "/_sim/application", json={"redirect_uris": None}
    ) as answer:
        assert (await answer.json())["redirect_uris"] is None
    async with client.session.patch(
        "/_sim/application", json={"plan": "big"}
    ) as answer:
        assert answer.status == 400


async def test_silence_about_scopes(client: Client) -> None:
    """An identity provider may keep the granted scopes to itself."""
    client.simulator.backend.application.announce_scopes = False
    async with client.session.post("/_sim/token", json={"brand": "ds"}) as answer:
        assert "scope" not in await answer.json()


async def test_quota_of_a_day(client: Client) -> None:
    """Past the day's limit a request is refused until the oldest is a day old."""
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


async def test_headers_without_numbers(client: Client) -> None:
    """Some gateways tell of the day alone."""
    client.simulator.backend.quota.limits.numbered = False
    headers = (await client.call("GET", "/user")).headers
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == (
        "20000",
        "19999",
    )
    assert "X-RateLimit-Limit-1" not in headers


async def test_burst(client: Client) -> None:
    """A burst is over after a second of reality, whatever the calendar says."""
    seconds = 5.0
    quota = client.simulator.backend.quota
    quota.limits.per_second = 2
    quota.seconds = lambda: seconds
    answers = [await client.call("GET", "/user") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[1].headers["X-RateLimit-Remaining-2"] == "0"
    assert answers[2].headers["Retry-After"] == "1"
    seconds += 1
    assert (await client.call("GET", "/user")).status == 200


async def test_start_is_quick(socket_enabled: None) -> None:
    """Two months of past for one account cost a fraction of a second."""
    before = time.process_time()
    async with (
        Simulator() as simulator,
        aiohttp.ClientSession(simulator.url) as session,
    ):
        client = await Client.signed_in(simulator, session)
        assert (await client.get("/user/vehicles"))["total"] == 4
        await client.get(f"{await client.car()}/status")
    assert time.process_time() - before < 1
