"""Requests of the present state: permissions and forms of responses."""

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
MOTORIZATIONS = {"thermal": "Thermic", "phev": "Hybrid"}
DIALECTS = ("4.17", "2022")


async def test_links_of_vehicles_lead_to_statuses(client: Client) -> None:
    """The default account has four cars."""
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


async def test_vehicles_of_one_user_differ_between_brands(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """Each brand has four cars with VINs and branding of its own."""
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


async def test_vehicles_of_same_seed_have_same_past(client: Client) -> None:
    """Vehicles of another seed have another past."""
    first = await client.get(f"{await client.car()}/status")
    for seed, same in (("1", True), ("2", False)):
        async with (
            Simulator(now=lambda: START, history=timedelta(days=9), seed=seed) as other,
            aiohttp.ClientSession(other.url) as session,
        ):
            again = await Client.signed_in(other, session)
            status = await again.get(f"{await again.car()}/status")
            assert (status["odometer"] == first["odometer"]) is same


async def test_vehicles_of_account_without_cars_are_not_found(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """The response is the recorded 404 with its own code."""
    client = await Client.signed_in(simulator, session, email="nocars@example.com")
    response = await client.call("GET", "/user/vehicles")
    assert (response.status, response.body["code"], response.body["message"]) == (
        404,
        40410,
        "No vehicule found",
    )
    assert (await client.get("/user"))["_embedded"]["Vehicles"] == []


async def test_absent_vehicle_is_neither_listed_nor_readable(client: Client) -> None:
    """It is listed again once it is present."""
    car = await client.car()
    await client.patch(car, present=False)
    assert (await client.get("/user/vehicles"))["total"] == 3
    assert (await client.call("GET", f"{car}/status")).status == 403
    await client.patch(car, present=True)
    assert (await client.get("/user/vehicles"))["total"] == 4


async def test_extensions_are_embedded_if_requested(client: Client) -> None:
    """They are joined by commas; an unknown one is refused."""
    car = await client.car()
    assert "_embedded" not in await client.get(car)
    body = await client.get(car, extension="onboardCapabilities,branding")
    assert set(body["_embedded"]["extension"]) == {"onboardCapabilities", "branding"}
    remote = body["_embedded"]["extension"]["onboardCapabilities"]["remote"]
    assert remote["door"] == {"supported": True, "scopeName": "remote:door:write"}
    response = await client.call("GET", car, extension="odometer")
    assert (response.status, response.body["code"]) == (400, 40000)


async def test_picture_without_token_is_returned(client: Client) -> None:
    """A picture is a PNG at an absolute URL."""
    body = await client.get(await client.car(), extension="pictures")
    address = body["_embedded"]["extension"]["pictures"][0]
    assert address.startswith(client.simulator.url)
    async with client.session.get(address) as response:
        assert response.content_type == "image/png"
        assert (await response.read()).startswith(b"\x89PNG")
    async with client.session.get(address.replace("001.png", "999.png")) as response:
        assert response.status == 404


async def test_capabilities_without_token_are_returned_in_version_3(
    client: Client,
) -> None:
    """Version 3 needs the realm and the client ID alone, and has a form of its own."""
    body = await client.get(await client.car("2022"))
    query = {"client_id": "simulated-client", "extension": "onboardCapabilities"}
    headers = {"x-introspect-realm": client.realm}
    path = f"/connectedcar/v3/vehicle/{body['vin']}"
    async with client.session.get(path, params=query, headers=headers) as response:
        found = await response.json()
    remote = found["_embedded"]["extension"]["onboardCapabilities"]["remote"]
    assert "remote:wakeup:write" in remote["operation"]
    assert remote["details"]["preconditioning"]["programs"] == {"size": 4}
    async with client.session.get(path, params=query) as response:
        assert response.status == 404
    async with client.session.get(path, headers=headers) as response:
        assert response.status == 401


async def test_status_of_current_dialect_is_complete(client: Client) -> None:
    """A parked battery car has energies with an empty Fuel entry, and is locked."""
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


async def test_status_of_former_dialect_has_former_names(client: Client) -> None:
    """It has energy, preconditionning, and an odometer with a time."""
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
async def test_status_of_recorded_car_is_the_recording(
    socket_enabled: None, name: str, suffix: str
) -> None:
    """Nothing is added or left out."""
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
        recorded = next(
            (kind for word, kind in MOTORIZATIONS.items() if word in name), "Electric"
        )
        assert motorization == (suffix.removeprefix(":") or recorded)
        assert (await client.call("GET", f"{car}/trips")).status == 404


async def test_request_with_unknown_token_is_unauthorized(client: Client) -> None:
    """The error has the form of the API."""
    client.token = "nonsense"
    response = await client.call("GET", "/user")
    assert response.status == 401
    assert str(response.body["code"]).startswith("401")
    assert response.body["uuid"]
    assert response.body["timestamp"]


async def test_request_with_other_realm_is_unauthorized(client: Client) -> None:
    """A token is valid in the realm of its brand only."""
    client.realm = BRANDS["opel"].realm
    response = await client.call("GET", "/user")
    assert response.status == 401
    assert response.body["httpCode"] == "401"
    assert response.body["moreInformation"].startswith(
        "Cannot pass the security checks"
    )


async def test_request_without_plan_or_client_is_unauthorized(client: Client) -> None:
    """The message of the gateway names the cause."""
    application = client.simulator.backend.application
    application.plan = False
    response = await client.call("GET", "/user")
    assert (response.status, response.body["moreInformation"]) == (
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


async def test_status_of_unknown_vehicle_is_forbidden(client: Client) -> None:
    """It is not reported as missing."""
    response = await client.call("GET", "/user/vehicles/no-such-vehicle/status")
    assert response.status == 403


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
async def test_endpoint_without_its_scope_is_forbidden(
    simulator: Simulator, session: aiohttp.ClientSession, scope: str, leaf: str
) -> None:
    """With all scopes it is readable."""
    everything = await Client.signed_in(simulator, session)
    path = f"{await everything.car()}/{leaf}"
    await everything.get(path)
    limited = await Client.signed_in(
        simulator, session, scopes=[one for one in API_SCOPES if one != scope]
    )
    response = await limited.call("GET", path)
    assert response.status == 403
    assert str(response.body["code"]).startswith("403")


async def test_status_contains_data_of_granted_scopes_only(
    simulator: Simulator, session: aiohttp.ClientSession
) -> None:
    """It is forbidden without any scope of its data."""
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
async def test_missing_endpoint_is_not_found(
    client: Client, dialect: str, leaf: str
) -> None:
    """The code of the error is the general one."""
    car = await client.car(dialect)
    await client.get(f"{car}/{leaf}")
    await client.patch(car, missing=[leaf])
    response = await client.call("GET", f"{car}/{leaf}")
    assert (response.status, response.body["code"]) == (404, 40400)


async def test_vehicles_with_vin_prefix_are_filtered(client: Client) -> None:
    """VINs that begin with the prefix remain."""
    vin = (await client.get("/user/vehicles"))["_embedded"]["vehicles"][2]["vin"]
    assert (await client.get("/user/vehicles", vinPrefix=vin[:12]))["total"] == 1
