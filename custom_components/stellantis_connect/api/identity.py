"""A brand's identity provider: tokens for codes and for refresh tokens."""

from collections.abc import Mapping
import ssl
from typing import Any

import aiohttp
from yarl import URL

from .clock import Clock
from .error_response import error_from_response
from .models.brand import Hosts
from .transport import Response, Transport


class IdentityProvider:
    """The token endpoints for one application.

    No request is repeated: a refresh token is spent by the request that carries it, even if the
    response is lost.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        hosts: Hosts,
        client_id: str,
        client_secret: str,
        *,
        ssl_context: ssl.SSLContext | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Initialize the endpoints of a brand for an application."""
        self._transport = Transport(session, hosts.token_url.origin(), ssl_context)
        self._token_url = hosts.token_url
        self._revoke_url = hosts.revoke_url
        self._realm = hosts.brand.realm
        self._authorization = aiohttp.encode_basic_auth(client_id, client_secret)
        self._clock = clock or Clock()

    async def token(self, data: Mapping[str, str]) -> dict[str, Any]:
        """Return the token response to a grant.

        Raises:
            AuthenticationError: the code or the refresh token is used, expired or revoked.
            InvalidClientError: the client id or its secret is wrong.
            StellantisError: there was no valid response.

        """
        url = self._token_url
        if data.get("grant_type") == "refresh_token":
            url = self._with_realm(url)
        return dict((await self._post("token", url, data)).json)

    async def revoke(self, token: str) -> None:
        """Revoke a refresh token, and the access tokens that were issued for it.

        Raises:
            StellantisError: it was not revoked.

        """
        url = self._with_realm(self._revoke_url)
        await self._post("revocation", url, {"token": token})

    def _with_realm(self, url: URL) -> URL:
        return url.update_query(realm=self._realm)

    async def _post(self, resource: str, url: URL, data: Mapping[str, str]) -> Response:
        response = await self._transport.send(
            resource,
            "POST",
            url,
            data=data,
            headers={
                "Accept": "application/json",
                "Authorization": self._authorization,
            },
        )
        if error := error_from_response(response, self._clock.now()):
            raise error
        return response
