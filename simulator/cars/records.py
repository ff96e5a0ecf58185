"""What a car tells beside its status: maintenance, alerts, alarms, collisions, trips, telemetry."""

from .blocks import Block
from .car import Car
from .state import State
from ..clock import rfc3339

SERVICE_KM = 25_000
SERVICE_DAYS = 365


def maintenance(car: Car, state: State) -> Block:
    """Return what is left until the next service."""
    return {
        "createdAt": rfc3339(state.at),
        "updatedAt": rfc3339(state.at),
        "mileageBeforeMaintenance": round(SERVICE_KM - state.odometer % SERVICE_KM, 1),
        "daysBeforeMaintenance": SERVICE_DAYS
        - (state.at.toordinal() + int(car.id[:4], 16)) % SERVICE_DAYS,
    }
