"""Tests of the health of a battery."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import random

import pytest

from custom_components.stellantis_connect.history.charging import Charge
from custom_components.stellantis_connect.history.health import (
    CHARGES,
    BatteryHealth,
    battery_health,
)

FIRST = datetime(2022, 1, 1, 12, tzinfo=UTC)
CAPACITY = 46_300.0
DAYS = 4
# One charge in four days.
YEAR = 91


def charge(number: int, capacity: float = CAPACITY, gain: float = 40) -> Charge:
    """Return a charge whose reported energies follow from a capacity in Wh."""
    ended_at = FIRST + timedelta(days=number * DAYS)
    return Charge(
        started_at=ended_at - timedelta(hours=5),
        ended_at=ended_at,
        start_level=30,
        end_level=30 + gain,
        start_energy=0.3 * capacity,
        end_energy=(30 + gain) / 100 * capacity,
        capacity=capacity,
        # It's wrong, and would hide the aging.
        usable_capacity=50_000,
    )


def charges(capacities: Iterable[float]) -> list[Charge]:
    """Return successive charges by the capacity at each."""
    return [charge(number, one) for number, one in enumerate(capacities)]


def only_capacity(charge: Charge) -> Charge:
    """Return a charge of a car that reports a capacity but no energy."""
    return replace(charge, start_energy=None, end_energy=None)


def percent(charges: Iterable[Charge]) -> float | None:
    """Return the health after charges."""
    health = battery_health(charges)
    return health.percent if health else None


@pytest.mark.parametrize("factor", [1, 0.7], ids=["right", "a third low"])
@pytest.mark.parametrize("seed", range(10))
def test_health_follows_a_battery_that_ages(seed: int, factor: float) -> None:
    """The levels are rounded, and some cars report a third less than they have."""
    drawn = random.Random(seed)
    years = drawn.uniform(1, 5)
    aging = []
    for number in range(round(years * YEAR)):
        start = drawn.uniform(5, 60)
        end = start + drawn.uniform(10, 97 - start)
        capacity = CAPACITY * factor * (1 - 0.02 * number / YEAR)
        aging.append(
            replace(
                charge(number),
                start_level=round(start),
                end_level=round(end),
                start_energy=start / 100 * capacity,
                end_energy=end / 100 * capacity,
                capacity=drawn.choice([12_400, 9_300]),
            )
        )
    health = battery_health(aging)
    assert health
    assert health.percent == pytest.approx(100 - 2 * years, abs=1.5)
    assert health.reference == pytest.approx(CAPACITY * factor / 1000, rel=0.015)


def test_health_says_what_it_rests_on() -> None:
    """Smaller gains, nonsense, and charges in progress do not count."""
    counting = charges([CAPACITY] * 30 + [0.95 * CAPACITY] * 30)
    others = [
        charge(60, 2 * CAPACITY, gain=19),
        replace(charge(61), end_energy=None),
        replace(charge(61), end_energy=100),
        replace(charge(62, 2 * CAPACITY), ended_at=None),
    ]
    assert battery_health([*counting, *others]) == BatteryHealth(
        percent=95, reference=46.3, since=FIRST, charges=60
    )


@pytest.mark.parametrize("adapted", [lambda one: one, only_capacity])
def test_health_is_unknown_until_it_means_something(
    adapted: Callable[[Charge], Charge],
) -> None:
    """It rests on enough charges that are far enough apart."""
    known = [*map(adapted, charges([CAPACITY] * 100))]
    apart = 180 // DAYS
    assert percent([]) is None
    assert percent(known[: CHARGES + apart - 1]) is None
    assert percent(known[: CHARGES + apart]) == 100
    assert percent([*known[:CHARGES], *known[90 - CHARGES + 1 : 90]]) is None
    assert percent([*known[:CHARGES], *known[90 - CHARGES : 90]]) == 100


def test_reported_capacity_counts_only_without_energies() -> None:
    """It may be a constant while the energies show the aging."""
    aged = [
        replace(charge(number, (1 - number / 1000) * CAPACITY), capacity=CAPACITY)
        for number in range(100)
    ]
    assert percent(aged) == pytest.approx(91.5, abs=0.2)
    assert percent(map(only_capacity, aged)) == 100


@pytest.mark.parametrize("seed", range(10))
def test_wavering_capacity_is_no_aging(seed: int) -> None:
    """A car may report 12.4 kWh on one day and 9.3 kWh on the next."""
    drawn = random.Random(seed)
    wavering = charges(drawn.choice([12_400, 9_300]) for _ in range(200))
    for count in range(2 * CHARGES, 200, 7):
        assert percent(map(only_capacity, wavering[:count])) in (None, 100)
    assert percent(wavering) in (None, 100)


def test_single_contradicting_charges_change_nothing() -> None:
    """Some energies are nonsense."""
    odd = charges(
        CAPACITY * (0.6 if number % 7 == 3 else 1 - number / 2000)
        for number in range(100)
    )
    assert percent(odd) == pytest.approx(95.8, abs=0.2)


@pytest.mark.parametrize("factor", [0.7, 0.93, 1.1, 1.4])
@pytest.mark.parametrize("count", [100, 103])
def test_replaced_battery_or_corrected_capacity_is_a_new_reference(
    factor: float, count: int
) -> None:
    """The health is never that of the former battery."""
    capacities = [CAPACITY * (1 - number / 4000) for number in range(count)]
    before = percent(charges(capacities))
    assert before == pytest.approx(97.9, abs=0.3)
    first = factor * capacities[-1]
    new = [first * (1 - number / 4000) for number in range(100)]
    after = [percent(charges([*capacities, *new[:end]])) for end in range(101)]
    assert all(one is None or one > 91 for one in after)
    assert set(after[15:40]) == {None}
    assert after[-1] == pytest.approx(97.9, abs=0.3)
    health = battery_health(charges([*capacities, *new]))
    assert health
    assert health.reference == pytest.approx(first / 1000, rel=0.01)


def test_rise_within_the_error_is_full_health() -> None:
    """It never exceeds 100%."""
    assert percent(charges([CAPACITY] * 50 + [1.02 * CAPACITY] * 50)) == 100
