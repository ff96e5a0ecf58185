"""Tests of statistics."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.trips import Trip
from custom_components.stellantis_connect.const import CONF_STATISTICS
from custom_components.stellantis_connect.history.charged import Period
from custom_components.stellantis_connect.history.charging import Charge
from custom_components.stellantis_connect.history.models import History
from custom_components.stellantis_connect.history.records import FetchedRecords
from custom_components.stellantis_connect.history.statistics import (
    STATISTICS,
    HistoryStatistic,
    amounts_by_hour,
    statistic_id_of,
)
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    list_statistic_ids,
    statistics_during_period,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_system import METRIC_SYSTEM
from simulator.cars.car import Car
from simulator.server import HISTORY, Simulator

from ..common import advance_time, simulated_car
from ..conftest import CreateConfigEntry, SetupIntegration

BATTERY = "Compact Electric"
PLUG_IN = "Family Plug-in Hybrid"
PETROL = "City Petrol"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BY_KEY = {statistic.key: statistic for statistic in STATISTICS}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def recorder_config() -> dict[str, Any]:
    """Record statistics without states, which no test here needs."""
    return {"exclude": {"entity_globs": ["*"]}, "commit_interval": 0}


@pytest.fixture(autouse=True)
def _custom_integration(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Set up the recorder before Home Assistant."""


@pytest.fixture(autouse=True)
def _after_the_change_to_summer_time(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time so that the history contains a change to summer time."""
    freezer.move_to("2026-04-10T03:00:00+00:00")


async def rows(
    hass: HomeAssistant, entry: ConfigEntry, label: str, key: str
) -> list[StatisticsRow]:
    """Return all hours of a car's statistic."""
    await hass.async_block_till_done(wait_background_tasks=True)
    await async_wait_recording_done(hass)
    [vin] = [
        vin
        for vin, car in entry.runtime_data.account.vehicles.items()
        if car.vehicle.label == label
    ]
    statistic_id = statistic_id_of(vin, BY_KEY[key])
    found = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        LONG_AGO,
        None,
        {statistic_id},
        "hour",
        None,
        {"sum", "change"},
    )
    return found.get(statistic_id, [])


def total(found: Iterable[StatisticsRow]) -> float:
    """Return the sum of all hours."""
    return sum(row["change"] or 0 for row in found)


def driven(car: Car) -> float:
    """Return the kilometers of all trips that have ended."""
    return sum(
        trip.stop.odometer - trip.start.odometer for trip in car.trips if trip.stop
    )


def used(car: Car) -> float:
    """Return the kWh of all trips that have ended."""
    trips = [(trip.start, trip.stop) for trip in car.trips if trip.stop]
    return sum(start.energy - stop.energy for start, stop in trips) / 1000


def burnt(car: Car) -> float:
    """Return the liters of all trips that have ended."""
    trips = [(trip.start, trip.stop) for trip in car.trips if trip.stop]
    return sum(stop.fuel_used - start.fuel_used for start, stop in trips)


def charged(car: Car) -> float:
    """Return the kWh of all charges that have ended."""
    return sum(charge.energy for charge in car.charges) / 1000


TRUTHS: Iterable[tuple[str, str, Callable[[Car], float]]] = (
    (BATTERY, "distance", driven),
    (BATTERY, "energy_used", used),
    (BATTERY, "energy_charged", charged),
    # Its trips have no consumption.
    (PLUG_IN, "energy_used", used),
    (PLUG_IN, "energy_charged", charged),
    (PETROL, "fuel_used", burnt),
)


@pytest.mark.parametrize("history", [HISTORY])
async def test_statistics_agree_with_the_cars_over_two_months(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    init_integration: ConfigEntry,
    subtests: pytest.Subtests,
) -> None:
    """The history before the car was added agrees with the car to a percent."""
    await advance_time(hass, freezer, 31 * MINUTE)
    for label, key, truth in TRUTHS:
        with subtests.test(label, key=key):
            found = await rows(hass, init_integration, label, key)
            assert len(found) > 40
            assert total(found) == pytest.approx(
                truth(simulated_car(connected_simulator, label)), rel=0.01
            )
            assert found[-1]["sum"] == pytest.approx(total(found))


async def test_statistics_after_weeks_agree_with_the_car(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    init_integration: ConfigEntry,
) -> None:
    """They still agree after restarts; charges are counted as they are observed."""
    before = len(await rows(hass, init_integration, BATTERY, "distance"))
    for hour in range(5 * 24):
        await advance_time(hass, freezer, HOUR / 2)
        await advance_time(hass, freezer, HOUR / 2)
        if hour % 30 == 17:
            await hass.config_entries.async_reload(init_integration.entry_id)
            await hass.async_block_till_done()
    car = simulated_car(connected_simulator, BATTERY)
    assert all(trip.stop for trip in car.trips)
    found = await rows(hass, init_integration, BATTERY, "distance")
    assert len(found) > before
    assert total(found) == pytest.approx(driven(car), rel=0.01)
    seen = total(await rows(hass, init_integration, BATTERY, "energy_charged"))
    assert seen == pytest.approx(charged(car), rel=0.01)


async def test_statistics_imported_again_do_not_change(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    init_integration: ConfigEntry,
) -> None:
    """Neither a restart nor adding the account again counts anything twice."""
    first = {
        key: await rows(hass, init_integration, BATTERY, key)
        for key in ("distance", "energy_used")
    }
    await hass.config_entries.async_reload(init_integration.entry_id)
    for key, known in first.items():
        assert await rows(hass, init_integration, BATTERY, key) == known

    await hass.config_entries.async_remove(init_integration.entry_id)
    again = await setup_integration()
    for key, known in first.items():
        assert await rows(hass, again, BATTERY, key) == known


async def test_recalculation_changes_the_hours_of_all_charges(
    hass: HomeAssistant, init_integration: ConfigEntry
) -> None:
    """Those of old charges, too; the hour of one that is no longer kept stays."""
    [car] = [
        one
        for one in init_integration.runtime_data.account.vehicles.values()
        if one.name == BATTERY
    ]
    start = dt_util.utcnow().replace(minute=0)
    old = [
        Charge(
            started_at=start - age * DAY,
            ended_at=start - age * DAY + HOUR,
            start_level=20,
            end_level=70,
            usable_capacity=40_000,
        )
        for age in (400, 200)
    ]

    async def energies() -> list[float | None]:
        found = await rows(hass, init_integration, BATTERY, "energy_charged")
        by_hour = {one["start"]: one["change"] for one in found}
        return [by_hour.get(one.started_at.timestamp()) for one in old]

    def recalculate(history: History, capacity: float) -> None:
        history = history.recalculated(capacity)
        car.async_update_state(replace(car.data, history=history))

    await energies()
    car.async_merge(FetchedRecords(kind="charges", records=old))
    assert await energies() == pytest.approx([20, 20])
    recalculate(car.data.history, 50)
    assert await energies() == pytest.approx([25, 25])
    charges = car.data.history.charges
    charges = replace(charges, records=charges.records[1:])
    recalculate(replace(car.data.history, charges=charges), 60)
    assert await energies() == pytest.approx([25, 30])


async def test_statistics_of_trips_no_longer_listed_stay(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    init_integration: ConfigEntry,
) -> None:
    """Adding the account again when the lists are shorter removes nothing."""
    first = await rows(hass, init_integration, BATTERY, "distance")
    await hass.config_entries.async_remove(init_integration.entry_id)
    del simulated_car(connected_simulator, BATTERY).trips[:3]
    again = await setup_integration()
    assert await rows(hass, again, BATTERY, "distance") == first


async def test_statistics_disabled_by_option_are_not_imported(
    hass: HomeAssistant, create_config_entry: CreateConfigEntry
) -> None:
    """The owner can disable them."""
    entry: MockConfigEntry = await create_config_entry()
    hass.config_entries.async_update_entry(entry, options={CONF_STATISTICS: False})
    await hass.config_entries.async_setup(entry.entry_id)
    assert await rows(hass, entry, BATTERY, "distance") == []


async def test_statistics_suit_the_energy_dashboard(
    hass: HomeAssistant, init_integration: ConfigEntry
) -> None:
    """They are sums with known units, named after the car."""
    hass.config.units = METRIC_SYSTEM
    await rows(hass, init_integration, BATTERY, "energy_charged")
    listed = {
        one["name"]: one
        for one in await get_instance(hass).async_add_executor_job(
            list_statistic_ids, hass
        )
    }
    one = listed[f"{BATTERY} energy charged"]
    assert one["has_sum"]
    assert (one["unit_class"], one["statistics_unit_of_measurement"]) == (
        "energy",
        "kWh",
    )
    assert listed[f"{PETROL} fuel used"]["unit_class"] == "volume"
    assert f"{PETROL} energy used" not in listed


NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begin", "length", "parts"),
    [
        pytest.param(0, 30, [10], id="within an hour"),
        pytest.param(50, 40, [2.5, 7.5], id="over the full hour"),
        pytest.param(30, 150, [2, 4, 4], id="over several"),
        pytest.param(0, 0, [10], id="without a duration"),
        pytest.param(0, -30, [10], id="with an end before its start"),
        pytest.param(0, 60 * 24 * 365 * 73, [10], id="with an end in 2099"),
    ],
)
def test_amounts_by_hour_are_proportional(
    begin: int, length: int, parts: list[float]
) -> None:
    """An amount is spread over its hours, unless its end is wrong."""
    start = NOON + timedelta(minutes=begin)
    period = Period(start, start + timedelta(minutes=length), 10)
    amounts = amounts_by_hour([period])
    assert [*amounts] == [NOON + n * HOUR for n in range(len(parts))]
    assert [*amounts.values()] == pytest.approx(parts)


@pytest.mark.parametrize("statistic", STATISTICS, ids=lambda one: one.key)
def test_statistic_id_does_not_reveal_the_vin(statistic: HistoryStatistic) -> None:
    """The recorder logs the id."""
    assert "vf3" not in statistic_id_of("VF3ABCDEFGH123456", statistic).lower()


def electric_status(capacity: float) -> Status:
    """Return a status that reports the capacity of the battery in Wh."""
    extension = {"electric": {"battery": {"load": {"capacity": capacity}}}}
    return Status.from_json(
        {"energies": [{"type": "Electric", "extension": extension}]}
    )


def trip(hour: int, start_level: float, end_level: float, **values: object) -> Trip:
    """Return a trip of half an hour by the levels of its battery."""
    start = NOON + hour * HOUR
    energies: dict[str, list[dict[str, object]]] = {
        name: [{"type": "Electric", "level": level, "autonomy": 2 * level}]
        for name, level in (("startEnergies", start_level), ("endEnergies", end_level))
    }
    return Trip.from_json(
        {
            "id": f"{hour}",
            "startedAt": start.isoformat(),
            "stoppedAt": (start + HOUR / 2).isoformat(),
            "distance": 20,
            "done": True,
            **energies,
            **values,
        }
    )


def total_of(history: History, key: str) -> float:
    """Return the sum of a statistic over a history."""
    return sum(amounts_by_hour(BY_KEY[key].periods_fn(history)).values())


def history_of(*fetches: tuple[float, Trip]) -> History:
    """Return a history of trips, fetched one by one while a capacity was reported."""
    history = History()
    for capacity, one in fetches:
        fetched = FetchedRecords[Any](kind="trips", records=[one])
        history = history.with_fetched(fetched, electric_status(capacity))
    return history


def test_energy_with_capacity_that_varies_is_not_recomputed() -> None:
    """Each trip keeps the capacity that was reported when it was fetched."""
    first = history_of((12_400, trip(0, 80, 60)))
    assert total_of(first, "energy_used") == pytest.approx(2.48)

    second = history_of((12_400, trip(0, 80, 60)), (9_300, trip(2, 70, 50)))

    assert total_of(second, "energy_used") == pytest.approx(2.48 + 1.86)
    # The level rose from 60 to 70 % between the trips.
    assert total_of(second, "energy_charged") == pytest.approx(0.93)


def test_energy_of_copied_levels_is_unknown() -> None:
    """A car that does not know the level at the end copies that of the start."""
    history = history_of((50_000, trip(0, 80, 80)))
    assert total_of(history, "energy_used") == 0
    assert total_of(history, "distance") == 20


def test_trip_listed_twice_counts_once() -> None:
    """A trip may be listed under two ids."""
    history = history_of((50_000, trip(0, 80, 60)), (50_000, trip(0, 80, 60, id="b")))
    assert total_of(history, "distance") == 20
    assert total_of(history, "energy_used") == pytest.approx(10)


def test_trip_that_ends_in_2099_counts_within_hours() -> None:
    """No loop is as long as a wrong time."""
    history = history_of(
        (50_000, trip(0, 80, 60, stoppedAt="2099-01-01T00:00:00Z")),
        (50_000, trip(2, 60, 50)),
    )
    amounts = amounts_by_hour(BY_KEY["distance"].periods_fn(history))
    assert len(amounts) <= 3
    assert sum(amounts.values()) == pytest.approx(40)


def test_charge_with_unknown_energy_is_not_counted() -> None:
    """A charge without a capacity has no energy."""
    charge = Charge(started_at=NOON, ended_at=NOON + HOUR, start_level=20, end_level=30)
    fetched = FetchedRecords[Any](kind="charges", records=[charge])
    history = History().with_fetched(fetched, Status())
    assert total_of(history, "energy_charged") == 0
