"""The editor of the card, and the card picker."""

from playwright.async_api import expect
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from homeassistant.core import HomeAssistant

from ..harness import Harness
from .conftest import AUTOMATIONS, CARD, Frontend


async def test_picker_offers_the_card_and_the_editor_changes_it(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    harness: Harness,
    frontend: Frontend,
    garage: str,
) -> None:
    """A person adds the card of a car and hides its map, without YAML."""
    client = await hass_ws_client(hass)
    section = {"type": "grid", "cards": []}
    view = {"title": "Cars", "type": "sections", "sections": [section]}
    config = {"views": [view]}
    await client.send_json_auto_id(
        {"type": "lovelace/config/save", "url_path": garage, "config": config}
    )
    assert (await client.receive_json())["success"]
    page = await frontend.open(f"{garage}/0?edit=1")
    await page.get_by_role("button", name="Add card").click()
    await page.get_by_role("tab", name="By card").click()
    picker = page.locator("hui-card-picker")
    await expect(picker.locator(".card", has=page.locator(AUTOMATIONS))).to_be_visible()
    offered = picker.locator(".card", has=page.locator(CARD)).last
    await offered.locator(".overlay").click()
    preview = page.locator("hui-dialog-edit-card").locator(CARD)
    await expect(preview.locator("ha-map")).to_be_visible()
    await page.get_by_role("switch").nth(1).press("Space")
    await expect(preview.locator("ha-map")).to_have_count(0)
    await page.get_by_role("button", name="Save").click()
    await expect(preview).to_have_count(0)
    await client.send_json_auto_id({"type": "lovelace/config", "url_path": garage})
    [card] = (await client.receive_json())["result"]["views"][0]["sections"][0]["cards"]
    assert card["type"] == f"custom:{CARD}"
    assert card["show_map"] is False
    assert not frontend.errors
