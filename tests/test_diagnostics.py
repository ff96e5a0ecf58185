"""Diagnostics tell what helps, and nothing of the person."""

from collections.abc import Sequence
import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from homeassistant.components.diagnostics import REDACTED
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from simulator import Simulator
from simulator.cars.garage import Recording

from .api.recorded import load
from .common import devices
from .simulator_client import OWNER, control

VIN = "VR3UHZKXZMT999999"


def talkative() -> dict[str, Any]:
    """Return a status that has secrets where none belong."""
    status: dict[str, Any] = load("made-status-phev")
    status["_links"] = {"self": {"href": "https://example.com/user/vehicles/1"}}
    status["service"] = {"type": "Hybrid", "comment": f"{VIN} of {OWNER}"}
    status[VIN] = [VIN]
    return status


@pytest.fixture
def recordings() -> Sequence[Recording]:
    """Return a car that talks too much."""
    return [Recording("Car", "Hybrid", talkative())]


@pytest.fixture(autouse=True)
async def _diagnostics(hass: HomeAssistant) -> None:
    """Load Home Assistant's part."""
    assert await async_setup_component(hass, "diagnostics", {})


def secrets(entry: MockConfigEntry) -> set[str]:
    """Return what must not be told."""
    token = entry.data[CONF_TOKEN]
    [vehicle] = entry.runtime_data.account.data.values()
    position = talkative()["lastPosition"]["geometry"]["coordinates"]
    assert entry.unique_id
    return {
        OWNER,
        VIN,
        vehicle.id,
        vehicle.vin,
        entry.unique_id.split("_")[1],
        *(token[name] for name in ("access_token", "refresh_token", "id_token")),
        *(str(degrees) for degrees in position[:2]),
    }


async def test_of_an_account(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry
) -> None:
    """All that is known is told but who and where."""
    told: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert not [secret for secret in secrets(entry) if secret in json.dumps(told)]
    assert told["brand"] == "peugeot"
    assert "data:telemetry" in told["scopes"]
    assert told["requests"]["sent_today"] == 7
    assert told["requests"]["left_today"] == 20_000 - 7
    [car] = told["vehicles"]
    assert car["label"] == "Car"
    assert car["activity"] == "silent"
    assert car["status"]["odometer"]["mileage"] == 24471.3
    assert car["status"]["lastPosition"]["geometry"]["coordinates"] == REDACTED
    assert car["status"]["service"]["comment"] == f"{REDACTED} of {REDACTED}"
    assert car["status"][REDACTED] == [REDACTED]


async def test_of_a_car(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, entry: MockConfigEntry
) -> None:
    """A car's own diagnostics hold that car alone."""
    [device] = devices(hass, entry).values()
    told: Any = await get_diagnostics_for_device(hass, hass_client, entry, device)
    assert not [secret for secret in secrets(entry) if secret in json.dumps(told)]
    assert told["status"]["odometer"]["mileage"] == 24471.3
    assert "scopes" in told


async def test_of_an_account_that_cannot_be_set_up(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    entry: MockConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """Who needs help most has something to show."""
    await control(connected_simulator, "PATCH", "application", plan=False)
    await hass.config_entries.async_reload(entry.entry_id)
    told: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert told["set_up"] == "setup_retry"
    assert entry.data[CONF_TOKEN]["access_token"] not in json.dumps(told)
