"""System health: whether the platform can be reached, whether cars answer, and what the plan leaves."""

from typing import Any

from homeassistant.components.system_health import (
    SystemHealthRegistration,
    async_check_can_reach_url,
)
from homeassistant.core import HomeAssistant, callback

from .auth.client import hosts_from
from .const import DOMAIN
from .runtime import StellantisConfigEntry


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Say where to ask."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return what is known of all accounts together; what takes time to find out as coroutines."""
    entries: list[StellantisConfigEntry] = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    # An API host that wants a client certificate hangs up on whoever comes without one.
    providers = [hosts_from(entry.data) for entry in entries]
    accounts = [
        entry.runtime_data.account
        for entry in hass.config_entries.async_loaded_entries(DOMAIN)
    ]
    cars = [car for account in accounts for car in account.vehicles.values()]
    answering = sum(car.status_error is None for car in cars)
    left = [account.client.rate_limiter.remaining_today for account in accounts]
    return {
        **{
            f"can_reach_{provider.brand}": async_check_can_reach_url(
                hass, str(provider.authorize_url)
            )
            for provider in {one.brand: one for one in providers}.values()
        },
        "vehicles_answering": f"{answering}/{len(cars)}",
        "requests_left_today": min(
            (one for one in left if one is not None), default=None
        ),
    }
