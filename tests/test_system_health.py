"""Tests of the system health."""

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
    """Set up the system health."""
    assert await async_setup_component(hass, "system_health", {})


async def health_info(hass: HomeAssistant) -> Mapping[str, object]:
    """Return the information that is shown."""
    info = await get_system_health_info(hass, DOMAIN)
    return {
        key: await value if inspect.isawaitable(value) else value
        for key, value in info.items()
    }


async def test_info_all_works_shows_numbers(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """The identity provider is reached, and all cars respond."""
    info = await health_info(hass)
    remaining = info["requests_left_today"]
    assert info == {
        "can_reach_peugeot": "ok",
        "vehicles_answering": "4/4",
        "push_working": "0/1",
        "requests_left_today": remaining,
    }
    assert (
        remaining
        == init_integration.runtime_data.account.client.rate_limiter.remaining_today
        is not None
    )


async def test_info_platform_down_shows_failure(
    hass: HomeAssistant, simulator: Simulator, init_integration: MockConfigEntry
) -> None:
    """No car responds."""
    await simulator.stop()
    for vehicle in init_integration.runtime_data.account.vehicles.values():
        await vehicle.async_refresh()
    info = await health_info(hass)
    assert info["can_reach_peugeot"] == {"type": "failed", "error": "unreachable"}
    assert info["vehicles_answering"] == "0/4"


async def test_info_not_loaded_shows_identity_provider(
    hass: HomeAssistant, create_config_entry: SetupIntegration
) -> None:
    """An account that is not loaded has no cars."""
    await create_config_entry(Brand.OPEL)
    assert await health_info(hass) == {
        "can_reach_opel": "ok",
        "vehicles_answering": "0/0",
        "push_working": "0/0",
        "requests_left_today": None,
    }


def test_info_every_key_is_translated() -> None:
    """There is a key for each brand."""
    english = json.loads((TRANSLATIONS / "en.json").read_text())
    assert english["system_health"]["info"].keys() == {
        *(f"can_reach_{brand}" for brand in Brand),
        "vehicles_answering",
        "push_working",
        "requests_left_today",
    }
