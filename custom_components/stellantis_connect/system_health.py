"""System health: reachable identity providers, cars that respond, and the remaining quota."""

from typing import Any

from homeassistant.components.system_health import (
    SystemHealthRegistration,
    async_check_can_reach_url,
)
from homeassistant.core import HomeAssistant, callback

from .auth.client import hosts_from
from .const import CONF_BRAND, DOMAIN
from .runtime import StellantisConfigEntry


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register the information."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the information about all accounts; what takes time as coroutines."""
    entries: list[StellantisConfigEntry] = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    # The API host is not checked: it may close connections without a client certificate.
    hosts = {entry.data[CONF_BRAND]: hosts_from(entry.data) for entry in entries}
    loaded = [
        entry.runtime_data for entry in hass.config_entries.async_loaded_entries(DOMAIN)
    ]
    accounts = [data.account for data in loaded]
    vehicles = [
        vehicle for account in accounts for vehicle in account.vehicles.values()
    ]
    answering = sum(vehicle.status_error is None for vehicle in vehicles)
    remaining = [account.client.rate_limiter.remaining_today for account in accounts]
    return {
        **{
            f"can_reach_{brand}": async_check_can_reach_url(
                hass, str(brand_hosts.authorize_url)
            )
            for brand, brand_hosts in hosts.items()
        },
        "vehicles_answering": f"{answering}/{len(vehicles)}",
        "push_working": f"{sum(one.push.is_working for one in loaded)}/{len(loaded)}",
        "requests_left_today": min(
            (number for number in remaining if number is not None), default=None
        ),
    }
