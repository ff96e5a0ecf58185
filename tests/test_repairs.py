"""Tests of the repairs."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)
from yarl import URL

from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.const import (
    CONF_CERTIFICATE,
    CONF_REDIRECT_URI,
    CONF_SCOPES,
    DOMAIN,
)
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulator.application import Application
from simulator.certificates import Pair
from simulator.server import Simulator

from .conftest import CreateConfigEntry
from .simulator_client import control, sign_in

type SetupWithCertificate = Callable[[Pair], Awaitable[MockConfigEntry]]

DAY = timedelta(days=1)
REDIRECT_URI = "mymap://oauth2redirect/fr"


@pytest.fixture
def setup_with_certificate(
    hass: HomeAssistant,
    create_config_entry: CreateConfigEntry,
    connected_simulator: Simulator,
) -> SetupWithCertificate:
    """Return a function that sets up an account with a client certificate."""

    async def setup_with_certificate(pair: Pair) -> MockConfigEntry:
        entry = await create_config_entry()
        certificate = {
            "certificate": pair.pem.decode(),
            "private_key": pair.key_pem.decode(),
            "ca": connected_simulator.certificates.authority_pem.decode(),
        }
        hass.config_entries.async_update_entry(
            entry, data={**entry.data, CONF_CERTIFICATE: certificate}
        )
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return entry

    return setup_with_certificate


def issue_keys(hass: HomeAssistant) -> set[str]:
    """Return the translation keys of the integration's issues."""
    registry = ir.async_get(hass)
    return {
        issue.translation_key or ""
        for (domain, _), issue in registry.issues.items()
        if domain == DOMAIN
    }


async def start_fix(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, issue_id: str
) -> dict[str, Any]:
    """Return the config flow that the fix of an issue leads to."""
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    response = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    assert response.status == HTTPStatus.OK
    form = await response.json()
    assert form["description_placeholders"]["account"] == "Peugeot"
    response = await client.post(f"/api/repairs/issues/fix/{form['flow_id']}", json={})
    assert (await response.json())["type"] == "abort"
    (flow,) = hass.config_entries.flow.async_progress()
    return dict(flow)


async def test_certificate_issue_near_and_after_expiration_is_created(
    hass: HomeAssistant,
    setup_with_certificate: SetupWithCertificate,
    connected_simulator: Simulator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A warning is created 30 days before, an error afterwards."""
    now = dt_util.utcnow()
    certificates = connected_simulator.certificates
    await setup_with_certificate(certificates.issue(now - DAY, now + 40 * DAY))
    keys = []
    for days in (0, 9, 2, 28, 2):
        freezer.tick(days * DAY)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
        keys.append(issue_keys(hass))
    assert keys == [
        set(),
        set(),
        {"certificate_expires"},
        {"certificate_expires"},
        {"certificate_expired"},
    ]


@pytest.mark.parametrize(
    ("damage", "key"),
    [(False, "certificate_expired"), (True, "certificate_unusable")],
)
async def test_certificate_issue_fixed_is_deleted(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    setup_with_certificate: SetupWithCertificate,
    connected_simulator: Simulator,
    damage: bool,
    key: str,
) -> None:
    """The fix leads to the form for another certificate."""
    assert await async_setup_component(hass, "repairs", {})
    certificates = connected_simulator.certificates
    entry = await setup_with_certificate(certificates.expired)
    if damage:
        data = {**entry.data, CONF_CERTIFICATE: {"certificate": "damaged"}}
        hass.config_entries.async_update_entry(entry, data=data)
        await hass.config_entries.async_reload(entry.entry_id)
        assert entry.state is ConfigEntryState.SETUP_ERROR
        assert entry.error_reason_translation_key == "certificate_unusable"
    assert issue_keys(hass) == {key}
    flow = await start_fix(hass, hass_client, f"{key}_{entry.entry_id}")
    assert flow["context"]["source"] == SOURCE_RECONFIGURE
    assert flow["step_id"] == "certificate"
    client = await hass_client()
    file_ids = []
    for content in (
        certificates.client.pem + certificates.client.key_pem,
        certificates.authority_pem,
    ):
        response = await client.post("/api/file_upload", data={"file": content})
        file_ids.append((await response.json())["file_id"])
    certificate, ca = file_ids
    aborted = await hass.config_entries.flow.async_configure(
        flow["flow_id"],
        {"certificate_file": certificate, "authority": {"ca_file": ca}},
    )
    assert aborted["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert issue_keys(hass) == set()


async def test_scopes_issue_fix_continues_with_sign_in(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    setup_integration: CreateConfigEntry,
) -> None:
    """The issue names the permissions that are missing, and the fix requests them."""
    assert await async_setup_component(hass, "repairs", {})
    entry = await setup_integration()
    granted = [
        scope
        for scope in entry.data[CONF_SCOPES]
        if scope not in (Scope.POSITION, Scope.WAKEUP)
    ]
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_SCOPES: granted}
    )
    await hass.config_entries.async_reload(entry.entry_id)
    assert issue_keys(hass) == {"scopes_withdrawn"}
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_placeholders == {
        "account": entry.title,
        "scopes": "Position, Wake up",
    }
    await hass.config.async_update(external_url="http://127.0.0.1")
    flow = await start_fix(hass, hass_client, f"scopes_withdrawn_{entry.entry_id}")
    assert flow["context"]["source"] == SOURCE_REAUTH
    step = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert step["type"] is FlowResultType.EXTERNAL_STEP
    query = URL(step["url"]).query
    assert query["scope"].split() == ["openid", "profile", *Scope]
    assert query["redirect_uri"] == "http://127.0.0.1/auth/external/callback"


async def test_plan_issue_until_plan_exists_is_kept(
    hass: HomeAssistant,
    setup_integration: CreateConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """The issue is created in use, survives a reload, and is deleted when requests succeed."""
    entry = await setup_integration()
    await control(connected_simulator, "PATCH", "application", plan=False)
    await entry.runtime_data.account.async_refresh()
    assert issue_keys(hass) == {"not_registered_to_plan"}
    await hass.config_entries.async_reload(entry.entry_id)
    assert issue_keys(hass) == {"not_registered_to_plan"}
    await control(connected_simulator, "PATCH", "application", plan=True)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert issue_keys(hass) == set()


async def test_client_issue_client_accepted_again_is_deleted(
    hass: HomeAssistant,
    setup_integration: CreateConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """The refresh token outlives the time in which the client is refused."""
    entry = await setup_integration()
    application = connected_simulator.backend.application
    application.client_secret = "another secret"
    await control(connected_simulator, "POST", "faults", kind="expire_tokens")
    await entry.runtime_data.account.async_refresh()
    assert issue_keys(hass) == {"invalid_client"}
    application.client_secret = Application().client_secret
    await entry.runtime_data.account.async_refresh()
    assert issue_keys(hass) == set()
    assert not hass.config_entries.flow.async_progress()


@pytest.mark.usefixtures("current_request_with_host")
async def test_client_issue_fixed_is_deleted(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    setup_integration: CreateConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """The fix leads to the choice of the new credentials, and to the known way to sign in."""
    assert await async_setup_component(hass, "repairs", {})
    entry = await setup_integration()
    data = {**entry.data, CONF_REDIRECT_URI: REDIRECT_URI}
    hass.config_entries.async_update_entry(entry, data=data)
    application = connected_simulator.backend.application
    application.client_secret = "another secret"
    await control(connected_simulator, "POST", "faults", kind="expire_tokens")
    await entry.runtime_data.account.async_refresh()
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {
            "type": "application_credentials/create",
            "domain": DOMAIN,
            "client_id": application.client_id,
            "client_secret": application.client_secret,
        }
    )
    credentials = (await client.receive_json())["result"]["id"]

    flow = await start_fix(hass, hass_client, f"invalid_client_{entry.entry_id}")
    assert flow["context"]["source"] == SOURCE_RECONFIGURE
    assert flow["step_id"] == "pick_implementation"
    flow_id = flow["flow_id"]
    flows = hass.config_entries.flow
    form = await flows.async_configure(flow_id, {"implementation": credentials})
    url = await sign_in((form["description_placeholders"] or {})["url"])
    aborted = await flows.async_configure(flow_id, {"address": str(url)})
    assert aborted["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert issue_keys(hass) == set()


async def test_issues_of_removed_entry_are_deleted(
    hass: HomeAssistant,
    setup_with_certificate: SetupWithCertificate,
    connected_simulator: Simulator,
) -> None:
    """No issue outlives its entry."""
    entry = await setup_with_certificate(connected_simulator.certificates.expiring)
    assert issue_keys(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    assert issue_keys(hass) == set()
