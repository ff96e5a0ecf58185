"""The credentials of an application: what their dialog says, and what a token answer must hold."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.stellantis_connect.api.exceptions import InvalidResponseError
from custom_components.stellantis_connect.auth.session import async_entry_tokens
from custom_components.stellantis_connect.const import DOCUMENTATION_URL, DOMAIN
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from simulator.server import Simulator

from .conftest import CreateConfigEntry
from .simulator_client import control

MY = "https://my.home-assistant.io/redirect/oauth"
HOME = "https://home.example.com"


async def dialog(hass: HomeAssistant, browsers: WebSocketGenerator) -> dict[str, Any]:
    """Return what is filled into the text of the dialog."""
    browser = await browsers(hass)
    await browser.send_json_auto_id({"type": "application_credentials/config"})
    answer = await browser.receive_json()
    placeholders: dict[str, Any] = answer["result"]["integrations"][DOMAIN][
        "description_placeholders"
    ]
    return placeholders


@pytest.mark.usefixtures("connected_simulator")
class TestDialog:
    """Which address to register an application with."""

    async def test_my_home_assistant(
        self, hass: HomeAssistant, hass_ws_client: WebSocketGenerator
    ) -> None:
        """One that serves every Home Assistant is the best."""
        hass.config.components.add("my")
        assert await dialog(hass, hass_ws_client) == {
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
    async def test_own_address(
        self,
        hass: HomeAssistant,
        hass_ws_client: WebSocketGenerator,
        external_url: str | None,
        redirect_uri: str,
    ) -> None:
        """Whoever does without it registers his own; where that is not known, what it ends in."""
        await hass.config.async_update(external_url=external_url)
        hass.config.api = None
        placeholders = await dialog(hass, hass_ws_client)
        assert placeholders["redirect_uri"] == redirect_uri


class TestTokenAnswer:
    """What the identity provider may leave out."""

    @pytest.fixture
    async def entry(
        self,
        freezer: FrozenDateTimeFactory,
        create_config_entry: CreateConfigEntry,
        hass_storage: dict[str, Any],
    ) -> MockConfigEntry:
        """Return an account whose access token has ended."""
        entry = await create_config_entry()
        freezer.tick(entry.data[CONF_TOKEN]["expires_in"])
        return entry

    async def answer_without(self, connected_simulator: Simulator, key: str) -> None:
        """Let the next answer hold something else in a field."""
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="mistype",
            key=key,
            path="*/access_token",
        )

    async def test_token(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        connected_simulator: Simulator,
    ) -> None:
        """An answer without an access token is none, and replaces nothing."""
        held = entry.data[CONF_TOKEN]
        await self.answer_without(connected_simulator, "access_token")
        tokens = await async_entry_tokens(hass, entry)
        with pytest.raises(InvalidResponseError):
            await tokens.async_get_access_token()
        assert entry.data[CONF_TOKEN] == held

    async def test_lifetime(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        entry: MockConfigEntry,
        connected_simulator: Simulator,
    ) -> None:
        """A token that does not tell how long it lives is taken to live for an hour."""
        await self.answer_without(connected_simulator, "expires_in")
        tokens = await async_entry_tokens(hass, entry)
        first = await tokens.async_get_access_token()
        freezer.tick(3500)
        assert await tokens.async_get_access_token() == first
        freezer.tick(100)
        assert await tokens.async_get_access_token() != first
