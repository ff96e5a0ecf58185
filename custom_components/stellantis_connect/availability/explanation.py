"""The availability of a car's data and commands, in a person's words."""

from collections.abc import Iterable
from datetime import datetime

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from ..coordinator import VehicleCoordinator
from ..translation import option, scope_name, text
from .conditions import Availability, availability


@callback
def explain(
    hass: HomeAssistant, car: VehicleCoordinator, keys: Iterable[str]
) -> dict[str, JsonObjectType]:
    """Return which condition of each key of the catalogue holds, and what to do where one fails."""
    heard_at = car.data.status.updated_at
    found = {key: availability(car, key) for key in keys}
    return {
        key: {
            "name": option(hass, "datum", key),
            "available": one.available,
            "conditions": {
                condition: finding.verdict
                for condition, finding in one.findings.items()
            },
            "failing": [*one.failing],
            "explanation": _explanation(hass, one, heard_at),
            "updated_at": one.updated_at.isoformat() if one.updated_at else None,
        }
        for key, one in found.items()
    }


def _explanation(
    hass: HomeAssistant, one: Availability, heard_at: datetime | None
) -> str:
    scopes = (scope_name(hass, scope) for scope in sorted(one.missing_scopes))
    sentences = (
        text(hass, "common", f"availability_{reason}") for reason in one.reasons
    )
    return " ".join(sentences).format(
        age=_age(hass, one.updated_at),
        heard=_age(hass, heard_at),
        scopes=", ".join(scopes),
    )


def _age(hass: HomeAssistant, moment: datetime | None) -> str:
    """Return how long ago something was, in a unit that fits it."""
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
