"""Long-term statistics: the distance and energies of each hour.

They reach back as far as the platform's lists do. Each import computes all hours of the history
anew, so that repeating it changes nothing, and late records find their hour.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from homeassistant.components.recorder import DOMAIN as RECORDER, get_instance
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    async_add_external_statistics,
    get_last_statistics,
    statistics_during_period,
)
from homeassistant.const import UnitOfEnergy, UnitOfLength, UnitOfVolume
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import (
    DistanceConverter,
    EnergyConverter,
    VolumeConverter,
)

from ..api.models.energy import EnergyType
from ..api.models.trips import Trip
from ..commands.errors import vehicle_device
from ..const import CONF_STATISTICS, DOMAIN
from ..coordinator import AccountCoordinator, VehicleCoordinator
from ..polling.endpoints import Endpoint
from ..storage import vehicle_digest
from ..translation import text
from .charged import Period
from .charging import Charge
from .consumption import trip_consumption
from .models import History
from .records import end_of, has_ended, start_of

HOUR = timedelta(hours=1)
# Hours that are older are written again only if their charges have changed: other records are
# about to be dropped.
MAX_REWRITE_AGE = timedelta(days=90)
# A longer period has a wrong end; its amount belongs to its first hour.
MAX_PERIOD = timedelta(days=31)


@dataclass(frozen=True, kw_only=True)
class HistoryStatistic:
    """A statistic of a car.

    Attributes:
        key: the key of its name in the translations.
        unit: the unit of its amounts; the currency of the latest charges if it is None.
        unit_class: the units that it can be converted to.
        periods_fn: its amounts in a history.
        is_of_charges: whether it has the charges, which are kept for longer than the rest.
    """

    key: str
    unit: str | None
    unit_class: str | None
    periods_fn: Callable[[History], Iterable[Period]]
    is_of_charges: bool = False


@callback
def async_setup_statistics(hass: HomeAssistant, account: AccountCoordinator) -> None:
    """Import the statistics of an account's cars, unless the owner has disabled them."""
    entry = account.config_entry
    if RECORDER not in hass.config.components:
        return
    if not entry.options.get(CONF_STATISTICS, True):
        return
    known: set[VehicleCoordinator] = set()

    @callback
    def add_new() -> None:
        for car in account.vehicles.values():
            if car not in known and not _is_disabled(car):
                known.add(car)
                entry.async_on_unload(_async_track(hass, car))

    add_new()
    entry.async_on_unload(account.async_add_listener(add_new))


def _is_disabled(car: VehicleCoordinator) -> bool:
    device = vehicle_device(car)
    return device is not None and device.disabled


@callback
def _async_track(hass: HomeAssistant, car: VehicleCoordinator) -> Callable[[], None]:
    """Import a car's statistics whenever its history changes; return what stops that."""
    lock = asyncio.Lock()
    imported: object = None
    charges = car.data.history.charges.records

    async def async_import(since: datetime | None) -> None:
        async with lock:
            # The import continues from the sums that earlier ones wrote.
            await get_instance(hass).async_block_till_done()
            for statistic in STATISTICS:
                await _async_import(hass, car, statistic, since)

    @callback
    def handle_update() -> None:
        nonlocal imported, charges
        history = car.data.history
        current = (
            history.trips.records,
            history.charges.ended,
            history.capacities,
        )
        if current != imported:
            since = _first_change(charges, history.charges.records)
            imported, charges = current, history.charges.records
            car.config_entry.async_create_background_task(
                hass, async_import(since), f"{DOMAIN} statistics"
            )

    handle_update()
    unsubscribe = [
        car.async_add_listener(handle_update, endpoint)
        for endpoint in (Endpoint.TRIPS, Endpoint.PAST_CHARGES)
    ]

    @callback
    def stop() -> None:
        for unsubscribe_one in unsubscribe:
            unsubscribe_one()

    return stop


def _first_change(before: Sequence[Charge], now: Sequence[Charge]) -> datetime | None:
    """Return the start of the first charge that is another object, if any."""
    known = {*map(id, before)}
    return next((one.started_at for one in now if id(one) not in known), None)


async def _async_import(
    hass: HomeAssistant,
    car: VehicleCoordinator,
    statistic: HistoryStatistic,
    since: datetime | None,
) -> None:
    """Write the hours of a statistic that have changed.

    Args:
        hass: Home Assistant.
        car: the car.
        statistic: the statistic.
        since: the start of the first charge that has changed, if any.

    """
    statistic_id = statistic_id_of(car.key, statistic)
    changed = await get_instance(hass).async_add_executor_job(
        _changed_hours, hass, car.data.history, statistic, statistic_id, since
    )
    if changed:
        metadata = _metadata(hass, car, statistic, statistic_id)
        async_add_external_statistics(hass, metadata, changed)


def _changed_hours(
    hass: HomeAssistant,
    history: History,
    statistic: HistoryStatistic,
    statistic_id: str,
    since: datetime | None,
) -> list[StatisticData]:
    """Return the hours that differ from the recorded ones, with the sums up to them."""
    amounts = amounts_by_hour(statistic.periods_fn(history))
    if not amounts:
        return []
    last = get_last_statistics(hass, 1, statistic_id, True, {"sum"})
    # Hours before the first record stay as they were written.
    first_trips = history.trips.records[:1]
    start = min((*amounts, *(_hour_of(start_of(trip)) for trip in first_trips)))
    oldest = _hour_of(dt_util.utcnow() - MAX_REWRITE_AGE)
    if last:
        changed = since if since and statistic.is_of_charges else oldest
        start = max(start, min(oldest, _hour_of(changed)))
    known = statistics_during_period(
        hass, start, None, {statistic_id}, "hour", None, {"sum", "change"}
    ).get(statistic_id, [])
    written = {dt_util.utc_from_timestamp(row["start"]): row for row in known}
    # The records of older hours may have been dropped.
    kept = {hour: row["change"] or 0 for hour, row in written.items() if hour < oldest}
    base = _sum_before(known, last.get(statistic_id, []))
    hours = sorted({*written, *(hour for hour in amounts if hour >= start)})
    new = (amounts.get(hour, kept.get(hour, 0)) for hour in hours)
    sums = [*accumulate(new, initial=base)][1:]
    return [
        StatisticData(start=hour, state=total, sum=total)
        for hour, total in zip(hours, sums, strict=True)
        if hour not in written or abs((written[hour]["sum"] or 0) - total) > 1e-6
    ]


def _sum_before(known: Sequence[StatisticsRow], last: Sequence[StatisticsRow]) -> float:
    """Return the sum before the first of the known rows, or else the last sum."""
    if known:
        return (known[0]["sum"] or 0) - (known[0]["change"] or 0)
    return (last[0]["sum"] or 0) if last else 0


@callback
def _metadata(
    hass: HomeAssistant,
    car: VehicleCoordinator,
    statistic: HistoryStatistic,
    statistic_id: str,
) -> StatisticMetaData:
    return StatisticMetaData(
        mean_type=StatisticMeanType.NONE,
        has_sum=True,
        name=f"{car.name} {text(hass, 'common', f'statistics_{statistic.key}')}",
        source=DOMAIN,
        statistic_id=statistic_id,
        unit_class=statistic.unit_class,
        unit_of_measurement=statistic.unit or car.data.history.charges.currency,
    )


def statistic_id_of(vehicle_key: str, statistic: HistoryStatistic) -> str:
    """Return an id that stays with the car and does not reveal its VIN."""
    return f"{DOMAIN}:{vehicle_digest(vehicle_key)}_{statistic.key}"


def amounts_by_hour(periods: Iterable[Period]) -> Mapping[datetime, float]:
    """Return the amount of each hour in UTC."""
    hours: defaultdict[datetime, float] = defaultdict(float)
    for period in periods:
        for hour, share in _shares(period):
            hours[hour] += share * period.amount
    return hours


def _shares(period: Period) -> Iterator[tuple[datetime, float]]:
    """Yield the share of a period that lies in each hour."""
    duration = period.end - period.start
    hour = _hour_of(period.start)
    if not timedelta() < duration <= MAX_PERIOD:
        yield hour, 1
        return
    while hour < period.end:
        inside = min(hour + HOUR, period.end) - max(hour, period.start)
        yield hour, inside / duration
        hour += HOUR


def _hour_of(moment: datetime) -> datetime:
    return dt_util.as_utc(moment).replace(minute=0, second=0, microsecond=0)


def _used(history: History, energy: EnergyType) -> Iterator[Period]:
    def amount(trip: Trip) -> float | None:
        used = trip_consumption(trip.detailed(), energy, history.capacity_of(trip))
        return used.amount if used else None

    return _of_trips(history, amount)


def _of_trips(
    history: History, amount_fn: Callable[[Trip], float | None]
) -> Iterator[Period]:
    for trip in history.trips:
        if trip.started_at and has_ended(trip) and (amount := amount_fn(trip)):
            yield Period(trip.started_at, end_of(trip) or trip.started_at, amount)


def _cost(history: History) -> Iterator[Period]:
    """Yield what each charge cost in the currency of the latest ones."""
    for charge in history.charges:
        if (
            charge.ended_at
            and charge.cost
            and charge.currency == history.charges.currency
        ):
            yield Period(charge.started_at, charge.ended_at, charge.cost)


STATISTICS = (
    HistoryStatistic(
        key="distance",
        unit=UnitOfLength.KILOMETERS,
        unit_class=DistanceConverter.UNIT_CLASS,
        periods_fn=lambda history: _of_trips(history, lambda trip: trip.distance),
    ),
    HistoryStatistic(
        key="energy_used",
        unit=UnitOfEnergy.KILO_WATT_HOUR,
        unit_class=EnergyConverter.UNIT_CLASS,
        periods_fn=lambda history: _used(history, EnergyType.ELECTRIC),
    ),
    HistoryStatistic(
        key="energy_charged",
        unit=UnitOfEnergy.KILO_WATT_HOUR,
        unit_class=EnergyConverter.UNIT_CLASS,
        periods_fn=History.charged_periods,
        is_of_charges=True,
    ),
    HistoryStatistic(
        key="charging_cost",
        unit=None,
        unit_class=None,
        periods_fn=_cost,
        is_of_charges=True,
    ),
    HistoryStatistic(
        key="fuel_used",
        unit=UnitOfVolume.LITERS,
        unit_class=VolumeConverter.UNIT_CLASS,
        periods_fn=lambda history: _used(history, EnergyType.FUEL),
    ),
)
