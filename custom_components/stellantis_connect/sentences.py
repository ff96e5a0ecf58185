"""What the logbook says of events, in the language of this Home Assistant."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations

from .const import DOMAIN


@callback
def sentence(
    hass: HomeAssistant, key: str | None, event_type: str, data: Mapping[str, object]
) -> str | None:
    """Return what there is to say of an event beside its type; None where its data tell no more.

    The logbook puts the name of the event before it.
    """
    attributes = f"event.{key}.state_attributes"
    words = {
        name: _text(hass, "entity", f"{attributes}.{name}.state.{told}") or told
        for name, told in {**data, "event_type": event_type}.items()
        if told is not None
    }
    pattern = _text(hass, "common", f"logbook_{key}")
    try:
        return pattern and pattern.format_map(words)
    except KeyError:
        return None


@callback
def advice(hass: HomeAssistant, problem: str | None) -> str | None:
    """Return what a person is told of a problem with a command."""
    return problem and _text(hass, "exceptions", f"{problem}.message")


def _text(hass: HomeAssistant, category: str, key: str) -> str | None:
    texts = async_get_cached_translations(hass, hass.config.language, category, DOMAIN)
    return texts.get(f"component.{DOMAIN}.{category}.{key}")
