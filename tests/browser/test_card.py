"""How the card looks, and how fast it is."""

from statistics import median
from typing import Any

from playwright.async_api import expect
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from homeassistant.core import HomeAssistant

from ..harness import Harness
from .conftest import CARD, PHONE, Frontend, accessibility_problems, car_path

APPEARANCES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"dark": True},
    "phone": {"size": PHONE, "language": "de"},
    "right-to-left": {"language": "he"},
}
HEIGHT = "card => card.getBoundingClientRect().height"
OBSERVE_LAYOUT = """
    () => {
        window.layoutShift = 0;
        new PerformanceObserver((list) => {
            for (const {value} of list.getEntries()) window.layoutShift += value;
        }).observe({type: "layout-shift"});
    }
"""
FIRST_PAINT = """
    async (card) => {
        const times = [];
        for (let count = 0; count < 10; count++) {
            const copy = document.createElement(card.localName);
            copy.setConfig(card.config);
            const start = performance.now();
            copy.hass = card.hass;
            document.body.prepend(copy);
            await new Promise((resolve) =>
                requestAnimationFrame(() => setTimeout(resolve)));
            times.push(performance.now() - start);
            copy.remove();
        }
        return times;
    }
"""
UPDATES = """
    async (card) => {
        const times = [];
        const level = [...card.ids].find(([key]) => key === "sensor.battery_level")[1];
        for (let count = 0; count < 60; count++) {
            const {hass} = card;
            const state = {...hass.states[level], state: String(count)};
            await new Promise(requestAnimationFrame);
            const start = performance.now();
            card.hass = {...hass, states: {...hass.states, [level]: state}};
            await card.updateComplete;
            card.getBoundingClientRect();
            times.push(performance.now() - start);
        }
        return times;
    }
"""
"""What a second of updates takes, each with its layout."""


async def test_card_is_accessible_in_all_appearances(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    harness: Harness,
    frontend: Frontend,
    garage: str,
) -> None:
    """It fits its width, doesn't move while it loads, and axe finds nothing serious."""
    device_id = car_path(harness, garage).partition("/car-")[2]
    card_config = {"type": f"custom:{CARD}", "device_id": device_id}
    views = [
        {"title": "Start", "path": "start", "cards": []},
        {"title": "Car", "cards": [card_config]},
    ]
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {"type": "lovelace/config/save", "url_path": garage, "config": {"views": views}}
    )
    assert (await client.receive_json())["success"]
    for name, options in APPEARANCES.items():
        page = await frontend.open(f"{garage}/start", **options)
        await page.evaluate(OBSERVE_LAYOUT)
        await page.get_by_role("tab", name="Car").click()
        card = page.locator(CARD)
        await expect(card.get_by_role("img")).to_be_visible()
        height = await card.evaluate(HEIGHT)
        await expect(card.locator("ha-map")).to_be_visible()
        await expect(card.locator(".last_charges li")).to_have_count(3)
        assert await page.evaluate("window.layoutShift") == 0, name
        assert await card.evaluate(HEIGHT) == height, name
        assert await card.evaluate("card => card.scrollWidth <= card.clientWidth"), name
        assert await accessibility_problems(card) == [], name
        await page.context.close()
    assert not frontend.errors


async def test_card_is_fast(harness: Harness, frontend: Frontend, garage: str) -> None:
    """It is painted within 100 ms, and 60 updates a second fit into the frames.

    The best and the median do not depend on what else the machine does.
    """
    page = await frontend.open(car_path(harness, garage))
    card = page.locator(CARD)
    await expect(card.locator("ha-map")).to_be_visible()
    paints: list[float] = await card.evaluate(FIRST_PAINT)
    updates: list[float] = await card.evaluate(UPDATES)
    assert min(paints) < 100
    assert median(updates) < 1000 / 60
