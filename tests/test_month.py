"""A month of four cars: the energies and costs of their charges, compared with the cars."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, pairwise
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.stellantis_connect.const import (
    CONF_ELSEWHERE,
    CONF_ELSEWHERE_PRICE,
    CONF_HOME_PRICE_ENTITY,
    CONF_PUSH,
    Elsewhere,
    Push,
)
from custom_components.stellantis_connect.history.statistics import (
    STATISTICS,
    statistic_id_of,
)
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.util import dt as dt_util
from simulator.cars.car import TOWN, Car
from simulator.cars.models import MODELS
from simulator.cars.past import ChargeRecord

from .common import entity_ids, simulated_car
from .harness import BATTERY, MINUTE, OLD_BATTERY, PETROL, PLUG_IN, Harness
from .simulator_client import OWNER

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PERIOD = timedelta(minutes=5)
START = datetime.fromisoformat("2026-10-05T05:00:00+00:00")
END = START + 31.4 * DAY
WINTER = datetime.fromisoformat("2026-10-25T01:00:00+00:00")
# The platform does not respond: in a charge, and for longer than one takes.
OUTAGES = [
    (START + timedelta(days=4, hours=16), START + timedelta(days=4, hours=17.5)),
    (START + timedelta(days=15, hours=12), START + timedelta(days=16, hours=8)),
]
RESTARTS = [START + timedelta(days=days, hours=17) for days in (2, 9, 20, 28)]
ELECTRIC = (BATTERY, PLUG_IN, OLD_BATTERY)
# The capacity of the battery is learned during these.
LEARNING_CHARGES = 5
PRICE = "sensor.price"
HIGH, LOW, ELSEWHERE = 0.32, 0.11, 0.59
LOW_HOURS = range(1, 5)
TOWN_RADIUS = 15_000
OPTIONS = {
    CONF_PUSH: Push.OFF,
    CONF_HOME_PRICE_ENTITY: PRICE,
    CONF_ELSEWHERE: Elsewhere.OTHER,
    CONF_ELSEWHERE_PRICE: ELSEWHERE,
}

type Sessions = Mapping[ChargeRecord, Mapping[str, Any]]


@pytest.fixture
def recorder_config() -> dict[str, Any]:
    """Record what is compared, and the price."""
    return {
        "include": {"entity_globs": ["sensor.*_energy_charged", PRICE]},
        "commit_interval": 0,
    }


@pytest.fixture(autouse=True)
def _custom_integration(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Set up the recorder before Home Assistant."""


@pytest.fixture
def freezer(freezer: FrozenDateTimeFactory) -> FrozenDateTimeFactory:
    """Freeze the time at the start of the month."""
    freezer.move_to(START)
    return freezer


@pytest.fixture
def history() -> timedelta:
    """Return no history."""
    return timedelta()


@pytest.fixture(autouse=True)
def _inaccurate_car(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the battery car report whole percents, and energies that are a third too low.

    It charges slowly, and is sometimes unplugged before it is full.
    """
    model = MODELS["battery"]
    assert model.battery
    battery = replace(model.battery, alternating=2_300, reported=0.69, decimals=0)
    monkeypatch.setitem(MODELS, "battery", replace(model, battery=battery))


def is_low(moment: datetime) -> bool:
    """Return whether the price at home is low."""
    return dt_util.as_local(moment).hour in LOW_HOURS


def set_price(harness: Harness) -> None:
    """Set the price at home by the time of day."""
    harness.hass.states.async_set(
        PRICE,
        str(LOW if is_low(dt_util.utcnow()) else HIGH),
        {ATTR_UNIT_OF_MEASUREMENT: "EUR/kWh"},
    )


def steps(cars: Iterable[Car]) -> Iterator[datetime]:
    """Yield when the price changes, and when polls find that a charge has changed."""
    yield from (END, *RESTARTS, *chain(*OUTAGES))
    for moment in (START + hour * HOUR for hour in range((END - START) // HOUR)):
        if is_low(moment) is not is_low(moment - HOUR):
            yield moment
    for car in cars:
        car.advance(END)
        for charge in car.charges:
            yield charge.started - MINUTE
            yield charge.started + MINUTE
            yield charge.ended + MINUTE


async def pass_month(
    harness: Harness, cars: Iterable[Car]
) -> Mapping[str, list[float]]:
    """Pass a month with outages and restarts; return what the sensors have shown."""
    totals: dict[str, list[float]] = {label: [] for label in ELECTRIC}
    compiled = START
    do_adhoc_statistics(harness.hass, start=compiled)
    for moment in sorted({*steps(cars)}):
        if moment - compiled >= DAY:
            compiled += DAY
            do_adhoc_statistics(harness.hass, start=compiled - PERIOD)
        for start, end in OUTAGES:
            if moment == start:
                await harness.fault("error", status=503, times=None)
            if moment == end:
                await harness.delete_faults()
        span = moment - dt_util.utcnow()
        await harness.pass_time(span, span)
        set_price(harness)
        if moment in RESTARTS:
            await harness.restart()
        for label, shown in totals.items():
            state = harness.state("energy_charged", label).state
            shown += [] if state == "unavailable" else [float(state)]
    do_adhoc_statistics(harness.hass, start=compiled + DAY - PERIOD)
    return totals


async def recorded(harness: Harness, statistic_id: str) -> float:
    """Return how much a statistic has changed in the month."""
    found = await get_instance(harness.hass).async_add_executor_job(
        statistics_during_period,
        harness.hass,
        START - DAY,
        None,
        {statistic_id},
        "hour",
        None,
        {"change"},
    )
    return sum(row["change"] or 0 for row in found[statistic_id])


async def imported(harness: Harness, label: str, key: str) -> float:
    """Return how much a statistic that the integration imports has changed."""
    [found] = [one for one in STATISTICS if one.key == key]
    return await recorded(harness, statistic_id_of(harness.car(label).key, found))


async def sessions_of(harness: Harness, label: str, car: Car) -> Sessions:
    """Return what is known of each charge."""
    known = (await harness.act("get_charges", label, limit=1000))["charges"]
    sessions: dict[ChargeRecord, Mapping[str, Any]] = {}
    for charge in car.charges:
        found = [
            one
            for one in known
            if datetime.fromisoformat(one["started_at"]) < charge.ended
            and charge.started < datetime.fromisoformat(one["ended_at"])
        ]
        [sessions[charge]] = found
    assert len(sessions) == len(known)
    return sessions


def price_of(car: Car, charge: ChargeRecord) -> float:
    """Return the average price of the energy of a charge."""
    if charge.quick:
        return ELSEWHERE
    minutes = int((charge.ended - charge.started) / MINUTE)
    times = [*(charge.started + one * MINUTE for one in range(minutes)), charge.ended]
    costs = [
        (car.at(end).energy - car.at(start).energy) * (LOW if is_low(start) else HIGH)
        for start, end in pairwise(times)
    ]
    return sum(costs) / charge.energy


def check_sessions(car: Car, sessions: Sessions) -> None:
    """Compare energies, prices, and costs with the car."""
    energy = expected_energy = cost = expected_cost = 0.0
    for charge, session in [*sessions.items()][LEARNING_CHARGES:]:
        price = price_of(car, charge)
        energy += session["energy"]
        expected_energy += charge.energy / 1000
        cost += session["cost"]
        expected_cost += session["energy"] * price
        assert session["cost"] == pytest.approx(
            session["energy"] * session["price"], abs=0.01
        )
        assert session["energy"] == pytest.approx(charge.energy / 1000, rel=0.03)
        assert session["price"] == pytest.approx(price, rel=0.01)
    assert energy == pytest.approx(expected_energy, rel=0.03)
    assert cost == pytest.approx(expected_cost, rel=0.01)


async def test_month_of_four_cars(harness: Harness) -> None:
    """Nothing is counted twice over restarts, outages, and the end of summer time."""
    hass = harness.hass
    await hass.config.async_update(
        time_zone="Europe/Paris",
        latitude=TOWN.latitude,
        longitude=TOWN.longitude,
        radius=TOWN_RADIUS,
    )
    set_price(harness)
    hass.config_entries.async_update_entry(harness.entry, options=OPTIONS)
    await harness.restart()
    for label in (*ELECTRIC, PETROL):
        await harness.change(label, sleep="auto")
    cars = {label: simulated_car(harness.simulator, label) for label in ELECTRIC}
    twins = [
        Car(one.model, one.brand, OWNER, "1", START.date(), by_the_book=False)
        for one in cars.values()
    ]
    totals = await pass_month(harness, twins)
    await hass.async_block_till_done(wait_background_tasks=True)
    await async_wait_recording_done(hass)

    charges = [charge for car in cars.values() for charge in car.charges]
    for moment in (WINTER, *RESTARTS, *OUTAGES[0]):
        assert any(one.started < moment < one.ended for one in charges)
    for label, car in cars.items():
        sessions = await sessions_of(harness, label, car)
        check_sessions(car, sessions)
        assert totals[label] == sorted(totals[label])
        # What the energy dashboard shows, and the statistic beside it.
        sensor = await recorded(harness, harness.entity_id("energy_charged", label))
        statistic = await imported(harness, label, "energy_charged")
        assert sensor == pytest.approx(totals[label][-1] - totals[label][0])
        assert sensor == pytest.approx(statistic, rel=0.005)
        assert statistic == pytest.approx(
            sum(one["energy"] for one in sessions.values()), rel=0.005
        )
        costs = await imported(harness, label, "charging_cost")
        assert costs == pytest.approx(
            sum(one["cost"] for one in sessions.values()), rel=0.01
        )
    assert "energy_charged" not in entity_ids(hass, harness.entry, PETROL)
    assert not (await harness.act("get_charges", PETROL))["charges"]
