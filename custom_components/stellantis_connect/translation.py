"""Texts that Home Assistant does not translate by itself, in its own language.

The language of the person who reads them is not known here.
"""

from collections.abc import Mapping
from enum import StrEnum

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.translation import async_get_cached_translations

from .api.models.scope import Scope
from .const import DOMAIN


@callback
def text(hass: HomeAssistant, category: str, key: str, default: str = "") -> str:
    """Return a text of this integration by its path in the translations."""
    return _text(hass, DOMAIN, category, key, default)


@callback
def entity_name(
    hass: HomeAssistant, platform: Platform, description: EntityDescription
) -> str:
    """Return the name of an entity: its own, else that of its device class."""
    key = f"{platform}.{description.translation_key}.name"
    return text(hass, "entity", key) or _text(
        hass, platform, "entity_component", f"{description.device_class}.name"
    )


@callback
def scope_name(hass: HomeAssistant, scope: Scope) -> str:
    """Return the name of a permission."""
    return text(hass, "selector", f"scope.options.{scope.name.lower()}")


@callback
def alert_name(hass: HomeAssistant, kind: str) -> str:
    """Return the name of a kind of alert."""
    return text(hass, "entity", f"event.alert.state_attributes.kind.state.{kind}", kind)


@callback
def command_name(hass: HomeAssistant, key: str) -> str:
    """Return the name of a command."""
    path = f"event.command.state_attributes.command.state.{key}"
    return text(hass, "entity", path)


@callback
def stage_name(hass: HomeAssistant, stage: StrEnum) -> str:
    """Return the name of a stage of a command."""
    return text(hass, "entity", f"sensor.last_command.state.{stage.name.lower()}")


@callback
def exception_text(hass: HomeAssistant, error: HomeAssistantError) -> str:
    """Return the message of an error; on its own, it is English."""
    message = text(hass, "exceptions", f"{error.translation_key}.message")
    return message.format_map(error.translation_placeholders or {})


@callback
def event_message(
    hass: HomeAssistant, key: str, event_type: str, data: Mapping[str, object]
) -> str:
    """Return the logbook message of an event; empty if there is none, or its data lack.

    The logbook shows the name of the car before it.
    """
    attributes = f"event.{key}.state_attributes"
    values = {
        name: text(
            hass, "entity", f"{attributes}.{name}.state.{value}", _formatted(value)
        )
        for name, value in data.items()
        if value not in (None, "")
    }
    try:
        return text(hass, "common", f"logbook_{key}_{event_type}").format_map(values)
    except KeyError:
        return ""


def _formatted(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) else f"{value}"


def _text(
    hass: HomeAssistant, component: str, category: str, key: str, default: str = ""
) -> str:
    texts = async_get_cached_translations(
        hass, hass.config.language, category, component
    )
    return texts.get(f"component.{component}.{category}.{key}", default)
