"""One HTTP exchange with a host of the platform."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
import ssl
from typing import Any

import aiohttp
from yarl import URL

from .decode import loads
from .exceptions import (
    CertificateRejectedError,
    InvalidResponseError,
    ServerError,
    UnreachableError,
    UntrustedServerError,
)

TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10)
_UNCONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)

# Bytes of a body after decompression.
MAX_SIZE = 1024 * 1024
MAX_SIZES: Mapping[str, int] = {
    "telemetry": 8 * MAX_SIZE,
    "trips": 4 * MAX_SIZE,
    "alerts": 4 * MAX_SIZE,
    "wayPoints": 4 * MAX_SIZE,
}
# Parsing a larger body would block the event loop.
LARGE_SIZE = 100 * 1024

type Json = Mapping[str, object]


@dataclass(frozen=True)
class Response:
    """An HTTP response of any status."""

    resource: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        """The JSON object of the body.

        Raises:
            InvalidResponseError: the body is no JSON object.

        """
        if not isinstance(self.value, dict):
            raise InvalidResponseError(self.resource, self.status)
        return self.value

    @cached_property
    def value(self) -> object:
        """What the body holds as JSON; None if that is none."""
        try:
            return loads(self.body)
        except ValueError:
            return None

    @property
    def is_html(self) -> bool:
        """Whether a proxy responded: the API itself never sends a page."""
        return self.body.lstrip().startswith(b"<")


class Transport:
    """Sends requests to one origin only, with its client certificate if there is one."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        origin: URL,
        ssl_context: ssl.SSLContext | None = None,
        *,
        certificate: bool = False,
    ) -> None:
        """Initialize the transport.

        Args:
            session: the HTTP session.
            origin: the scheme, host and port that requests may go to.
            ssl_context: the TLS context with the client certificate.
            certificate: whether the host requires a client certificate.

        """
        self._session = session
        self._origin = _origin(origin)
        self._ssl = ssl_context or True
        self._certificate = certificate
        self._has_responded = False

    async def send(
        self, resource: str, method: str, url: URL, **kwargs: Any
    ) -> Response:
        """Send a request and return the response; redirects are not followed.

        Raises:
            CertificateRejectedError: the handshake failed, or a host that requires a certificate
                and has never responded closes the connection, as it does without one.
            UntrustedServerError: the system does not trust the certificate of the host.
            InvalidResponseError: the body is larger than the resource can be.
            UnreachableError: no connection was established.
            ServerError: no complete response was received.
            ValueError: the URL is not on the host of this transport.

        """
        if _origin(url) != self._origin:
            raise ValueError("Not a URL of this host")
        try:
            async with self._session.request(
                method,
                url,
                ssl=self._ssl,
                timeout=TIMEOUT,
                allow_redirects=False,
                **kwargs,
            ) as response:
                body = await _read(response, MAX_SIZES.get(resource, MAX_SIZE))
        except (aiohttp.ClientError, TimeoutError, OSError) as err:
            # Not chained: aiohttp's errors contain the URL.
            if error_type := self._certificate_error(err):
                raise error_type(resource) from None
            if isinstance(err, _UNCONNECTED):
                raise UnreachableError(resource) from None
            raise ServerError(resource) from None
        self._has_responded = True
        if body is None:
            raise InvalidResponseError(resource, response.status)
        result = Response(resource, response.status, response.headers, body)
        if len(body) > LARGE_SIZE:
            await asyncio.to_thread(lambda: result.value)
        return result

    def _certificate_error(
        self, err: BaseException
    ) -> type[CertificateRejectedError] | None:
        """Return the type of an error that is about a certificate."""
        if not self._certificate:
            return None
        causes = [*_chain(err)]
        if any(isinstance(one, ssl.SSLCertVerificationError) for one in causes):
            return UntrustedServerError
        was_closed = isinstance(
            err, aiohttp.ServerDisconnectedError | ConnectionResetError
        )
        handshake_failed = any(isinstance(one, ssl.SSLError) for one in causes)
        if handshake_failed or (was_closed and not self._has_responded):
            return CertificateRejectedError
        return None


def _origin(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.host, url.port


async def _read(response: aiohttp.ClientResponse, max_size: int) -> bytes | None:
    """Return the body, or None once it exceeds a size; it is decompressed piece by piece."""
    body = bytearray()
    while chunk := await response.content.readany():
        body += chunk
        if len(body) > max_size:
            response.close()
            return None
    return bytes(body)


def _chain(err: BaseException | None) -> Iterator[BaseException]:
    while err is not None:
        yield err
        err = err.__cause__ or err.__context__
