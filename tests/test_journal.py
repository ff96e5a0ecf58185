"""The action that exports journals of trips and charges."""

import csv
from datetime import timedelta
import io
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.history.charging import Charge, ChargePlace
from custom_components.stellantis_connect.history.records import FetchedRecords
from custom_components.stellantis_connect.polling.endpoints import Endpoint
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.translation import async_load_integrations
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
from simulator.cars.past import Trip
from simulator.cars.roads import Place
from simulator.server import Simulator

from .common import add_zone, advance_time, requested_paths, simulated_car
from .harness import BATTERY, PETROL

DAY = timedelta(days=1)
WORKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


@pytest.fixture(autouse=True)
async def _night(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time when all cars are parked; files may be written to two folders."""
    freezer.move_to("2026-03-18T03:00:00+00:00")
    await hass.config.async_set_time_zone("Europe/Paris")
    folders = {name: hass.config.path(name) for name in ("media", "www")}
    hass.config.media_dirs = {"local": folders["media"]}
    hass.config.allowlist_external_dirs = {*folders.values()}


async def export(hass: HomeAssistant, label: str = BATTERY, **data: object) -> Any:
    """Return the response of the action."""
    [device] = [one for one in dr.async_get(hass).devices if one.name == label]
    return await hass.services.async_call(
        DOMAIN,
        "export_journal",
        {"device_id": device.id, **data},
        blocking=True,
        return_response=True,
    )


def read(path: str, delimiter: str = ",") -> list[dict[str, str]]:
    """Return the rows of a file by the names of their columns."""
    text = Path(path).read_text(encoding="utf-8-sig")
    return [*csv.DictReader(io.StringIO(text), delimiter=delimiter)]


def trips_to_work(simulator: Simulator) -> tuple[list[Trip], Trip]:
    """Return the trips of a car, and one to work."""
    trips = simulated_car(simulator, BATTERY).trips
    return trips, next(one for one in trips if one.drive.destination == "work")


def kilometers(trip: Trip) -> float:
    """Return the distance of a trip."""
    assert trip.stop
    return trip.stop.odometer - trip.start.odometer


@pytest.mark.usefixtures("init_integration")
async def test_journal_of_trips_has_a_row_for_each(
    hass: HomeAssistant, connected_simulator: Simulator
) -> None:
    """Times are local; places are zones, or else coordinates."""
    trips, to_work = trips_to_work(connected_simulator)
    add_zone(hass, "Home", to_work.start.fix.place)
    response = await export(hass)
    rows = read(response["path"])
    assert response.keys() == {"path", "rows", "totals", "complete"}
    assert Path(response["path"]).parent == Path(hass.config.path("media", DOMAIN))
    assert response["rows"] == len(rows) == len(trips)
    row = rows[trips.index(to_work)]
    assert to_work.stop
    start, end = (
        dt_util.as_local(one.at).strftime("%Y-%m-%d %H:%M")
        for one in (to_work.start, to_work.stop)
    )
    assert (row["Start"], row["End"], row["From"]) == (start, end, "Home")
    assert row["To"].startswith(f"{to_work.stop.fix.place.latitude:.2f}")
    assert float(row["Distance (km)"]) == pytest.approx(kilometers(to_work), abs=0.1)
    seconds = (to_work.stop.at - to_work.start.at).total_seconds()
    assert float(row["Duration (min)"]) == pytest.approx(seconds / 60, abs=0.6)
    assert float(row["Odometer at start (km)"]) == pytest.approx(
        to_work.start.odometer, abs=0.1
    )
    assert float(row["Energy used (kWh)"]) > 1
    assert (row["Fuel used (L)"], row["Category"]) == ("", "")
    total = sum(map(kilometers, trips))
    assert response["totals"]["distance"] == pytest.approx(total, abs=1)
    assert response["complete"]


@pytest.mark.usefixtures("init_integration")
async def test_journal_has_the_units_and_separators_of_the_owner(
    hass: HomeAssistant, connected_simulator: Simulator
) -> None:
    """Spreadsheets in German expect semicolons between numbers with commas."""
    hass.config.units = US_CUSTOMARY_SYSTEM
    await hass.config.async_update(language="de")
    await async_load_integrations(hass, {DOMAIN})
    response = await export(hass, PETROL, folder="www", filename="Fahrten")
    assert response["url"] == f"/local/{DOMAIN}/Fahrten.csv"
    rows = read(response["path"], ";")
    trips = simulated_car(connected_simulator, PETROL).trips
    miles = float(rows[-1]["Strecke (mi)"].replace(",", "."))
    assert miles == pytest.approx(kilometers(trips[-1]) / 1.609, abs=0.1)
    assert "," in rows[-1]["Verbrauchter Kraftstoff (gal)"]


@pytest.mark.usefixtures("init_integration")
@pytest.mark.parametrize(
    ("rule", "is_business"),
    [
        ({"business_days": WORKDAYS}, lambda day, work: day < 5),
        ({"business_zones": "zone.work"}, lambda day, work: work),
        (
            {"business_zones": ["zone.work"], "business_days": "monday"},
            lambda day, work: work and day == 0,
        ),
    ],
)
async def test_trip_is_business_or_private_by_rule(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    rule: dict[str, Any],
    is_business: Any,
) -> None:
    """With zones and days, both must apply."""
    trips, to_work = trips_to_work(connected_simulator)
    assert to_work.stop
    add_zone(hass, "Work", to_work.stop.fix.place)
    response = await export(hass, **rule)
    categories = [row["Category"] for row in read(response["path"])]
    expected = []
    for trip in trips:
        work = "work" in (trip.drive.destination, trip.start.where)
        day = dt_util.as_local(trip.start.at).weekday()
        expected.append("Business" if is_business(day, work) else "Private")
    assert categories == expected
    assert {*categories} == {"Business", "Private"}
    for category in ("business", "private"):
        total = sum(
            kilometers(trip)
            for trip, one in zip(trips, categories, strict=True)
            if one.lower() == category
        )
        found = response["totals"][f"{category}_distance"]
        assert found == pytest.approx(total, abs=1)


async def test_journal_of_charges_needs_no_request(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    init_integration: ConfigEntry,
) -> None:
    """They are known from statuses."""
    [car] = [
        car
        for car in init_integration.runtime_data.account.vehicles.values()
        if car.name == BATTERY
    ]
    # Statistics listen like this.
    unsubscribe = car.async_add_listener(lambda: None, Endpoint.PAST_CHARGES)
    await advance_time(hass, freezer, timedelta(minutes=61))
    unsubscribe()
    charges = simulated_car(connected_simulator, BATTERY).charges
    requested_paths(connected_simulator)
    start = (dt_util.utcnow() - 5 * DAY).isoformat()
    response = await export(hass, record="charges", start=start)
    assert requested_paths(connected_simulator) == []
    rows = read(response["path"])
    recent = [one for one in charges if one.started > dt_util.utcnow() - 5 * DAY]
    assert response["rows"] == len(rows) == len(recent) > 1
    charged = sum(float(row["Energy charged (kWh)"]) for row in rows)
    assert response["totals"]["energy_charged"] == pytest.approx(charged, abs=0.1)
    assert all(
        float(row["Level at end (%)"]) > float(row["Level at start (%)"])
        and row["Current"] == "AC"
        and row["End"] > row["Start"]
        for row in rows
    )


async def test_journal_of_charges_has_places_costs_and_categories(
    hass: HomeAssistant, init_integration: ConfigEntry
) -> None:
    """Those whose cost or place is not known have none."""
    [car] = [
        car
        for car in init_integration.runtime_data.account.vehicles.values()
        if car.name == BATTERY
    ]
    add_zone(hass, "Office", Place(longitude=2, latitude=48))
    charge = Charge(
        started_at=dt_util.utcnow() - DAY,
        ended_at=dt_util.utcnow() - DAY / 2,
        start_level=20,
        end_level=70,
        usable_capacity=40_000,
        place=ChargePlace(zone="Office", latitude=48, longitude=2),
        price=0.255,
        currency="EUR",
        settled=True,
    )
    unknown = Charge(
        started_at=dt_util.utcnow() - DAY / 4,
        ended_at=dt_util.utcnow() - DAY / 8,
        start_level=50,
        end_level=60,
        currency="EUR",
        settled=True,
    )
    car.async_merge(FetchedRecords(kind="charges", records=[charge, unknown]))
    response = await export(hass, record="charges", business_zones=["zone.office"])
    columns = ("Place", "Cost", "Currency", "Category")
    found = [tuple(row[one] for one in columns) for row in read(response["path"])]
    assert found[-2:] == [
        ("Office", "5.10", "EUR", "Business"),
        ("", "", "", "Private"),
    ]
    assert response["totals"]["costs"] == {"EUR": 5.1}


@pytest.mark.usefixtures("init_integration")
async def test_journal_has_trips_that_are_no_longer_listed(
    hass: HomeAssistant, connected_simulator: Simulator
) -> None:
    """The history keeps them for longer."""
    trips = simulated_car(connected_simulator, BATTERY).trips
    number = len(trips)
    del trips[:3]
    assert (await export(hass))["rows"] == number


@pytest.mark.usefixtures("init_integration")
async def test_zone_that_looks_like_a_formula_is_text(
    hass: HomeAssistant, connected_simulator: Simulator
) -> None:
    """A spreadsheet would run it."""
    _, to_work = trips_to_work(connected_simulator)
    add_zone(hass, "=HYPERLINK(1)", to_work.start.fix.place)
    rows = read((await export(hass))["path"])
    assert "'=HYPERLINK(1)" in {row["From"] for row in rows}


@pytest.mark.usefixtures("init_integration")
@pytest.mark.parametrize("name", ["../secrets", "/etc/passwd", "a\\b", "~a", ".."])
async def test_file_name_with_a_folder_is_refused(
    hass: HomeAssistant, name: str
) -> None:
    """Nothing is written."""
    with pytest.raises(ServiceValidationError) as error:
        await export(hass, filename=name)
    assert error.value.translation_key == "invalid_filename"
    assert not Path(hass.config.path("media")).exists()


@pytest.mark.usefixtures("init_integration")
@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"business_zones": ["zone.renamed"]}, "unknown_zone"),
        ({"start": "2100-01-01T00:00:00+00:00"}, "ends_before_start"),
    ],
)
async def test_journal_of_nothing_is_refused(
    hass: HomeAssistant, data: dict[str, Any], key: str
) -> None:
    """All trips would be private, or there would be none."""
    with pytest.raises(ServiceValidationError) as error:
        await export(hass, **data)
    assert error.value.translation_key == key
    assert not Path(hass.config.path("media")).exists()


@pytest.mark.usefixtures("init_integration")
async def test_folder_that_is_not_allowed_is_refused(
    hass: HomeAssistant, tmp_path: Path
) -> None:
    """A link leads out of the folder."""
    Path(hass.config.path("media")).mkdir()
    Path(hass.config.path("media", DOMAIN)).symlink_to(tmp_path)
    with pytest.raises(ServiceValidationError) as error:
        await export(hass)
    assert error.value.translation_key == "folder_not_allowed"
    assert not [*tmp_path.glob("*.csv")]


@pytest.mark.usefixtures("init_integration")
async def test_journal_that_cannot_be_written_raises_an_error(
    hass: HomeAssistant,
) -> None:
    """A file is in the place of the folder."""
    Path(hass.config.path("media")).write_text("")
    with pytest.raises(HomeAssistantError) as error:
        await export(hass)
    assert error.value.translation_key == "journal_not_written"


async def test_files_of_two_cars_and_months_have_different_names(
    hass: HomeAssistant, init_integration: ConfigEntry
) -> None:
    """One does not replace the other; the same one does."""
    paths = [
        (await export(hass, label, start="2026-03-01 00:00:00", **more))["path"]
        for label in (BATTERY, PETROL)
        for more in ({}, {"end": "2026-03-16 00:00:00"}, {})
    ]
    assert len({*paths}) == 4
    keys = {*init_integration.runtime_data.account.vehicles}
    assert not any(key in path for key in keys for path in paths)
