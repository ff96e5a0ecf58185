"""Tests of the prices of energy."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.stellantis_connect.history.prices import (
    Price,
    average_price,
    price_per_kwh,
)

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)


def at(hours: float) -> datetime:
    """Return the time of that many hours after noon."""
    return NOON + timedelta(hours=hours)


def prices(*changes: tuple[float, float | None]) -> list[Price]:
    """Return prices by hours after noon."""
    return [Price(at(hours), value) for hours, value in changes]


@pytest.mark.parametrize(
    ("value", "unit", "price"),
    [
        ("0.31", "EUR/kWh", 0.31),
        ("0.31", "€/kWh", 0.31),
        ("0.31", None, 0.31),
        (31, "ct/kWh", 0.31),
        ("31", "Cent/kWh", 0.31),
        ("310", "EUR/MWh", 0.31),
        ("0.00031", "EUR/Wh", 0.31),
        ("-2", "ct/kWh", -0.02),
        ("31", "p/kWh", None),
        ("0.31", "USD/kWh", None),
        ("0.31", "$/kWh", None),
        ("0.31", "£/kWh", None),
        ("0.31", "EUR", None),
        ("0.31", "kWh", None),
        ("0.31", "EUR/km", None),
        ("unavailable", "EUR/kWh", None),
        ("nan", "EUR/kWh", None),
        ("inf", "EUR/kWh", None),
    ],
)
def test_price_is_converted_to_currency_per_kwh(
    value: str | float, unit: str | None, price: float | None
) -> None:
    """What is no price is unknown."""
    assert price_per_kwh(value, unit, "EUR") == pytest.approx(price)


@pytest.mark.parametrize(
    ("unit", "currency"),
    [
        ("p/kWh", "GBP"),
        ("Øre/kWh", "NOK"),
        ("öre/kWh", "SEK"),
        ("gr/kWh", "PLN"),
        ("Rp/kWh", "CHF"),
        ("¢/kWh", "USD"),
    ],
)
def test_hundredth_is_that_of_the_currency(unit: str, currency: str) -> None:
    """Pence are no euro cents."""
    assert price_per_kwh(31, unit, currency) == pytest.approx(0.31)


@pytest.mark.parametrize(
    ("unit", "currency"),
    [("$/kWh", "USD"), ("$/kWh", "CAD"), ("£/kWh", "GBP"), ("kr/kWh", "SEK")],
)
def test_symbol_is_that_of_the_currency(unit: str, currency: str) -> None:
    """A price in another currency would be a wrong one."""
    assert price_per_kwh("2", unit, currency) == 2
    assert price_per_kwh("2", unit, "EUR") is None


@pytest.mark.parametrize(
    ("levels", "changes", "average"),
    [
        # The price of all times.
        ([(0, 20), (4, 60)], [(-1, 0.3)], 0.3),
        # It changes in the middle; the level rises evenly, or not.
        ([(0, 20), (4, 60)], [(-1, 0.3), (2, 0.1)], 0.2),
        ([(0, 20), (1, 50), (4, 60)], [(-1, 0.3), (1, 0.1)], 0.25),
        # Nothing accrues while the car waits.
        ([(0, 20), (1, 40), (9, 40), (10, 60)], [(-1, 0.3), (1, 9), (9, 0.1)], 0.2),
        # A level that falls for a moment costs nothing.
        ([(0, 20), (1, 19), (3, 39)], [(-1, 0.3)], 0.3),
        ([(0, 20), (0, 40)], [(-1, 0.3)], 0.3),
        ([(0, 20), (4, 20)], [(-1, 0.3)], None),
        # The price is not known at first, or not at all.
        ([(0, 20), (4, 60)], [(1, 0.3)], None),
        ([(0, 20), (4, 60)], [(-1, None)], None),
        ([(0, 20), (4, 60)], [], None),
        # It was unknown for a short time, or for a long one.
        ([(0, 20), (4, 60)], [(-1, 0.3), (1, None), (2, 0.1)], 0.2),
        ([(0, 20), (4, 60)], [(-1, 0.3), (1, None), (3, 0.1)], None),
        ([(0, 20), (4, 60)], [(-1, 0.3), (1, None), (3, 0.3)], 0.3),
        ([(0, 20), (4, 60)], [(-1, 0.3), (3.5, None)], 0.3),
        ([(0, 20), (4, 60)], [(-1, 0.3), (2, None)], None),
        # An unknown price does not matter while nothing accrues.
        ([(0, 20), (1, 60), (9, 60)], [(-1, 0.3), (2, None)], 0.3),
    ],
)
def test_price_is_averaged_over_the_energy(
    levels: list[tuple[float, float]],
    changes: list[tuple[float, float | None]],
    average: float | None,
) -> None:
    """A price is known all the time, or the average is not."""
    points = [(at(hours), float(level)) for hours, level in levels]
    assert average_price(points, prices(*changes)) == pytest.approx(average)
