"""The simulator in place of Stellantis' hosts."""

from collections.abc import Callable

from yarl import URL

from custom_components.stellantis_connect import image
from custom_components.stellantis_connect.api.models.brand import Hosts
from custom_components.stellantis_connect.push import url as push_url


def use_simulator(
    setattr_: Callable[[object, str, object], None], url: URL, tls_url: URL | None
) -> None:
    """Send the requests of the integration to a simulator.

    Args:
        setattr_: sets an attribute of a class or module.
        url: where the simulator listens.
        tls_url: where it requires a client certificate, if anywhere.

    """

    def identity_provider_url(hosts: Hosts) -> URL:
        return url / "idp" / hosts.brand

    def api_url(hosts: Hosts) -> URL:
        host = tls_url if tls_url and hosts.certificate else url
        return host / "connectedcar" / "v4"

    def is_picture_url(picture_url: str) -> bool:
        return picture_url.startswith((f"{url}/", f"{tls_url}/"))

    setattr_(image, "is_picture_url", is_picture_url)
    setattr_(Hosts, "identity_provider_url", property(identity_provider_url))
    setattr_(Hosts, "api_url", property(api_url))


def use_loopback(
    setattr_: Callable[[object, str, object], None], home_assistant_url: URL
) -> None:
    """Let the simulator post to the webhook over loopback, where Home Assistant has no other URL.

    Args:
        setattr_: sets an attribute of a class or module.
        home_assistant_url: where Home Assistant listens.

    """

    def get_url(*_: object, **__: object) -> str:
        return str(home_assistant_url).rstrip("/")

    setattr_(push_url, "get_url", get_url)
