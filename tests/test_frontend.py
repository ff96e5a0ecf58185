"""The dashboard card is served and loaded."""

from http import HTTPStatus
from pathlib import Path

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.stellantis_connect import frontend
from custom_components.stellantis_connect.const import DOMAIN
from homeassistant.components.frontend import (
    DATA_EXTRA_MODULE_URL,
    DATA_PANELS,
    UrlManager,
    async_register_built_in_panel,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.loader import async_get_integration
from homeassistant.setup import async_setup_component

from .conftest import SetupIntegration


@pytest.fixture
def loaded(hass: HomeAssistant) -> set[str]:
    """Return the URLs of the modules that a frontend loads."""
    urls: set[str] = set()
    hass.data[DATA_EXTRA_MODULE_URL] = UrlManager(lambda change, url: urls.add(url), [])
    hass.config.components.add("frontend")
    return urls


async def test_card_with_frontend_is_loaded_from_the_integration(
    hass: HomeAssistant,
    loaded: set[str],
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """The frontend loads the module of this version without a dashboard resource."""
    assert await async_setup_component(hass, DOMAIN, {})

    [url] = loaded
    version = (await async_get_integration(hass, DOMAIN)).version
    assert url.startswith(f"/stellantis_connect/stellantis-connect.js?v={version}-")
    client = await hass_client_no_auth()
    response = await client.get(url)
    assert response.status == HTTPStatus.OK
    assert response.content_type in ("text/javascript", "application/javascript")
    assert "stellantis-connect-card" in await response.text()


async def test_device_of_a_car_links_to_its_page(
    hass: HomeAssistant, loaded: set[str], setup_integration: SetupIntegration
) -> None:
    """The panel loads the same module, and is not in the sidebar.

    Home Assistant proposes its URL for no dashboard: those contain a hyphen.
    """
    async_register_built_in_panel(
        hass, "lovelace", frontend_url_path="stellantis-connect"
    )
    entry = await setup_integration()
    panel = hass.data[DATA_PANELS][DOMAIN]
    assert panel.sidebar_title is None
    assert panel.config
    assert {panel.config["_panel_custom"]["module_url"]} == loaded
    cars = [
        device
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if device.entry_type is None
    ]
    assert cars
    for car in cars:
        assert car.configuration_url == f"homeassistant://{DOMAIN}/{car.id}"


def test_changed_card_has_another_url(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A browser loads a card of the same version again if its content has changed."""
    module = tmp_path / "module.js"
    monkeypatch.setattr(frontend, "MODULE", module)
    module.write_text("before")
    before = frontend.versioned_url("1.0.0")
    assert frontend.versioned_url("1.0.0") == before
    module.write_text("after")
    assert frontend.versioned_url("1.0.0") != before


async def test_card_without_frontend_is_not_loaded(hass: HomeAssistant) -> None:
    """The integration works in a Home Assistant without frontend."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert DATA_EXTRA_MODULE_URL not in hass.data
