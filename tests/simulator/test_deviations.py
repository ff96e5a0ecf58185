"""The deviations of real cars from the specification."""

from typing import Any

import aiohttp
import pytest

from .client import Client

V4 = "/connectedcar/v4"


@pytest.fixture(params=[False, True], ids=["real", "by the book"])
def by_the_book(request: pytest.FixtureRequest) -> bool:
    """Return whether the simulator follows the specification."""
    followed: bool = request.param
    return followed


async def status(client: Client, motorization: str) -> Any:
    """Return the status of a car of the present dialect."""
    return await client.get(f"{await client.car('4.17', motorization)}/status")


def electric(body: Any) -> Any:
    """Return the electric entry of a status."""
    [entry] = [one for one in body["energies"] if one["type"] == "Electric"]
    return entry


@pytest.mark.parametrize(
    ("motorization", "per_unit"), [("Electric", 1000), ("Thermic", 100)]
)
async def test_trip_consumption_unit_depends_on_the_dialect(
    client: Client, by_the_book: bool, motorization: str, per_unit: int
) -> None:
    """Cars send watt-hours and centilitres; the average is the same in both."""
    car = await client.car("4.17", motorization)
    trips = (await client.get(f"{car}/trips"))["_embedded"]["trips"]
    assert trips
    for trip in trips:
        [energy] = trip["energyConsumptions"]
        consumption = energy["consumption"] * (per_unit if by_the_book else 1)
        average = consumption * 100 / trip["distance"]
        assert energy["avgConsumption"] == pytest.approx(average, rel=0.05, abs=1)


async def test_top_speed_unit_depends_on_the_dialect(
    client: Client, by_the_book: bool
) -> None:
    """Cars send km/h as top speed and m/s as average."""
    trips = (await client.get(f"{await client.car()}/trips"))["_embedded"]["trips"]
    for trip in trips:
        factor = trip["kinetic"]["maxSpeed"] / trip["kinetic"]["avgSpeed"]
        assert (factor > 3.6) is not by_the_book


@pytest.mark.parametrize("leaf", ["trips", "alerts", "alarms", "collisions"])
async def test_empty_list_depends_on_the_dialect(
    client: Client, by_the_book: bool, leaf: str
) -> None:
    """The platform responses 404 for an empty range of a real car."""
    future = "2036-01-01T00:00:00Z/2036-01-02T00:00:00Z"
    response = await client.call(
        "GET", f"{await client.car()}/{leaf}", timestamps=future
    )
    if by_the_book:
        assert (response.status, response.body["total"]) == (200, 0)
    else:
        assert (response.status, response.body["code"]) == (404, 40400)
        assert response.body["message"] == f"Not Found: No {leaf[:-1]} was found"


@pytest.mark.parametrize(
    ("accept", "accepted"),
    [
        ("application/hal+json", False),
        ("application/hal+json, application/vnd.geo+json", True),
        ("*/*", True),
    ],
)
async def test_position_is_not_acceptable_as_hal(
    client: Client, by_the_book: bool, accept: str, accepted: bool
) -> None:
    """The platform refuses HAL alone."""
    headers = {
        "Accept": accept,
        "Authorization": f"Bearer {client.token}",
        "x-introspect-realm": client.realm,
    }
    async with aiohttp.ClientSession(client.simulator.url, headers=headers) as session:
        url = f"{V4}{await client.car()}/lastPosition?client_id=simulated-client"
        async with session.get(url) as response:
            assert response.status == (200 if accepted or by_the_book else 406)


async def test_battery_car_has_frozen_times_beside_the_former_dialect(
    client: Client, by_the_book: bool
) -> None:
    """The time of `energies` stands still, and `energy` has the right one."""
    body = await status(client, "Electric")
    if by_the_book:
        assert electric(body)["createdAt"] == body["createdAt"]
        assert "energy" not in body
    else:
        assert electric(body)["createdAt"] == "2025-06-30T19:51:19Z"
        assert body["energy"][-1]["updatedAt"] == body["createdAt"]
        assert body["energy"][-1]["level"] == electric(body)["level"]


async def test_charging_schedule_is_a_list(client: Client, by_the_book: bool) -> None:
    """The specification has an object."""
    charging = electric(await status(client, "Electric"))["extension"]["electric"]
    kind = dict if by_the_book else list
    assert isinstance(charging["charging"]["schedule"], kind)


async def test_waiting_car_is_disconnected(client: Client, by_the_book: bool) -> None:
    """A plug-in that waits for its time says so although it is plugged in."""
    car = await client.car("4.17", "Hybrid")
    await client.patch(car, plugged=True, level=50)
    await client.patch(car, charging=False)
    charging = electric(await status(client, "Hybrid"))["extension"]["electric"]
    expected = "Stopped" if by_the_book else "Disconnected"
    assert charging["charging"]["status"] == expected
    assert charging["charging"]["plugged"]


async def test_battery_car_has_a_combustion_engine_without_sensors(
    client: Client, by_the_book: bool
) -> None:
    """215 °C means that there is no sensor."""
    engines = (await status(client, "Electric"))["engines"]
    kinds = [engine["type"] for engine in engines]
    assert kinds == (["Electric"] if by_the_book else ["Thermic", "Electric"])
    if not by_the_book:
        assert engines[0]["extension"]["thermic"]["oil"] == {"temp": 215.0}


async def test_belts_have_an_identifier(client: Client, by_the_book: bool) -> None:
    """The specification calls it id."""
    body = await status(client, "Thermic")
    name = "id" if by_the_book else "identifier"
    assert [belt[name] for belt in body["safety"]["beltStatus"]] == [
        "Driver",
        "Passenger",
    ]


async def test_former_dialect_has_battery_health(client: Client) -> None:
    """Health and capacity lie beside the level."""
    body = await client.get(f"{await client.car('2022')}/status")
    battery = body["energy"][-1]["battery"]
    assert battery == {
        "capacity": 46_000,
        "health": {"capacity": 91, "resistance": 94},
    }


async def test_user_embeds_vehicles(client: Client, by_the_book: bool) -> None:
    """The specification writes a capital."""
    body = await client.get("/user")
    assert list(body["_embedded"]) == ["Vehicles" if by_the_book else "vehicles"]
