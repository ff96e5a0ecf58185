"""URL under which the platform reaches the webhook."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from hass_nabucasa import NabuCasaBaseError

from homeassistant.components.webhook import async_generate_path
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.network import NoURLAvailableError, get_url

CLOUD = "homeassistant.components.cloud"


@dataclass(frozen=True, kw_only=True)
class WebhookUrl:
    """The URL of a webhook.

    Attributes:
        url: None if it cannot be reached from outside.
        is_cloudhook: whether it is one of Home Assistant Cloud.
        is_insecure: whether there is an external URL, but without encryption.
    """

    url: str | None = None
    is_cloudhook: bool = False
    is_insecure: bool = False


async def async_get_webhook_url(hass: HomeAssistant, webhook_id: str) -> WebhookUrl:
    """Return the cloudhook or, without a subscription of the cloud, the external URL.

    Raises:
        HomeAssistantError: the cloud is disconnected, or fails.

    """
    if "cloud" in hass.config.components:
        cloud = await async_import_module(hass, CLOUD)
        if cloud.async_active_subscription(hass):
            with _cloud_errors():
                url = await cloud.async_get_or_create_cloudhook(hass, webhook_id)
            return WebhookUrl(url=url, is_cloudhook=True)
    try:
        base = get_url(hass, allow_internal=False, allow_cloud=False, require_ssl=True)
    except NoURLAvailableError:
        return WebhookUrl(is_insecure=_has_insecure_url(hass))
    return WebhookUrl(url=f"{base}{async_generate_path(webhook_id)}")


async def async_delete_cloudhook(hass: HomeAssistant, webhook_id: str) -> None:
    """Delete the cloudhook of a webhook, if there is one."""
    if "cloud" in hass.config.components:
        cloud = await async_import_module(hass, CLOUD)
        with suppress(HomeAssistantError), _cloud_errors():
            await cloud.async_delete_cloudhook(hass, webhook_id)


@contextmanager
def _cloud_errors() -> Iterator[None]:
    """Raise what the library of the cloud raises as an error of Home Assistant."""
    try:
        yield
    except (NabuCasaBaseError, TimeoutError, ValueError) as err:
        raise HomeAssistantError from err


def _has_insecure_url(hass: HomeAssistant) -> bool:
    try:
        get_url(hass, allow_internal=False, allow_cloud=False)
    except NoURLAvailableError:
        return False
    return True
