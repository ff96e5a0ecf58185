"""The availability of a car's data and commands, in a person's words."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from .availability import Availability, availability
from .const import DOMAIN
from .coordinator import VehicleCoordinator

type Texts = Mapping[str, str]


async def async_explain(
    hass: HomeAssistant, car: VehicleCoordinator, keys: Iterable[str]
) -> dict[str, JsonObjectType]:
    """Return which condition of each key of the catalogue holds, and what to do where one fails.

    The sentences are in the language of this Home Assistant: an action is not told the
    language of whoever calls it.
    """
    language = hass.config.language
    texts = {
        **await async_get_translations(hass, language, "common", [DOMAIN]),
        **await async_get_translations(hass, language, "selector", [DOMAIN]),
    }
    heard_at = car.data.status.updated_at
    found = {key: availability(car, key) for key in keys}
    return {
        key: {
            "name": texts[f"component.{DOMAIN}.selector.datum.options.{key}"],
            "available": one.available,
            "conditions": {
                condition: finding.verdict
                for condition, finding in one.findings.items()
            },
            "failing": [*one.failing],
            "explanation": _explanation(one, heard_at, texts),
            "updated_at": one.updated_at.isoformat() if one.updated_at else None,
        }
        for key, one in found.items()
    }


def _explanation(one: Availability, heard_at: datetime | None, texts: Texts) -> str:
    scopes = (
        texts[f"component.{DOMAIN}.selector.scope.options.{scope.name.lower()}"]
        for scope in sorted(one.missing_scopes)
    )
    sentences = (
        texts[f"component.{DOMAIN}.common.availability_{reason}"]
        for reason in one.reasons
    )
    return " ".join(sentences).format(
        age=_age(one.updated_at, texts),
        heard=_age(heard_at, texts),
        scopes=", ".join(scopes),
    )


def _age(moment: datetime | None, texts: Texts) -> str:
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
    return texts[f"component.{DOMAIN}.common.age_{unit}"].format(number=number)
