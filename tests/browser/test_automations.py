"""Automations of a car, created by one button each."""

from typing import Any

from playwright.async_api import Locator, Page, expect
import pytest

from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.components.persistent_notification import (
    Notification,
    UpdateType,
    async_register_callback,
)
from homeassistant.core import HomeAssistant, callback

from ..harness import BATTERY, SECOND, Harness
from ..test_blueprints import PATHS
from ..test_trigger import change
from .conftest import AUTOMATIONS, CARD, Frontend, accessibility_problems, car_path
from .test_card import APPEARANCES

NARROW = (320, 700)
PRICE = "Charge at a low price"
WITH_FORM = (PRICE, "Start climate before departure")


pytestmark = pytest.mark.usefixtures("automations")


async def open_device(frontend: Frontend) -> Page:
    """Open the device page of a car as a person does."""
    page = await frontend.open("config/devices/dashboard")
    await page.get_by_text(BATTERY).first.click()
    await expect(link(page)).to_be_visible()
    return page


def link(page: Page) -> Locator:
    """Return the link to the page of the car, whose text appears with the translations."""
    return page.locator("a[href^='/stellantis_connect/']")


def create_buttons(page: Page) -> Locator:
    """Return the buttons that create automations."""
    return page.locator(AUTOMATIONS).get_by_role("button", name="Create: ")


async def test_notification_at_a_level_takes_two_clicks_from_the_device_page(
    hass: HomeAssistant, harness: Harness, frontend: Frontend
) -> None:
    """The automation runs when the car is charged to the level."""
    messages: list[str] = []

    @callback
    def note(kind: UpdateType, notifications: dict[str, Notification]) -> None:
        messages.extend(one["message"] for one in notifications.values())

    async_register_callback(hass, note)
    await change(level=70, charging=True)(harness)
    page = await open_device(frontend)
    await link(page).click()
    await expect(page.locator(CARD).locator("ha-map")).to_be_visible()
    await create_buttons(page).first.click()
    await expect(page.locator("ha-toast")).to_contain_text(
        f"Automation created: {BATTERY}: Notify when charged to 80%"
    )
    await change(level=85)(harness)
    assert messages == [f"{BATTERY} is charged to 85%."]
    await page.locator("ha-toast").get_by_text("Edit").click()
    await expect(page.get_by_text("Blueprint to use")).to_be_visible()
    await page.go_back()
    await page.get_by_role("link", name="Back").click()
    await expect(link(page)).to_be_visible()
    assert not frontend.errors


async def test_each_blueprint_becomes_an_automation(
    hass: HomeAssistant, harness: Harness, frontend: Frontend, garage: str
) -> None:
    """What only the owner knows is entered first; an automation is switched off, and edited."""
    page = await frontend.open(car_path(harness, garage))
    card = page.locator(AUTOMATIONS)
    form = card.locator("ha-form")
    links = card.get_by_role("link", name="Edit: ")
    buttons = create_buttons(page)
    for count, name in enumerate([*WITH_FORM, *[None] * (len(PATHS) - len(WITH_FORM))]):
        # The ID of an automation is when it was created.
        await page.clock.set_fixed_time(frontend.freezer() + count * SECOND)
        await expect(buttons.first).to_have_attribute("aria-disabled", "false")
        if name:
            await card.get_by_role("button", name=f"Create: {name}").click()
            await expect(form).to_be_visible()
        if name == PRICE:
            await form.locator("ha-entity-picker").click()
            items = page.locator("ha-combo-box-item")
            await items.filter(has_text="12 V battery").first.click()
        button = card.get_by_role("button", name=f"Create: {name or ''}").first
        await button.click()
        await expect(links).to_have_count(count + 1)
    states = hass.states.async_all(AUTOMATION)
    assert [state.state for state in states] == ["on"] * len(PATHS)
    toggle = card.get_by_role("switch").first
    await expect(toggle).to_be_checked()
    await toggle.press("Space")
    await expect(toggle).not_to_be_checked()
    assert not frontend.errors


async def test_card_of_automations_is_accessible_in_all_appearances(
    harness: Harness, frontend: Frontend, garage: str
) -> None:
    """It fits its width, and axe finds nothing serious."""
    appearances: dict[str, dict[str, Any]] = {
        **APPEARANCES,
        "narrow": {"size": NARROW, "language": "fr"},
    }
    for name, options in appearances.items():
        page = await frontend.open(car_path(harness, garage), **options)
        card = page.locator(AUTOMATIONS)
        await expect(card.locator("button[aria-disabled=false]")).not_to_have_count(0)
        fits = "card => card.scrollWidth <= card.clientWidth"
        assert await card.evaluate(fits), name
        assert await accessibility_problems(card) == [], name
        await page.context.close()
    assert not frontend.errors
