"""Tests of the application credentials' dialog."""

from typing import Any
from unittest.mock import Mock

import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.stellantis_connect.const import DOCUMENTATION_URL, DOMAIN
from homeassistant.core import HomeAssistant

pytestmark = pytest.mark.usefixtures("connected_simulator")

MY = "https://my.home-assistant.io/redirect/oauth"


async def placeholders(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> dict[str, Any]:
    """Return the placeholders of the dialog's text."""
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "application_credentials/config"})
    response = await client.receive_json()
    found: dict[str, Any] = response["result"]["integrations"][DOMAIN][
        "description_placeholders"
    ]
    return found


async def test_dialog_with_my_home_assistant_shows_its_redirect_uri(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    """My Home Assistant redirects to any installation."""
    hass.config.components.add("my")
    assert await placeholders(hass, hass_ws_client) == {
        "documentation_url": DOCUMENTATION_URL,
        "redirect_uri": MY,
    }


async def test_dialog_without_my_home_assistant_shows_own_redirect_uri(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    """The URL is that of the request, as in the config flow."""
    hass.config.api = Mock(use_ssl=False, port=8123, local_ip="192.0.2.1")
    shown = await placeholders(hass, hass_ws_client)
    assert shown["redirect_uri"] == "http://127.0.0.1:8123/auth/external/callback"


async def test_dialog_without_known_url_shows_path(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    """Without a URL of this installation, only the path is known."""
    hass.config.api = None
    shown = await placeholders(hass, hass_ws_client)
    assert shown["redirect_uri"] == "/auth/external/callback"
