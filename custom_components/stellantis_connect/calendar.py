"""Calendars for Stellantis Connect."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEvent,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .api.models.energy import EnergyType
from .api.models.position import Position
from .api.models.trips import MAX_TRIP_DURATION, Trip
from .availability.catalog import TRIPS
from .entity import StellantisEntity, StellantisEntityDescription, async_setup_entities
from .history.consumption import Consumption
from .history.journal import JournalTrip
from .history.records import end_of, has_ended, start_of
from .journal import vehicle_trips
from .models import MAX_DRIVING_AGE, Activity
from .runtime import StellantisConfigEntry
from .trip_title import trip_title
from .units import DURATION, ENERGY, FUEL, SPEED, formatted

PARALLEL_UPDATES = 0

MIN_DURATION = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class StellantisCalendarDescription(
    CalendarEntityDescription, StellantisEntityDescription[tuple[Trip, ...]]
):
    """Describe a calendar."""


class TripCalendar(StellantisEntity[tuple[Trip, ...]], CalendarEntity):
    """The calendar of a car's trips."""

    entity_description: StellantisCalendarDescription

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """Return the trip in progress."""
        car = self.coordinator.data
        if car.activity is not Activity.DRIVING or not car.history.trips.open:
            return None
        now = dt_util.utcnow()
        return self._event(self._trips(now, now)[-1])

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return the trips of a range."""
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
        consumptions = journal_trip.consumptions
        measurements = (
            (DURATION, None if trip.duration is None else trip.duration / 60),
            (SPEED, trip.avg_speed),
            (ENERGY, _amount(consumptions.get(EnergyType.ELECTRIC))),
            (FUEL, _amount(consumptions.get(EnergyType.FUEL))),
        )
        texts = (formatted(self.hass, *measurement) for measurement in measurements)
        return CalendarEvent(
            start=start,
            end=max(end, start + MIN_DURATION),
            summary=trip_title(self.hass, trip),
            description=", ".join(filter(None, texts)) if has_ended(trip) else None,
            location=_location(trip.stop_position),
            uid=trip.id,
        )


def _amount(consumption: Consumption | None) -> float | None:
    return consumption.amount if consumption else None


def _location(position: Position) -> str | None:
    if position.latitude is None or position.longitude is None:
        return None
    return f"{position.latitude:.5f}, {position.longitude:.5f}"


TRIP_CALENDAR = StellantisCalendarDescription(
    key="trips",
    source=TRIPS,
    value_fn=lambda car: (
        car.history.trips.records if car.history.trips.read_until else None
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the calendar of each car."""
    await async_setup_entities(entry, async_add_entities, TripCalendar, [TRIP_CALENDAR])
