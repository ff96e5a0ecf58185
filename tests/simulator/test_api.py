"""Reading the present: who may see what, in which form."""

from datetime import timedelta
import json
from pathlib import Path

import aiohttp
import pytest

from simulator import Simulator
from simulator.application import API_SCOPES
from simulator.brands import BRANDS

from .client import Client
from .conftest import START

FIXTURES = Path(__file__).parent.parent / "fixtures"
GUESSES = {"thermal": "Thermic", "phev": "Hybrid"}
DIALECTS = ("4.17", "2022")


async def test_user_and_vehicles(client: Client) -> None:
    """The default account owns four cars, whose links lead on."""
    user = await client.get("/user")
    page = await client.get("/user/vehicles")
    assert [car["motorization"] for car in page["_embedded"]["vehicles"]] == [
        "Electric",
        "Hybrid",
        "Thermic",
        "Electric",
    ]
    assert len(user["_embedded"]["Vehicles"]) == page["total"] == 4
    for car in page["_embedded"]["vehicles"]:
        href = car["_links"]["status"]["href"].removeprefix(client.simulator.url)
        assert (await client.call("GET", href)).status == 200


async def test_every_brand_has_cars_of_its_own(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """One e-mail address with two brands never sees the same car twice."""
    vins = set()
    for brand in BRANDS:
        client = await Client.signed_in(simulator, session, brand)
        page = await client.get("/user/vehicles", extension="branding")
        for car in page["_embedded"]["vehicles"]:
            assert len(car["vin"]) == 17
            assert (
                car["_embedded"]["extension"]["branding"]["brand"]
                == BRANDS[brand].label
            )
            vins.add(car["vin"])
    assert len(vins) == 20


async def test_same_seed_same_cars(client: Client) -> None:
    """Another run with the same seed has the same cars with the same past; another seed has others."""
    first = await client.get(f"{await client.car()}/status")
    for seed, same in (("1", True), ("2", False)):
        async with (
            Simulator(now=lambda: START, history=timedelta(days=9), seed=seed) as other,
            aiohttp.ClientSession(other.url) as session,
        ):
            again = await Client.signed_in(other, session)
            status = await again.get(f"{await again.car()}/status")
            assert (status["odometer"] == first["odometer"]) is same


async def test_account_without_cars(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """No cars is a 404 with a code of its own, as it was recorded."""
    client = await Client.signed_in(simulator, session, email="nocars@example.com")
    answer = await client.call("GET", "/user/vehicles")
    assert (answer.status, answer.body["code"], answer.body["message"]) == (
        404,
        40410,
        "No vehicule found",
    )
    assert (await client.get("/user"))["_embedded"]["Vehicles"] == []


async def test_car_that_goes_away(client: Client) -> None:
    """A car taken from the list is nobody's any more, until it returns."""
    car = await client.car()
    await client.patch(car, present=False)
    assert (await client.get("/user/vehicles"))["total"] == 3
    assert (await client.call("GET", f"{car}/status")).status == 403
    await client.patch(car, present=True)
    assert (await client.get("/user/vehicles"))["total"] == 4


async def test_extensions_come_when_asked_for(client: Client) -> None:
    """Capabilities, branding and pictures are embedded on demand, repeated or joined by commas."""
    car = await client.car()
    assert "_embedded" not in await client.get(car)
    body = await client.get(car, extension="onboardCapabilities,branding")
    assert set(body["_embedded"]["extension"]) == {"onboardCapabilities", "branding"}
    remote = body["_embedded"]["extension"]["onboardCapabilities"]["remote"]
    assert remote["door"] == {"supported": True, "scopeName": "remote:door:write"}
    answer = await client.call("GET", car, extension="odometer")
    assert (answer.status, answer.body["code"]) == (400, 40000)


async def test_pictures_can_be_fetched_by_anybody(client: Client) -> None:
    """A picture is a PNG at an absolute address."""
    body = await client.get(await client.car(), extension="pictures")
    address = body["_embedded"]["extension"]["pictures"][0]
    assert address.startswith(client.simulator.url)
    async with client.session.get(address) as answer:
        assert answer.content_type == "image/png"
        assert (await answer.read()).startswith(b"\x89PNG")
    async with client.session.get(address.replace("001.png", "999.png")) as answer:
        assert answer.status == 404


async def test_capabilities_before_enrolment(client: Client) -> None:
    """Version 3 tells what a VIN can do without a token, in its own form."""
    body = await client.get(await client.car("2022"))
    query = {"client_id": "simulated-client", "extension": "onboardCapabilities"}
    headers = {"x-introspect-realm": client.realm}
    path = f"/connectedcar/v3/vehicle/{body['vin']}"
    async with client.session.get(path, params=query, headers=headers) as answer:
        found = await answer.json()
    remote = found["_embedded"]["extension"]["onboardCapabilities"]["remote"]
    assert "remote:wakeup:write" in remote["operation"]
    assert remote["details"]["preconditioning"]["programs"] == {"size": 4}
    async with client.session.get(path, params=query) as answer:
        assert answer.status == 404
    async with client.session.get(path, headers=headers) as answer:
        assert answer.status == 401


async def test_status_of_the_present_dialect(client: Client) -> None:
    """A battery car at work: energies with a tankless Fuel entry, locked, seen when it was last awake."""
    status = await client.get(f"{await client.car()}/status")
    fuel, electric = status["energies"]
    assert (fuel["type"], fuel["autonomy"], "level" in fuel) == ("Fuel", 0, False)
    assert 0 < electric["level"] <= 100
    load = electric["extension"]["electric"]["battery"]["load"]
    assert load["residual"] == pytest.approx(
        load["capacity"] * electric["level"] / 100, abs=60
    )
    assert status["doorsState"]["lockedStates"] == ["Locked", "SuperLocked"]
    assert status["alarm"]["status"]["activation"] == "Active"
    assert status["kinetic"]["moving"] is False
    assert status["createdAt"] < "2026-03-18T12:00:00Z"
    longitude, latitude, _ = status["lastPosition"]["geometry"]["coordinates"]
    assert -3 < longitude < 0
    assert 47 < latitude < 49


async def test_status_of_the_old_dialect(client: Client) -> None:
    """The old car speaks of energy, preconditionning and a timed odometer."""
    status = await client.get(f"{await client.car('2022')}/status")
    assert "energies" not in status
    assert [entry["type"] for entry in status["energy"]] == ["Fuel", "Electric"]
    assert status["energy"][1]["updatedAt"] == status["createdAt"]
    assert len(status["preconditionning"]["airConditioning"]["programs"]) == 4
    assert status["timed.odometer"]["createdAt"] is None
    assert status["lastPosition"]["properties"]["type"] == "Aquire"


@pytest.mark.parametrize("suffix", ["", ":Hybrid"])
@pytest.mark.parametrize(
    "name", sorted(path.name for path in FIXTURES.glob("*-status-*.json"))
)
async def test_recording_is_served_verbatim(
    socket_enabled: None, name: str, suffix: str
) -> None:
    """A recorded car's status is the file, with nothing added or left out."""
    async with (
        Simulator(
            now=lambda: START,
            history=timedelta(days=1),
            recordings=[f"{FIXTURES / name}{suffix}"],
        ) as simulator,
        aiohttp.ClientSession(simulator.url) as session,
    ):
        client = await Client.signed_in(simulator, session)
        car = await client.car("recording")
        assert await client.get(f"{car}/status") == json.loads(
            (FIXTURES / name).read_text()
        )
        motorization = (await client.get(car))["motorization"]
        guess = next(
            (kind for word, kind in GUESSES.items() if word in name), "Electric"
        )
        assert motorization == (suffix.removeprefix(":") or guess)
        assert (await client.call("GET", f"{car}/trips")).status == 404


async def test_unknown_token(client: Client) -> None:
    """A token that nobody issued is refused in the API's form."""
    client.token = "nonsense"
    answer = await client.call("GET", "/user")
    assert answer.status == 401
    assert str(answer.body["code"]).startswith("401")
    assert answer.body["uuid"]
    assert answer.body["timestamp"]


async def test_wrong_realm(client: Client) -> None:
    """A token of one brand does not open another's realm."""
    client.realm = BRANDS["opel"].realm
    answer = await client.call("GET", "/user")
    assert answer.status == 401
    assert answer.body["httpCode"] == "401"
    assert answer.body["moreInformation"].startswith("Cannot pass the security checks")


async def test_wrong_client_and_missing_plan(client: Client) -> None:
    """The gateway knows clients and plans, and says which is wrong."""
    application = client.simulator.backend.application
    application.plan = False
    answer = await client.call("GET", "/user")
    assert (answer.status, answer.body["moreInformation"]) == (
        401,
        "Not registered to plan",
    )
    known, application.client_id = application.client_id, "another"
    async with client.session.get(
        "/connectedcar/v4/user", params={"client_id": known}
    ) as refusal:
        assert (await refusal.json())[
            "moreInformation"
        ] == "Invalid client id or secret."


async def test_foreign_vehicle(client: Client) -> None:
    """A vehicle that is not the user's is forbidden, not missing."""
    answer = await client.call("GET", "/user/vehicles/no-such-vehicle/status")
    assert answer.status == 403


@pytest.mark.parametrize(
    ("scope", "leaf"),
    [
        ("data:telemetry", "maintenance"),
        ("data:telemetry", "alarms"),
        ("data:position", "lastPosition"),
        ("data:trip", "trips"),
        ("data:alert", "alerts"),
        ("data:collision", "collisions"),
    ],
)
async def test_missing_scope_forbids(
    simulator: Simulator, session: aiohttp.ClientSession, scope: str, leaf: str
) -> None:
    """Without its scope an operation is forbidden; with all, allowed."""
    everything = await Client.signed_in(simulator, session)
    path = f"{await everything.car()}/{leaf}"
    await everything.get(path)
    limited = await Client.signed_in(
        simulator, session, scopes=[right for right in API_SCOPES if right != scope]
    )
    answer = await limited.call("GET", path)
    assert answer.status == 403
    assert str(answer.body["code"]).startswith("403")


async def test_status_shows_what_the_scopes_allow(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """Positions are left out without their scope; with that scope alone, nothing else is told."""
    without = await Client.signed_in(simulator, session, scopes=["data:telemetry"])
    path = f"{await without.car()}/status"
    status = await without.get(path)
    assert "lastPosition" not in status
    assert "energies" in status
    only = await Client.signed_in(simulator, session, scopes=["data:position"])
    assert set(await only.get(path)) == {
        "lastPosition",
        "createdAt",
        "updatedAt",
        "_links",
    }
    neither = await Client.signed_in(simulator, session, scopes=["data:trip"])
    assert (await neither.call("GET", path)).status == 403


@pytest.mark.parametrize(
    "leaf",
    ["status", "maintenance", "lastPosition", "telemetry", "alerts", "alarms", "trips"],
)
@pytest.mark.parametrize("dialect", DIALECTS)
async def test_resource_that_a_car_lacks(
    client: Client, dialect: str, leaf: str
) -> None:
    """A car may lack any resource: 404, with the code that tells nothing."""
    car = await client.car(dialect)
    await client.get(f"{car}/{leaf}")
    await client.patch(car, missing=[leaf])
    answer = await client.call("GET", f"{car}/{leaf}")
    assert (answer.status, answer.body["code"]) == (404, 40400)


async def test_vin_prefix(client: Client) -> None:
    """The list can be narrowed to VINs that begin alike."""
    vin = (await client.get("/user/vehicles"))["_embedded"]["vehicles"][2]["vin"]
    assert (await client.get("/user/vehicles", vinPrefix=vin[:12]))["total"] == 1
