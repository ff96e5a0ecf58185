"""Words for what Home Assistant does not translate by itself, in its own language.

Whoever reads them has a language of their own, of which nobody is told here.
"""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations

from .api.models.scope import Scope
from .const import DOMAIN


@callback
def text(hass: HomeAssistant, category: str, key: str, default: str = "") -> str:
    """Return a text by its place among the translations."""
    texts = async_get_cached_translations(hass, hass.config.language, category, DOMAIN)
    return texts.get(f"component.{DOMAIN}.{category}.{key}", default)


@callback
def option(hass: HomeAssistant, selector: str, key: str) -> str:
    """Return what one of the options of a selector is called."""
    return text(hass, "selector", f"{selector}.options.{key}")


@callback
def scope_name(hass: HomeAssistant, scope: Scope) -> str:
    """Return what a right is called."""
    return option(hass, "scope", scope.name.lower())
