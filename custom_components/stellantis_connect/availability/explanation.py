"""The availability of data and commands of a car, in sentences."""

from datetime import datetime

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from ..coordinator import VehicleCoordinator
from ..translation import scope_name, text
from .conditions import Availability, Catalog, availability


@callback
def explain(
    hass: HomeAssistant, car: VehicleCoordinator, catalog: Catalog
) -> dict[str, JsonObjectType]:
    """Return which conditions of each datum and command are met, and what to do otherwise."""
    status_updated_at = car.data.status.updated_at
    results = {key: availability(car, item) for key, item in catalog.items()}
    return {
        key: {
            "available": one.available,
            "conditions": {
                condition: result.status for condition, result in one.results.items()
            },
            "not_met": [*one.not_met],
            "explanation": _explanation(hass, one, status_updated_at),
            "updated_at": one.updated_at.isoformat() if one.updated_at else None,
        }
        for key, one in results.items()
    }


def _explanation(
    hass: HomeAssistant, one: Availability, status_updated_at: datetime | None
) -> str:
    scopes = (scope_name(hass, scope) for scope in sorted(one.missing_scopes))
    sentences = (
        text(hass, "common", f"availability_{reason}") for reason in one.reasons
    )
    return " ".join(sentences).format(
        age=_age(hass, one.updated_at),
        status_age=_age(hass, status_updated_at),
        scopes=", ".join(scopes),
    )


def _age(hass: HomeAssistant, moment: datetime | None) -> str:
    """Return the age of a time in a suitable unit."""
    if moment is None:
        return "?"
    minutes = max(int((dt_util.utcnow() - moment).total_seconds() // 60), 0)
    hours, days = minutes // 60, minutes // (24 * 60)
    unit, number = (
        ("days", days)
        if days > 1
        else ("hours", hours)
        if hours > 1
        else ("minutes", minutes)
    )
    return text(hass, "common", f"age_{unit}").format(number=number)
