"""The OAuth2 client of an application at the identity provider of a brand."""

from time import time
from typing import Any, Self, override

from homeassistant.components.application_credentials import ClientCredential
from homeassistant.components.http import current_request
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.config_entry_oauth2_flow import (
    AUTH_CALLBACK_PATH,
    LocalOAuth2ImplementationWithPkce,
    async_get_redirect_uri,
)
from homeassistant.helpers.network import get_url

from ..api.exceptions import InvalidResponseError
from ..api.identity import IdentityProvider
from ..api.models.brand import Brand, Hosts

# Seconds, where the identity provider sends none that make sense.
DEFAULT_LIFETIME = 3600
MAX_LIFETIME = 86400


class StellantisOAuth2Implementation(LocalOAuth2ImplementationWithPkce):
    """The client ID and secret of an application, bound to the identity provider of a brand.

    The dialog for application credentials has no field for the brand: the config flow shows one,
    and binds the implementation, a new object for each flow and session, before it is used.
    """

    identity_provider: IdentityProvider
    # The redirect URI of an application that is not registered with Home Assistant's.
    custom_redirect_uri: str | None = None

    def __init__(
        self, hass: HomeAssistant, auth_domain: str, credential: ClientCredential
    ) -> None:
        """Initialize the implementation, without URLs until it is bound."""
        super().__init__(
            hass,
            auth_domain,
            credential.client_id,
            authorize_url="",
            token_url="",
            client_secret=credential.client_secret,
        )
        self._name = credential.name

    def bind(self, brand: Brand) -> Self:
        """Set the URLs of a brand."""
        hosts = Hosts(brand)
        self.authorize_url = str(hosts.authorize_url)
        self.token_url = str(hosts.token_url)
        self.identity_provider = IdentityProvider(
            async_get_clientsession(self.hass),
            hosts,
            self.client_id,
            self.client_secret,
        )
        return self

    @property
    @override
    def name(self) -> str:
        return self._name or self.client_id

    @property
    @override
    def redirect_uri(self) -> str:
        return self.custom_redirect_uri or own_redirect_uri(self.hass)

    @property
    @override
    def extra_authorize_data(self) -> dict[str, Any]:
        return {**super().extra_authorize_data, "locale": self._locale}

    @property
    def _locale(self) -> str:
        """Return language and country as a BCP 47 tag."""
        language, *subtags = self.hass.config.language.split("-")
        regions = (subtag for subtag in subtags if len(subtag) == 2)
        country = self.hass.config.country or next(regions, None)
        return f"{language}-{country}" if country else language

    @override
    async def _token_request(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return a token response with valid tokens; the refresh token may be missing.

        Raises:
            StellantisError: the identity provider refused, or sent no token.

        """
        response = await self.identity_provider.token(data)
        if not _is_token(response.get("access_token")):
            raise InvalidResponseError("token")
        if not _is_token(response.get("refresh_token")):
            response.pop("refresh_token", None)
        expires_in = _lifetime(response.get("expires_in"))
        return {**response, "expires_in": expires_in, "expires_at": time() + expires_in}


def own_redirect_uri(hass: HomeAssistant) -> str:
    """Return the redirect URI of Home Assistant.

    Raises:
        NoURLAvailableError: the URL of Home Assistant is unknown.

    """
    try:
        return async_get_redirect_uri(hass)
    except RuntimeError:
        # Only requests of config flows contain the URL.
        require_request = current_request.get() is not None
        url = get_url(
            hass, prefer_external=True, require_current_request=require_request
        )
        return url + AUTH_CALLBACK_PATH


def _is_token(value: object) -> bool:
    return (
        isinstance(value, str)
        and value.isascii()
        and value.isprintable()
        and bool(value)
    )


def _lifetime(value: object) -> int:
    """Return how many seconds a token is valid."""
    try:
        seconds = int(str(value))
    except ValueError:
        return DEFAULT_LIFETIME
    return seconds if 0 < seconds <= MAX_LIFETIME else DEFAULT_LIFETIME
