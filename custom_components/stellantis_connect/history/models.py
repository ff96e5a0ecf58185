"""The history of a car."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self, override

from homeassistant.util import dt as dt_util

from ..api.models.alarms import AlarmDetails
from ..api.models.alerts import Alert
from ..api.models.collisions import Collision
from ..api.models.energy import EnergyType
from ..api.models.status import Status
from ..api.models.trips import DetailedTrip, Trip
from .capacity import (
    Capacity,
    CapacitySource,
    driven_capacity,
    learned_capacity,
    reported_per_level,
)
from .charged import ChargedEnergy, Period, charged_periods, missed_charges
from .charging import Charge, next_charge
from .consumption import Consumption, trip_consumptions
from .health import BatteryHealth, battery_health
from .records import (
    MAX_CHARGES,
    MAX_EVENT_AGE,
    MAX_RECORD_AGE,
    FetchedRecords,
    Records,
    has_ended,
)

YEAR = timedelta(days=366)
DEFAULT_CHARGE_YEARS = 5


class TripRecords(Records[Trip]):
    """The trips, and what they imply."""

    @cached_property
    def driven_capacity(self) -> Capacity | None:
        """Return the usable capacity that they imply."""
        return driven_capacity(reversed(self.records))


@dataclass(frozen=True)
class AlarmRecords(Records[AlarmDetails]):
    """The alarms, which are kept while they may trigger an event."""

    max_age: timedelta = MAX_EVENT_AGE


@dataclass(frozen=True)
class ChargeRecords(Records[Charge]):
    """The charges, and what they imply; only the last one may be in progress.

    Attributes:
        battery_health: the health of the battery by the charges that have ended.
    """

    max_age: timedelta = DEFAULT_CHARGE_YEARS * YEAR
    max_records: int = MAX_CHARGES
    battery_health: BatteryHealth | None = None

    @property
    def current(self) -> Charge | None:
        """Return the charge in progress."""
        last = self.records[-1] if self.records else None
        return None if last is None or has_ended(last) else last

    @property
    def ended(self) -> tuple[Charge, ...]:
        """Return the charges that have ended."""
        return self.records[:-1] if self.current else self.records

    @cached_property
    def unsettled(self) -> tuple[Charge, ...]:
        """Return the charges whose places and prices are not final."""
        return tuple(one for one in self.records if not one.settled)

    @cached_property
    def currency(self) -> str | None:
        """Return the currency of the latest charge whose price is known."""
        charges = reversed(self.records)
        return next((one.currency for one in charges if one.currency), None)

    @cached_property
    def reported_per_level(self) -> float | None:
        """Return the energy in Wh that the car reports for each percent."""
        return reported_per_level(reversed(self.ended))

    @property
    def missed(self) -> list[Charge]:
        """Return the charges of which statuses were missed, and may still be fetched."""
        oldest = dt_util.utcnow() - MAX_RECORD_AGE
        return [
            one for one in self.unsettled if one.started_at >= oldest and one.has_gap
        ]

    @override
    def with_fetched(
        self, fetched: Iterable[Charge], read_until: datetime | None
    ) -> Self:
        records = super().with_fetched(fetched, read_until)
        if records.records is self.records:
            return records
        return replace(records, battery_health=battery_health(records.ended))

    def with_newest(self, charge: Charge, read_until: datetime) -> Self:
        """Return the charges with one that is new, or a newer form of the one in progress."""
        current = self.current
        if current is None or current.id != charge.id or has_ended(charge):
            return self.with_fetched([charge], read_until)
        records = (*self.records[:-1], charge)
        return replace(self, records=records, read_until=read_until)


@dataclass(frozen=True, kw_only=True)
class History:
    """What happened to a car: charges derived from statuses, the rest from lists.

    Attributes:
        capacities: kWh of a full battery when each trip was fetched, by the trip's id. A capacity
            that is learned later does not change what past trips consumed.
        set_capacity: kWh of a full battery as the owner has set it.
        charged: the total of the energy charged; None before the first status of a battery.
    """

    alerts: Records[Alert] = field(default_factory=Records)
    alarms: AlarmRecords = field(default_factory=AlarmRecords)
    collisions: Records[Collision] = field(default_factory=Records)
    trips: TripRecords = field(default_factory=TripRecords)
    charges: ChargeRecords = field(default_factory=ChargeRecords)
    capacities: Mapping[str, float] = field(default_factory=dict)
    set_capacity: float | None = None
    charged: ChargedEnergy | None = None

    def with_fetched(self, fetched: FetchedRecords[Any], status: Status) -> Self:
        """Return the history with records that were fetched while the car had a status."""
        records: Records[Any] = getattr(self, fetched.kind)
        changes: dict[str, Any] = {
            fetched.kind: records.with_fetched(fetched.records, fetched.read_until)
        }
        history = replace(self, **changes)
        capacity = history.usable_capacity(status)
        history = history.with_capacity(capacity.energy if capacity else None)
        if fetched.kind == "trips":
            history = history.with_missed_charges()
        return history.with_charged(dt_util.utcnow())

    def with_status(self, before: Status, now: Status) -> Self:
        """Return the history with the charge that two successive statuses imply."""
        if now.updated_at is None or now.electric is None:
            return self
        current, capacity = self.charges.current, self.usable_capacity(now)
        charge = next_charge(
            current, before, now, capacity.energy * 1000 if capacity else None
        )
        if charge == current and self.charges.read_until and self.charged:
            return self
        charged = self.charged or ChargedEnergy(since=now.updated_at)
        if charge and not current:
            per_level = self.charges.reported_per_level
            charge = replace(charge, reported_per_level=per_level)
        if charge is None:
            charges = self.charges.with_fetched([], now.updated_at)
        else:
            charges = self.charges.with_newest(charge, now.updated_at)
        if current and charge and charge.ended_at is None and charged.ended is not None:
            charged = charged.with_present(charge)
            return replace(self, charges=charges, charged=charged)
        history = replace(self, charges=charges, charged=charged)
        return history.with_charged(now.updated_at)

    def usable_capacity(self, status: Status) -> Capacity | None:
        """Return the usable capacity of the battery while the car has a status."""
        if self.set_capacity is not None:
            return Capacity(energy=self.set_capacity, source=CapacitySource.SET)
        return self.learned_capacity(status)

    def learned_capacity(self, status: Status) -> Capacity | None:
        """Return the usable capacity that charges and trips imply."""
        charges = reversed(self.charges.records)
        return learned_capacity(self.trips.driven_capacity, charges, status)

    def charged_periods(self, since: datetime | None = None) -> Iterator[Period]:
        """Yield the energy of the charges that have ended since a time, or of all."""
        return charged_periods(self.charges, self.trips, self.capacities, since)

    def with_missed_charges(self) -> Self:
        """Return the history with the charges that only the levels of trips imply."""
        if self.charged is None or self.charges.read_until is None:
            return self
        found = missed_charges(
            self.charges.records,
            self.trips,
            self.capacities,
            self.charged.since,
            self.charges.read_until,
        )
        return replace(self, charges=self.charges.with_fetched(found, None))

    def with_charged(self, now: datetime) -> Self:
        """Return the history with the energy charged by a time."""
        if self.charged is None:
            return self
        periods = self.charged_periods(self.charged.since)
        charged = self.charged.updated(periods, now, self.charges.current)
        return self if charged == self.charged else replace(self, charged=charged)

    def with_capacity(self, capacity: float | None) -> Self:
        """Return the history with a capacity for the trips that have none."""
        known = {one.id: self.capacities.get(one.id, capacity) for one in self.trips}
        capacities = {trip_id: one for trip_id, one in known.items() if one}
        if capacities == self.capacities:
            return self
        return replace(self, capacities=capacities)

    def recalculated(self, capacity: float) -> Self:
        """Return the history with all charges and trips converted with a capacity in kWh.

        The total of the energy charged stays.
        """
        charges = tuple(
            replace(one, usable_capacity=capacity * 1000)
            for one in self.charges.records
        )
        history = replace(
            self,
            charges=replace(self.charges, records=charges),
            capacities={one.id: capacity for one in self.trips.records},
        )
        if history.charged is None:
            return history
        periods = history.charged_periods(history.charged.since)
        charged = history.charged.recounted(periods, history.charges.current)
        return replace(history, charged=charged)

    @cached_property
    def last_trip(self) -> DetailedTrip:
        """Return the last trip that has ended, without values if there is none."""
        return (self.trips.latest or Trip()).detailed()

    @cached_property
    def last_consumptions(self) -> Mapping[EnergyType, Consumption]:
        """Return what the last trip consumed."""
        return trip_consumptions(self.last_trip, self.capacity_of(self.last_trip))

    def capacity_of(self, trip: Trip) -> float | None:
        """Return the usable capacity in kWh of the time when a trip was fetched."""
        return self.capacities.get(trip.id)
