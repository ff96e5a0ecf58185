"""Tests of images."""

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.stellantis_connect import image
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.image import (
    MAX_PICTURE_SIZE,
    content_type_of,
    is_picture_url,
)
from homeassistant.components.image import async_get_image
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from simulator.server import Simulator

from .common import advance_time, entity_ids, simulated_car
from .conftest import SetupIntegration
from .simulator_client import control

BATTERY = "Compact Electric"
MINUTE = timedelta(minutes=1)
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def _frozen_time(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time."""
    freezer.move_to("2026-03-18T05:00:00+00:00")


def fetched_pictures(simulator: Simulator) -> int:
    """Return how many pictures were fetched since the last call."""
    paths = [entry.path for entry in simulator.backend.log]
    simulator.backend.log.clear()
    return len([path for path in paths if path.startswith("/pictures/")])


async def fault(simulator: Simulator, kind: str, **details: Any) -> None:
    """Let the fetches of pictures fail."""
    details = {"path": "/pictures/*", "times": None, **details}
    await control(simulator, "POST", "faults", kind=kind, **details)


async def image_of(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Return the first image of the car, after its picture was fetched."""
    await hass.async_block_till_done(wait_background_tasks=True)
    return entity_ids(hass, entry, BATTERY)["picture_1"]


async def test_images_are_enabled_by_default_for_the_first_picture(
    hass: HomeAssistant, init_integration: ConfigEntry
) -> None:
    """There is one image for each picture of the car."""
    ids = entity_ids(hass, init_integration, BATTERY)
    pictures = [er.async_get(hass).async_get(ids[f"picture_{n}"]) for n in range(1, 5)]
    assert [one.disabled for one in pictures if one] == [False, True, True, True]
    assert "picture_5" not in ids


async def test_image_is_fetched_once_and_stored_as_file(
    hass: HomeAssistant, connected_simulator: Simulator, init_integration: ConfigEntry
) -> None:
    """Dashboards, a reload and an outage fetch nothing; removing the account removes the file."""
    entity_id = await image_of(hass, init_integration)
    assert fetched_pictures(connected_simulator) == 4
    fetched = await async_get_image(hass, entity_id)
    assert fetched.content.startswith(PNG)
    assert fetched.content_type == "image/png"
    directory = Path(hass.config.path(".storage"))
    files = [*directory.glob(f"{DOMAIN}.{init_integration.entry_id}.*.picture_1.*")]
    assert len(files) == 4
    assert fetched.content in [file.read_bytes() for file in files]

    await hass.config_entries.async_reload(init_integration.entry_id)
    entity_id = await image_of(hass, init_integration)
    assert await async_get_image(hass, entity_id) == fetched
    assert fetched_pictures(connected_simulator) == 0

    await hass.config_entries.async_remove(init_integration.entry_id)
    assert not [*directory.glob("*picture*")]


async def test_image_stays_while_platform_is_unreachable(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    init_integration: ConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A picture does not depend on the status of the car."""
    entity_id = await image_of(hass, init_integration)
    before = hass.states.get(entity_id)
    await control(
        connected_simulator, "POST", "faults", kind="drop", path="*", times=None
    )
    for _ in range(3):
        await advance_time(hass, freezer, timedelta(hours=2))
    assert hass.states.get(entity_id) == before


async def test_image_state_changes_with_the_picture_alone(
    hass: HomeAssistant, init_integration: ConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Neither updates of the car nor Home Assistant's new tokens change it."""
    entity_id = await image_of(hass, init_integration)
    events = async_capture_events(hass, EVENT_STATE_CHANGED)
    for _ in range(12):
        await advance_time(hass, freezer, 10 * MINUTE)
    assert not [one for one in events if one.data["entity_id"] == entity_id]


async def test_image_with_new_url_is_fetched_again_and_replaced(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    init_integration: ConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The old picture stays until the new one is there."""
    entity_id = await image_of(hass, init_integration)
    before = await async_get_image(hass, entity_id)
    car = simulated_car(connected_simulator, BATTERY)
    pictures = {
        "kind": "set_value",
        "path": "*/user/vehicles",
        "key": "pictures",
        "value": [f"{connected_simulator.url}/pictures/{car.id}/002.png"],
        "times": None,
    }
    await control(connected_simulator, "POST", "faults", **pictures)
    await fault(connected_simulator, "error", status=500, form="html")
    for _ in range(8):
        await advance_time(hass, freezer, timedelta(hours=1))
    assert await async_get_image(hass, entity_id) == before

    await control(connected_simulator, "DELETE", "faults")
    await control(connected_simulator, "POST", "faults", **pictures)
    for _ in range(24):
        await advance_time(hass, freezer, timedelta(hours=1))
    after = await async_get_image(hass, entity_id)
    assert after.content != before.content
    directory = Path(hass.config.path(".storage"))
    files = [*directory.glob(f"{DOMAIN}.{init_integration.entry_id}.*.picture_1.*")]
    assert [file.read_bytes() for file in files] == 4 * [after.content]


async def test_image_is_served_with_its_token_alone(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    init_integration: ConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Home Assistant's image proxy checks the token, which stays with the picture."""
    state = hass.states.get(await image_of(hass, init_integration))
    assert state
    path = state.attributes["entity_picture"]
    await advance_time(hass, freezer, 31 * MINUTE)
    browser = await hass_client_no_auth()
    response = await browser.get(path)
    assert response.status == HTTPStatus.OK
    assert (await response.read()).startswith(PNG)
    assert (await browser.get(path[:-1])).status == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        pytest.param("error", {"status": 500, "form": "html"}, id="error"),
        pytest.param("drop", {}, id="dropped connection"),
        pytest.param("interrupt", {}, id="truncated"),
        pytest.param("redirect", {"value": "http://192.168.1.1/"}, id="redirect"),
        pytest.param(
            "body", {"value": "<svg/>", "content_type": "image/svg+xml"}, id="SVG"
        ),
        pytest.param(
            "body", {"value": "<svg/>", "content_type": "image/png"}, id="false type"
        ),
        pytest.param("huge", {"size": MAX_PICTURE_SIZE + 1}, id="compressed"),
        pytest.param(
            "set_value",
            {
                "path": "*/user/vehicles",
                "key": "pictures",
                "value": ["https://192.168.1.1/picture.png"],
            },
            id="address of the home network",
        ),
    ],
)
async def test_image_that_cannot_be_fetched_is_fetched_again(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    caplog: pytest.LogCaptureFixture,
    freezer: FrozenDateTimeFactory,
    kind: str,
    details: dict[str, Any],
) -> None:
    """The pauses grow up to a day; then the picture is shown."""
    await fault(connected_simulator, kind, **details)
    entry = await setup_integration()
    entity_id = await image_of(hass, entry)
    first = fetched_pictures(connected_simulator)
    assert hass.states.is_state(entity_id, "unknown")
    with pytest.raises(HomeAssistantError):
        await async_get_image(hass, entity_id)

    for _ in range(24):
        await advance_time(hass, freezer, timedelta(hours=1))
    assert fetched_pictures(connected_simulator) <= 9 * first
    assert hass.states.is_state(entity_id, "unknown")

    await control(connected_simulator, "DELETE", "faults")
    for _ in range(24):
        await advance_time(hass, freezer, timedelta(hours=1))
    picture = await async_get_image(hass, entity_id)
    assert picture.content.startswith(PNG)
    assert fetched_pictures(connected_simulator) == 4
    ours = [one for one in caplog.records if one.name.startswith("custom_components")]
    assert not [one for one in ours if one.levelname in ("WARNING", "ERROR")]


async def test_image_beyond_maximum_size_is_not_shown(
    hass: HomeAssistant,
    setup_integration: SetupIntegration,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A response without an end is not read to its end."""
    monkeypatch.setattr(image, "MAX_PICTURE_SIZE", 100)
    entry = await setup_integration()
    assert hass.states.is_state(await image_of(hass, entry), "unknown")


async def test_image_with_damaged_file_is_fetched_again(
    hass: HomeAssistant, connected_simulator: Simulator, init_integration: ConfigEntry
) -> None:
    """A file that holds no picture is replaced."""
    await image_of(hass, init_integration)
    await hass.config_entries.async_unload(init_integration.entry_id)
    directory = Path(hass.config.path(".storage"))
    for file in directory.glob("*picture_1*"):
        file.write_bytes(PNG[:3])
    await hass.config_entries.async_setup(init_integration.entry_id)
    picture = await async_get_image(hass, await image_of(hass, init_integration))
    assert picture.content.startswith(PNG)


async def test_image_without_url_shows_the_stored_picture(
    hass: HomeAssistant, connected_simulator: Simulator, init_integration: ConfigEntry
) -> None:
    """A list of cars without pictures takes none away."""
    before = await async_get_image(hass, await image_of(hass, init_integration))
    details = {"path": "*/user/vehicles", "key": "pictures", "value": []}
    await fault(connected_simulator, "set_value", **details)
    await hass.config_entries.async_reload(init_integration.entry_id)
    assert await async_get_image(hass, await image_of(hass, init_integration)) == before


async def test_image_with_new_url_of_same_picture_does_not_change(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    init_integration: ConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A URL may contain a key that changes."""
    entity_id = await image_of(hass, init_integration)
    before = hass.states.get(entity_id)
    car = simulated_car(connected_simulator, BATTERY)
    url = f"{connected_simulator.url}/pictures/{car.id}/001.png?key=2"
    details = {"path": "*/user/vehicles", "key": "pictures", "value": [url]}
    await fault(connected_simulator, "set_value", **details)
    fetched_pictures(connected_simulator)
    for _ in range(8):
        await advance_time(hass, freezer, timedelta(hours=1))
    assert fetched_pictures(connected_simulator) == 4
    assert hass.states.get(entity_id) == before


async def test_image_update_cancelled_by_unload_is_made_after_setup(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
) -> None:
    """A fetch that was cancelled is made again."""
    await fault(connected_simulator, "hold")
    entry = await setup_integration()
    await hass.config_entries.async_unload(entry.entry_id)
    await control(connected_simulator, "DELETE", "faults")

    await hass.config_entries.async_setup(entry.entry_id)

    assert (await async_get_image(hass, await image_of(hass, entry))).content


@pytest.mark.parametrize(
    "url",
    [
        "http://visuel3d-secure.peugeot.com/V3DImage.ashx",
        "https://192.168.1.1/picture.png",
        "https://[fd00::1]/picture.png",
        "https://localhost/picture.png",
        "https://homeassistant.local:8123/picture.png",
        "https://example.org/picture.png",
        "https://peugeot.com.example.org/picture.png",
        "https://notpeugeot.com/picture.png",
        "https://peugeot.com@example.org/picture.png",
        "file:///etc/passwd",
        "https://[visuel3d-secure.peugeot.com/",
        "",
    ],
)
def test_picture_url_of_unknown_host_is_refused(url: str) -> None:
    """No request leaves for another host, or for one of the home network."""
    assert not is_picture_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://visuel3d-secure.peugeot.com/V3DImage.ashx?client=MyMarque",
        "https://visual3d-secure.opel-vauxhall.com/V3DImage.ashx",
    ],
)
def test_picture_url_of_platform_is_accepted(url: str) -> None:
    """The hosts of the brands' pictures are known."""
    assert is_picture_url(url)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (PNG + b"...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"GIF89a", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"", None),
    ],
)
def test_content_type_follows_from_first_bytes(
    content: bytes, content_type: str | None
) -> None:
    """What a response claims does not matter."""
    assert content_type_of(content) == content_type
