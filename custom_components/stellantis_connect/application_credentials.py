"""The OAuth2 client of an application, bound to a brand's identity provider."""

from time import time
from typing import Any, Self, override

from homeassistant.components.application_credentials import ClientCredential
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.config_entry_oauth2_flow import (
    AUTH_CALLBACK_PATH,
    MY_AUTH_CALLBACK_PATH,
    LocalOAuth2ImplementationWithPkce,
)
from homeassistant.helpers.network import NoURLAvailableError, get_url

from .api.exceptions import InvalidResponseError
from .api.identity import IdentityProvider
from .api.models.brand import Brand, Hosts
from .const import DOCUMENTATION_URL

# Seconds, where the identity provider does not tell.
USUAL_LIFETIME = 3600


async def async_get_auth_implementation(
    hass: HomeAssistant, auth_domain: str, credential: ClientCredential
) -> StellantisOAuth2Implementation:
    """Return the client of these credentials, not yet bound to a brand."""
    return StellantisOAuth2Implementation(hass, auth_domain, credential)


async def async_get_description_placeholders(hass: HomeAssistant) -> dict[str, str]:
    """Return what the credentials dialog's text refers to."""
    return {
        "documentation_url": DOCUMENTATION_URL,
        "redirect_uri": _redirect_uri(hass),
    }


def _redirect_uri(hass: HomeAssistant) -> str:
    """Return the address to register, as far as it can be told outside of a flow."""
    if "my" in hass.config.components:
        return MY_AUTH_CALLBACK_PATH
    try:
        return get_url(hass, prefer_external=True) + AUTH_CALLBACK_PATH
    except NoURLAvailableError:
        return AUTH_CALLBACK_PATH


class StellantisOAuth2Implementation(LocalOAuth2ImplementationWithPkce):
    """An application's client id and secret, at the identity provider of one brand.

    Home Assistant's dialog for credentials has no field for the brand, so the
    config flow asks for it and binds the implementation, a fresh object for each flow
    and each entry, before it is used.
    """

    identity_provider: IdentityProvider
    # The redirect URI of an application that is not registered for Home Assistant's.
    foreign_redirect_uri: str | None = None

    def __init__(
        self, hass: HomeAssistant, auth_domain: str, credential: ClientCredential
    ) -> None:
        """Keep the credentials; the addresses come with the brand."""
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
        """Point the client at a brand's identity provider."""
        platform = Hosts(brand)
        self.authorize_url = str(platform.authorize_url)
        self.token_url = str(platform.token_url)
        self.identity_provider = IdentityProvider(
            async_get_clientsession(self.hass),
            platform,
            self.client_id,
            self.client_secret,
        )
        return self

    @property
    @override
    def name(self) -> str:
        """Return how the person named the credentials."""
        return self._name or self.client_id

    @property
    @override
    def redirect_uri(self) -> str:
        """Return where the identity provider sends the browser."""
        return self.foreign_redirect_uri or super().redirect_uri

    @override
    async def _token_request(self, data: dict[str, Any]) -> dict[str, Any]:
        """Ask the identity provider for a token.

        Raises:
            StellantisError: the identity provider refused or did not answer.

        """
        token = await self.identity_provider.token(data)
        if not isinstance(token.get("access_token"), str):
            raise InvalidResponseError("token")
        expires_in = _lifetime(token.get("expires_in"))
        return {**token, "expires_in": expires_in, "expires_at": time() + expires_in}


def _lifetime(told: object) -> int:
    """Return how many seconds a token lives."""
    try:
        return int(str(told))
    except ValueError:
        return USUAL_LIFETIME
