"""The health of a battery: its present capacity as a percentage of its first one, by its charges."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress
from statistics import median

from .charging import MAX_ENERGY_PER_LEVEL, MIN_ENERGY_PER_LEVEL, Charge

# Percent; the capacity of a smaller gain would show how the levels are rounded.
MIN_LEVEL_GAIN = 20.0
# How many successive charges measure a capacity, and how many of them have to agree.
CHARGES = 15
MIN_ALIKE = 12
# The capacity is measured after this many further charges.
STEP = 5
TOLERANCE = 0.1
MIN_PERIOD = timedelta(days=180)
# No battery ages by more within some charges: it was replaced, or the car reports differently.
MAX_CHANGE = 0.06


@dataclass(frozen=True, kw_only=True)
class BatteryHealth:
    """The health of a battery.

    Attributes:
        percent: the present capacity as a percentage of the reference.
        reference: kWh, as the first charges measured it.
        since: the end of the first charge of the reference.
        charges: the number of charges since then.
    """

    percent: float
    reference: float
    since: datetime
    charges: int


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The capacity in Wh by a charge that ended at a time and gained percent."""

    at: datetime
    level: float
    capacity: float


def battery_health(charges: Iterable[Charge]) -> BatteryHealth | None:
    """Return the health of a battery, if it is known.

    A battery loses about 2% a year and the rounding of levels leaves an error of about 0.5%, so
    that the first and the present charges have to be half a year apart.

    Args:
        charges: the charges, the oldest first.

    """
    samples = _samples(charges)
    if len(samples) < 2 * CHARGES:
        return None
    starts = range(0, len(samples) - CHARGES, STEP)
    capacities = [
        *(_capacity(samples[start : start + CHARGES]) for start in starts),
        _capacity(samples[-CHARGES:]),
    ]
    first = _first_of_battery(capacities)
    used = samples[first * STEP :]
    reference, present = capacities[first], capacities[-1]
    if reference is None or present is None or len(used) < 2 * CHARGES:
        return None
    if used[-1].at - used[CHARGES - 1].at < MIN_PERIOD:
        return None
    return BatteryHealth(
        percent=round(min(present / reference, 1) * 100, 1),
        reference=round(reference / 1000, 1),
        since=used[0].at,
        charges=len(used),
    )


def _samples(charges: Iterable[Charge]) -> list[Sample]:
    """Return samples of the energies that were reported, or else of reported capacities."""
    large = [
        one for one in charges if one.end_level - one.start_level >= MIN_LEVEL_GAIN
    ]
    return _samples_by(large, _charged_capacity) or _samples_by(
        large, lambda one: one.capacity
    )


def _samples_by(
    charges: Iterable[Charge], capacity_fn: Callable[[Charge], float | None]
) -> list[Sample]:
    return [
        Sample(
            at=one.ended_at, level=one.end_level - one.start_level, capacity=capacity
        )
        for one in charges
        if one.ended_at
        and (capacity := capacity_fn(one))
        and MIN_ENERGY_PER_LEVEL <= capacity / 100 <= MAX_ENERGY_PER_LEVEL
    ]


def _charged_capacity(charge: Charge) -> float | None:
    """Return the capacity by the energies and levels that the car reported.

    The energy of the charge would not do: it may follow from the usable capacity.
    """
    if charge.start_energy is None or charge.end_energy is None:
        return None
    energy = charge.end_energy - charge.start_energy
    return energy / (charge.end_level - charge.start_level) * 100


def _capacity(samples: Sequence[Sample]) -> float | None:
    """Return the capacity by samples of which most agree."""
    capacities = [one.capacity for one in samples]
    middle = median(capacities)
    alike = [abs(one / middle - 1) <= TOLERANCE for one in capacities]
    if sum(alike) < MIN_ALIKE:
        return None
    agreeing = [*compress(samples, alike)]
    energy = sum(one.capacity * one.level for one in agreeing)
    return energy / sum(one.level for one in agreeing)


def _first_of_battery(capacities: Sequence[float | None]) -> int:
    """Return the index of the first known capacity since the last implausible change."""
    first, earlier = None, None
    for index, capacity in enumerate(capacities):
        if index >= CHARGES // STEP:
            earlier = capacities[index - CHARGES // STEP] or earlier
        if capacity and (
            first is None or (earlier and abs(capacity / earlier - 1) > MAX_CHANGE)
        ):
            first = index
    return first or 0
