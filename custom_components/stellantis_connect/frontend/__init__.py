"""Serve the dashboard cards and the page of a car, and have Home Assistant's frontend load them."""

from hashlib import sha256
from pathlib import Path

from homeassistant.components.frontend import add_extra_js_url, async_panel_exists
from homeassistant.components.http import StaticPathConfig
from homeassistant.components.panel_custom import async_register_panel
from homeassistant.core import HomeAssistant, callback
from homeassistant.loader import async_get_integration

from ..const import DOMAIN

MODULE = Path(__file__).parent / "stellantis-connect.js"
URL = f"/{DOMAIN}/{MODULE.name}"


async def async_register_frontend(hass: HomeAssistant) -> None:
    """Load the cards on all dashboards, in storage and YAML mode, and add the page of a car."""
    await hass.http.async_register_static_paths(
        [StaticPathConfig(URL, str(MODULE), cache_headers=True)]
    )
    integration = await async_get_integration(hass, DOMAIN)
    version = str(integration.version)
    url = await hass.async_add_executor_job(versioned_url, version)
    add_extra_js_url(hass, url)
    await async_register_panel(hass, DOMAIN, "stellantis-connect-panel", module_url=url)


def versioned_url(version: str) -> str:
    """Return a URL that browsers can cache: it changes with the version and the content."""
    return f"{URL}?v={version}-{sha256(MODULE.read_bytes()).hexdigest()[:8]}"


@callback
def async_page_url(hass: HomeAssistant, device_id: str) -> str | None:
    """Return the URL of the page of a car, which its device page links to."""
    if not async_panel_exists(hass, DOMAIN):
        return None
    return f"homeassistant://{DOMAIN}/{device_id}"
