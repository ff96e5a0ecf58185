"""The calendar: where a car went, and when."""

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
from .api.models.scope import Scope
from .api.models.trips import Trip
from .entity import StellantisEntity, StellantisEntityDescription, async_setup_entities
from .history.consumption import capacity_of, used
from .models import DRIVING_IS_STALE_AFTER, Activity
from .polling.endpoints import Endpoint
from .runtime import StellantisConfigEntry

PARALLEL_UPDATES = 0

SHORTEST = timedelta(minutes=1)
UNITS = {EnergyType.ELECTRIC: "kWh", EnergyType.FUEL: "L"}


@dataclass(frozen=True, kw_only=True)
class StellantisCalendarDescription(
    CalendarEntityDescription, StellantisEntityDescription[tuple[Trip, ...]]
):
    """The calendar of a car."""


class TripCalendar(StellantisEntity[tuple[Trip, ...]], CalendarEntity):
    """The trips of a car, as far back as they are kept."""

    entity_description: StellantisCalendarDescription

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """Return the trip that the car is on."""
        car = self.coordinator.data
        if car.activity is not Activity.DRIVING or not car.history.trips.open:
            return None
        return self._event(car.history.trips.open[-1])

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return the trips that lie in a range, if only in part."""
        events = filter(None, map(self._event, self.coordinator.data.history.trips))
        return [
            event
            for event in events
            if event.start_datetime_local < end_date
            and event.end_datetime_local > start_date
        ]

    def _event(self, trip: Trip) -> CalendarEvent | None:
        """Return a trip in a language that everybody reads: that of units."""
        if trip.started_at is None:
            return None
        end = trip.stopped_at or dt_util.utcnow() + DRIVING_IS_STALE_AFTER
        if trip.done and trip.stopped_at is None:
            end = trip.started_at + timedelta(seconds=trip.duration or 0)
        return CalendarEvent(
            start=trip.started_at,
            end=max(end, trip.started_at + SHORTEST),
            summary=_joined(
                (trip.distance, "km"), (trip.duration and trip.duration / 60, "min")
            ),
            description=_joined((trip.avg_speed, "km/h"), *self._energies(trip)),
            location=_place(trip.stop_position),
            uid=trip.id,
        )

    def _energies(self, trip: Trip) -> list[tuple[float | None, str]]:
        capacity = capacity_of(self.coordinator.data.status)
        amounts = (
            (used(trip, energy, capacity), unit) for energy, unit in UNITS.items()
        )
        return [(one.amount, unit) for one, unit in amounts if one]


def _joined(*measures: tuple[float | None, str]) -> str:
    return ", ".join(
        f"{value:.0f} {unit}" if unit in ("min", "km/h") else f"{value:.1f} {unit}"
        for value, unit in measures
        if value is not None
    )


def _place(position: Position) -> str | None:
    if position.latitude is None or position.longitude is None:
        return None
    return f"{position.latitude:.5f}, {position.longitude:.5f}"


TRIPS = StellantisCalendarDescription(
    key="trips",
    translation_key="trips",
    resource=Endpoint.TRIPS,
    scope=Scope.TRIP,
    value_fn=lambda car: (
        car.history.trips.records if car.history.trips.read_until else None
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the calendar of each car."""
    await async_setup_entities(entry, async_add_entities, TripCalendar, [TRIPS])
