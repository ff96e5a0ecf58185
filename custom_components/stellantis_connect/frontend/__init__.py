"""Serve the dashboard card, and have Home Assistant's frontend load it."""

from hashlib import sha256
from pathlib import Path

from homeassistant.components.frontend import add_extra_js_url
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration

from ..const import DOMAIN

MODULE = Path(__file__).parent / "stellantis-connect.js"
URL = f"/{DOMAIN}/{MODULE.name}"


async def async_register_card(hass: HomeAssistant) -> None:
    """Load the card on all dashboards, in storage and YAML mode."""
    await hass.http.async_register_static_paths(
        [StaticPathConfig(URL, str(MODULE), cache_headers=True)]
    )
    integration = await async_get_integration(hass, DOMAIN)
    version = str(integration.version)
    add_extra_js_url(hass, await hass.async_add_executor_job(versioned_url, version))


def versioned_url(version: str) -> str:
    """Return a URL that browsers can cache: it changes with the version and the content."""
    return f"{URL}?v={version}-{sha256(MODULE.read_bytes()).hexdigest()[:8]}"
