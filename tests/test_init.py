"""Tests of setting up, unloading and removing an account."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from yarl import URL

from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.auth.client import hosts_from
from custom_components.stellantis_connect.auth.implementation import (
    StellantisOAuth2Implementation,
)
from custom_components.stellantis_connect.const import (
    CONF_BRAND,
    CONF_CERTIFICATE,
    DOMAIN,
)
from custom_components.stellantis_connect.sign_in_flow import CONF_AUTH_IMPLEMENTATION
from homeassistant.components.application_credentials import ClientCredential
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.setup import async_setup_component
from simulator.brands import BRANDS
from simulator.faults import Fault
from simulator.server import Simulator

from .common import advance_time, devices, requested_paths
from .conftest import SetupIntegration, new_token
from .simulator_client import control
from .test_coordinator import HOUR


@pytest.mark.parametrize("brand", Brand)
@pytest.mark.parametrize("certificate", [None, {"certificate": "any"}])
async def test_setup_any_configuration_uses_hosts_of_stellantis(
    hass: HomeAssistant, brand: Brand, certificate: dict[str, str] | None
) -> None:
    """No YAML and no data of a config entry sends a token, a secret or a request elsewhere."""
    foreign = dict.fromkeys(
        ("api_url", "authorize_url", "certificate_host", "host", "hosts", "token_url"),
        "https://example.com",
    )
    await async_setup_component(hass, DOMAIN, {DOMAIN: foreign})
    hosts = hosts_from({**foreign, CONF_BRAND: brand, CONF_CERTIFICATE: certificate})
    credential = ClientCredential("id", "secret")
    client = StellantisOAuth2Implementation(hass, DOMAIN, credential).bind(brand)
    urls = [
        hosts.api_url,
        hosts.authorize_url,
        hosts.token_url,
        hosts.revoke_url,
        URL(client.authorize_url),
        URL(client.token_url),
    ]
    api_host = "api-cert.groupe-psa.com" if certificate else "api.groupe-psa.com"
    assert {url.scheme for url in urls} == {"https"}
    assert {url.host for url in urls} == {api_host, f"idpcvs.{brand.domain}"}


async def test_unload_entry_sends_no_more_requests(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    init_integration: MockConfigEntry,
    simulator: Simulator,
) -> None:
    """Nothing is fetched for an account that is not loaded."""
    assert await hass.config_entries.async_unload(init_integration.entry_id)
    assert init_integration.state is ConfigEntryState.NOT_LOADED
    assert {state.state for state in hass.states.async_all("sensor")} == {"unavailable"}
    requested_paths(simulator)
    await advance_time(hass, freezer, 7 * HOUR)
    assert requested_paths(simulator) == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        pytest.param(
            {"kind": "error", "status": 500, "form": "gateway"},
            "server_error",
            id="500",
        ),
        pytest.param(
            {"kind": "error", "status": 502, "form": "html"}, "server_error", id="html"
        ),
        pytest.param({"kind": "truncate"}, "invalid_response", id="truncated"),
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
async def test_setup_request_fails_is_retried(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    fault: dict[str, Any],
    reason: str,
) -> None:
    """The entry shows the reason meanwhile."""
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


async def test_setup_during_outage_keeps_stored_state(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    simulator: Simulator,
    hass_storage: dict[str, Any],
) -> None:
    """The cars are set up with their last state."""
    await hass.config_entries.async_unload(init_integration.entry_id)
    stored = {key: hass_storage[key] for key in hass_storage if ".state." in key}
    assert len(stored) == 4
    await control(simulator, "POST", "faults", kind="drop", path="*", times=None)
    await hass.config_entries.async_setup(init_integration.entry_id)
    assert init_integration.state is ConfigEntryState.LOADED
    assert {key: hass_storage[key] for key in stored} == stored


async def test_remove_device_listed_car_is_refused(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    init_integration: MockConfigEntry,
) -> None:
    """Only a car that the account does not list any more can be removed."""
    assert await async_setup_component(hass, "config", {})
    registry = dr.async_get(hass)
    gone = registry.async_get_or_create(
        config_entry_id=init_integration.entry_id, identifiers={(DOMAIN, "VR3GONE")}
    )
    listed = next(
        device for device in devices(hass, init_integration).values() if device != gone
    )
    client = await hass_ws_client(hass)
    for device, removed in ((listed, False), (gone, True)):
        response = await client.remove_device(device.id)
        assert response["success"] is removed
    await hass.config_entries.async_unload(init_integration.entry_id)
    assert not (await client.remove_device(listed.id))["success"]


@pytest.fixture
def is_stored(hass: HomeAssistant) -> Callable[[MockConfigEntry], bool]:
    """Return a function that returns whether an account has any store."""

    def is_stored(entry: MockConfigEntry) -> bool:
        directory = Path(hass.config.path(".storage"))
        return any(directory.glob(f"{DOMAIN}.{entry.entry_id}*"))

    return is_stored


def token_requests(simulator: Simulator) -> list[str]:
    """Return the endpoints of the identity provider that were used, in order."""
    return [
        entry.path.rsplit("/", 1)[-1]
        for entry in simulator.backend.log
        if entry.path.startswith("/idp")
    ]


async def test_remove_entry_access_token_expired_signs_out_completely(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    init_integration: MockConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """The token is refreshed once to delete the callback, and the new one is revoked."""
    await init_integration.runtime_data.callback.async_get_id()
    freezer.tick(7200)
    connected_simulator.backend.log.clear()
    await hass.config_entries.async_remove(init_integration.entry_id)
    assert token_requests(connected_simulator) == ["access_token", "revoke"]
    methods = [
        request.method
        for request in connected_simulator.backend.log
        if request.path.startswith("/connectedcar/v4/user/callbacks")
    ]
    assert methods == ["GET", "DELETE"]
    refresh_token = init_integration.data[CONF_TOKEN]["refresh_token"]
    identity = connected_simulator.backend.identity
    assert identity.grant_of_refresh_token(refresh_token, BRANDS["peugeot"]) is None


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop"},
        {"kind": "error", "status": 500},
        {"kind": "error", "status": 401, "form": "oauth", "message": "invalid_client"},
    ],
)
async def test_remove_entry_requests_fail_deletes_stores(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
    init_integration: MockConfigEntry,
    connected_simulator: Simulator,
    fault: dict[str, Any],
) -> None:
    """Signing out is tried, and does not prevent the removal."""
    freezer.tick(7200)
    await control(connected_simulator, "POST", "faults", **fault, path="*", times=None)
    await hass.config_entries.async_remove(init_integration.entry_id)
    assert not hass.config_entries.async_entries(DOMAIN)


class TestRealStorage:
    """Stores in real files."""

    @pytest.fixture
    def hass_storage(self) -> dict[str, Any]:
        """Use real files."""
        return {}

    @pytest.mark.parametrize(
        "data",
        [
            {CONF_CERTIFICATE: {"certificate": "damaged"}},
            {CONF_CERTIFICATE: {"certificate": "damaged", "private_key": "damaged"}},
            {CONF_AUTH_IMPLEMENTATION: "removed"},
        ],
    )
    async def test_remove_entry_damaged_deletes_stores(
        self,
        hass: HomeAssistant,
        init_integration: MockConfigEntry,
        is_stored: Callable[[MockConfigEntry], bool],
        data: dict[str, Any],
    ) -> None:
        """No content of the config entry keeps its stores alive."""
        await hass.config_entries.async_unload(init_integration.entry_id)
        hass.config_entries.async_update_entry(
            init_integration, data={**init_integration.data, **data}
        )
        assert is_stored(init_integration)
        await hass.config_entries.async_remove(init_integration.entry_id)
        assert not is_stored(init_integration)


async def test_unload_entry_during_refresh_waits_for_token(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """The next session starts with the new token, and does not send the old one again."""
    session = init_integration.runtime_data.session
    old = init_integration.data[CONF_TOKEN]["access_token"]
    fault = Fault(kind="hold_after", path="*/access_token")
    connected_simulator.backend.faults.add(fault)
    refresh = asyncio.create_task(session.async_get_access_token(rejected=old))
    async with asyncio.timeout(10):
        while fault.times:
            await asyncio.sleep(0.001)
    reload = asyncio.create_task(
        hass.config_entries.async_reload(init_integration.entry_id)
    )
    await asyncio.sleep(0)
    assert init_integration.state is ConfigEntryState.UNLOAD_IN_PROGRESS
    await control(connected_simulator, "DELETE", "faults")
    assert await reload
    new = await refresh
    assert init_integration.runtime_data.session is not session
    assert init_integration.runtime_data.session.token["access_token"] == new != old
    assert token_requests(connected_simulator) == ["access_token"]


async def test_refresh_token_refused_is_sent_once_and_sign_in_revives_all_cars(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    init_integration: MockConfigEntry,
    connected_simulator: Simulator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Five coordinators share one session."""
    await control(connected_simulator, "POST", "faults", kind="revoke_tokens")
    caplog.clear()
    for _ in range(12):
        await advance_time(hass, freezer, HOUR / 2)
    assert token_requests(connected_simulator) == ["access_token"]
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    assert sum(record.levelname == "ERROR" for record in caplog.records) <= 1

    token = await new_token(connected_simulator)
    hass.config_entries.async_update_entry(
        init_integration,
        data={**init_integration.data, CONF_TOKEN: {**token, "generation": 1}},
    )
    await hass.config_entries.async_reload(init_integration.entry_id)
    await advance_time(hass, freezer, HOUR)
    vehicles = init_integration.runtime_data.account.vehicles
    assert len(vehicles) == 4
    assert all(vehicle.status_error is None for vehicle in vehicles.values())


async def test_refresh_with_fewer_scopes_removes_entities(
    hass: HomeAssistant,
    init_integration: MockConfigEntry,
    connected_simulator: Simulator,
    issue_registry: ir.IssueRegistry,
) -> None:
    """Entities and issues follow the permissions without a restart."""
    assert hass.states.get("device_tracker.compact_electric")
    await control(
        connected_simulator,
        "POST",
        "faults",
        kind="withdraw_scopes",
        scopes=[Scope.POSITION],
        times=None,
    )
    await control(connected_simulator, "POST", "faults", kind="expire_tokens")
    await init_integration.runtime_data.account.async_refresh()
    await hass.async_block_till_done()
    assert init_integration.state is ConfigEntryState.LOADED
    assert hass.states.get("device_tracker.compact_electric") is None
    issue_id = f"scopes_withdrawn_{init_integration.entry_id}"
    assert issue_registry.async_get_issue(DOMAIN, issue_id)
