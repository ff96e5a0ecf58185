"""Charges of a range, with their totals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from .charging import Charge
from .events import charge_data
from .records import has_ended


def charges_data(
    charges: Iterable[Charge], since: datetime, until: datetime | None, limit: int
) -> dict[str, Any]:
    """Return the last charges of a range that have ended, oldest first, and their totals."""
    found = [
        charge
        for charge in charges
        if has_ended(charge)
        and charge.started_at >= since
        and (until is None or charge.started_at < until)
    ]
    latest = found[-limit:]
    energies = [one.energy for one in latest if one.energy is not None]
    return {
        "charges": [{"id": one.id, **charge_data(one)} for one in latest],
        "totals": {
            "charges": len(latest),
            "energy": round(sum(energies), 2),
            "costs": dict(costs_by_currency(latest)),
            "charges_without_cost": sum(one.cost is None for one in latest),
        },
        "complete": len(found) <= limit,
    }


def costs_by_currency(charges: Iterable[Charge]) -> Mapping[str, float]:
    """Return the sum of the costs in each currency."""
    costs: defaultdict[str, float] = defaultdict(float)
    for one in charges:
        if one.cost is not None and one.currency:
            costs[one.currency] = round(costs[one.currency] + one.cost, 6)
    return {currency: round(cost, 2) for currency, cost in costs.items()}
