"""The energy of the past, computed anew."""

from collections.abc import Mapping

from .models import History


def differences(before: History, now: History) -> Mapping[str, float]:
    """Return what has changed between two histories of the same charges and trips, in kWh."""
    energies = [
        (old.energy or 0, new.energy or 0)
        for old, new in zip(before.charges.records, now.charges.records, strict=True)
    ]
    return {
        "changed_charges": sum(old != new for old, new in energies),
        "changed_trips": sum(
            before.capacity_of(trip) != now.capacity_of(trip)
            for trip in now.trips.records
        ),
        "energy_charged_before": round(sum(old for old, _ in energies), 2),
        "energy_charged_after": round(sum(new for _, new in energies), 2),
    }
