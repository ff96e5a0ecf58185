"""Application credentials: the client of an application, and its dialog's text."""

from homeassistant.components.application_credentials import ClientCredential
from homeassistant.core import HomeAssistant
from homeassistant.helpers.config_entry_oauth2_flow import AUTH_CALLBACK_PATH
from homeassistant.helpers.network import NoURLAvailableError

from .auth.implementation import StellantisOAuth2Implementation, own_redirect_uri
from .const import DOCUMENTATION_URL


async def async_get_auth_implementation(
    hass: HomeAssistant, auth_domain: str, credential: ClientCredential
) -> StellantisOAuth2Implementation:
    """Return the OAuth2 implementation of credentials, not bound to a brand yet."""
    return StellantisOAuth2Implementation(hass, auth_domain, credential)


async def async_get_description_placeholders(hass: HomeAssistant) -> dict[str, str]:
    """Return the placeholders of the dialog's text."""
    return {
        "documentation_url": DOCUMENTATION_URL,
        "redirect_uri": _redirect_uri(hass),
    }


def _redirect_uri(hass: HomeAssistant) -> str:
    """Return the redirect URI to register, as far as it is known outside of a flow."""
    try:
        return own_redirect_uri(hass)
    except NoURLAvailableError:
        return AUTH_CALLBACK_PATH
