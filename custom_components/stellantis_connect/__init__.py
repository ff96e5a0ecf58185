"""Set up, unload and remove an account of Stellantis Connect."""

import asyncio
from collections.abc import Awaitable
import logging

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError, HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.typing import ConfigType

from .api.exceptions import StellantisError
from .auth.certificate import CertificateError
from .auth.client import async_create_client
from .auth.session import StellantisOAuth2Session, async_create_session
from .const import DOMAIN, PLATFORMS
from .coordinator import AccountCoordinator
from .frontend import async_register_frontend
from .history.cost import async_setup_costs
from .history.statistics import async_setup_statistics
from .polling.quota import async_get_quotas
from .push.callback import AccountCallback
from .push.manager import async_remove_push
from .push.store import push_store
from .repairs import (
    async_delete_issues,
    async_watch_account_issues,
    async_watch_entry_issues,
    async_watch_push_issues,
)
from .runtime import (
    StellantisConfigEntry,
    async_fetch_lists,
    async_follow_vehicles,
    create_runtime_data,
)
from .services import async_setup_services
from .storage import async_remove_stores

_LOGGER = logging.getLogger(__name__)

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

# Seconds that each request of a removal may take.
SIGN_OUT_TIMEOUT = 10


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, the dashboard cards, and the page of a car."""
    async_setup_services(hass)
    if "frontend" in hass.config.components:
        await async_register_frontend(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: StellantisConfigEntry) -> bool:
    """Set up an account and its cars."""
    async_watch_entry_issues(hass, entry)
    session = await async_create_session(hass, entry)
    quota = (await async_get_quotas(hass)).of(session.client_id)
    try:
        client = await async_create_client(
            hass, entry.data, session, quota.rate_limiter
        )
    except CertificateError as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key=err.key
        ) from err
    account = AccountCoordinator(hass, entry, client, quota)
    async_watch_account_issues(hass, entry, account)
    await account.async_config_entry_first_refresh()
    # After a restart, the cars are the same as before it.
    account.async_update_listeners()
    entry.runtime_data = data = create_runtime_data(account, session)
    async_follow_vehicles(data)
    # Before the entities, so that the event of a charge has its cost.
    async_setup_costs(hass, account)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    async_setup_statistics(hass, account)
    async_watch_push_issues(hass, entry, data.push)
    await data.push.async_start()
    async_fetch_lists(account)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: StellantisConfigEntry) -> bool:
    """Unload the entities of an account."""
    # The next session must not use a refresh token that this one is exchanging.
    await entry.runtime_data.session.async_wait_for_refresh()
    is_unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if is_unloaded:
        await entry.runtime_data.push.async_close()
    if is_unloaded and entry.disabled_by:
        # Until it is enabled again, other installations may use the places of its monitors.
        await _async_attempt(entry.runtime_data.callback.async_delete())
    return is_unloaded


async def async_remove_entry(hass: HomeAssistant, entry: StellantisConfigEntry) -> None:
    """Delete what Stellantis and Home Assistant keep of an account."""
    try:
        await _async_sign_out(hass, entry)
    finally:
        await async_remove_push(hass, entry.entry_id)
        await async_remove_stores(hass, entry.entry_id)
        if not hass.config_entries.async_entries(DOMAIN):
            await (await async_get_quotas(hass)).async_remove()
        async_delete_issues(hass, entry)


async def _async_sign_out(hass: HomeAssistant, entry: StellantisConfigEntry) -> None:
    """Delete the callback and revoke the token, as far as that is possible now."""
    try:
        session = await async_create_session(hass, entry)
    except HomeAssistantError as err:
        _LOGGER.debug("Failed to sign out: %s", err)
        return
    await _async_attempt(_async_delete_callback(hass, entry, session))
    await _async_attempt(session.async_revoke())


async def _async_attempt(sign_out: Awaitable[None]) -> None:
    """Await a part of a removal, which may fail."""
    try:
        async with asyncio.timeout(SIGN_OUT_TIMEOUT):
            await sign_out
    except (HomeAssistantError, StellantisError, TimeoutError) as err:
        _LOGGER.debug("Failed to sign out completely: %s", err)


async def _async_delete_callback(
    hass: HomeAssistant, entry: StellantisConfigEntry, session: StellantisOAuth2Session
) -> None:
    quota = (await async_get_quotas(hass)).of(session.client_id)
    client = await async_create_client(hass, entry.data, session, quota.rate_limiter)
    account_callback = AccountCallback(entry, client)
    if state := await push_store(hass, entry.entry_id).async_load():
        account_callback.restore(state)
    await account_callback.async_delete()


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: StellantisConfigEntry, device: AnyDeviceEntry
) -> bool:
    """Return whether a device may be removed: a car that the account does not list any more."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    present = {(DOMAIN, key) for key in (*entry.runtime_data.vehicles, entry.entry_id)}
    return not device.identifiers & present
