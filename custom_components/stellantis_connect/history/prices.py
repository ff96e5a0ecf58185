"""Prices of energy: their units, and their average over a charge."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from homeassistant.const import UnitOfEnergy
from homeassistant.util.unit_conversion import EnergyConverter

# A price is assumed to stay for so long while its entity is unavailable.
MAX_UNKNOWN_TIME = timedelta(hours=1)
# Other currencies are dollars, or have no symbol.
DOLLAR = "$"
SYMBOLS = {
    "CHF": "Fr.",
    "CNY": "¥",
    "CZK": "Kč",
    "DKK": "kr",
    "EUR": "€",
    "GBP": "£",
    "HUF": "Ft",
    "ISK": "kr",
    "JPY": "¥",
    "NOK": "kr",
    "PLN": "zł",
    "RON": "lei",
    "SEK": "kr",
    "TRY": "₺",
    "UAH": "₴",
}
# Hundredths of a currency; of other currencies they are cents.
CENTS = frozenset({"c", "cent", "cents", "ct", "¢"})
ORE = frozenset({"ore", "öre", "øre"})
SUBUNITS = {
    "CHF": CENTS | {"rappen", "rp"},
    "DKK": ORE,
    "GBP": frozenset({"p", "pence"}),
    "NOK": ORE,
    "PLN": frozenset({"gr"}),
    "SEK": ORE,
}

type Level = tuple[datetime, float]


@dataclass(frozen=True)
class Price:
    """A price per kWh from a time on; None if it is not known."""

    since: datetime
    value: float | None


def price_per_kwh(value: str | float, unit: str | None, currency: str) -> float | None:
    """Return a price in a currency per kWh; None if it, or its unit, is not a price.

    Args:
        value: the price.
        unit: its unit, as EUR/kWh, ct/kWh, or €/MWh; a currency per kWh without one.
        currency: the code of the currency.

    """
    factor = _factor(unit or f"{currency}/{UnitOfEnergy.KILO_WATT_HOUR}", currency)
    try:
        price = float(value)
    except ValueError:
        return None
    return price * factor if factor and abs(price) < float("inf") else None


def _factor(unit: str, currency: str) -> float | None:
    money, _, energy = (part.strip() for part in unit.partition("/"))
    if energy not in EnergyConverter.VALID_UNITS:
        return None
    kilowatt_hours = EnergyConverter.convert(1, energy, UnitOfEnergy.KILO_WATT_HOUR)
    if money.casefold() in SUBUNITS.get(currency, CENTS):
        return 0.01 / kilowatt_hours
    if money.upper() == currency.upper() or money == SYMBOLS.get(currency, DOLLAR):
        return 1 / kilowatt_hours
    return None


def bridged(prices: Sequence[Price], end: datetime) -> Iterator[Price]:
    """Yield prices, of which those that were unknown for a short time stayed as before.

    So did those that were the same before and after a time in which they were unknown.
    """
    known = [one for one in prices if one.value is not None]
    last: Price | None = None
    for price in _merged(prices):
        if price.value is None and last:
            after = next((one for one in known if one.since > price.since), None)
            until = after.since if after else end
            is_same = after is not None and after.value == last.value
            if is_same or until - price.since <= MAX_UNKNOWN_TIME:
                continue
        if price.value is not None:
            last = price
        yield price


def _merged(prices: Iterable[Price]) -> Iterator[Price]:
    """Yield prices that differ from the one before."""
    last: Price | None = None
    for price in prices:
        if last is None or price.value != last.value:
            yield price
        last = price


def average_price(levels: Sequence[Level], prices: Sequence[Price]) -> float | None:
    """Return the average price of a gain in level, which rises evenly between known levels.

    Args:
        levels: the levels, oldest first.
        prices: the prices, oldest first.

    Returns:
        The average; None if the price was not known all the time.

    """
    periods = [*bridged(prices, levels[-1][0])]
    gains = [
        (start, end, after - before)
        for (start, before), (end, after) in pairwise(levels)
        if after > before
    ]
    total = sum(gain for _, _, gain in gains)
    amounts = [_amount(start, end, gain, periods) for start, end, gain in gains]
    if not total or None in amounts:
        return None
    return sum(filter(None, amounts)) / total


def _amount(
    start: datetime, end: datetime, gain: float, prices: Sequence[Price]
) -> float | None:
    """Return what a gain costs; None if its price is not known all the time."""
    before = [one for one in prices if one.since <= start][-1:]
    parts = [replace(one, since=start) for one in before]
    parts += [one for one in prices if start < one.since < end]
    if not before or any(one.value is None for one in parts):
        return None
    ends = [*(one.since for one in parts[1:]), end]
    duration = (end - start) or timedelta.resolution
    shares = [
        (until - one.since) / duration if end > start else 1
        for one, until in zip(parts, ends, strict=True)
    ]
    return sum(
        gain * share * (one.value or 0)
        for one, share in zip(parts, shares, strict=True)
    )
