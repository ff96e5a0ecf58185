"""Words for what Home Assistant does not translate by itself, in its own language.

Whoever reads them has a language of their own, of which nobody is told here.
"""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from .api import Scope
from .const import DOMAIN


class Words:
    """The translations of some categories."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Keep what Home Assistant has read."""
        self._texts = texts

    def common(self, key: str) -> str:
        """Return a text that belongs to nothing in particular."""
        return self._texts[f"component.{DOMAIN}.common.{key}"]

    def datum(self, key: str) -> str:
        """Return what a datum or a command of the catalogue is called."""
        return self._texts[f"component.{DOMAIN}.selector.datum.options.{key}"]

    def scope(self, scope: Scope) -> str:
        """Return what a right is called."""
        key = scope.name.lower()
        return self._texts[f"component.{DOMAIN}.selector.scope.options.{key}"]


async def async_get_words(hass: HomeAssistant) -> Words:
    """Return words in the language of this Home Assistant."""
    texts = [
        await async_get_translations(hass, hass.config.language, category, [DOMAIN])
        for category in ("common", "selector")
    ]
    return Words(texts[0] | texts[1])
