"""An account is set up, unloaded and removed."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.auth.client import hosts_from
from custom_components.stellantis_connect.const import (
    CONF_BRAND,
    CONF_CERTIFICATE,
    DOMAIN,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from simulator.server import Simulator

from .common import advance_time, devices, requested_paths
from .conftest import SetupIntegration
from .simulator_client import control
from .test_coordinator import HOUR


async def test_platform_itself_is_meant_where_nothing_stands_in_for_it(
    hass: HomeAssistant,
) -> None:
    """Nobody has to configure a host; the certificate decides between the two that there are."""
    for certificate, host in (
        (None, "api.groupe-psa.com"),
        ("a certificate", "api-cert.groupe-psa.com"),
    ):
        data = {CONF_BRAND: Brand.OPEL, CONF_CERTIFICATE: certificate}
        assert hosts_from(data).api_url.host == host


async def test_account_is_loaded_and_unloaded(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    simulator: Simulator,
) -> None:
    """After an account is unloaded, nothing is asked for it."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert {state.state for state in hass.states.async_all("sensor")} == {"unavailable"}
    requested_paths(simulator)
    await advance_time(hass, freezer, 7 * HOUR)
    assert requested_paths(simulator) == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        pytest.param(
            {"kind": "error", "status": 500, "form": "gateway"}, "outage", id="500"
        ),
        pytest.param(
            {"kind": "error", "status": 502, "form": "html"}, "outage", id="html"
        ),
        pytest.param({"kind": "truncate"}, "nonsense_answer", id="truncated"),
        pytest.param({"kind": "empty"}, "no_vehicles", id="empty list"),
        pytest.param(
            {"kind": "error", "status": 404, "code": 40410, "form": "api"},
            "no_vehicles",
            id="no cars",
        ),
        pytest.param(
            {"kind": "error", "status": 429, "headers": {"Retry-After": "600"}},
            "quota_exceeded",
            id="quota",
        ),
    ],
)
async def test_account_waits_for_the_platform(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    fault: dict[str, Any],
    reason: str,
) -> None:
    """What fails as Home Assistant starts is tried again, and says why."""
    await control(
        connected_simulator,
        "POST",
        "faults",
        path="*/user/vehicles",
        times=None,
        **fault,
    )
    entry = await setup_integration()
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == reason

    await control(connected_simulator, "DELETE", "faults")
    await advance_time(hass, freezer, HOUR)
    assert hass.states.get("sensor.city_petrol_fuel_level")


async def test_failed_start_keeps_what_is_stored(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    simulator: Simulator,
    hass_storage: dict[str, Any],
) -> None:
    """An outage as Home Assistant starts does not cost the last known values."""
    await hass.config_entries.async_unload(entry.entry_id)
    stored = {key: hass_storage[key] for key in hass_storage if ".state." in key}
    assert len(stored) == 4
    await control(simulator, "POST", "faults", kind="drop", path="*", times=None)
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    assert {key: hass_storage[key] for key in stored} == stored


async def test_person_can_remove_only_a_car_that_is_gone(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, entry: MockConfigEntry
) -> None:
    """A car that the account lists would come back; without the account nobody knows."""
    assert await async_setup_component(hass, "config", {})
    registry = dr.async_get(hass)
    gone = registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "VR3GONE")}
    )
    listed = next(device for device in devices(hass, entry).values() if device != gone)
    browser = await hass_ws_client(hass)
    for device, removed in ((listed, False), (gone, True)):
        answer = await browser.remove_device(device.id)
        assert answer["success"] is removed
    await hass.config_entries.async_unload(entry.entry_id)
    assert not (await browser.remove_device(listed.id))["success"]
