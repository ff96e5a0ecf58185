"""Adding an account."""

from playwright.async_api import Page, expect

from custom_components.stellantis_connect.const import DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from simulator.server import Simulator

from ..harness import BATTERY
from ..simulator_client import OWNER
from .conftest import Frontend


async def start(frontend: Frontend) -> Page:
    """Search the integration, and select a brand in its form."""
    page = await frontend.open("config/integrations/dashboard")
    await page.get_by_role("button", name="Add integration").first.click()
    await page.get_by_placeholder("Search for a brand name").fill("peugeot")
    await page.get_by_text("(Stellantis Connect)").click()
    brand = page.get_by_role("radio", name="Peugeot")
    await brand.click()
    # The next field is filled only once the form has this one.
    await expect(brand).to_be_checked()
    return page


async def sign_in(window: Page) -> str:
    """Sign in to Stellantis, and accept all permissions; return where that leads."""
    await window.get_by_label("E-mail").fill(OWNER)
    await window.get_by_label("Password").fill("any")
    await window.get_by_role("button", name="Sign in").click()
    async with window.expect_response(
        lambda response: "location" in response.headers
    ) as redirect:
        await window.get_by_role("button", name="Accept").click()
    return (await redirect.value).headers["location"]


async def finish(hass: HomeAssistant, page: Page) -> None:
    """Continue without a client certificate, and see the cars."""
    await expect(page.get_by_text("If you didn't receive one")).to_be_visible()
    await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_text(BATTERY).first).to_be_visible()
    [entry] = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED


async def test_redirect_adds_the_account(
    hass: HomeAssistant, connected_simulator: Simulator, frontend: Frontend
) -> None:
    """The window to sign in closes, and the flow continues by itself."""
    page = await start(frontend)
    async with page.expect_popup() as popup:
        await page.get_by_role("button", name="Submit").click()
    await expect(page.get_by_text("opens in a new window")).to_be_visible()
    await sign_in(await popup.value)
    await finish(hass, page)


async def test_pasted_address_adds_the_account(
    hass: HomeAssistant, connected_simulator: Simulator, frontend: Frontend
) -> None:
    """A redirect URI that no browser shows works with the address in its developer tools."""
    page = await start(frontend)
    redirect_uri = page.locator("ha-selector-text input").first
    await redirect_uri.fill("myapp://oauth")
    await redirect_uri.press("Tab")
    await expect(redirect_uri).to_have_value("myapp://oauth")
    await page.get_by_role("button", name="Submit").click()
    async with page.expect_popup() as popup:
        await page.get_by_role("link", name="this link").click()
    address = await sign_in(await popup.value)
    await page.locator("ha-selector-text textarea").fill(address)
    await page.get_by_role("button", name="Submit").click()
    await finish(hass, page)
