"""An account at Stellantis in Home Assistant: set up, unload, remove."""

from typing import cast

import probatio
from yarl import URL

from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.config_entry_oauth2_flow import (
    async_get_config_entry_implementation,
)
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.typing import ConfigType

from .api import Brand, Platform, StellantisClient
from .application_credentials import StellantisOAuth2Implementation
from .const import CONF_BRAND, DEVELOPMENT_HOST, DOMAIN, PLATFORMS
from .coordinator import AccountCoordinator, StellantisConfigEntry, vehicle_store
from .tokens import EntryTokens, token_store

CONFIG_SCHEMA = probatio.Schema(
    {DOMAIN: probatio.Schema({probatio.Optional(CONF_HOST): cv.url})},
    extra=probatio.ALLOW_EXTRA,
)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Take up the host that stands in for the platform, where one is configured."""
    if host := config.get(DOMAIN, {}).get(CONF_HOST):
        hass.data[DEVELOPMENT_HOST] = URL(host)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: StellantisConfigEntry) -> bool:
    """Set up an account: sign on, find its cars, show them."""
    brand = Brand(entry.data[CONF_BRAND])
    implementation = cast(
        StellantisOAuth2Implementation,
        await async_get_config_entry_implementation(hass, entry),
    ).bind(brand)
    tokens = EntryTokens(hass, entry, implementation)
    await tokens.async_load()
    account = AccountCoordinator(
        hass,
        entry,
        StellantisClient(
            async_get_clientsession(hass),
            tokens,
            Platform(brand, host=hass.data.get(DEVELOPMENT_HOST)),
            implementation.client_id,
        ),
    )
    await account.async_config_entry_first_refresh()
    await account.async_follow_vehicles()
    entry.runtime_data = account
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(account.async_keep_following())
    return True


async def async_unload_entry(hass: HomeAssistant, entry: StellantisConfigEntry) -> bool:
    """Take an account's entities away."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: StellantisConfigEntry) -> None:
    """Forget an account."""
    await token_store(hass, entry.entry_id).async_remove()
    await vehicle_store(hass, entry.entry_id).async_remove()


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: StellantisConfigEntry, device: AnyDeviceEntry
) -> bool:
    """Let a person remove a car that the account does not list any more."""
    return not any(
        identifier in {(DOMAIN, key) for key in entry.runtime_data.data}
        for identifier in device.identifiers
    )
