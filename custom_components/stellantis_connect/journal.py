"""Journals of trips and charges as CSV files, for spreadsheets."""

from collections.abc import Callable, Iterable, Mapping, Sequence
import csv
from dataclasses import dataclass
from datetime import datetime, timedelta
import io
from pathlib import Path
from typing import override

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util, raise_if_invalid_filename, slugify
from homeassistant.util.file import WriteError, write_utf8_file_atomic
from homeassistant.util.json import JsonValueType

from .api.models.energy import EnergyType
from .api.models.position import Position
from .api.models.trips import DetailedTrip, Trip
from .const import CONF_MAX_STOP, DOMAIN
from .coordinator import VehicleCoordinator
from .history.charging import Charge
from .history.journal import JournalTrip, journal_trips
from .history.records import end_of, has_ended, start_of
from .history.totals import costs_by_currency
from .storage import vehicle_digest
from .translation import text
from .units import (
    DISTANCE,
    DURATION,
    ENERGY,
    FUEL,
    POWER,
    Quantity,
    converted,
    decimal,
    decimal_separator,
    unit_of,
)
from .zones import coordinates_text, is_in_zone, zone_name

CATEGORIES = (BUSINESS, PRIVATE) = ("business", "private")
WWW = "www"
MEDIA = "media"

type Value = str | float | datetime | None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What makes a trip or a charge one for business: all that is given must apply.

    Attributes:
        zones: zones, in one of which it starts or ends.
        days: days of the week, on one of which it starts; Monday is 0.
    """

    zones: Sequence[str] = ()
    days: Sequence[int] = ()

    @callback
    def category(
        self, hass: HomeAssistant, start: datetime, *places: Position
    ) -> str | None:
        """Return whether a record is business or private; None without a rule.

        Args:
            hass: Home Assistant.
            start: when it started.
            places: where it started and ended.

        """
        if not self.zones and not self.days:
            return None
        is_business = (
            not self.zones
            or any(
                is_in_zone(hass, place, one) for place in places for one in self.zones
            )
        ) and (not self.days or dt_util.as_local(start).weekday() in self.days)
        return BUSINESS if is_business else PRIVATE


@dataclass(frozen=True)
class TripRow:
    """A row of a journal of trips."""

    journal_trip: JournalTrip
    category: str | None

    @property
    def trip(self) -> DetailedTrip:
        """Return the whole trip."""
        return self.journal_trip.trip


@dataclass(frozen=True)
class ChargeRow:
    """A row of a journal of charges."""

    charge: Charge
    category: str | None


@dataclass(frozen=True, kw_only=True)
class Column[RowT]:
    """A column of a journal.

    Attributes:
        key: the key of its name in the translations, and of its total.
        value_fn: its value in a row.
        quantity: the quantity of its values, which are shown in the owner's unit.
        digits: the number of decimals of values without a quantity.
        is_total: whether its values add up.
    """

    key: str
    value_fn: Callable[[HomeAssistant, RowT], Value]
    quantity: Quantity | None = None
    digits: int = 0
    is_total: bool = False

    @callback
    def total(self, hass: HomeAssistant, rows: Iterable[RowT]) -> float:
        """Return the sum of the known values of rows in the owner's unit."""
        values = (self.value_fn(hass, row) for row in rows)
        amount = sum(value for value in values if isinstance(value, int | float))
        if self.quantity:
            amount = converted(hass, self.quantity, amount)
        return round(amount, 1)


def _minutes(duration: timedelta | None) -> float | None:
    return None if duration is None else duration / timedelta(minutes=1)


def _place(hass: HomeAssistant, position: Position) -> str | None:
    """Return the zone of a position, or else its coordinates."""
    return zone_name(hass, position) or coordinates_text(position)


def _charge_place(charge: Charge) -> Position:
    return Position(latitude=charge.place.latitude, longitude=charge.place.longitude)


def _category(hass: HomeAssistant, row: TripRow | ChargeRow) -> str | None:
    return text(hass, "common", f"journal_{row.category}") if row.category else None


DISTANCE_COLUMN = Column[TripRow](
    key="distance",
    value_fn=lambda hass, row: row.trip.distance,
    quantity=DISTANCE,
    is_total=True,
)
TRIP_COLUMNS: tuple[Column[TripRow], ...] = (
    Column(key="start", value_fn=lambda hass, row: row.trip.started_at),
    Column(key="end", value_fn=lambda hass, row: end_of(row.trip)),
    Column(
        key="from", value_fn=lambda hass, row: _place(hass, row.trip.start_position)
    ),
    Column(key="to", value_fn=lambda hass, row: _place(hass, row.trip.stop_position)),
    DISTANCE_COLUMN,
    Column(
        key="duration",
        value_fn=lambda hass, row: (
            None if row.trip.duration is None else row.trip.duration / 60
        ),
        quantity=DURATION,
        is_total=True,
    ),
    Column(
        key="start_mileage",
        value_fn=lambda hass, row: row.trip.start_mileage,
        quantity=DISTANCE,
    ),
    Column(
        key="energy_used",
        value_fn=lambda hass, row: row.journal_trip.amount(EnergyType.ELECTRIC),
        quantity=ENERGY,
        is_total=True,
    ),
    Column(
        key="fuel_used",
        value_fn=lambda hass, row: row.journal_trip.amount(EnergyType.FUEL),
        quantity=FUEL,
        is_total=True,
    ),
    Column(key="category", value_fn=_category),
)

CHARGE_COLUMNS: tuple[Column[ChargeRow], ...] = (
    Column(key="start", value_fn=lambda hass, row: row.charge.started_at),
    Column(key="end", value_fn=lambda hass, row: row.charge.ended_at),
    Column(
        key="duration",
        value_fn=lambda hass, row: _minutes(row.charge.duration),
        quantity=DURATION,
        is_total=True,
    ),
    Column(key="start_level", value_fn=lambda hass, row: row.charge.start_level),
    Column(key="end_level", value_fn=lambda hass, row: row.charge.end_level),
    Column(
        key="energy_charged",
        value_fn=lambda hass, row: row.charge.energy,
        quantity=ENERGY,
        is_total=True,
    ),
    Column(key="power", value_fn=lambda hass, row: row.charge.power, quantity=POWER),
    Column(key="current", value_fn=lambda hass, row: "DC" if row.charge.fast else "AC"),
    Column(
        key="place",
        value_fn=lambda hass, row: (
            row.charge.place.zone or _place(hass, _charge_place(row.charge))
        ),
    ),
    Column(key="cost", value_fn=lambda hass, row: row.charge.cost, digits=2),
    Column(
        key="currency",
        value_fn=lambda hass, row: (
            None if row.charge.cost is None else row.charge.currency
        ),
    ),
    Column(key="category", value_fn=_category),
)


@callback
def vehicle_trips(car: VehicleCoordinator, trips: Iterable[Trip]) -> list[JournalTrip]:
    """Return trips of a car, those with short stops between them as one if the owner wants it."""
    history = car.data.history
    usable = car.data.usable_capacity
    capacity = usable.energy if usable else None
    max_stop = timedelta(minutes=car.config_entry.options.get(CONF_MAX_STOP, 0))
    return journal_trips(
        trips, max_stop, lambda trip: history.capacity_of(trip) or capacity
    )


@dataclass(frozen=True, kw_only=True)
class Journal[RowT]:
    """The rows of a journal, and its columns."""

    columns: Sequence[Column[RowT]]
    rows: Sequence[RowT]

    @callback
    def totals(self, hass: HomeAssistant) -> Mapping[str, JsonValueType]:
        """Return the totals in the units of the file."""
        return {
            column.key: column.total(hass, self.rows)
            for column in self.columns
            if column.is_total
        }

    @callback
    def as_csv(self, hass: HomeAssistant) -> str:
        """Return the file: with the separators that spreadsheets expect in the language.

        Where the decimal separator is a comma, columns are separated by semicolons.
        """
        delimiter = ";" if decimal_separator(hass) == "," else ","
        file = io.StringIO()
        # Spreadsheets recognize UTF-8 by this mark.
        file.write("\ufeff")
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(_heading(hass, column) for column in self.columns)
        for row in self.rows:
            writer.writerow(_cell(hass, column, row) for column in self.columns)
        return file.getvalue()


class TripJournal(Journal[TripRow]):
    """A journal of trips, with the distances of each category."""

    @callback
    @override
    def totals(self, hass: HomeAssistant) -> Mapping[str, JsonValueType]:
        by_category = {
            f"{category}_distance": DISTANCE_COLUMN.total(
                hass, [row for row in self.rows if row.category == category]
            )
            for category in CATEGORIES
            if any(row.category for row in self.rows)
        }
        return {**super().totals(hass), **by_category}


class ChargeJournal(Journal[ChargeRow]):
    """A journal of charges, with the costs in each currency."""

    @callback
    @override
    def totals(self, hass: HomeAssistant) -> Mapping[str, JsonValueType]:
        costs = costs_by_currency(row.charge for row in self.rows)
        return {**super().totals(hass), "costs": dict(costs)}


@callback
def trip_journal(
    hass: HomeAssistant, trips: Iterable[JournalTrip], rule: Rule
) -> Journal[TripRow]:
    """Return a journal of trips."""
    rows = [
        TripRow(
            one,
            rule.category(
                hass,
                start_of(one.trip),
                one.trip.start_position,
                one.trip.stop_position,
            ),
        )
        for one in trips
    ]
    return TripJournal(columns=TRIP_COLUMNS, rows=rows)


@callback
def charge_journal(
    hass: HomeAssistant,
    charges: Iterable[Charge],
    since: datetime,
    until: datetime,
    rule: Rule,
) -> Journal[ChargeRow]:
    """Return a journal of the charges that started in a range and have ended."""
    rows = [
        ChargeRow(one, rule.category(hass, one.started_at, _charge_place(one)))
        for one in charges
        if has_ended(one) and since <= one.started_at <= until
    ]
    return ChargeJournal(columns=CHARGE_COLUMNS, rows=rows)


def _heading[RowT](hass: HomeAssistant, column: Column[RowT]) -> str:
    name = text(hass, "common", f"journal_{column.key}")
    return f"{name} ({unit_of(hass, column.quantity)})" if column.quantity else name


def _cell[RowT](hass: HomeAssistant, column: Column[RowT], row: RowT) -> str:
    match column.value_fn(hass, row):
        case None:
            return ""
        case datetime() as moment:
            return dt_util.as_local(moment).strftime("%Y-%m-%d %H:%M")
        case str() as words:
            return _without_formula(words)
        case value if column.quantity:
            amount = converted(hass, column.quantity, value)
            return decimal(hass, amount, column.quantity.digits)
        case value:
            return decimal(hass, value, column.digits)


def _without_formula(words: str) -> str:
    """Return words that no spreadsheet takes for a formula."""
    return f"'{words}" if words.startswith(("=", "+", "-", "@", "\t", "\r")) else words


@callback
def file_name(
    car: VehicleCoordinator, record: str, since: datetime, until: datetime
) -> str:
    """Return a name that two cars never share."""
    days = (f"{dt_util.as_local(moment):%Y-%m-%d}" for moment in (since, until))
    name = slugify("_".join((car.name, record, *days)), separator="-")
    return f"{name}-{vehicle_digest(car.key)[:6]}.csv"


class FolderNotAllowedError(Exception):
    """Home Assistant is not allowed to write to the folder."""


async def async_write(
    hass: HomeAssistant, folder: str, name: str, content: str
) -> Mapping[str, str]:
    """Write a journal to the integration's own folder in `www` or the media folder.

    Returns:
        Its path, and its address if it has one.

    Raises:
        ValueError: The name is not that of a file.
        FolderNotAllowedError: The folder is not allowed.
        OSError: The file cannot be written.

    """
    raise_if_invalid_filename(name)
    if not name.strip("."):
        raise ValueError(name)
    name = name if name.endswith(".csv") else f"{name}.csv"
    root = (
        hass.config.path(WWW)
        if folder == WWW
        else next(iter(hass.config.media_dirs.values()), hass.config.path(MEDIA))
    )
    path = Path(root, DOMAIN, name)
    await hass.async_add_executor_job(_write, hass, path, content)
    address = {"url": f"/local/{DOMAIN}/{name}"} if folder == WWW else {}
    return {"path": str(path), **address}


def _write(hass: HomeAssistant, path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not hass.config.is_allowed_path(str(path)):
        raise FolderNotAllowedError
    try:
        write_utf8_file_atomic(str(path), content)
    except WriteError as err:
        raise OSError from err
