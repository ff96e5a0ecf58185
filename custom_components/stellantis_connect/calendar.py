"""Calendars for Stellantis Connect."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import override

from homeassistant.components.calendar import (
    CalendarEntity,
    CalendarEntityDescription,
    CalendarEvent,
)
from homeassistant.const import UnitOfEnergy, UnitOfLength, UnitOfSpeed, UnitOfVolume
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .api.models.energy import EnergyType
from .api.models.position import Position
from .api.models.trips import Trip
from .availability.catalog import TRIPS
from .entity import StellantisEntity, StellantisEntityDescription, async_setup_entities
from .history.consumption import trip_consumption
from .history.records import end_of, start_of
from .models import MAX_DRIVING_AGE, Activity
from .runtime import StellantisConfigEntry

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
        return self._event(car.history.trips.open[-1])

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return the trips of a range."""
        events = map(self._event, self.coordinator.data.history.trips)
        return [
            event
            for event in events
            if event.start_datetime_local < end_date
            and event.end_datetime_local > start_date
        ]

    def _event(self, trip: Trip) -> CalendarEvent:
        """Return a trip, described by measurements, which need no translation."""
        start = start_of(trip)
        end = end_of(trip) or dt_util.utcnow() + MAX_DRIVING_AGE
        minutes = None if trip.duration is None else trip.duration / 60
        return CalendarEvent(
            start=start,
            end=max(end, start + MIN_DURATION),
            summary=_joined(
                _measurement(trip.distance, UnitOfLength.KILOMETERS, 1),
                _measurement(minutes, "min"),
            ),
            description=_joined(
                _measurement(trip.avg_speed, UnitOfSpeed.KILOMETERS_PER_HOUR),
                self._consumption(
                    trip, EnergyType.ELECTRIC, UnitOfEnergy.KILO_WATT_HOUR
                ),
                self._consumption(trip, EnergyType.FUEL, UnitOfVolume.LITERS),
            ),
            location=_location(trip.stop_position),
            uid=trip.id,
        )

    def _consumption(self, trip: Trip, energy: EnergyType, unit: str) -> str | None:
        capacity = self.coordinator.data.history.capacity_of(trip)
        consumption = trip_consumption(trip, energy, capacity)
        return _measurement(consumption.amount if consumption else None, unit, 1)


def _measurement(value: float | None, unit: str, digits: int = 0) -> str | None:
    return None if value is None else f"{value:.{digits}f} {unit}"


def _joined(*measurements: str | None) -> str:
    return ", ".join(filter(None, measurements))


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
