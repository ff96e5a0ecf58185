"""The simulator in place of Stellantis' hosts."""

from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from yarl import URL

from custom_components.stellantis_connect.api.models.brand import Hosts


def simulated_hosts(
    url: URL, tls_url: URL | None = None
) -> AbstractContextManager[Any]:
    """Send the requests of the integration to a simulator.

    Args:
        url: where the simulator listens.
        tls_url: where it requires a client certificate, if anywhere.

    """

    def identity_provider_url(hosts: Hosts) -> URL:
        return url / "idp" / hosts.brand

    def api_url(hosts: Hosts) -> URL:
        host = tls_url if tls_url and hosts.certificate else url
        return host / "connectedcar" / "v4"

    return patch.multiple(
        Hosts,
        identity_provider_url=property(identity_provider_url),
        api_url=property(api_url),
    )
