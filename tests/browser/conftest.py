"""A browser on Home Assistant's frontend, with the simulator's cars and a frozen time."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
import json
from pathlib import Path
import shutil
from typing import Any

from aiohttp.test_utils import TestServer
from freezegun.api import FrozenDateTimeFactory
from playwright.async_api import Browser, Error, Locator, Page, async_playwright, expect
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from yarl import URL

from custom_components.stellantis_connect.const import DOMAIN
from homeassistant.auth.models import Credentials
from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.components.recorder import Recorder
from homeassistant.const import SERVICE_TURN_OFF
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulator.server import Simulator

from ..harness import BATTERY, Harness

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
CARD = "stellantis-connect-card"
AUTOMATIONS = "stellantis-connect-automations"
TIMEOUT = 120_000
"""Milliseconds after which something never appears, on the slowest machine."""
COMPONENTS = (
    "brands",
    "frontend",
    "history",
    "labs",
    "logbook",
    "persistent_notification",
)
DESKTOP = (1280, 1000)
PHONE = (390, 844)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
ONBOARDED = {"done": ["user", "core_config", "analytics", "integration"]}

IS_READY = """
    () => customElements.get("ll-strategy-dashboard-stellantis-connect")
        && document.querySelector("home-assistant")?.hass?.states
"""
NAVIGATE = """
    (path) => {
        history.pushState(null, "", path);
        window.dispatchEvent(new CustomEvent("location-changed", {detail: {replace: false}}));
    }
"""

expect.set_options(timeout=TIMEOUT)


@pytest.fixture
def recorder_config() -> dict[str, Any]:
    """Store states at once."""
    return {"commit_interval": 0}


@pytest.fixture(autouse=True)
def _custom_integration(
    hass_storage: dict[str, Any],
    recorder_mock: Recorder,
    enable_custom_integrations: None,
) -> None:
    """Set up the recorder before Home Assistant, which a person has set up before."""
    hass_storage["onboarding"] = {
        "key": "onboarding",
        "version": 4,
        "minor_version": 1,
        "data": ONBOARDED,
    }


@pytest.fixture(autouse=True)
async def _frontend_components(
    _custom_integration: None, freezer: FrozenDateTimeFactory, hass: HomeAssistant
) -> None:
    """Set up the frontend before the integration, which registers the card with it."""
    await hass.config.async_update(
        country="FR", currency="EUR", time_zone="Europe/Paris", language="en"
    )
    for component in COMPONENTS:
        assert await async_setup_component(hass, component, {})


@pytest.fixture
def port() -> int:
    """Return where Home Assistant listens; 0 is a free port."""
    return 0


@pytest.fixture
async def frontend_url(
    port: int,
    hass: HomeAssistant,
    connected_simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[URL]:
    """Serve Home Assistant; return where."""
    # As Home Assistant does: components that are set up later add views.
    monkeypatch.setattr(hass.http.app.router, "freeze", lambda: None)
    server = TestServer(hass.http.app, host="127.0.0.1", port=port)
    await server.start_server(access_log=None)
    yield server.make_url("/")
    await server.close()


@pytest.fixture
async def automations(hass: HomeAssistant) -> AsyncIterator[None]:
    """Set up automations that are edited in the interface; end them after the test."""
    for name, content in (
        ("configuration.yaml", "automation: !include automations.yaml\n"),
        ("automations.yaml", "[]\n"),
    ):
        path = Path(hass.config.path(name))
        await hass.async_add_executor_job(path.write_text, content)
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: []})
    yield
    await hass.services.async_call(
        AUTOMATION, SERVICE_TURN_OFF, {"entity_id": "all"}, blocking=True
    )


@dataclass
class Frontend:
    """Opens pages of Home Assistant as an administrator."""

    url: URL
    tokens: Mapping[str, object]
    browser: Browser
    freezer: FrozenDateTimeFactory
    errors: list[str] = field(default_factory=list)

    def _add_error(self, error: Error) -> None:
        """Keep an error of the card; the frontend has errors of its own."""
        if DOMAIN in (error.stack or ""):
            self.errors.append(str(error))

    async def open(
        self,
        path: str,
        *,
        language: str = "en",
        dark: bool = False,
        size: tuple[int, int] = DESKTOP,
    ) -> Page:
        """Open a page in a window of its own."""
        storage = {
            "hassTokens": json.dumps(self.tokens),
            "selectedLanguage": json.dumps(language),
        }
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            timezone_id="Europe/Paris",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            storage_state={
                "origins": [
                    {
                        "origin": str(self.url.origin()),
                        "localStorage": [
                            {"name": name, "value": value}
                            for name, value in storage.items()
                        ],
                    }
                ]
            },
        )
        context.set_default_timeout(TIMEOUT)
        page = await context.new_page()
        await page.clock.set_fixed_time(self.freezer())
        page.on("pageerror", self._add_error)
        await page.goto(str(self.url / "profile"), wait_until="commit")
        # A busy machine loads the strategy later than a dashboard waits for it.
        await page.wait_for_function(IS_READY)
        await page.evaluate(NAVIGATE, f"/{path}")
        return page


@pytest.fixture
async def frontend(
    hass: HomeAssistant,
    frontend_url: URL,
    freezer: FrozenDateTimeFactory,
    hass_admin_user: MockUser,
    hass_admin_credential: Credentials,
) -> AsyncIterator[Frontend]:
    """Return the frontend in a browser."""
    await hass.auth.async_link_user(hass_admin_user, hass_admin_credential)
    client_id = str(frontend_url)
    year = timedelta(days=365)
    refresh_token = await hass.auth.async_create_refresh_token(
        hass_admin_user,
        client_id,
        credential=hass_admin_credential,
        access_token_expiration=year,
    )
    tokens = {
        "access_token": hass.auth.async_create_access_token(refresh_token),
        "refresh_token": refresh_token.token,
        "token_type": "Bearer",
        "expires_in": year.total_seconds(),
        "expires": (dt_util.utcnow() + year).timestamp() * 1000,
        "hassUrl": str(frontend_url.origin()),
        "clientId": client_id,
    }
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(
            executable_path=executable, args=FLAGS, timeout=TIMEOUT
        )
        stack.push_async_callback(browser.close)
        yield Frontend(frontend_url, tokens, browser, freezer)


@pytest.fixture
async def garage(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, frontend_url: URL
) -> str:
    """Create a dashboard with the strategy; return its path."""
    client = await hass_ws_client(hass)
    commands: list[dict[str, Any]] = [
        {
            "type": "lovelace/dashboards/create",
            "url_path": "my-garage",
            "title": "My garage",
        },
        {
            "type": "lovelace/config/save",
            "url_path": "my-garage",
            "config": {"strategy": {"type": "custom:stellantis-connect"}},
        },
    ]
    for command in commands:
        await client.send_json_auto_id(command)
        response = await client.receive_json()
        assert response["success"], response
    return "my-garage"


async def accessibility_problems(element: Locator) -> list[str]:
    """Return what axe finds in an element that keeps people from using it."""
    await element.page.add_script_tag(path=AXE)
    problems: list[str] = await element.evaluate(
        """async (element) => (await axe.run({
                include: [element],
                exclude: [...element.shadowRoot?.querySelectorAll("ha-map") ?? []],
            })).violations
            .filter(({impact}) => ["serious", "critical"].includes(impact))
            .map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html).join(" ")}`)"""
    )
    return problems


def car_path(harness: Harness, garage: str, label: str = BATTERY) -> str:
    """Return the path of a car's view on the dashboard."""
    entry = er.async_get(harness.hass).async_get(
        harness.entity_id("battery_level", label)
    )
    assert entry
    return f"{garage}/car-{entry.device_id}"
