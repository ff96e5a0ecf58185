"""The usable capacity of a battery: what the car reports, unless its trips contradict that."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from statistics import median

from ..api.models.energy import NO_ENERGY
from ..api.models.status import Status
from ..api.models.trips import Trip
from .charging import CAPACITY_TOLERANCE, ROUNDING, Charge

# How many of the latest charges and trips count.
MAX_CHARGES = 20
MAX_TRIPS = 100
# Percent; the consumption of a trip with a smaller use shows how the levels are rounded.
MIN_LEVEL_USED = 2.0
# Percent; with less in all, the trips say too little.
MIN_TOTAL_LEVEL_USED = 100.0
MIN_TRIPS = 3
MIN_CHARGES = 5
# Percent; with less in all, the rounding of levels weighs too much.
MIN_TOTAL_LEVEL_GAIN = 100.0
# By how much a trip may differ from most, besides the rounding of its levels.
TRIP_TOLERANCE = 0.2
# kWh; of traction batteries.
MIN_CAPACITY = 5.0
MAX_CAPACITY = 200.0


class CapacitySource(StrEnum):
    """Where a usable capacity comes from."""

    REPORTED = "reported"
    LEARNED = "learned"
    SET = "set"


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """The usable capacity of a battery.

    Attributes:
        energy: kWh.
        source: where it comes from.
        trips: the number of trips that it was learned from.
        charges: the number of charges during which it was reported.
    """

    energy: float
    source: CapacitySource
    trips: int = 0
    charges: int = 0


def learned_capacity(
    driven: Capacity | None, charges: Iterable[Charge], status: Status
) -> Capacity | None:
    """Return the usable capacity that charges and trips imply.

    Args:
        driven: what the trips imply.
        charges: the charges, the latest first.
        status: the present status.

    """
    reported = _reported_capacity(charges, status)
    if reported is None or driven is None:
        return reported or driven
    difference = abs(reported.energy - driven.energy)
    return driven if difference > CAPACITY_TOLERANCE * driven.energy else reported


def _reported_capacity(charges: Iterable[Charge], status: Status) -> Capacity | None:
    """Return the median of what the car reports, as it may waver."""
    latest = islice(charges, MAX_CHARGES)
    known = [one.capacity for one in latest if one.capacity]
    present = (status.electric or NO_ENERGY).battery.load.capacity
    values = [*known, present] if present else known
    if not values:
        return None
    return Capacity(
        energy=round(median(values) / 1000, 1),
        source=CapacitySource.REPORTED,
        charges=len(known),
    )


def driven_capacity(trips: Iterable[Trip]) -> Capacity | None:
    """Return the capacity that the consumption of trips implies, without those that differ.

    Args:
        trips: the trips, the latest first.

    """
    used = [*islice(filter(None, map(_energy_and_level, trips)), MAX_TRIPS)]
    if not used:
        return None
    middle = median(energy / level for energy, level in used)
    alike = [
        (energy, level)
        for energy, level in used
        if abs(energy / level / middle - 1) <= TRIP_TOLERANCE + 1 / level
    ]
    total = sum(level for _, level in alike)
    if len(alike) < MIN_TRIPS or total < MIN_TOTAL_LEVEL_USED:
        return None
    capacity = round(sum(energy for energy, _ in alike) / total * 100, 1)
    if not MIN_CAPACITY <= capacity <= MAX_CAPACITY:
        return None
    return Capacity(energy=capacity, source=CapacitySource.LEARNED, trips=len(alike))


def reported_per_level(charges: Iterable[Charge]) -> float | None:
    """Return the energy in Wh that a car reports for each percent of its level.

    It may be wrong by a factor that stays the same: then the charges differ only by the rounding
    of their levels, and the reported energy tells fractions of a percent.

    Args:
        charges: the charges, the latest first.

    Returns:
        The energy; None if the charges differ by more, or say too little.

    """
    gains = [
        (one.end_energy - one.start_energy, one.end_level - one.start_level)
        for one in islice(charges, MAX_CHARGES)
        if one.start_energy is not None and one.end_energy is not None
    ]
    energy, level = sum(one for one, _ in gains), sum(one for _, one in gains)
    if len(gains) < MIN_CHARGES or level < MIN_TOTAL_LEVEL_GAIN or energy <= 0:
        return None
    per_level = energy / level
    differences = (abs(gain / per_level - rise) for gain, rise in gains)
    return per_level if max(differences) < ROUNDING else None


def _energy_and_level(trip: Trip) -> tuple[float, float] | None:
    """Return how many kWh and how many percent a trip took."""
    energy, level = trip.energy_used, trip.level_used
    if not energy or not level or level < MIN_LEVEL_USED:
        return None
    return energy, level
