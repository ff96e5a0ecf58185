"""The history of simulated cars: pages, filters, and records."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from .client import Client

CARS = [
    ("4.17", "Electric"),
    ("4.17", "Hybrid"),
    ("4.17", "Thermic"),
    ("2022", "Electric"),
]
KEYS = {
    "alerts": "alerts",
    "alarms": "alarms",
    "trips": "trips",
    "collisions": "Collisions",
    "telemetry": "telemetries",
}


@pytest.fixture
def history() -> timedelta:
    """Return a history of two months."""
    return timedelta(days=62)


async def everything(
    client: Client, path: str, key: str, **query: object
) -> list[dict[str, Any]]:
    """Return the items of all pages."""
    page = await client.get(path, **query)
    items = list(page["_embedded"][key])
    while following := page["_links"].get("next"):
        page = await client.get(following["href"].removeprefix(client.simulator.url))
        items += page["_embedded"][key]
    assert len(items) == page["total"]
    return items


@pytest.mark.parametrize("leaf", ["trips", "alarms"])
async def test_pages_of_any_size_contain_each_record_once(
    client: Client, leaf: str
) -> None:
    """The link `next` leads to the next page."""
    path = f"{await client.car()}/{leaf}"
    whole = await everything(client, path, KEYS[leaf])
    assert [
        one["id"] for one in await everything(client, path, KEYS[leaf], pageSize=7)
    ] == [one["id"] for one in whole]
    assert len({one["id"] for one in whole}) == len(whole) > 60


async def test_first_and_last_page_have_no_link_beyond(client: Client) -> None:
    """Links have no client ID."""
    path = f"{await client.car()}/trips"
    first = await client.get(path, pageSize=10)
    assert set(first["_links"]) == {"self", "first", "next", "last"}
    assert (first["currentPage"], first["totalPage"]) == (1, -(-first["total"] // 10))
    assert "client_id" not in first["_links"]["next"]["href"]
    last = await client.get(
        first["_links"]["last"]["href"].removeprefix(client.simulator.url)
    )
    assert set(last["_links"]) == {"self", "first", "prev", "last"}
    assert last["currentPage"] == last["totalPage"]


async def test_next_page_keeps_the_filter(client: Client) -> None:
    """The page token contains it."""
    path = f"{await client.car()}/alarms"
    triggers = await everything(
        client, path, "alarms", type="vehicle.alarm.trigger", pageSize=1
    )
    assert triggers
    assert all("trigger" in one for one in triggers)


@pytest.mark.parametrize(
    "query",
    [
        {"pageSize": 0},
        {"pageSize": 61},
        {"pageSize": "many"},
        {"pageToken": "forged"},
        {"indexRange": "nine"},
        {"timestamps": "yesterday"},
        {"timestamps": "2026-03-01T00:00:00Z"},
        {"states": "Lost"},
    ],
)
async def test_invalid_parameter_is_refused(
    client: Client, query: dict[str, object]
) -> None:
    """The code of the error is 40000."""
    response = await client.call("GET", f"{await client.car()}/trips", **query)
    assert (response.status, response.body["code"]) == (400, 40000)


async def test_index_range_limits_the_collection(client: Client) -> None:
    """It may have no end."""
    path = f"{await client.car()}/trips"
    whole = await everything(client, path, "trips")
    ids = [one["id"] for one in whole]
    assert [
        one["id"]
        for one in (await client.get(path, indexRange="5-9"))["_embedded"]["trips"]
    ] == ids[5:10]
    assert (await client.get(path, indexRange="5-"))["total"] == len(ids) - 5


@pytest.mark.parametrize(
    "timestamps",
    [
        "2026-03-01T00:00:00Z/2026-03-08T00:00:00Z",
        "2026-03-01T00:00:00Z/P7D",
        "2026-03-01T01:00:00+01:00/P1W",
        "R7/2026-03-01T00:00:00Z/P1D",
    ],
)
async def test_time_range_in_each_notation_returns_the_same_trips(
    client: Client, timestamps: str
) -> None:
    """The range is one week."""
    path = f"{await client.car()}/trips"
    found = await everything(client, path, "trips", timestamps=timestamps)
    week = [
        one
        for one in await everything(client, path, "trips")
        if "2026-03-01" <= one["startedAt"] < "2026-03-08"
    ]
    assert [one["id"] for one in found] == [one["id"] for one in week] != []


async def test_open_time_ranges_are_combined(client: Client) -> None:
    """A range may have no start or no end."""
    path = f"{await client.car()}/trips"
    whole = len(await everything(client, path, "trips"))
    before = len(
        await everything(client, path, "trips", timestamps="/2026-03-01T00:00:00Z")
    )
    after = len(
        await everything(client, path, "trips", timestamps="2026-03-01T00:00:00Z/")
    )
    both = ["/2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z/"]
    assert (
        before + after
        == whole
        == len(await everything(client, path, "trips", timestamps=both))
    )


@pytest.mark.parametrize(("dialect", "motorization"), CARS)
async def test_trips_are_consecutive_and_plausible(
    client: Client, dialect: str, motorization: str
) -> None:
    """They are sorted by time, oldest first."""
    trips = await everything(
        client, f"{await client.car(dialect, motorization)}/trips", "trips"
    )
    assert len(trips) > 60
    assert trips[0]["startedAt"] < "2026-01-25"
    mileage = trips[0]["startMileage"]
    for trip in trips:
        assert trip["startMileage"] == pytest.approx(mileage, abs=0.15)
        mileage = trip["startMileage"] + trip["distance"]
        assert 1 < trip["distance"] < 120
        assert trip["kinetic"]["avgSpeed"] == pytest.approx(
            trip["distance"] * 1000 / trip["duration"], abs=0.01
        )
        assert 4 < trip["kinetic"]["avgSpeed"] < 36


async def test_energy_of_a_trip_matches_its_levels(client: Client) -> None:
    """Trips of a plug-in hybrid have fuel only."""
    for trip in await everything(client, f"{await client.car()}/trips", "trips"):
        (consumption,) = trip["energyConsumptions"]
        (start,), (end,) = trip["startEnergies"], trip["endEnergies"]
        assert consumption["consumption"] == pytest.approx(
            (start["level"] - end["level"]) / 100 * 51, abs=0.11
        )
    for trip in await everything(
        client, f"{await client.car('4.17', 'Hybrid')}/trips", "trips"
    ):
        assert [entry["type"] for entry in trip["energyConsumptions"]] == ["Fuel"]
        assert sum(part["percent"] for part in trip["segments"]) == pytest.approx(
            100, abs=0.6
        )


async def test_way_points_begin_and_end_with_the_trip(client: Client) -> None:
    """They are sorted by time."""
    car = await client.car()
    trip = (await client.get(f"{car}/trips", pageSize=3))["_embedded"]["trips"][1]
    points = await everything(
        client, f"{car}/trips/{trip['id']}/wayPoints", "positions", pageSize=9
    )
    times = [point["properties"]["createdAt"] for point in points]
    assert times == sorted(times)
    assert points[0]["geometry"] == trip["startPosition"]["geometry"]
    assert points[-1]["geometry"]["coordinates"] == pytest.approx(
        trip["stopPosition"]["geometry"]["coordinates"], abs=0.002
    )
    assert len(points) > 5


async def test_way_points_with_tolerance_are_fewer(client: Client) -> None:
    """Both ends stay."""
    car = await client.car()
    trip = (await client.get(f"{car}/trips", pageSize=3))["_embedded"]["trips"][1]
    path = f"{car}/trips/{trip['id']}/wayPoints"
    exact, coarse, line = [
        (await client.get(path, tolerance=tolerance))["_embedded"]["positions"]
        for tolerance in (0, 0.5, 100)
    ]
    assert len(exact) > len(coarse) > len(line) == 2
    assert line == [exact[0], exact[-1]]
    assert (await client.call("GET", path, tolerance="little")).status == 400


async def test_trip_in_progress_is_not_done(client: Client) -> None:
    """It is done once the car stops."""
    car = await client.car()
    await client.patch(car, trip="start")
    client.simulator.clock.advance(timedelta(minutes=5))
    pending = (await client.get(f"{car}/trips", states="Unfinished"))["_embedded"][
        "trips"
    ][0]
    assert pending["done"] is False
    assert "stoppedAt" not in pending
    status = await client.get(f"{car}/status")
    assert status["kinetic"]["moving"] is True
    assert status["ignition"]["type"] == "Start"
    await client.patch(car, trip="stop")
    assert (await client.get(f"{car}/trips/{pending['id']}"))["done"] is True
    assert (await client.get(f"{car}/status"))["kinetic"]["moving"] is False


async def test_trips_are_filtered_by_distance_and_duration(client: Client) -> None:
    """A range may have no end."""
    path = f"{await client.car()}/trips"
    long = await everything(client, path, "trips", distance="40-")
    assert 0 < len(long) < len(await everything(client, path, "trips"))
    assert all(trip["distance"] >= 40 for trip in long)
    short = await everything(client, path, "trips", duration="0-900")
    assert all(trip["duration"] <= 900 for trip in short)


@pytest.mark.parametrize(("dialect", "motorization"), CARS)
async def test_alerts_have_start_and_end(
    client: Client, dialect: str, motorization: str
) -> None:
    """A raised alert is active until it is cleared."""
    car = await client.car(dialect, motorization)
    alerts = await everything(client, f"{car}/alerts", "alerts")
    ended = [one for one in alerts if not one["active"]]
    assert len(ended) >= 5
    assert all(one["startedAt"] < one["endAt"] == one["updatedAt"] for one in ended)
    assert await client.get(f"{car}/alerts/{ended[0]['id']}") == ended[0]
    await client.patch(car, alert={"type": "EngineFault", "severity": "Critical"})
    newest = (await client.get(f"{car}/alerts"))["_embedded"]["alerts"][0]
    assert (newest["type"], newest["severity"], newest["active"]) == (
        "EngineFault",
        "Critical",
        True,
    )
    await client.patch(car, clear_alert="EngineFault")
    assert (await client.get(f"{car}/alerts/{newest['id']}"))["active"] is False


@pytest.mark.parametrize(("dialect", "motorization"), CARS)
async def test_alarms_and_collisions_are_readable_by_id(
    client: Client, dialect: str, motorization: str
) -> None:
    """Two months contain one of each."""
    car = await client.car(dialect, motorization)
    triggers = await everything(
        client, f"{car}/alarms", "alarms", type="vehicle.alarm.trigger"
    )
    assert triggers
    assert await client.get(f"{car}/alarms/{triggers[0]['id']}") == triggers[0]
    (collision, *_) = await everything(client, f"{car}/collisions", "Collisions")
    assert collision["details"][0]["side"] in ("Front", "Rear", "Lateral")
    assert await client.get(f"{car}/collisions/{collision['id']}") == collision


async def test_records_of_a_trip_are_within_its_time(client: Client) -> None:
    """Those are alerts, collisions, and telemetry."""
    car = await client.car()
    await client.patch(car, trip="start")
    client.simulator.clock.advance(timedelta(minutes=4))
    await client.patch(
        car, alert="AddWasherFluid", collision={"side": "Rear", "severity": "Major"}
    )
    client.simulator.clock.advance(timedelta(minutes=4))
    trip = (await client.get(f"{car}/trips", states="Unfinished"))["_embedded"][
        "trips"
    ][0]
    own = f"{car}/trips/{trip['id']}"
    (alert,) = (await client.get(f"{own}/alerts"))["_embedded"]["alerts"]
    assert await client.get(f"{own}/alerts/{alert['id']}") == alert
    (collision,) = (await client.get(f"{own}/collisions"))["_embedded"]["Collisions"]
    assert await client.get(f"{own}/collisions/{collision['id']}") == collision
    assert collision["details"] == [{"side": "Rear", "severity": "Major"}]
    telemetry = (await client.get(f"{own}/telemetry"))["_embedded"]["telemetries"]
    assert all(trip["startedAt"] <= one["createdAt"] for one in telemetry)
    assert telemetry[0]["vehicle"]["safety"]["autoECallTriggering"] == "Detected"
    assert (await client.call("GET", f"{car}/trips/none/alerts")).status == 404


async def test_telemetry_has_requested_types_only(client: Client) -> None:
    """It is sorted by time, newest first, with one message for each minute of a trip."""
    path = f"{await client.car()}/telemetry"
    day = "2026-03-17T00:00:00Z/2026-03-18T00:00:00Z"
    messages = await everything(
        client, path, "telemetries", timestamps=day, pageSize=2000
    )
    times = [one["createdAt"] for one in messages]
    assert times == sorted(times, reverse=True)
    moving = [one for one in messages if one["vehicle"]["kinetic"]["moving"]]
    assert len(moving) > 20
    assert {"gearbox"} == set(moving[0]["vehicle"]["transmission"])
    narrow = await client.get(
        path, type="vehicle.engines", extension=["location", "maintenance"], pageSize=1
    )
    (one,) = narrow["_embedded"]["telemetries"]
    assert set(one["vehicle"]) == {"engines"}
    assert set(one["_embedded"]["extension"]) == {"location", "maintenance"}
    assert "environment" not in one


async def test_position_in_privacy_is_missing(client: Client) -> None:
    """A trip has the cause as its fault."""
    car = await client.car()
    await client.patch(car, privacy="Geolocation", trip="start")
    client.simulator.clock.advance(timedelta(minutes=5))
    status = await client.get(f"{car}/status")
    assert status["privacy"]["state"] == "Geolocation"
    assert "lastPosition" not in status
    assert (await client.call("GET", f"{car}/lastPosition")).status == 404
    trip = (await client.get(f"{car}/trips", states="DataLacking"))["_embedded"][
        "trips"
    ][-1]
    assert trip["faults"] == [{"fault": "DataLacking", "cause": "GeoPrivacy"}]
    assert "startPosition" not in trip
    assert (await client.get(f"{car}/trips/{trip['id']}/wayPoints"))["total"] == 0


async def test_distance_and_days_before_maintenance_decrease(client: Client) -> None:
    """The distance decreases with the odometer, the days with time."""
    car = await client.car()
    before = await client.get(f"{car}/maintenance")
    client.simulator.clock.advance(timedelta(days=10))
    await client.renew()
    after = await client.get(f"{car}/maintenance")
    assert (
        150
        < before["mileageBeforeMaintenance"] - after["mileageBeforeMaintenance"]
        < 900
    )
    days = before["daysBeforeMaintenance"] - after["daysBeforeMaintenance"]
    assert days % 365 in (9, 10)
    assert datetime.fromisoformat(before["createdAt"]) < datetime.fromisoformat(
        after["createdAt"]
    )
