"""Buttons of a car."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.stellantis_connect.const import DOMAIN
from homeassistant.components.button import DOMAIN as BUTTON, SERVICE_PRESS
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from simulator.cars.garage import Recording
from simulator.server import Simulator

from .api.recorded import load
from .common import (
    advance_time,
    entity_ids,
    entity_states,
    recording,
    requested_paths,
    set_status,
)
from .simulator_client import control

CAR = "made-status-phev"


@pytest.fixture
def recordings() -> Sequence[Recording]:
    """Return the car."""
    return [recording(CAR)]


async def press(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Press the refresh button."""
    await hass.services.async_call(
        BUTTON,
        SERVICE_PRESS,
        {ATTR_ENTITY_ID: entity_ids(hass, entry)["refresh"]},
        blocking=True,
    )


async def test_refresh_fetches_latest_status(
    hass: HomeAssistant, init_integration: MockConfigEntry, simulator: Simulator
) -> None:
    """It sends one request."""
    requested_paths(simulator)
    status = load(CAR)
    status["odometer"]["mileage"] += 1
    set_status(simulator, status)
    await press(hass, init_integration)
    assert entity_states(hass, init_integration)["odometer"] == "24472.3"
    [path] = requested_paths(simulator)
    assert path.endswith("/status")


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        pytest.param(
            {"kind": "error", "status": 502, "form": "html"},
            "server_error",
            id="server_error",
        ),
        pytest.param({"kind": "truncate"}, "invalid_response", id="nonsense"),
        pytest.param(
            {"kind": "error", "status": 404, "code": 40400, "form": "api"},
            "not_for_this_vehicle",
            id="no status",
        ),
        pytest.param({"kind": "revoke_tokens"}, "sign_in_needed", id="signed out"),
    ],
)
async def test_failed_refresh_raises(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    init_integration: MockConfigEntry,
    simulator: Simulator,
    fault: dict[str, Any],
    key: str,
) -> None:
    """The button is available during an outage."""
    where = {} if key == "sign_in_needed" else {"path": "*/status", "times": None}
    await control(simulator, "POST", "faults", **fault, **where)
    await advance_time(hass, freezer, timedelta(hours=2))
    assert entity_states(hass, init_integration)["refresh"] == "unknown"
    with pytest.raises(HomeAssistantError) as refusal:
        await press(hass, init_integration)
    assert refusal.value.translation_domain == DOMAIN
    assert refusal.value.translation_key == f"remote_{key}"


async def test_refresh_ends_outage(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    init_integration: MockConfigEntry,
    simulator: Simulator,
) -> None:
    """A successful refresh does not raise the error of an earlier poll."""
    await control(simulator, "POST", "faults", kind="drop", path="*/status", times=None)
    await advance_time(hass, freezer, timedelta(hours=2))
    await control(simulator, "DELETE", "faults")
    await press(hass, init_integration)
    assert entity_states(hass, init_integration)["odometer"] == "24471.3"
