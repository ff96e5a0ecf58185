"""The dashboard of all cars."""

from datetime import timedelta

from playwright.async_api import expect
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from homeassistant.core import HomeAssistant

from ..harness import BATTERY, OLD_BATTERY, PETROL, PLUG_IN, Harness
from .conftest import CARD, Frontend

HOUR = timedelta(hours=1)


async def test_strategy_is_offered_for_a_new_dashboard(frontend: Frontend) -> None:
    """The dialog lists it with the dashboards of others."""
    page = await frontend.open("config/lovelace/dashboards")
    await page.get_by_role("button", name="Add dashboard").last.click()
    await page.locator("ha-dialog").get_by_text("Stellantis Connect").click()
    await expect(page.get_by_text("Add new dashboard")).to_be_visible()
    assert not frontend.errors


async def test_strategy_makes_a_view_per_car(
    harness: Harness, frontend: Frontend, garage: str
) -> None:
    """The garage view leads to a view with controls, and the horn is confirmed first."""
    page = await frontend.open(f"{garage}/garage")
    await expect(page.locator(CARD)).to_have_count(4)
    for label in (BATTERY, OLD_BATTERY, PETROL, PLUG_IN):
        await expect(page.get_by_role("tab", name=label)).to_be_visible()
    await page.get_by_role("tab", name=BATTERY).click()
    await expect(page.locator(CARD)).to_have_count(1)
    await expect(page.locator(CARD).locator("ha-map")).to_be_visible()
    await page.get_by_role("button", name="Sound horn").first.click()
    await expect(page.get_by_text(f"Sound the horn of {BATTERY}?")).to_be_visible()
    assert await harness.sent() == []
    assert not frontend.errors


async def test_critical_alert_is_on_the_garage_view(
    harness: Harness, frontend: Frontend, garage: str
) -> None:
    """An alert that is raised while the view is open appears in words."""
    page = await frontend.open(f"{garage}/garage")
    await expect(page.locator(CARD)).to_have_count(4)
    card = page.locator(CARD, has_text=BATTERY)
    await expect(card.get_by_role("alert")).to_have_count(0)
    await harness.change(alert={"type": "EngineFailure", "severity": "Critical"})
    await harness.pass_time(9 * HOUR, HOUR)
    await expect(card.get_by_role("alert")).to_have_text("Engine failed")
    assert not frontend.errors


async def test_outage_keeps_what_was_known(
    hass: HomeAssistant, harness: Harness, frontend: Frontend, garage: str
) -> None:
    """A page that is opened in an outage shows since when it lasts, and the last values."""
    await harness.change(alert={"type": "EngineFailure", "severity": "Critical"})
    await harness.pass_time(9 * HOUR, HOUR)
    await harness.fault("error", status=503, form="html", times=None)
    await harness.pass_time(96 * HOUR, 6 * HOUR)
    for key in ("battery_level", "problem"):
        assert harness.state(key).state == "unavailable"
    await async_wait_recording_done(hass)
    page = await frontend.open(f"{garage}/garage")
    card = page.locator(CARD, has_text=BATTERY)
    await expect(card.get_by_role("status").first).to_contain_text(
        "Disconnected from Stellantis since "
    )
    await expect(card.get_by_role("alert")).to_have_text("Engine failed")
    await expect(card.get_by_role("img")).to_have_accessible_name("Battery: 76%")
    await expect(card.get_by_role("button", name="Doors")).to_have_attribute(
        "aria-disabled", "true"
    )
    await page.get_by_role("tab", name=BATTERY).click()
    tile = page.locator("hui-tile-card", has_text="Stellantis")
    await expect(tile).to_contain_text("Disconnected")
    await expect(tile).to_contain_text("March 18")
    assert not frontend.errors
