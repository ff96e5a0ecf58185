"""The consumption of a trip, as reported or as estimated from the levels."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..api.models.energy import EnergyType
from ..api.models.trips import DetailedTrip, EnergyConsumption


@dataclass(frozen=True, kw_only=True)
class Consumption:
    """The consumption of an energy during a trip.

    Attributes:
        amount: kWh or liters.
        average: kWh or liters per 100 km.
        estimated: whether it is computed from the levels.
    """

    amount: float
    average: float | None
    estimated: bool


def trip_consumption(
    trip: DetailedTrip, energy: EnergyType, capacity: float | None
) -> Consumption | None:
    """Return the consumption of a trip; None if it is unknown.

    Args:
        trip: the trip.
        energy: the energy.
        capacity: kWh of a full battery, to estimate from the levels.

    """
    reported = trip.consumptions.get(energy, EnergyConsumption())
    if reported.consumption is not None:
        average = reported.avg_consumption
        if average is None:
            average = _average(reported.consumption, trip)
        return Consumption(
            amount=reported.consumption, average=average, estimated=False
        )
    if energy is not EnergyType.ELECTRIC:
        return None
    if trip.level_used is None or capacity is None:
        return None
    amount = trip.level_used / 100 * capacity
    return Consumption(amount=amount, average=_average(amount, trip), estimated=True)


def trip_consumptions(
    trip: DetailedTrip, capacity: float | None
) -> Mapping[EnergyType, Consumption]:
    """Return the known consumptions of a trip by type of energy."""
    found = {one: trip_consumption(trip, one, capacity) for one in EnergyType}
    return {energy: one for energy, one in found.items() if one}


def _average(amount: float, trip: DetailedTrip) -> float | None:
    return amount / trip.distance * 100 if trip.distance else None
