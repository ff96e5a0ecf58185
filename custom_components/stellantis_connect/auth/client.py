"""Build the API client from the data of a config entry."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..api.client import StellantisClient
from ..api.models.brand import Brand, Hosts
from ..api.rate_limit import RateLimiter
from ..api.session import TokenSource
from ..const import CONF_BRAND, CONF_CERTIFICATE
from .certificate import stored_certificate


class StaticTokenSource:
    """The access token of a sign-in that is not a config entry yet."""

    def __init__(self, access_token: str) -> None:
        """Initialize the source."""
        self._access_token = access_token

    async def async_get_access_token(self, rejected: str | None = None) -> str:
        """Return the access token."""
        return self._access_token


def hosts_from(data: Mapping[str, Any]) -> Hosts:
    """Return the hosts for the data of a config entry."""
    return Hosts(
        Brand(data[CONF_BRAND]), certificate=data[CONF_CERTIFICATE] is not None
    )


async def async_create_client(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    token_source: TokenSource,
    client_id: str,
    rate_limiter: RateLimiter,
) -> StellantisClient:
    """Return a client, with a TLS context of its own where there is a client certificate.

    Raises:
        CertificateError: the client certificate cannot be used.

    """
    certificate = stored_certificate(data)
    return StellantisClient(
        async_get_clientsession(hass),
        token_source,
        hosts_from(data),
        client_id,
        rate_limiter=rate_limiter,
        ssl_context=await hass.async_add_executor_job(certificate.ssl_context)
        if certificate
        else None,
    )
