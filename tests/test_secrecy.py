"""Tests that nothing secret or personal is logged or shown."""

from collections.abc import Iterator
import json
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.const import DOMAIN
from homeassistant.config_entries import SOURCE_USER
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from simulator.application import Application
from simulator.certificates import PASSPHRASE
from simulator.server import Simulator

from .simulator_client import OWNER, control, sign_in

REDIRECT_URI = "mymap://oauth2redirect/fr"

pytestmark = pytest.mark.usefixtures("current_request_with_host")


def texts(value: object) -> Iterator[str]:
    """Yield every text in nested JSON."""
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from texts(item)
        case list():
            for item in value:
                yield from texts(item)


async def personal(simulator: Simulator) -> set[str]:
    """Return what identifies the owner, the cars and their positions."""
    response = await control(simulator, "GET", "vehicles?brand=peugeot")
    cars: list[dict[str, Any]] = response["vehicles"]
    positions = [car["truth"]["position"] for car in cars]
    return (
        {car["vin"] for car in cars}
        | {car["id"] for car in cars}
        | {str(degrees) for position in positions for degrees in position}
        | {OWNER}
    )


async def test_secrets_with_faults_at_debug_level_are_not_shown(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    hass_client: ClientSessionGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An account is added, used and removed, and every request fails once."""
    caplog.set_level(logging.DEBUG)
    assert await async_setup_component(hass, "diagnostics", {})
    certificates = connected_simulator.certificates
    application = connected_simulator.backend.application
    client = await hass_client()
    shown: list[object] = []
    faults: list[dict[str, Any]] = [
        {"kind": "error", "status": 500, "form": "api"},
        {"kind": "error", "status": 502, "form": "html"},
        {"kind": "error", "status": 403, "form": "gateway"},
        {"kind": "drop"},
        {"kind": "truncate"},
        {"kind": "mistype"},
    ]

    async def upload(content: bytes) -> str:
        response = await client.post("/api/file_upload", data={"file": content})
        return str((await response.json())["file_id"])

    async def configure(step: Any, user_input: dict[str, Any]) -> Any:
        step = await hass.config_entries.flow.async_configure(
            step["flow_id"], user_input
        )
        shown.append([step.get("errors"), step.get("reason")])
        return step

    scopes = [scope.name.lower() for scope in Scope]

    async def start_flow() -> tuple[Any, URL]:
        """Return the form for the address, and the address."""
        step: Any = await hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_USER}
        )
        fields = {"brand": "peugeot", "redirect_uri": REDIRECT_URI}
        step = await configure(step, {**fields, "more": {"scopes": scopes}})
        return step, await sign_in(step["description_placeholders"]["url"])

    # The config flow, with mistakes.
    step, url = await start_flow()
    application.client_secret = "another secret"
    step = await configure(step, {"address": str(url)})
    application.client_secret = Application().client_secret
    step, url = await start_flow()
    step = await configure(step, {"address": f"{url}x"})
    step = await configure(step, {"address": str(url)})
    files = {
        "certificate_file": await upload(certificates.client.pem),
        "key_file": await upload(certificates.client.encrypted_key_pem()),
        "authority": {"ca_file": await upload(certificates.authority_pem)},
    }
    step = await configure(step, {**files, "passphrase": "wrong passphrase"})
    for fault in faults:
        await control(
            connected_simulator, "POST", "faults", **fault, path="*/user*", times=9
        )
        step = await configure(
            step,
            {**files, "passphrase": PASSPHRASE}
            if step["step_id"] == "certificate"
            else {},
        )
        await control(connected_simulator, "DELETE", "faults")
        if step["type"] is FlowResultType.CREATE_ENTRY:
            break
    if step["type"] is not FlowResultType.CREATE_ENTRY:
        step = await configure(step, {"next_step_id": "connect"})
    entry = step["result"]
    await hass.async_block_till_done()

    # Updates with faults, refreshes and withdrawn permissions.
    old = entry.data[CONF_TOKEN]
    for fault in faults:
        await control(
            connected_simulator, "POST", "faults", **fault, path="*/status", times=9
        )
        for car in entry.runtime_data.account.vehicles.values():
            await car.async_refresh()
        await control(connected_simulator, "DELETE", "faults")
    await control(connected_simulator, "POST", "faults", kind="expire_tokens")
    await control(
        connected_simulator,
        "POST",
        "faults",
        kind="withdraw_scopes",
        scopes=[Scope.POSITION],
    )
    for car in list(entry.runtime_data.account.vehicles.values()):
        await car.async_refresh()
    await hass.async_block_till_done()
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    new = entry.data[CONF_TOKEN]
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()

    secrets = {
        *await personal(connected_simulator),
        *(old[name] for name in ("access_token", "refresh_token")),
        *(new[name] for name in ("access_token", "refresh_token")),
        url.query["code"],
        application.client_secret,
        PASSPHRASE,
        *certificates.client.key_pem.decode().split("\n")[1:-2],
    }
    assert len(secrets) > 25
    log = "\n".join(
        record.getMessage() + (record.exc_text or "")
        for record in caplog.records
        # The storage of the tests logs what is stored.
        if not record.name.startswith("pytest_homeassistant_custom_component")
    )
    for name, text in {
        "log": log,
        "diagnostics": json.dumps(diagnostics),
        "flow": json.dumps(shown),
    }.items():
        leaked = [secret for secret in secrets if secret in text]
        assert not leaked, f"{name} shows {leaked}"
