"""Commands from the card, from the press to their end."""

from playwright.async_api import expect

from ..harness import BATTERY, SECOND, Harness
from .conftest import CARD, Frontend


async def test_unlocking_is_confirmed_and_shows_its_progress(
    harness: Harness, frontend: Frontend, garage: str
) -> None:
    """A second press sends the command, a double click doesn't; then, the control is pending."""
    page = await frontend.open(f"{garage}/garage")
    doors = page.locator(CARD, has_text=BATTERY).get_by_role("button", name="Doors")
    await expect(doors).to_have_accessible_name("Doors: Locked. Unlock")
    await doors.dblclick()
    await expect(doors).to_have_accessible_name("Doors: Press again to unlock. Unlock")
    await expect(doors).to_have_attribute("aria-disabled", "false")
    assert await harness.sent() == []
    await doors.press("Enter")
    await expect(doors).to_have_attribute("aria-disabled", "true")
    await harness.pass_time(2 * SECOND, SECOND)
    await harness.pass_time(20 * SECOND, SECOND)
    await expect(doors).to_have_accessible_name("Doors: Unlocked. Lock")
    await expect(doors).to_have_attribute("aria-disabled", "false")
    assert await harness.sent() == [{"door": {"state": "Unlocked"}}]
    assert not frontend.errors


async def test_failure_is_shown_in_words(
    harness: Harness, frontend: Frontend, garage: str
) -> None:
    """The control returns to what the car reports, and a message says why."""
    await harness.fault("remote_fails", message="DoorsOpen")
    page = await frontend.open(f"{garage}/garage")
    climate = page.locator(CARD, has_text=BATTERY).get_by_role("button", name="Climate")
    await climate.click()
    await expect(climate).to_have_attribute("aria-disabled", "true")
    await harness.pass_time(20 * SECOND, SECOND)
    await expect(page.locator("ha-toast")).to_contain_text(
        "Compact Electric: Start preconditioning failed. A door, the hood, or the trunk is open."
    )
    await expect(climate).to_have_accessible_name("Climate: Off. Start climate")
    assert not frontend.errors
