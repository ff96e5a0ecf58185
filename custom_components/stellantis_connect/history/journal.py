"""Trips as an owner counts them: those with short stops between them as one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ..api.models.energy import EnergyType
from ..api.models.trips import DetailedTrip, Trip
from .consumption import Consumption, trip_consumptions
from .records import end_of, start_of

# What only the last of several trips says of them as one, and what no part does.
OF_END = ("updatedAt", "stoppedAt", "stopPosition", "endEnergies", "done")
PARTIAL = (*OF_END, "energyConsumptions", "segments", "faults")


@dataclass(frozen=True, kw_only=True)
class JournalTrip:
    """A trip, or several as one.

    Attributes:
        trip: the whole trip; its duration is the time of driving.
        trip_ids: the ids of its parts.
        consumptions: the known consumptions by type of energy.
    """

    trip: DetailedTrip
    trip_ids: Sequence[str]
    consumptions: Mapping[EnergyType, Consumption]

    def amount(self, energy: EnergyType) -> float | None:
        """Return how much of an energy was consumed, in kWh or liters."""
        consumption = self.consumptions.get(energy)
        return consumption.amount if consumption else None


def journal_trips(
    trips: Iterable[Trip],
    max_stop: timedelta,
    capacity_fn: Callable[[Trip], float | None],
) -> list[JournalTrip]:
    """Return trips, those with stops under a duration between them as one.

    Args:
        trips: the trips, oldest first.
        max_stop: the duration; zero merges nothing.
        capacity_fn: returns kWh of a full battery at a trip.

    """
    return [_merged(parts, capacity_fn) for parts in _grouped(trips, max_stop)]


def _grouped(trips: Iterable[Trip], max_stop: timedelta) -> Iterator[list[Trip]]:
    parts: list[Trip] = []
    for trip in trips:
        end = end_of(parts[-1]) if parts else None
        if parts and not (end and max_stop and start_of(trip) - end < max_stop):
            yield parts
            parts = []
        parts.append(trip)
    if parts:
        yield parts


def _merged(
    trips: Sequence[Trip], capacity_fn: Callable[[Trip], float | None]
) -> JournalTrip:
    parts = [one.detailed() for one in trips]
    trip = _as_one(parts)
    known = [trip_consumptions(part, capacity_fn(part)) for part in parts]
    return JournalTrip(
        trip=trip,
        trip_ids=[part.id for part in parts],
        consumptions={
            energy: _total([one[energy] for one in known], trip.distance)
            for energy in EnergyType
            if all(energy in one for one in known)
        },
    )


def _as_one(parts: Sequence[DetailedTrip]) -> DetailedTrip:
    first, last = parts[0], parts[-1]
    if first is last:
        return first
    distance = _sum([part.distance for part in parts])
    seconds = _sum([part.duration for part in parts])
    raw, last_raw = first.raw, last.raw
    return DetailedTrip.from_json(
        {
            **{key: raw[key] for key in raw if key not in PARTIAL},
            **{key: last_raw[key] for key in OF_END if key in last_raw},
            "duration": seconds,
            "distance": distance,
            "kinetic": {
                "avgSpeed": distance / seconds * 1000 if distance and seconds else None,
                "maxSpeed": max(part.max_speed or 0 for part in parts),
            },
        }
    )


def _sum(amounts: Sequence[float | None]) -> float | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None


def _total(consumptions: Sequence[Consumption], distance: float | None) -> Consumption:
    if len(consumptions) == 1:
        return consumptions[0]
    amount = sum(one.amount for one in consumptions)
    return Consumption(
        amount=amount,
        average=amount / distance * 100 if distance else None,
        estimated=any(one.estimated for one in consumptions),
    )
