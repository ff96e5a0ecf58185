"""The dashboard card is served and loaded."""

from http import HTTPStatus
from pathlib import Path

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.stellantis_connect import frontend
from custom_components.stellantis_connect.const import DOMAIN
from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL, UrlManager
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration
from homeassistant.setup import async_setup_component


async def test_card_with_frontend_is_loaded_from_the_integration(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> None:
    """The frontend loads the module of this version without a dashboard resource."""
    loaded: set[str] = set()
    hass.data[DATA_EXTRA_MODULE_URL] = UrlManager(
        lambda change, url: loaded.add(url), []
    )
    hass.config.components.add("frontend")
    assert await async_setup_component(hass, DOMAIN, {})

    [url] = loaded
    version = (await async_get_integration(hass, DOMAIN)).version
    assert url.startswith(f"/stellantis_connect/stellantis-connect.js?v={version}-")
    client = await hass_client_no_auth()
    response = await client.get(url)
    assert response.status == HTTPStatus.OK
    assert response.content_type in ("text/javascript", "application/javascript")
    assert "stellantis-connect-card" in await response.text()


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
