"""A brand's identity provider: tokens for codes, new tokens for old."""

from collections.abc import Mapping
import ssl
from typing import Any

import aiohttp
from yarl import URL

from .clock import Clock
from .error_response import error_in
from .models.brand import Hosts
from .transport import Response, Transport


class IdentityProvider:
    """Where an application trades what its owner granted for tokens.

    Nothing is tried twice here: a refresh token is spent by the request that uses it, even if the
    answer is lost.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        platform: Hosts,
        client_id: str,
        client_secret: str,
        *,
        ssl_context: ssl.SSLContext | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Speak for an application at the brand of a platform."""
        self._transport = Transport(session, ssl_context)
        self._platform = platform
        self._authorization = aiohttp.encode_basic_auth(client_id, client_secret)
        self._clock = clock or Clock()

    async def token(self, data: Mapping[str, str]) -> dict[str, Any]:
        """Return the token answer to a grant.

        Raises:
            AuthenticationError: the code or the refresh token is used, expired or revoked.
            InvalidClientError: the client id or its secret is wrong.
            StellantisError: the identity provider did not answer as it should.

        """
        url = self._platform.token_url
        if data.get("grant_type") == "refresh_token":
            url = self._with_realm(url)
        return dict((await self._post("token", url, data)).json)

    async def revoke(self, token: str) -> None:
        """Revoke a refresh token, and the access tokens that came of it.

        Raises:
            StellantisError: the identity provider did not do so.

        """
        url = self._with_realm(self._platform.revoke_url)
        await self._post("revocation", url, {"token": token})

    def _with_realm(self, url: URL) -> URL:
        return url.update_query(realm=self._platform.brand.realm)

    async def _post(self, resource: str, url: URL, data: Mapping[str, str]) -> Response:
        answer = await self._transport.send(
            resource,
            "POST",
            url,
            data=data,
            headers={
                "Accept": "application/json",
                "Authorization": self._authorization,
            },
        )
        if error := error_in(answer, self._clock.now()):
            raise error
        return answer
