"""System health tells whether the platform, the cars and the plan are well."""

from collections.abc import Mapping
import inspect
import json
from pathlib import Path

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulator import Simulator

from .conftest import SetupIntegration

TRANSLATIONS = Path(__file__).parents[1] / f"custom_components/{DOMAIN}/translations"


@pytest.fixture(autouse=True)
async def _system_health(hass: HomeAssistant) -> None:
    """Load Home Assistant's part."""
    assert await async_setup_component(hass, "system_health", {})


async def told(hass: HomeAssistant) -> Mapping[str, object]:
    """Return what a person sees, once all of it is found out."""
    info = await get_system_health_info(hass, DOMAIN)
    return {
        key: await value if inspect.isawaitable(value) else value
        for key, value in info.items()
    }


async def test_all_is_well(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The sign-in can be reached, and all cars answer."""
    told_now = await told(hass)
    left = told_now["requests_left_today"]
    assert told_now == {
        "can_reach_peugeot": "ok",
        "vehicles_answering": "4/4",
        "requests_left_today": left,
    }
    assert (
        left
        == entry.runtime_data.account.client.rate_limiter.remaining_today
        is not None
    )


async def test_platform_is_down(
    hass: HomeAssistant, simulator: Simulator, entry: MockConfigEntry
) -> None:
    """What does not answer is named."""
    await simulator.stop()
    for car in entry.runtime_data.account.vehicles.values():
        await car.async_refresh()
    told_now = await told(hass)
    assert told_now["can_reach_peugeot"] == {"type": "failed", "error": "unreachable"}
    assert told_now["vehicles_answering"] == "0/4"


async def test_nothing_is_set_up(
    hass: HomeAssistant, create_config_entry: SetupIntegration
) -> None:
    """An account that could not be set up has a sign-in to reach, and no cars yet."""
    await create_config_entry(Brand.OPEL)
    assert await told(hass) == {
        "can_reach_opel": "ok",
        "vehicles_answering": "0/0",
        "requests_left_today": None,
    }


def test_all_has_a_name() -> None:
    """Whatever is told is translated."""
    english = json.loads((TRANSLATIONS / "en.json").read_text())
    assert english["system_health"]["info"].keys() == {
        *(f"can_reach_{brand}" for brand in Brand),
        "vehicles_answering",
        "requests_left_today",
    }
