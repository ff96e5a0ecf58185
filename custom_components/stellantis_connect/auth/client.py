"""Build the API client from the data of a config entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from ..api.client import StellantisClient
from ..api.models.brand import Brand, Hosts
from ..api.rate_limit import RateLimiter
from ..const import CONF_BRAND, CONF_CERTIFICATE
from .certificate import stored_certificate
from .session import StellantisOAuth2Session


@dataclass(frozen=True, repr=False)
class SignInSession:
    """The access token of a sign-in, before it is stored in a config entry.

    Attributes:
        client_id: the client ID that the token was issued to.
    """

    access_token: str
    client_id: str

    async def async_get_access_token(self, rejected: str | None = None) -> str:
        """Return the access token."""
        return self.access_token


type AccountSession = StellantisOAuth2Session | SignInSession


def hosts_from(data: Mapping[str, Any]) -> Hosts:
    """Return the hosts for the data of a config entry."""
    return Hosts(
        Brand(data[CONF_BRAND]), certificate=data[CONF_CERTIFICATE] is not None
    )


async def async_create_client(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    session: AccountSession,
    rate_limiter: RateLimiter,
) -> StellantisClient:
    """Return a client, with a TLS context of its own where there is a client certificate.

    Raises:
        CertificateError: the client certificate cannot be used.

    """
    certificate = stored_certificate(data)
    return StellantisClient(
        async_get_clientsession(hass),
        session,
        hosts_from(data),
        session.client_id,
        rate_limiter=rate_limiter,
        ssl_context=await hass.async_add_executor_job(certificate.ssl_context)
        if certificate
        else None,
    )
