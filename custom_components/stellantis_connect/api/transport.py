"""One HTTP exchange with a host of the platform, and what can break on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
import ssl
from typing import Any

import aiohttp
import orjson
from yarl import URL

from .exceptions import (
    CertificateRejectedError,
    InvalidResponseError,
    ServerError,
    UnreachableError,
)

TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10)
UNCONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)

type Json = Mapping[str, object]


@dataclass(frozen=True)
class Response:
    """An HTTP answer, whatever it says."""

    resource: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        """The JSON object in the body.

        Raises:
            InvalidResponseError: there is none.

        """
        try:
            parsed = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            parsed = None
        if not isinstance(parsed, dict):
            raise InvalidResponseError(self.resource, self.status)
        return parsed

    @property
    def is_html(self) -> bool:
        """Whether a page for people came, which no part of the platform's API sends by itself."""
        return self.body.lstrip().startswith(b"<")


class Transport:
    """Sends requests, with a client certificate where the host asks for one."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        ssl_context: ssl.SSLContext | None = None,
        *,
        certificate: bool = False,
    ) -> None:
        """Use a session; `certificate` tells that the host wants to see one."""
        self._session = session
        self._ssl = ssl_context or True
        self._certificate = certificate
        self._answered = False

    async def send(
        self, resource: str, method: str, url: URL, **kwargs: Any
    ) -> Response:
        """Return the answer to one request.

        Redirects are not followed: they would carry the token elsewhere.

        Raises:
            CertificateRejectedError: the handshake failed, or a host that wants a certificate and has
                never answered yet drops the connection, as it does where none is shown.
            Unreachable: no connection came about.
            Outage: no whole answer came.

        """
        try:
            async with self._session.request(
                method,
                url,
                ssl=self._ssl,
                timeout=TIMEOUT,
                allow_redirects=False,
                **kwargs,
            ) as response:
                body = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as err:
            # Not chained: what aiohttp raises names the address.
            if self._is_about_certificates(err):
                raise CertificateRejectedError(resource) from None
            if isinstance(err, UNCONNECTED):
                raise UnreachableError(resource) from None
            raise ServerError(resource) from None
        self._answered = True
        return Response(resource, response.status, response.headers, body)

    def _is_about_certificates(self, err: BaseException) -> bool:
        if not self._certificate:
            return False
        dropped = isinstance(
            err, aiohttp.ServerDisconnectedError | ConnectionResetError
        )
        handshake_failed = any(isinstance(one, ssl.SSLError) for one in _chain(err))
        return handshake_failed or (dropped and not self._answered)


def _chain(err: BaseException | None) -> Iterator[BaseException]:
    while err is not None:
        yield err
        err = err.__cause__ or err.__context__
