"""Pictures are fetched once, kept, and shown with the device tracker."""

from http import HTTPStatus

import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.components.image import async_get_image
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from simulator.server import Simulator

from .common import entity_ids
from .conftest import SetupIntegration
from .simulator_client import control

BATTERY = "Compact Electric"


def fetched(connected_simulator: Simulator) -> int:
    """Return how many pictures were fetched since this was last called."""
    paths = [entry.path for entry in connected_simulator.backend.log]
    connected_simulator.backend.log.clear()
    return len([path for path in paths if path.startswith("/pictures/")])


async def test_first_picture_is_shown_and_others_are_offered(
    hass: HomeAssistant, entry: ConfigEntry
) -> None:
    """One picture is enough for most."""
    ids = entity_ids(hass, entry, BATTERY)
    pictures = [er.async_get(hass).async_get(ids[f"picture_{n}"]) for n in range(1, 5)]
    assert [one.disabled for one in pictures if one] == [False, True, True, True]
    assert "picture_5" not in ids


async def test_picture_is_fetched_once_for_all_who_look(
    hass: HomeAssistant, connected_simulator: Simulator, entry: ConfigEntry
) -> None:
    """A dashboard that is loaded a hundred times, and a restart, cost nothing."""
    await hass.async_block_till_done(wait_background_tasks=True)
    assert fetched(connected_simulator) == 4
    image = entity_ids(hass, entry, BATTERY)["picture_1"]
    for _ in range(10):
        picture = await async_get_image(hass, image)
        assert picture.content.startswith(b"\x89PNG")
        assert picture.content_type == "image/png"

    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await async_get_image(hass, image)
    assert fetched(connected_simulator) == 0


async def test_device_tracker_has_the_picture(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    connected_simulator: Simulator,
    entry: ConfigEntry,
) -> None:
    """The map shows the car, from this Home Assistant, to whoever was told where."""
    await hass.async_block_till_done(wait_background_tasks=True)
    fetched(connected_simulator)
    tracker = hass.states.get(entity_ids(hass, entry, BATTERY)["position"])
    assert tracker
    browser = await hass_client_no_auth()
    for _ in range(5):
        answer = await browser.get(tracker.attributes["entity_picture"])
        assert answer.status == HTTPStatus.OK
        assert "max-age" in answer.headers["Cache-Control"]
        assert (await answer.read()).startswith(b"\x89PNG")
    assert fetched(connected_simulator) == 0
    guess = f"/api/stellantis_connect/pictures/{'0' * 64}"
    assert (await browser.get(guess)).status == HTTPStatus.NOT_FOUND


async def test_picture_that_cannot_be_had_is_not_asked_for_again_and_again(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The car is shown without."""
    await control(
        connected_simulator,
        "POST",
        "faults",
        kind="error",
        status=500,
        form="html",
        path="/pictures/*",
        times=None,
    )
    entry = await setup_integration()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert fetched(connected_simulator) == 4
    image = entity_ids(hass, entry, BATTERY)["picture_1"]
    assert hass.states.is_state(image, "unknown")
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, image)
    assert fetched(connected_simulator) == 0
    ours = [one for one in caplog.records if one.name.startswith("custom_components")]
    assert not [one for one in ours if one.levelname in ("WARNING", "ERROR")]
