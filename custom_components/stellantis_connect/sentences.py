"""What the logbook says of events, in the language of this Home Assistant."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant, callback

from .translation import text


@callback
def sentence(
    hass: HomeAssistant, key: str | None, event_type: str, data: Mapping[str, object]
) -> str:
    """Return what there is to say of an event beside its type; nothing where its data tell no more.

    The logbook puts the name of the event before it.
    """
    attributes = f"event.{key}.state_attributes"
    words = {
        name: text(hass, "entity", f"{attributes}.{name}.state.{told}", _plain(told))
        for name, told in {**data, "event_type": event_type}.items()
        if told not in (None, "")
    }
    try:
        return text(hass, "common", f"logbook_{key}").format_map(words)
    except KeyError:
        return ""


@callback
def advice(hass: HomeAssistant, problem: str | None) -> str:
    """Return what a person is told of a problem with a command."""
    return text(hass, "exceptions", f"{problem}.message")


def _plain(told: object) -> str:
    return f"{told:g}" if isinstance(told, float) else f"{told}"
