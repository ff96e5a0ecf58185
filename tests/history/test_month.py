"""The energy of a month, against the truth of simulated cars."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.trips import Trip
from custom_components.stellantis_connect.history.capacity import CapacitySource
from custom_components.stellantis_connect.history.charging import Charge
from custom_components.stellantis_connect.history.prices import Price, average_price
from custom_components.stellantis_connect.history.records import FetchedRecords
from custom_components.stellantis_connect.history.statistics import amounts_by_hour
from custom_components.stellantis_connect.history.store import HistoryStore
from custom_components.stellantis_connect.models import VehicleState
from homeassistant.core import HomeAssistant
from simulator.brands import BRANDS
from simulator.cars import records
from simulator.cars.car import Car
from simulator.cars.models import MODELS
from simulator.cars.past import ChargeRecord
from simulator.cars.status import status

# Summer time ends on October 25.
START = date(2026, 10, 5)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
POLL = timedelta(minutes=5)
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
# The platform does not respond: during drives, and for longer than a charge takes.
OUTAGES = [
    (NOON + 9 * DAY, NOON + 9.2 * DAY),
    (NOON + 19.35 * DAY, NOON + 19.6 * DAY),
]
LEARNING_CHARGES = 5
UNDERSTATED = 0.69


@dataclass(frozen=True)
class Month:
    """What is known after a month, and what has happened."""

    car: Car
    state: VehicleState
    truth: list[ChargeRecord]
    totals: list[float]

    def known(self, charge: ChargeRecord) -> list[Charge]:
        """Return the charges that are known of one."""
        return [
            one
            for one in self.state.history.charges
            if one.ended_at
            and one.started_at < charge.ended
            and charge.started < one.ended_at
        ]


def is_out(moment: datetime) -> bool:
    """Return whether the platform does not respond."""
    return any(start <= moment < end for start, end in OUTAGES)


def polls(car: Car, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield when polls find a newer status, the first one after each outage included."""
    ends = [moment for _, moment in OUTAGES if start <= moment < end]
    found: datetime | None = None
    for moment in sorted([*car.uploads(start, end), *ends]):
        state = car.at(moment)
        interval = POLL if state.charge or state.drive else timedelta()
        if (found is None or moment - found >= interval) and not is_out(moment):
            found = moment
            yield moment


def understated(body: dict[str, Any]) -> dict[str, Any]:
    """Return a status whose capacity and energy are a third too low."""
    for energy in body["energies"]:
        if energy["type"] == "Electric":
            load = energy["extension"]["electric"]["battery"]["load"]
            load |= {key: load[key] * UNDERSTATED for key in ("capacity", "residual")}
    return body


async def month(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, key: str, *, is_low: bool
) -> Month:
    """Drive a car for a month, with a restart each day."""
    car = Car(
        MODELS[key], BRANDS["peugeot"], "owner", "month", START, by_the_book=False
    )
    state, totals = VehicleState(), [0.0]
    start = car.history_start
    end = start + 31 * DAY
    day = start
    freezer.move_to(end)
    store = HistoryStore(hass, "entry", f"{key}{is_low}")
    await store.async_load()
    while day < end:
        for moment in polls(car, day, day + DAY):
            body: dict[str, Any] = status(car, car.reported(moment))
            state = state.merge(Status.from_json(understated(body) if is_low else body))
            if state.history.charged:
                totals.append(state.history.charged.total)
        day += DAY
        trips = [
            Trip.from_json(records.trip(car, one, day, located=False))
            for one in car.trips
            if one.stop
        ]
        fetched = FetchedRecords(kind="trips", records=trips, read_until=day)
        state = state.merge(fetched)
        store.async_save(state.history)
        await store.async_close()
        store = HistoryStore(hass, "entry", f"{key}{is_low}")
        state = replace(state, history=await store.async_load())
    return Month(car, state, car.charges, totals)


@pytest.mark.parametrize(
    ("key", "is_low", "source", "rounding"),
    [
        pytest.param("battery", True, CapacitySource.LEARNED, 0.1, id="a third low"),
        pytest.param("plug-in", False, CapacitySource.REPORTED, 0.1, id="plug-in"),
        pytest.param("old", False, CapacitySource.REPORTED, 1, id="whole percents"),
    ],
)
async def test_energy_of_a_month(
    hass: HomeAssistant,
    hass_storage: Mapping[str, Any],
    freezer: FrozenDateTimeFactory,
    key: str,
    is_low: bool,
    source: CapacitySource,
    rounding: float,
) -> None:
    """Nothing is counted twice over restarts, outages, and the end of summer time."""
    result = await month(hass, freezer, key, is_low=is_low)
    battery = MODELS[key].battery
    assert battery
    history = result.state.history
    capacity = history.usable_capacity(result.state.status)
    assert capacity
    assert capacity.source is source
    assert capacity.energy == pytest.approx(battery.capacity / 1000, rel=0.03)
    assert len(result.truth) > 2 * LEARNING_CHARGES
    known = [result.known(charge) for charge in result.truth]
    for charge, found in zip(
        result.truth[LEARNING_CHARGES:], known[LEARNING_CHARGES:], strict=True
    ):
        energy = sum(one.energy or 0 for one in found)
        tolerance = 0.03 * charge.energy + rounding / 100 * battery.capacity
        assert abs(energy * 1000 - charge.energy) <= tolerance
    assert sorted(result.totals) == result.totals
    charged = history.charged
    assert charged
    # The statistic has a charge once it has ended.
    present = sum(charge.energy or 0 for charge in history.charges.open)
    statistic = sum(amounts_by_hour(history.charged_periods()).values())
    if not is_low:
        # Before enough trips are known, the capacity is the one that the car reports.
        truth = sum(charge.energy for charge in result.truth) / 1000
        assert charged.total == pytest.approx(truth, rel=0.03)
    assert charged.total == pytest.approx(statistic + present)


PRICES = [
    Price(NOON - 14 * DAY + hour * HOUR, 0.4 if hour % 24 < 8 else 0.1 + hour % 3 / 20)
    for hour in range(60 * 24)
]


def price_of(car: Car, charge: ChargeRecord) -> float:
    """Return the average price of the energy of a charge."""
    minutes = int((charge.ended - charge.started) / MINUTE)
    times = [*(charge.started + one * MINUTE for one in range(minutes)), charge.ended]
    costs = [
        (car.at(end).energy - car.at(start).energy)
        * (PRICES[int((start - PRICES[0].since) / HOUR)].value or 0)
        for start, end in pairwise(times)
    ]
    return sum(costs) / charge.energy


async def test_costs_of_a_month_by_a_price_that_changes_each_hour(
    hass: HomeAssistant, hass_storage: Mapping[str, Any], freezer: FrozenDateTimeFactory
) -> None:
    """They are within 1 % of the energy times the price, outages left out."""
    result = await month(hass, freezer, "plug-in", is_low=False)
    expected, costs = [], []
    for charge in result.truth:
        if is_out(charge.started) or is_out(charge.ended):
            continue
        for one in result.known(charge):
            price = average_price(one.levels, PRICES)
            assert price is not None
            settled = replace(one, price=price, currency="EUR", settled=True)
            costs.append(settled.cost or 0)
            expected.append((one.energy or 0) * price_of(result.car, charge))
    assert len(costs) > 2 * LEARNING_CHARGES
    assert sum(costs) == pytest.approx(sum(expected), rel=0.01)


async def test_month_of_a_petrol_car_has_no_energy(
    hass: HomeAssistant, hass_storage: Mapping[str, Any], freezer: FrozenDateTimeFactory
) -> None:
    """It has neither a capacity nor charges."""
    result = await month(hass, freezer, "petrol", is_low=False)
    history = result.state.history
    assert (history.charged, history.charges.records) == (None, ())
    assert history.usable_capacity(result.state.status) is None
