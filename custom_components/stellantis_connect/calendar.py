"""Calendars for Stellantis Connect."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEntityFeature,
    CalendarEvent,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .api.models.energy import EnergyType
from .api.models.position import Position
from .api.models.program import Program
from .api.models.remote_actions import AirConditioning
from .api.models.trips import MAX_TRIP_DURATION, Trip
from .availability.catalog import TRIPS
from .commands.errors import vehicle_error
from .commands.program_calendar import free_slot, program_events, program_of_event
from .entity import (
    CommandDescription,
    CommandEntity,
    StellantisEntity,
    StellantisEntityDescription,
    async_setup_entities,
)
from .history.charging import Charge
from .history.journal import JournalTrip
from .history.records import end_of, has_ended, start_of
from .journal import vehicle_trips
from .models import MAX_DRIVING_AGE, Activity
from .runtime import StellantisConfigEntry
from .translation import command_name
from .trip_title import trip_title
from .units import DURATION, ENERGY, FUEL, POWER, SPEED, decimal, formatted
from .zones import coordinates_text

PARALLEL_UPDATES = 0

MIN_DURATION = timedelta(minutes=1)
WEEK = timedelta(weeks=1)
# As the calendar of Home Assistant names it.
ALL_FUTURE_EVENTS = "THISANDFUTURE"


@dataclass(frozen=True, kw_only=True)
class StellantisCalendarDescription[RecordT: (Trip, Charge)](
    CalendarEntityDescription, StellantisEntityDescription[tuple[RecordT, ...]]
):
    """Describe a calendar."""


class TripCalendar(StellantisEntity[tuple[Trip, ...]], CalendarEntity):
    """The calendar of a car's trips."""

    entity_description: StellantisCalendarDescription[Trip]

    @property
    @override
    def event(self) -> CalendarEvent | None:
        car = self.coordinator.data
        if car.activity is not Activity.DRIVING or not car.history.trips.open:
            return None
        now = dt_util.utcnow()
        return self._event(self._trips(now, now)[-1])

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        events = map(self._event, self._trips(start_date, end_date))
        return [
            event
            for event in events
            if event.start_datetime_local < end_date
            and event.end_datetime_local > start_date
        ]

    def _trips(self, start: datetime, end: datetime) -> list[JournalTrip]:
        """Return the trips of a range and some around it, which may belong to them."""
        trips = [
            trip
            for trip in self.coordinator.data.history.trips
            if start - MAX_TRIP_DURATION < start_of(trip) < end + MAX_TRIP_DURATION
        ]
        return vehicle_trips(self.coordinator, trips)

    def _event(self, journal_trip: JournalTrip) -> CalendarEvent:
        trip = journal_trip.trip
        start = start_of(trip)
        end = end_of(trip) or dt_util.utcnow() + MAX_DRIVING_AGE
        measurements = (
            (DURATION, None if trip.duration is None else trip.duration / 60),
            (SPEED, trip.avg_speed),
            (ENERGY, journal_trip.amount(EnergyType.ELECTRIC)),
            (FUEL, journal_trip.amount(EnergyType.FUEL)),
        )
        texts = (formatted(self.hass, *measurement) for measurement in measurements)
        return CalendarEvent(
            start=start,
            end=max(end, start + MIN_DURATION),
            summary=trip_title(self.hass, trip),
            description=_joined(*texts) if has_ended(trip) else None,
            location=coordinates_text(trip.stop_position),
            uid=trip.id,
        )


@dataclass(frozen=True, kw_only=True)
class ProgramCalendarDescription(
    CalendarEntityDescription, CommandDescription[tuple[Program, ...]]
):
    """Describe the calendar of preconditioning programs."""


class ProgramCalendar(CommandEntity[tuple[Program, ...]], CalendarEntity):
    """The calendar of a car's preconditioning programs, which changes them."""

    entity_description: ProgramCalendarDescription
    _attr_supported_features = (
        CalendarEntityFeature.CREATE_EVENT
        | CalendarEntityFeature.DELETE_EVENT
        | CalendarEntityFeature.UPDATE_EVENT
    )

    @property
    @override
    def event(self) -> CalendarEvent | None:
        now = dt_util.now()
        return next(self._events(now, now + WEEK), None)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        return [*self._events(start_date, end_date)]

    def _events(self, start: datetime, end: datetime) -> Iterator[CalendarEvent]:
        return program_events(self.hass, self.reported_value or (), start, end)

    @override
    async def async_create_event(self, **kwargs: Any) -> None:
        """Set a program that is not set.

        Raises:
            HomeAssistantError: there is none, or the command failed.

        """
        slot = free_slot(self.coordinator.vehicle, self.coordinator.data)
        if slot is None:
            raise self._error("no_free_program")
        await self._async_set_program(slot, kwargs)

    @override
    async def async_update_event(
        self,
        uid: str,
        event: dict[str, Any],
        recurrence_id: str | None = None,
        recurrence_range: str | None = None,
    ) -> None:
        """Change a program, whose events cannot differ.

        Raises:
            HomeAssistantError: a single one is to be changed, or the command failed.

        """
        self._require_all_events(recurrence_id, recurrence_range)
        await self._async_set_program(int(uid), event)

    @override
    async def async_delete_event(
        self,
        uid: str,
        recurrence_id: str | None = None,
        recurrence_range: str | None = None,
    ) -> None:
        """Delete a program, whose events cannot differ.

        Raises:
            HomeAssistantError: a single one is to be deleted, or the command failed.

        """
        self._require_all_events(recurrence_id, recurrence_range)
        await self.async_command(AirConditioning(deleted_slots=(int(uid),)))

    async def _async_set_program(self, slot: int, event: Mapping[str, Any]) -> None:
        if (program := program_of_event(slot, event)) is None:
            raise self._error("program_not_possible")
        await self.async_command(AirConditioning(programs=(program,)))

    def _require_all_events(self, recurrence_id: str | None, which: str | None) -> None:
        if recurrence_id and which != ALL_FUTURE_EVENTS:
            raise self._error("program_as_a_whole")

    def _error(self, key: str) -> HomeAssistantError:
        command = command_name(self.hass, "set_preconditioning_program")
        return vehicle_error(self.coordinator, command, key)


PROGRAM_CALENDAR = ProgramCalendarDescription(
    key="programs",
    remotes=("remote_preconditioning_programs",),
    value_fn=lambda car: car.status.preconditioning.programs,
)


class ChargeCalendar(StellantisEntity[tuple[Charge, ...]], CalendarEntity):
    """The calendar of a car's charges."""

    entity_description: StellantisCalendarDescription[Charge]

    @property
    @override
    def event(self) -> CalendarEvent | None:
        charge = self.coordinator.data.history.charges.current
        return self._event(charge) if charge else None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        return [
            self._event(charge)
            for charge in self.coordinator.data.history.charges
            if charge.started_at < end_date
            and (charge.ended_at or dt_util.utcnow()) > start_date
        ]

    def _event(self, charge: Charge) -> CalendarEvent:
        place, duration = charge.place, charge.duration
        minutes = duration / timedelta(minutes=1) if duration else None
        return CalendarEvent(
            start=charge.started_at,
            end=max(
                charge.ended_at or dt_util.utcnow(), charge.started_at + MIN_DURATION
            ),
            summary=_joined(
                place.zone,
                formatted(self.hass, ENERGY, charge.energy)
                or f"{charge.end_level - charge.start_level:.0f}%",
                self._cost(charge),
            ),
            description=_joined(
                f"{charge.start_level:.0f}% – {charge.end_level:.0f}%",
                formatted(self.hass, DURATION, minutes),
                formatted(self.hass, POWER, charge.power),
            ),
            location=coordinates_text(
                Position(latitude=place.latitude, longitude=place.longitude)
            ),
            uid=charge.id,
        )

    def _cost(self, charge: Charge) -> str | None:
        if charge.cost is None:
            return None
        return f"{decimal(self.hass, charge.cost, 2)} {charge.currency}"


def _joined(*texts: str | None) -> str:
    return ", ".join(filter(None, texts))


TRIP_CALENDAR = StellantisCalendarDescription[Trip](
    key="trips",
    source=TRIPS,
    value_fn=lambda car: car.history.trips.fetched,
)

CHARGE_CALENDAR = StellantisCalendarDescription[Charge](
    key="charges",
    entity_registry_enabled_default=False,
    value_fn=lambda car: car.history.charges.records or None,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the calendar of each car."""
    await async_setup_entities(entry, async_add_entities, TripCalendar, [TRIP_CALENDAR])
    await async_setup_entities(
        entry, async_add_entities, ProgramCalendar, [PROGRAM_CALENDAR]
    )
    await async_setup_entities(
        entry, async_add_entities, ChargeCalendar, [CHARGE_CALENDAR]
    )
