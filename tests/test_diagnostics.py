"""Diagnostics help to find a fault, and have no personal data."""

from collections.abc import Sequence
from dataclasses import replace
import json
import re
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
    get_diagnostics_for_device,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.stellantis_connect.api.models.position import Position
from custom_components.stellantis_connect.api.models.remote_actions import Navigation
from custom_components.stellantis_connect.commands.models import Command, CommandState
from custom_components.stellantis_connect.const import DOMAIN
from homeassistant.components.diagnostics import REDACTED
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulator import Simulator
from simulator.cars.garage import Recording

from .api.recorded import load
from .common import devices, set_status
from .simulator_client import OWNER, control

VIN = "VR3UHZKXZMT999999"


def status_with_secrets() -> dict[str, Any]:
    """Return a status with personal data in unexpected places."""
    status: dict[str, Any] = load("made-status-phev")
    status["_links"] = {"self": {"href": "https://example.com/user/vehicles/1"}}
    status["service"] = {"type": "Hybrid", "comment": f"{VIN} of {OWNER}"}
    status[VIN] = [VIN]
    return status


@pytest.fixture
def recordings() -> Sequence[Recording]:
    """Return a car with that status."""
    return [Recording("Car", "Hybrid", status_with_secrets())]


@pytest.fixture(autouse=True)
async def _diagnostics(hass: HomeAssistant) -> None:
    """Set up Home Assistant's diagnostics."""
    assert await async_setup_component(hass, "diagnostics", {})


async def test_unexpected_fields_are_known_after_a_restart(
    hass: HomeAssistant, init_integration: MockConfigEntry, simulator: Simulator
) -> None:
    """The status that is restored has the same ones."""
    set_status(simulator, {**status_with_secrets(), "privacy": 7})
    for _ in range(2):
        [car] = init_integration.runtime_data.account.vehicles.values()
        await car.async_refresh()
        assert "Status.privacy" in car.account.client.unexpected_fields
        await hass.config_entries.async_reload(init_integration.entry_id)
        await hass.async_block_till_done()


def secrets(entry: MockConfigEntry) -> set[str]:
    """Return what diagnostics must not have."""
    token = entry.data[CONF_TOKEN]
    [vehicle] = entry.runtime_data.account.data.values()
    position = status_with_secrets()["lastPosition"]["geometry"]["coordinates"]
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


async def test_diagnostics_of_account_have_all_but_personal_data(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    init_integration: MockConfigEntry,
) -> None:
    """Nothing identifies the owner, the car, or its position."""
    data: Any = await get_diagnostics_for_config_entry(
        hass, hass_client, init_integration
    )
    assert not [
        secret for secret in secrets(init_integration) if secret in json.dumps(data)
    ]
    assert data["brand"] == "peugeot"
    assert "data:telemetry" in data["scopes"]
    assert data["requests"]["sent_today"] == 7
    assert data["requests"]["left_today"] == 20_000 - 7
    [car] = data["vehicles"]
    assert car["label"] == "Car"
    assert car["activity"] == "silent"
    assert car["status"]["odometer"]["mileage"] == 24471.3
    assert car["status"]["lastPosition"]["geometry"]["coordinates"] == REDACTED
    assert car["status"]["service"]["comment"] == f"{REDACTED} of {REDACTED}"
    assert car["status"][REDACTED] == [REDACTED]


async def test_diagnostics_of_car_have_that_car_only(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    init_integration: MockConfigEntry,
) -> None:
    """The account is not part of them."""
    [device] = devices(hass, init_integration).values()
    data: Any = await get_diagnostics_for_device(
        hass, hass_client, init_integration, device
    )
    assert not [
        secret for secret in secrets(init_integration) if secret in json.dumps(data)
    ]
    assert data["status"]["odometer"]["mileage"] == 24471.3
    assert "fetches" in data


async def test_diagnostics_of_car_have_no_destination(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    init_integration: MockConfigEntry,
) -> None:
    """The last command sent one to the car."""
    [car] = init_integration.runtime_data.account.vehicles.values()
    command = Command(
        label="label",
        name="send_to_navigation",
        value=None,
        action=Navigation(positions=(Position(latitude=48.8566, longitude=2.3522),)),
        requested_at=dt_util.utcnow(),
    )
    car.async_update_state(replace(car.data, commands=CommandState(last=command)))
    [device] = devices(hass, init_integration).values()
    data: Any = await get_diagnostics_for_device(
        hass, hass_client, init_integration, device
    )
    assert data["commands"]["last"]["action"]["type"] == "Navigation"
    assert not {"48.8566", "2.3522"} & {*re.findall(r"[\d.]+", json.dumps(data))}


async def test_diagnostics_of_account_not_set_up_have_its_state(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    init_integration: MockConfigEntry,
    connected_simulator: Simulator,
    hass_storage: dict[str, Any],
) -> None:
    """A device of it has the same diagnostics."""
    await control(connected_simulator, "PATCH", "application", plan=False)
    await hass.config_entries.async_unload(init_integration.entry_id)
    del hass_storage[f"{DOMAIN}.{init_integration.entry_id}.vehicles"]
    await hass.config_entries.async_setup(init_integration.entry_id)
    data: Any = await get_diagnostics_for_config_entry(
        hass, hass_client, init_integration
    )
    assert data["state"] == "setup_retry"
    assert init_integration.data[CONF_TOKEN]["access_token"] not in json.dumps(data)
    [device] = devices(hass, init_integration).values()
    assert data == await get_diagnostics_for_device(
        hass, hass_client, init_integration, device
    )
