"""How an account reaches the platform: its hosts, its certificate, its client."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..api.client import TokenSource
from ..api.models.brand import Brand, Hosts
from ..api.rate_limit import RateLimiter
from ..api.stellantis import StellantisClient
from ..const import CONF_BRAND, CONF_CERTIFICATE
from .certificate import ClientCertificate


def hosts_from(data: Mapping[str, Any]) -> Hosts:
    """Return the hosts for the data of an entry."""
    return Hosts(
        Brand(data[CONF_BRAND]), certificate=data.get(CONF_CERTIFICATE) is not None
    )


async def async_create_client(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    tokens: TokenSource,
    client_id: str,
    rate_limiter: RateLimiter | None = None,
) -> StellantisClient:
    """Return a client for what an entry keeps, with a TLS context of its own."""
    certificate = data.get(CONF_CERTIFICATE)
    return StellantisClient(
        async_get_clientsession(hass),
        tokens,
        hosts_from(data),
        client_id,
        rate_limiter=rate_limiter,
        ssl_context=await hass.async_add_executor_job(
            ClientCertificate(**certificate).ssl_context
        )
        if certificate
        else None,
    )


def certificate_end(data: Mapping[str, Any]) -> datetime | None:
    """Return when the client certificate ends; None without one."""
    certificate = data.get(CONF_CERTIFICATE)
    return ClientCertificate(**certificate).expires if certificate else None
