"""Take the pictures of the README: see scripts/screenshots."""

from datetime import timedelta
from pathlib import Path

from playwright.async_api import Locator, Page, expect
import pytest

from custom_components.stellantis_connect.const import CONF_ELSEWHERE, CONF_HOME_PRICE
from homeassistant.core import HomeAssistant
from simulator.server import Simulator

from ..harness import Harness
from .conftest import CARD, PHONE, Frontend, car_path
from .test_automations import create_buttons, link, open_device
from .test_enrolment import finish, sign_in, start

IMAGES = Path(__file__).parents[2] / "docs/images"
HALF_HOUR = timedelta(minutes=30)
MOMENT = 1500
"""Milliseconds in which pictures load and animations end."""


@pytest.fixture
def port() -> int:
    """Return the port that a redirect URI on a picture has."""
    return 8123


async def take(subject: Page | Locator, name: str) -> None:
    """Take a picture once nothing moves."""
    page = subject if isinstance(subject, Page) else subject.page
    await page.wait_for_timeout(MOMENT)
    await subject.screenshot(path=IMAGES / f"{name}.png")


async def test_dashboard(harness: Harness, frontend: Frontend, garage: str) -> None:
    """Show a charging car, and the garage."""
    prices = {CONF_HOME_PRICE: 0.21, CONF_ELSEWHERE: "same"}
    harness.hass.config_entries.async_update_entry(harness.entry, options=prices)
    await harness.restart()
    await harness.change(plugged=True, charging=True, level=40)
    await harness.pass_time(6 * HALF_HOUR, HALF_HOUR)
    await harness.change(plugged=False, charging=False)
    await harness.pass_time(10 * HALF_HOUR, HALF_HOUR)
    await harness.use("charge_limit", "set_value", value=80)
    await harness.change(plugged=True, charging=True, level=61)
    await harness.pass_time(HALF_HOUR, HALF_HOUR)
    await harness.refresh()
    path = car_path(harness, garage)
    for name, dark in (("card", False), ("card-dark", True)):
        page = await frontend.open(path, dark=dark)
        await expect(page.locator(CARD).locator("ha-map")).to_be_visible()
        await take(page.locator(CARD), name)
        await page.context.close()
    page = await frontend.open(path, size=PHONE)
    await expect(page.locator(CARD).locator("ha-map")).to_be_visible()
    await take(page, "phone")
    await page.context.close()
    page = await frontend.open(f"{garage}/garage")
    await expect(page.locator(CARD)).to_have_count(4)
    await take(page, "garage")


@pytest.mark.usefixtures("automations")
async def test_automations(harness: Harness, frontend: Frontend) -> None:
    """Show the page of a car, after an automation was created."""
    page = await open_device(frontend)
    await take(page, "automation-1-device")
    await link(page).click()
    await expect(page.locator(CARD).locator("ha-map")).to_be_visible()
    await create_buttons(page).first.click()
    await expect(page.locator("ha-toast")).to_contain_text("Automation created")
    await take(page, "automation-2-created")


async def test_enrolment(
    hass: HomeAssistant, connected_simulator: Simulator, frontend: Frontend
) -> None:
    """Show the steps to add an account."""
    page = await start(frontend)
    await take(page, "enrolment-1-sign-in")
    async with page.expect_popup() as popup:
        await page.get_by_role("button", name="Submit").click()
    await sign_in(await popup.value)
    await expect(page.get_by_text("If you didn't receive one")).to_be_visible()
    await take(page, "enrolment-2-certificate")
    await finish(hass, page)
    await take(page, "enrolment-3-cars")
