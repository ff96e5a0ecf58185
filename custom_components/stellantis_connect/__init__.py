"""An account at Stellantis in Home Assistant: set up, unload, remove."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.typing import ConfigType

from .auth.client import async_create_client
from .auth.session import async_entry_tokens, async_revoke_tokens
from .command_actions import async_setup_command_actions
from .const import DOMAIN, PLATFORMS
from .coordinator import AccountCoordinator, history_store, vehicle_store
from .history.statistics import async_follow_statistics
from .past_actions import async_setup_past_actions
from .pictures import Pictures, PictureView, pictures_store
from .polling.quota import async_get_quotas
from .push.callback import AccountCallback, async_delete_callback
from .repairs import async_delete_issues, async_watch_issues
from .runtime import StellantisConfigEntry, StellantisData, async_follow_vehicles
from .services import async_setup_services

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions and the view of pictures."""
    async_setup_services(hass)
    async_setup_command_actions(hass)
    async_setup_past_actions(hass)
    hass.http.register_view(PictureView)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: StellantisConfigEntry) -> bool:
    """Set up an account: sign on, find its cars, show them."""
    tokens = await async_entry_tokens(hass, entry)
    quota = (await async_get_quotas(hass)).of(tokens.client_id)
    client = await async_create_client(
        hass, entry.data, tokens, tokens.client_id, quota.rate_limiter
    )
    account = AccountCoordinator(hass, entry, client, quota)
    async_watch_issues(hass, entry, account)
    pictures = Pictures(hass, entry.entry_id)
    await pictures.async_load()
    await account.async_config_entry_first_refresh()
    entry.runtime_data = StellantisData(
        account=account,
        callback=AccountCallback(entry, client),
        pictures=pictures,
    )
    async_follow_vehicles(entry.runtime_data)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    async_follow_statistics(hass, entry)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: StellantisConfigEntry) -> bool:
    """Take an account's entities away."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: StellantisConfigEntry) -> None:
    """Give back what the platform keeps of an account, and forget the rest."""
    await async_delete_callback(hass, entry)
    await async_revoke_tokens(hass, entry)
    await vehicle_store(hass, entry.entry_id).async_remove()
    await history_store(hass, entry.entry_id).async_remove()
    await pictures_store(hass, entry.entry_id).async_remove()
    if not hass.config_entries.async_entries(DOMAIN):
        await (await async_get_quotas(hass)).async_remove()
    async_delete_issues(hass, entry)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: StellantisConfigEntry, device: AnyDeviceEntry
) -> bool:
    """Let a person remove a car that the account does not list any more."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    present = {(DOMAIN, key) for key in (*entry.runtime_data.vehicles, entry.entry_id)}
    return not device.identifiers & present
