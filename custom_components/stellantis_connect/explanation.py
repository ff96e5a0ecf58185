"""The availability of a car's data and commands, in a person's words."""

from collections.abc import Iterable
from datetime import datetime

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from .availability import Availability, availability
from .coordinator import VehicleCoordinator
from .wording import Words, async_get_words


async def async_explain(
    hass: HomeAssistant, car: VehicleCoordinator, keys: Iterable[str]
) -> dict[str, JsonObjectType]:
    """Return which condition of each key of the catalogue holds, and what to do where one fails."""
    words = await async_get_words(hass)
    heard_at = car.data.status.updated_at
    found = {key: availability(car, key) for key in keys}
    return {
        key: {
            "name": words.datum(key),
            "available": one.available,
            "conditions": {
                condition: finding.verdict
                for condition, finding in one.findings.items()
            },
            "failing": [*one.failing],
            "explanation": _explanation(one, heard_at, words),
            "updated_at": one.updated_at.isoformat() if one.updated_at else None,
        }
        for key, one in found.items()
    }


def _explanation(one: Availability, heard_at: datetime | None, words: Words) -> str:
    scopes = (words.scope(scope) for scope in sorted(one.missing_scopes))
    sentences = (words.common(f"availability_{reason}") for reason in one.reasons)
    return " ".join(sentences).format(
        age=_age(one.updated_at, words),
        heard=_age(heard_at, words),
        scopes=", ".join(scopes),
    )


def _age(moment: datetime | None, words: Words) -> str:
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
    return words.common(f"age_{unit}").format(number=number)
