"""Statistics reach back to the platform's past, agree with what the car did, and count nothing twice."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.stellantis_connect.const import CONF_STATISTICS
from custom_components.stellantis_connect.history.statistics import (
    STATISTICS,
    HistoryStatistic,
    Period,
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
METER = {meter.key: meter for meter in STATISTICS}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def recorder_config() -> dict[str, Any]:
    """Record statistics and leave out states, which no test here asks for."""
    return {"exclude": {"entity_globs": ["*"]}, "commit_interval": 0}


@pytest.fixture(autouse=True)
def _custom_integration(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Record, which must begin before Home Assistant does."""


@pytest.fixture(autouse=True)
def _after_the_change_to_summer_time(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time so that the past has a night with an hour less in it."""
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
    statistic_id = statistic_id_of(vin, METER[key])
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
    """Return what was gathered in all hours."""
    return sum(row["change"] or 0 for row in found)


def driven(car: Car) -> float:
    """Return the kilometres of all trips that are over."""
    return sum(
        trip.stop.odometer - trip.start.odometer for trip in car.trips if trip.stop
    )


def used(car: Car) -> float:
    """Return the kWh of all trips that are over."""
    trips = [(trip.start, trip.stop) for trip in car.trips if trip.stop]
    return sum(start.energy - stop.energy for start, stop in trips) / 1000


def burnt(car: Car) -> float:
    """Return the litres of all trips that are over."""
    trips = [(trip.start, trip.stop) for trip in car.trips if trip.stop]
    return sum(stop.fuel_used - start.fuel_used for start, stop in trips)


def charged(car: Car) -> float:
    """Return the kWh of all charges that are over."""
    return sum(charge.energy for charge in car.charges) / 1000


TRUTHS: Iterable[tuple[str, str, Callable[[Car], float]]] = (
    (BATTERY, "distance", driven),
    (BATTERY, "energy_used", used),
    (BATTERY, "energy_charged", charged),
    # Its platform leaves out what a trip took.
    (PLUG_IN, "energy_used", used),
    (PLUG_IN, "energy_charged", charged),
    (PETROL, "fuel_used", burnt),
)


@pytest.mark.parametrize("history", [HISTORY])
async def test_statistics_agree_with_the_cars_over_two_months(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    entry: ConfigEntry,
    subtests: pytest.Subtests,
) -> None:
    """The past of the day on which a car is added agrees with the car to a percent."""
    await advance_time(hass, freezer, 31 * MINUTE)
    for label, key, truth in TRUTHS:
        with subtests.test(label, key=key):
            found = await rows(hass, entry, label, key)
            assert len(found) > 40
            assert total(found) == pytest.approx(
                truth(simulated_car(connected_simulator, label)), rel=0.01
            )
            assert found[-1]["sum"] == pytest.approx(total(found))


async def test_statistics_go_on_with_the_car(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    entry: ConfigEntry,
) -> None:
    """Weeks later, restarts between, they still agree; charges are counted as they are seen."""
    before = len(await rows(hass, entry, BATTERY, "distance"))
    for hour in range(5 * 24):
        await advance_time(hass, freezer, HOUR / 2)
        await advance_time(hass, freezer, HOUR / 2)
        if hour % 30 == 17:
            await hass.config_entries.async_reload(entry.entry_id)
            await hass.async_block_till_done()
    car = simulated_car(connected_simulator, BATTERY)
    assert all(trip.stop for trip in car.trips)
    found = await rows(hass, entry, BATTERY, "distance")
    assert len(found) > before
    assert total(found) == pytest.approx(driven(car), rel=0.01)
    seen = total(await rows(hass, entry, BATTERY, "energy_charged"))
    assert seen == pytest.approx(charged(car), rel=0.01)


async def test_importing_again_changes_nothing(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    entry: ConfigEntry,
) -> None:
    """Neither a restart nor removing the account and adding it again counts anything twice."""
    first = {
        key: await rows(hass, entry, BATTERY, key)
        for key in ("distance", "energy_used")
    }
    await hass.config_entries.async_reload(entry.entry_id)
    for key, known in first.items():
        assert await rows(hass, entry, BATTERY, key) == known

    await hass.config_entries.async_remove(entry.entry_id)
    again = await setup_integration()
    for key, known in first.items():
        assert await rows(hass, again, BATTERY, key) == known


async def test_what_the_platform_has_forgotten_stays_counted(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    entry: ConfigEntry,
) -> None:
    """Adding the account again, when lists reach back less far, takes nothing away."""
    first = await rows(hass, entry, BATTERY, "distance")
    await hass.config_entries.async_remove(entry.entry_id)
    del simulated_car(connected_simulator, BATTERY).trips[:3]
    again = await setup_integration()
    assert await rows(hass, again, BATTERY, "distance") == first


async def test_statistics_can_be_switched_off(
    hass: HomeAssistant, create_config_entry: CreateConfigEntry
) -> None:
    """Whoever does not want them has none."""
    entry: MockConfigEntry = await create_config_entry()
    hass.config_entries.async_update_entry(entry, options={CONF_STATISTICS: False})
    await hass.config_entries.async_setup(entry.entry_id)
    assert await rows(hass, entry, BATTERY, "distance") == []


async def test_energy_dashboard_can_use_them(
    hass: HomeAssistant, entry: ConfigEntry
) -> None:
    """They are sums, with units that it knows, and names that tell the car."""
    hass.config.units = METRIC_SYSTEM
    await rows(hass, entry, BATTERY, "energy_charged")
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
def test_amounts_are_spread_over_the_hours(
    begin: int, length: int, parts: list[float]
) -> None:
    """Half an hour of driving in each of two hours is half of the trip in each."""
    start = NOON + timedelta(minutes=begin)
    spell = Period(start, start + timedelta(minutes=length), 10)
    gathered = amounts_by_hour([spell])
    assert [*gathered] == [NOON + n * HOUR for n in range(len(parts))]
    assert [*gathered.values()] == pytest.approx(parts)


@pytest.mark.parametrize("meter", STATISTICS, ids=lambda meter: meter.key)
def test_ids_do_not_give_the_car_away(meter: HistoryStatistic) -> None:
    """The VIN does not get into the log with the statistic's id."""
    assert "vf3" not in statistic_id_of("VF3ABCDEFGH123456", meter).lower()
