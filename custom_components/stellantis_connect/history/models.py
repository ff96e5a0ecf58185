"""The history of a car."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self

from homeassistant.util import dt as dt_util

from ..api.models.alarms import AlarmDetails
from ..api.models.alerts import Alert
from ..api.models.collisions import Collision
from ..api.models.status import Status
from ..api.models.trips import Trip
from .capacity import Capacity, CapacitySource, driven_capacity, learned_capacity
from .charged import ChargedEnergy, Period, charged_periods
from .charging import Charge, next_charge
from .health import BatteryHealth, battery_health
from .records import MAX_CHARGES, MAX_RECORD_AGE, FetchedRecords, Records

YEAR = timedelta(days=366)
DEFAULT_CHARGE_YEARS = 5


def charge_records(years: int = DEFAULT_CHARGE_YEARS) -> Records[Charge]:
    """Return records of charges, still empty, that are kept for some years."""
    return Records(max_age=years * YEAR, max_records=MAX_CHARGES)


class TripRecords(Records[Trip]):
    """The trips, and what they imply."""

    @cached_property
    def driven_capacity(self) -> Capacity | None:
        """Return the usable capacity that they imply."""
        return driven_capacity(reversed(self.records))


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
    alarms: Records[AlarmDetails] = field(default_factory=Records)
    collisions: Records[Collision] = field(default_factory=Records)
    trips: TripRecords = field(default_factory=TripRecords)
    charges: Records[Charge] = field(default_factory=charge_records)
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
        return history.with_charged(dt_util.utcnow())

    def with_status(self, before: Status, now: Status) -> Self:
        """Return the history with the charge that two successive statuses imply."""
        if now.updated_at is None or now.electric is None:
            return self
        current, capacity = self.current_charge, self.usable_capacity(now)
        charge = next_charge(
            current, before, now, capacity.energy * 1000 if capacity else None
        )
        if charge == current and self.charges.read_until and self.charged:
            return self
        charged = self.charged or ChargedEnergy(since=now.updated_at)
        if charge is None:
            charges = self.charges.with_fetched([], now.updated_at)
        else:
            charges = self.charges.with_newest(charge, now.updated_at)
        if current and charge and charge.ended_at is None and charged.ended is not None:
            charged = charged.with_present(charge)
            history = replace(self, charges=charges, charged=charged)
            # It follows from the charges that have ended, which are the same.
            vars(history)["battery_health"] = self.battery_health
            return history
        history = replace(self, charges=charges, charged=charged)
        return history.with_charged(now.updated_at)

    @property
    def current_charge(self) -> Charge | None:
        """Return the charge in progress, which is the last."""
        last = self.charges.records[-1:]
        return next((one for one in last if one.ended_at is None), None)

    @property
    def ended_charges(self) -> tuple[Charge, ...]:
        """Return the charges that have ended."""
        records = self.charges.records
        return records[:-1] if self.current_charge else records

    @cached_property
    def unsettled_charges(self) -> tuple[Charge, ...]:
        """Return the charges whose places and prices are not final."""
        return tuple(one for one in self.charges.records if not one.settled)

    @cached_property
    def currency(self) -> str | None:
        """Return the currency of the latest charge whose price is known."""
        charges = reversed(self.charges.records)
        return next((one.currency for one in charges if one.currency), None)

    @property
    def missed_charges(self) -> list[Charge]:
        """Return the charges of which statuses were missed, and may still be fetched."""
        oldest = dt_util.utcnow() - MAX_RECORD_AGE
        charges = self.unsettled_charges
        return [one for one in charges if one.started_at >= oldest and one.has_gap]

    def usable_capacity(self, status: Status) -> Capacity | None:
        """Return the usable capacity of the battery while the car has a status."""
        if self.set_capacity is not None:
            return Capacity(energy=self.set_capacity, source=CapacitySource.SET)
        return self.learned_capacity(status)

    def learned_capacity(self, status: Status) -> Capacity | None:
        """Return the usable capacity that charges and trips imply."""
        charges = reversed(self.charges.records)
        return learned_capacity(self.trips.driven_capacity, charges, status)

    @cached_property
    def battery_health(self) -> BatteryHealth | None:
        """Return the health of the battery that the charges imply."""
        return battery_health(self.charges)

    def charged_periods(self, since: datetime | None = None) -> Iterator[Period]:
        """Yield the energy of the charges that have ended since a time, or of all."""
        return charged_periods(self.charges, self.trips, self.capacities, since)

    def with_charged(self, now: datetime) -> Self:
        """Return the history with the energy charged by a time."""
        if self.charged is None:
            return self
        periods = self.charged_periods(self.charged.since)
        charged = self.charged.updated(periods, now, self.current_charge)
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
        charged = history.charged.recounted(periods, history.current_charge)
        return replace(history, charged=charged)

    def capacity_of(self, trip: Trip) -> float | None:
        """Return the usable capacity in kWh of the time when a trip was fetched."""
        return self.capacities.get(trip.id)
