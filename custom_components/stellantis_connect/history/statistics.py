"""Long-term statistics: what a car drove, used and charged, hour by hour.

They reach back as far as the platform's lists do, which is further than Home Assistant's own
records on the day that a car is added. Whatever is imported is reckoned anew from what is kept
of the past, so that repeating it changes nothing, and what turns up late finds its hour.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
import hashlib
from itertools import accumulate, pairwise

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
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import (
    DistanceConverter,
    EnergyConverter,
    VolumeConverter,
)

from ..api.models.energy import EnergyType
from ..api.models.trips import LiteEnergy, Trip
from ..const import CONF_STATISTICS, DOMAIN
from ..coordinator import VehicleCoordinator
from ..models import VehicleState
from ..polling.endpoints import Endpoint
from ..runtime import StellantisConfigEntry
from ..translation import text
from .charging import RISE, Charge
from .consumption import capacity_of, used
from .records import begin_of, is_over

HOUR = timedelta(hours=1)
# What is older stays as it is: soon it is not kept any more.
REWRITTEN_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Period:
    """An amount that was gathered evenly between two moments."""

    start: datetime
    end: datetime
    amount: float


@dataclass(frozen=True, kw_only=True)
class EnergyStatistic:
    """Something that a car gathers.

    Attributes:
        key: its name among the translations.
        unit: what it is told in.
        unit_class: which units it can be shown in.
        spells: what was gathered, and when.
    """

    key: str
    unit: str
    unit_class: str
    periods: Callable[[VehicleState], Iterable[Period]]


@callback
def async_follow_statistics(hass: HomeAssistant, entry: StellantisConfigEntry) -> None:
    """Import what the cars of an account gather, where the owner wants that."""
    if RECORDER not in hass.config.components:
        return
    if not entry.options.get(CONF_STATISTICS, True):
        return
    account = entry.runtime_data.account
    followed: set[VehicleCoordinator] = set()

    @callback
    def follow_new() -> None:
        for car in account.vehicles.values():
            if car not in followed and not _is_disabled(hass, car):
                followed.add(car)
                entry.async_on_unload(_follow(hass, car))

    follow_new()
    entry.async_on_unload(account.async_add_listener(follow_new))


def _is_disabled(hass: HomeAssistant, car: VehicleCoordinator) -> bool:
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, car.key), car.config_entry.entry_id
    )
    return device is not None and device.disabled


def _follow(hass: HomeAssistant, car: VehicleCoordinator) -> Callable[[], None]:
    """Import when something has happened; return how to stop that."""
    lock = asyncio.Lock()
    imported: object = None

    async def async_import() -> None:
        async with lock:
            # What was imported before must be there, for this to go on from it.
            await get_instance(hass).async_block_till_done()
            for meter in STATISTICS:
                await _async_import(hass, car, meter)

    @callback
    def look() -> None:
        nonlocal imported
        history = car.data.history
        gathered = (history.trips.records, history.charges.records)
        if gathered != imported:
            imported = gathered
            car.config_entry.async_create_background_task(
                hass, async_import(), "import of statistics"
            )

    look()
    unfollow = [
        car.async_add_listener(look, resource)
        for resource in (Endpoint.TRIPS, Endpoint.PAST_CHARGES)
    ]

    @callback
    def stop() -> None:
        for stop_one in unfollow:
            stop_one()

    return stop


async def _async_import(
    hass: HomeAssistant, car: VehicleCoordinator, meter: EnergyStatistic
) -> None:
    """Write what changes of a meter's hours, going on from the sum before them."""
    gathered = by_hour(meter.periods(car.data))
    if not gathered:
        return
    statistic_id = statistic_id_of(car.key, meter)
    read = get_instance(hass).async_add_executor_job
    last = await read(get_last_statistics, hass, 1, statistic_id, True, {"sum"})
    # Of the time before all that is kept nothing better is known than what is written.
    first_trips = car.data.history.trips.records[:1]
    start = min((*gathered, *(_hour_of(begin_of(trip)) for trip in first_trips)))
    if last:
        start = max(start, _hour_of(dt_util.utcnow() - REWRITTEN_FOR))
    rows = await read(
        statistics_during_period,
        hass,
        start,
        None,
        {statistic_id},
        "hour",
        None,
        {"sum", "change"},
    )
    known = rows.get(statistic_id, [])
    written = {dt_util.utc_from_timestamp(row["start"]): row["sum"] for row in known}
    base = _sum_before(known, last.get(statistic_id, []))
    hours = sorted({*written, *(hour for hour in gathered if hour >= start)})
    sums = [*accumulate((gathered.get(hour, 0) for hour in hours), initial=base)][1:]
    changed = [
        StatisticData(start=hour, state=total, sum=total)
        for hour, total in zip(hours, sums, strict=True)
        if abs((written.get(hour) or 0) - total) > 1e-6 or hour not in written
    ]
    if changed:
        metadata = _metadata(hass, car, meter, statistic_id)
        async_add_external_statistics(hass, metadata, changed)


def _sum_before(known: Sequence[StatisticsRow], last: Sequence[StatisticsRow]) -> float:
    """Return the sum before the first of the known rows, else the last there is."""
    if known:
        return (known[0]["sum"] or 0) - (known[0]["change"] or 0)
    return (last[0]["sum"] or 0) if last else 0


@callback
def _metadata(
    hass: HomeAssistant,
    car: VehicleCoordinator,
    meter: EnergyStatistic,
    statistic_id: str,
) -> StatisticMetaData:
    return StatisticMetaData(
        mean_type=StatisticMeanType.NONE,
        has_sum=True,
        name=f"{car.name} {text(hass, 'common', f'statistics_{meter.key}')}",
        source=DOMAIN,
        statistic_id=statistic_id,
        unit_class=meter.unit_class,
        unit_of_measurement=meter.unit,
    )


def statistic_id_of(vehicle_key: str, meter: EnergyStatistic) -> str:
    """Return an id that stays with the car, and does not give its VIN away in a log."""
    car = hashlib.sha256(vehicle_key.encode()).hexdigest()[:12]
    return f"{DOMAIN}:{car}_{meter.key}"


def by_hour(periods: Iterable[Period]) -> Mapping[datetime, float]:
    """Return what was gathered in each hour; hours are those of UTC, which skip none."""
    hours: defaultdict[datetime, float] = defaultdict(float)
    for spell in periods:
        for hour, part in _parts(spell):
            hours[hour] += part * spell.amount
    return hours


def _parts(spell: Period) -> Iterator[tuple[datetime, float]]:
    """Yield which part of a spell lies in which hour."""
    length = spell.end - spell.start
    hour = _hour_of(spell.start)
    if length <= timedelta():
        yield hour, 1
        return
    while hour < spell.end:
        inside = min(hour + HOUR, spell.end) - max(hour, spell.start)
        yield hour, inside / length
        hour += HOUR


def _hour_of(moment: datetime) -> datetime:
    return dt_util.as_utc(moment).replace(minute=0, second=0, microsecond=0)


def _driven(car: VehicleState) -> Iterator[Period]:
    return _over_trips(car, lambda trip: trip.distance)


def _electric_used(car: VehicleState) -> Iterator[Period]:
    capacity = capacity_of(car.status)
    return _over_trips(car, lambda trip: _used(trip, EnergyType.ELECTRIC, capacity))


def _fuel_used(car: VehicleState) -> Iterator[Period]:
    return _over_trips(car, lambda trip: _used(trip, EnergyType.FUEL, None))


def _used(trip: Trip, energy: EnergyType, capacity: float | None) -> float | None:
    consumption = used(trip, energy, capacity)
    return consumption.amount if consumption else None


def _over_trips(
    car: VehicleState, amount_of: Callable[[Trip], float | None]
) -> Iterator[Period]:
    for trip in car.history.trips:
        if trip.started_at and is_over(trip) and (amount := amount_of(trip)):
            end = trip.stopped_at or trip.started_at
            yield Period(trip.started_at, end, amount)


def _charged(car: VehicleState) -> Iterator[Period]:
    """Yield charges, and what the battery gained between two trips beside them."""
    charges = [one for one in car.history.charges if is_over(one)]
    for charge in charges:
        if charge.ended_at and charge.energy:
            yield Period(charge.started_at, charge.ended_at, charge.energy)
    capacity = capacity_of(car.status)
    trips = [one for one in car.history.trips if one.started_at and one.stopped_at]
    for one, other in pairwise(trips):
        gained = _gained_between(one, other, charges)
        if capacity and gained and one.stopped_at and other.started_at:
            yield Period(one.stopped_at, other.started_at, gained / 100 * capacity)


def _gained_between(
    trip: Trip, following: Trip, charges: Iterable[Charge]
) -> float | None:
    """Return by how many percent the battery rose without a charge that is known."""
    before, after = _level(trip.end_energies), _level(following.start_energies)
    if before is None or after is None:
        return None
    known = sum(
        charge.end_level - charge.start_level
        for charge in charges
        if trip.stopped_at
        and following.started_at
        and charge.ended_at
        and trip.stopped_at < charge.ended_at
        and charge.started_at < following.started_at
    )
    gained = after - before - known
    return gained if gained >= RISE else None


def _level(energies: Iterable[LiteEnergy]) -> float | None:
    levels = (one.level for one in energies if one.type is EnergyType.ELECTRIC)
    return next(levels, None)


STATISTICS = (
    EnergyStatistic(
        key="distance",
        unit=UnitOfLength.KILOMETERS,
        unit_class=DistanceConverter.UNIT_CLASS,
        periods=_driven,
    ),
    EnergyStatistic(
        key="energy_used",
        unit=UnitOfEnergy.KILO_WATT_HOUR,
        unit_class=EnergyConverter.UNIT_CLASS,
        periods=_electric_used,
    ),
    EnergyStatistic(
        key="energy_charged",
        unit=UnitOfEnergy.KILO_WATT_HOUR,
        unit_class=EnergyConverter.UNIT_CLASS,
        periods=_charged,
    ),
    EnergyStatistic(
        key="fuel_used",
        unit=UnitOfVolume.LITERS,
        unit_class=VolumeConverter.UNIT_CLASS,
        periods=_fuel_used,
    ),
)
