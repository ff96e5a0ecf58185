"""What the owner is told to mend, and where that leads."""

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
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.const import (
    CONF_CERTIFICATE,
    CONF_SCOPES,
    DOMAIN,
)
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_RECONFIGURE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulator.certificates import Pair
from simulator.server import Simulator

from .conftest import CreateConfigEntry
from .simulator_client import control

type Enrolled = Callable[[Pair], Awaitable[MockConfigEntry]]
DAY = timedelta(days=1)


@pytest.fixture
def enrol_with(
    hass: HomeAssistant,
    create_config_entry: CreateConfigEntry,
    connected_simulator: Simulator,
) -> Enrolled:
    """Return how to set up an account whose application has a client certificate."""

    async def enrol_with(pair: Pair) -> MockConfigEntry:
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

    return enrol_with


def issues(hass: HomeAssistant) -> set[str]:
    """Return what is told now."""
    registry = ir.async_get(hass)
    return {
        issue.translation_key or ""
        for (domain, _), issue in registry.issues.items()
        if domain == DOMAIN
    }


async def test_certificate_is_told_before_and_after_its_end(
    hass: HomeAssistant,
    enrol_with: Enrolled,
    connected_simulator: Simulator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Thirty days before there is a warning, afterwards an error, and neither before."""
    now = dt_util.utcnow()
    await enrol_with(connected_simulator.certificates.issue(now - DAY, now + 40 * DAY))
    told = []
    for later in (0 * DAY, 9 * DAY, 2 * DAY, 28 * DAY, 2 * DAY):
        freezer.tick(later)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
        told.append(issues(hass))
    assert told == [
        set(),
        set(),
        {"certificate_expires"},
        {"certificate_expires"},
        {"certificate_expired"},
    ]


async def lead_on(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, issue_id: str
) -> dict[str, Any]:
    """Press the repair's button; return how its flow ends."""
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    answer = await client.post(
        "/api/repairs/issues/fix", json={"handler": DOMAIN, "issue_id": issue_id}
    )
    assert answer.status == HTTPStatus.OK
    form = await answer.json()
    assert form["description_placeholders"]["account"] == "Peugeot"
    answer = await client.post(f"/api/repairs/issues/fix/{form['flow_id']}", json={})
    end: dict[str, Any] = await answer.json()
    return end


async def test_expiring_certificate_leads_to_the_upload(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    enrol_with: Enrolled,
    connected_simulator: Simulator,
) -> None:
    """The repair opens the very form that takes the new certificate."""
    assert await async_setup_component(hass, "repairs", {})
    entry = await enrol_with(connected_simulator.certificates.expiring)
    await lead_on(hass, hass_client, f"certificate_expires_{entry.entry_id}")
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_RECONFIGURE
    assert flow["step_id"] == "upload"


async def test_withdrawn_scopes_lead_to_signing_in(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    setup_integration: CreateConfigEntry,
) -> None:
    """The repair names the rights as the flow does, and opens the sign-in."""
    assert await async_setup_component(hass, "repairs", {})
    entry = await setup_integration()
    fewer = [
        scope
        for scope in entry.data[CONF_SCOPES]
        if scope not in (Scope.POSITION, Scope.WAKEUP)
    ]
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_SCOPES: fewer}
    )
    await hass.config_entries.async_reload(entry.entry_id)
    assert issues(hass) == {"scopes_withdrawn"}
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_placeholders == {
        "account": entry.title,
        "scopes": "Position, Wake up",
    }
    await lead_on(hass, hass_client, f"scopes_withdrawn_{entry.entry_id}")
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH


async def test_missing_plan_is_told_until_there_is_one(
    hass: HomeAssistant,
    setup_integration: CreateConfigEntry,
    connected_simulator: Simulator,
) -> None:
    """The plan ends while the account is in use, and begins again."""
    entry = await setup_integration()
    account = entry.runtime_data.account
    await control(connected_simulator, "PATCH", "application", plan=False)
    await account.async_refresh()
    assert issues(hass) == {"not_registered_to_plan"}
    await control(connected_simulator, "PATCH", "application", plan=True)
    await account.async_refresh()
    assert issues(hass) == set()


async def test_removed_account_leaves_nothing_to_mend(
    hass: HomeAssistant, enrol_with: Enrolled, connected_simulator: Simulator
) -> None:
    """What was told of an account goes with it."""
    entry = await enrol_with(connected_simulator.certificates.expiring)
    assert issues(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    assert issues(hass) == set()
