"""Tests of the application credentials' dialog."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.stellantis_connect.const import DOCUMENTATION_URL, DOMAIN
from homeassistant.core import HomeAssistant

pytestmark = pytest.mark.usefixtures("connected_simulator")

MY = "https://my.home-assistant.io/redirect/oauth"
HOME = "https://home.example.com"


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


@pytest.mark.parametrize(
    ("external_url", "redirect_uri"),
    [
        (HOME, f"{HOME}/auth/external/callback"),
        (None, "/auth/external/callback"),
    ],
)
async def test_dialog_without_my_home_assistant_shows_own_redirect_uri(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    external_url: str | None,
    redirect_uri: str,
) -> None:
    """Without a URL of this installation, only the path is known."""
    await hass.config.async_update(external_url=external_url)
    hass.config.api = None
    shown = await placeholders(hass, hass_ws_client)
    assert shown["redirect_uri"] == redirect_uri
