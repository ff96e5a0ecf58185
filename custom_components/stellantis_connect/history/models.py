"""The history of a car."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Self

from ..api.models.alarms import AlarmDetails
from ..api.models.alerts import Alert
from ..api.models.collisions import Collision
from ..api.models.status import Status
from ..api.models.trips import Trip
from .capacity import Capacity, learned_capacity
from .charging import Charge, next_charge
from .records import MAX_CHARGES, FetchedRecords, Records

YEAR = timedelta(days=366)
DEFAULT_CHARGE_YEARS = 5


def charge_records(years: int = DEFAULT_CHARGE_YEARS) -> Records[Charge]:
    """Return records of charges, still empty, that are kept for some years."""
    return Records(max_age=years * YEAR, max_records=MAX_CHARGES)


@dataclass(frozen=True, kw_only=True)
class History:
    """What happened to a car: charges derived from statuses, the rest from lists.

    Attributes:
        capacities: kWh of a full battery when each trip was fetched, by the trip's id. A capacity
            that is reported later does not change what past trips consumed.
    """

    alerts: Records[Alert] = field(default_factory=Records)
    alarms: Records[AlarmDetails] = field(default_factory=Records)
    collisions: Records[Collision] = field(default_factory=Records)
    trips: Records[Trip] = field(default_factory=Records)
    charges: Records[Charge] = field(default_factory=charge_records)
    capacities: Mapping[str, float] = field(default_factory=dict)

    def with_fetched(self, fetched: FetchedRecords[Any], status: Status) -> Self:
        """Return the history with records that were fetched while the car had a status."""
        records: Records[Any] = getattr(self, fetched.kind)
        changes: dict[str, Any] = {
            fetched.kind: records.with_fetched(fetched.records, fetched.read_until)
        }
        history = replace(self, **changes)
        capacity = history.usable_capacity(status)
        return history.with_capacity(capacity.energy if capacity else None)

    def with_status(self, before: Status, now: Status) -> Self:
        """Return the history with the charge that two successive statuses imply."""
        if now.updated_at is None or now.electric is None:
            return self
        current = next(iter(self.charges.open), None)
        capacity = self.usable_capacity(now)
        charge = next_charge(
            current, before, now, capacity.energy * 1000 if capacity else None
        )
        if charge == current and self.charges.read_until:
            return self
        charges = self.charges.with_fetched([charge] if charge else [], now.updated_at)
        return replace(self, charges=charges)

    def usable_capacity(self, status: Status) -> Capacity | None:
        """Return the usable capacity of the battery while the car has a status."""
        return learned_capacity(
            reversed(self.trips.records), reversed(self.charges.records), status
        )

    def with_capacity(self, capacity: float | None) -> Self:
        """Return the history with a capacity for the trips that have none."""
        known = {one.id: self.capacities.get(one.id, capacity) for one in self.trips}
        capacities = {trip_id: one for trip_id, one in known.items() if one}
        if capacities == self.capacities:
            return self
        return replace(self, capacities=capacities)

    def capacity_of(self, trip: Trip) -> float | None:
        """Return the usable capacity in kWh of the time when a trip was fetched."""
        return self.capacities.get(trip.id)
