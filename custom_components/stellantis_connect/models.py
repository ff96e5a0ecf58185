"""The state of a car, and its activity."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from homeassistant.util import dt as dt_util

from .api.models.energy import NO_ENERGY, Energy
from .api.models.maintenance import Maintenance
from .api.models.status import Status
from .api.models.telemetry import Telemetry
from .commands.models import MAX_CHARGE_LIMIT, ChargeLimit, CommandState
from .history.capacity import Capacity
from .history.charging import EnergySource, Measurement
from .history.models import History
from .history.records import FetchedRecords

JUST_USED_PERIOD = timedelta(minutes=10)
# A driving car reports every minute; one that does not has lost its network.
MAX_DRIVING_AGE = timedelta(hours=1)
MAX_CHARGING_AGE = timedelta(days=1)
# Longer than a week, so that it is parked for an owner who drives on the same day of each.
SILENT_AFTER = timedelta(days=8)


@dataclass(frozen=True, kw_only=True)
class ZoneEvent:
    """The last time that a car entered a zone or left all of them, as the platform reported it.

    Attributes:
        entity_id: the zone that the car entered; None after it has left.
    """

    entity_id: str | None
    occurred_at: datetime


type FetchedData = Status | Maintenance | Telemetry | FetchedRecords[Any] | ZoneEvent


class Activity(StrEnum):
    """The activity of a car."""

    DRIVING = "driving"
    CHARGING = "charging"
    JUST_USED = "just_used"
    PARKED = "parked"
    SILENT = "silent"


@dataclass(frozen=True, kw_only=True)
class VehicleState:
    """The state of a car: the newest responses, its history and its commands.

    Attributes:
        stopped_at: when it was first known that the car had stopped.
        used_at: the same of the last time that it stopped, was locked or plugged, or a door moved.
    """

    status: Status = field(default_factory=Status)
    maintenance: Maintenance = field(default_factory=Maintenance)
    telemetry: Telemetry = field(default_factory=Telemetry)
    history: History = field(default_factory=History)
    stopped_at: datetime | None = None
    used_at: datetime | None = None
    commands: CommandState = field(default_factory=CommandState)
    charge_limit: ChargeLimit = field(default_factory=ChargeLimit)
    zone_event: ZoneEvent | None = None

    def merge(self, data: FetchedData) -> Self:
        """Return the state with a response, or itself if the response is older.

        Back-ends may respond in turn, one of them with older data. The platform's time of the
        whole response decides: some cars report blocks whose own time never changes. A response
        without a time is always merged.
        """
        match data:
            case Status():
                return self if _is_older(data, self.status) else self._with_status(data)
            case Maintenance():
                older = _is_older(data, self.maintenance)
                return self if older else replace(self, maintenance=data)
            case Telemetry():
                return replace(self, telemetry=data)
            case FetchedRecords():
                return replace(
                    self, history=self.history.with_fetched(data, self.status)
                )
            case ZoneEvent():
                return self._with_zone_event(data)

    def _with_status(self, status: Status) -> Self:
        status = status.with_odometer(self.status)
        now = dt_util.utcnow()
        has_moved = _differ(self.status.odometer.mileage, status.odometer.mileage)
        stopped = not status.driving and (self.status.driving or has_moved)
        controls = zip(_controls(self.status), _controls(status), strict=True)
        used = any(_differ(before, after) for before, after in controls)
        return replace(
            self,
            status=status,
            history=self.history.with_status(self.status, status),
            stopped_at=now if stopped else self.stopped_at,
            used_at=now if stopped or used else self.used_at,
        )

    def _with_zone_event(self, event: ZoneEvent) -> Self:
        """Return the state after a zone was entered or left, unless more is known since."""
        times = (
            self.status.updated_at,
            self.zone_event.occurred_at if self.zone_event else None,
        )
        if any(time and event.occurred_at < time for time in times):
            return self
        return replace(self, zone_event=event)

    def with_set_capacity(self, capacity: float | None) -> Self:
        """Return the state with a usable capacity in kWh; None for the learned one."""
        return replace(self, history=replace(self.history, set_capacity=capacity))

    @property
    def electric(self) -> Energy:
        """Return the electric energy, without values if the car has none."""
        return self.status.electric or NO_ENERGY

    @property
    def fuel(self) -> Energy:
        """Return the fuel, without values if the car has none."""
        return self.status.fuel or NO_ENERGY

    @cached_property
    def usable_capacity(self) -> Capacity | None:
        """Return the usable capacity of the battery."""
        return self.history.usable_capacity(self.status)

    @property
    def entered_zone(self) -> str | None:
        """Return the zone that a car has entered since its last position."""
        located_at = self.status.last_position.created_at
        event = self.zone_event
        if event is None or (located_at and located_at > event.occurred_at):
            return None
        return event.entity_id

    @cached_property
    def charging_power(self) -> Measurement | None:
        """Return the power in kW, which is 0 while the battery does not charge."""
        if self.status.charging is False:
            return Measurement(value=0, source=EnergySource.REPORTED)
        charge = self.history.charges.current
        if charge is None or not self.status.charging:
            return None
        return charge.present_power(self.status)

    @cached_property
    def charging_end(self) -> datetime | None:
        """Return when the charge ends: as the car reports it, or earlier at its limit."""
        reported = self.status.charging_end
        if not self.is_charging_to_limit:
            return reported
        ends = (one for one in (reported, self._charge_limit_end) if one)
        return min(ends, default=None)

    @property
    def is_charging_to_limit(self) -> bool:
        """Return whether the charge is to be stopped at its limit."""
        limit = self.charge_limit
        return (
            self.status.charging is True
            and not limit.is_met
            and limit.level < MAX_CHARGE_LIMIT
            and not limit.is_reached(self.status)
        )

    @property
    def _charge_limit_end(self) -> datetime | None:
        """Return when the limit is reached at the present power, or at the average to the full battery."""
        level = self.electric.level
        now, reported = self.status.updated_at, self.status.charging_end
        if level is None or now is None:
            return None
        missing = self.charge_limit.level - level
        capacity = self.usable_capacity
        if capacity and (power := self.charging_power):
            energy = missing / 100 * capacity.energy
            return now + timedelta(hours=energy / power.value)
        if reported is None:
            return None
        return now + (reported - now) * (missing / (MAX_CHARGE_LIMIT - level))

    @property
    def has_just_stopped(self) -> bool:
        """Return whether the car has stopped within some minutes."""
        return _is_recent(self.stopped_at, dt_util.utcnow())

    @property
    def is_driving(self) -> bool:
        """Return whether the car moves, as it has recently reported."""
        return self.status.driving and self._age < MAX_DRIVING_AGE

    @property
    def _age(self) -> timedelta:
        """Return the age of the status."""
        now = dt_util.utcnow()
        return now - (self.status.updated_at or now)

    @property
    def activity(self) -> Activity:
        """Return the activity; for some minutes a command counts as a use."""
        now, age = dt_util.utcnow(), self._age
        last = self.commands.last
        is_just_used = _is_recent(self.used_at, now) or _is_recent(
            last.settled_at if last else None, now
        )
        if age > SILENT_AFTER and not is_just_used:
            return Activity.SILENT
        if self.is_driving:
            return Activity.DRIVING
        if self.status.charging and age < MAX_CHARGING_AGE:
            return Activity.CHARGING
        return Activity.JUST_USED if is_just_used else Activity.PARKED


def _is_recent(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and timedelta() <= now - moment < JUST_USED_PERIOD


def _is_older[T: (Status, Maintenance)](data: T, held: T) -> bool:
    """Return whether a response is older than the held one, by the platform's times alone."""
    if data.updated_at is None or held.updated_at is None:
        return False
    return data.updated_at < held.updated_at


def _controls(status: Status) -> tuple[bool | None, ...]:
    """Return what a person changes at a parked car."""
    plugged = status.electric.charging.plugged if status.electric else None
    return status.doors_state.locked, status.doors_state.any_open, plugged


def _differ(before: object, now: object) -> bool:
    """Return whether two known values differ."""
    return before is not None and now is not None and before != now
