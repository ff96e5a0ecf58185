"""How the card looks."""

from typing import Any

from playwright.async_api import expect

from ..harness import Harness
from .conftest import CARD, PHONE, Frontend, accessibility_problems, car_path

APPEARANCES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"dark": True},
    "phone": {"size": PHONE, "language": "de"},
    "right-to-left": {"language": "he"},
}
HEIGHT = "card => card.getBoundingClientRect().height"


async def test_card_is_accessible_in_all_appearances(
    harness: Harness, frontend: Frontend, garage: str
) -> None:
    """It fits its width, doesn't grow once it is shown, and axe finds nothing serious."""
    for name, options in APPEARANCES.items():
        page = await frontend.open(car_path(harness, garage), **options)
        card = page.locator(CARD)
        await expect(card.get_by_role("img")).to_be_visible()
        height = await card.evaluate(HEIGHT)
        await expect(card.locator("ha-map")).to_be_visible()
        assert await card.evaluate(HEIGHT) == height, name
        assert await card.evaluate("card => card.scrollWidth <= card.clientWidth"), name
        assert await accessibility_problems(card) == [], name
        await page.context.close()
    assert not frontend.errors
