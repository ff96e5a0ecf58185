"""The list of an account's cars: how it is stored, and how its cars are identified."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..api.models.vehicle import Vehicle
from ..storage import StorageFormat


@dataclass(frozen=True, kw_only=True)
class StoredAccount:
    """The stored part of an account.

    Attributes:
        vehicles: the cars by their keys, which never change.
        unauthorized_since: when the API began to refuse valid tokens.
    """

    vehicles: dict[str, Vehicle] = field(default_factory=dict)
    unauthorized_since: datetime | None = None


ACCOUNT_FORMAT = StorageFormat(StoredAccount)


def identified(
    known: Mapping[str, Vehicle], listed: Iterable[Vehicle]
) -> dict[str, Vehicle]:
    """Return listed cars by their keys: for a known car its key, also if its VIN is missing."""
    vehicles = {}
    for vehicle in listed:
        keys = (key for key, one in known.items() if _is_same_car(one, vehicle))
        key = next(keys, vehicle.vin or vehicle.id)
        vin = vehicle.vin or (known[key].vin if key in known else None)
        vehicles[key] = replace(vehicle, vin=vin)
    return vehicles


def _is_same_car(known: Vehicle, listed: Vehicle) -> bool:
    """Return whether two listings are of the same car: by VIN or, without one, by id."""
    if known.vin and listed.vin:
        return known.vin == listed.vin
    return known.id == listed.id
