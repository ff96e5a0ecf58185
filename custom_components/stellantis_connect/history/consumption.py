"""What a trip took: told by the platform, or reckoned from the levels at both ends."""

from dataclasses import dataclass

from ..api.models.energy import Energy, EnergyType
from ..api.models.status import Status
from ..api.models.trips import EnergyConsumption, Trip


@dataclass(frozen=True, kw_only=True)
class Used:
    """What a trip used of an energy.

    Attributes:
        amount: kWh, or litres.
        average: kWh, or litres, per 100 km.
        estimated: whether this is reckoned and not told.
    """

    amount: float
    average: float | None
    estimated: bool


def used(trip: Trip, energy: EnergyType, capacity: float | None) -> Used | None:
    """Return what a trip used of an energy; None where neither it nor the levels are told.

    Args:
        trip: the trip.
        energy: which.
        capacity: the kWh of a full battery, to reckon from the levels where nothing is told.

    """
    told = trip.consumptions.get(energy, EnergyConsumption())
    if told.consumption is not None:
        average = told.avg_consumption or _average(told.consumption, trip)
        return Used(amount=told.consumption, average=average, estimated=False)
    level = trip.level_used(energy)
    if level is None or capacity is None:
        return None
    amount = level / 100 * capacity
    return Used(amount=amount, average=_average(amount, trip), estimated=True)


def capacity_of(status: Status) -> float | None:
    """Return the kWh of a full battery, as the car tells it."""
    capacity = (status.electric or Energy()).battery.load.capacity
    return capacity / 1000 if capacity else None


def _average(amount: float, trip: Trip) -> float | None:
    return amount / trip.distance * 100 if trip.distance else None
