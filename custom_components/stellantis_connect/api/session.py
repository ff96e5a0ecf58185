"""Authorized requests to the API, within the rate limits, repeated where that may help."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import lru_cache, partial
import logging
import random
from typing import Protocol
from urllib.parse import quote, urlencode

from yarl import URL

from .clock import Clock
from .error_response import error_from_response
from .exceptions import (
    CertificateRejectedError,
    InvalidResponseError,
    NotFoundError,
    OutcomeUnknownError,
    QuotaExceededError,
    StellantisError,
    TransientError,
    UnauthorizedError,
    UnreachableError,
)
from .models.brand import Hosts
from .rate_limit import Priority, RateLimiter
from .reported_limits import LONGEST_BURST
from .transport import Json, Response, Transport

_LOGGER = logging.getLogger(__name__)

ATTEMPTS = 3
FIRST_PAUSE = 1.0
# Seconds after a renewal of the token in which no response leads to another one.
RENEWAL_PAUSE = 600.0
# What is parsed of a URL is kept with it.
MAX_URLS = 1024
# What all of the API sends; `lastPosition` refuses requests that accept nothing else.
HAL_JSON = "application/hal+json"
GEO_JSON = f"application/vnd.geo+json, {HAL_JSON}"


class TokenSource(Protocol):
    """Provides access tokens."""

    async def async_get_access_token(self, rejected: str | None = None) -> str:
        """Return an access token, a renewed one if this one was rejected."""
        ...


class ApiSession:
    """Sends requests in the name of an owner.

    Attributes:
        rate_limiter: the rate limits of the client id.
    """

    def __init__(
        self,
        transport: Transport,
        tokens: TokenSource,
        hosts: Hosts,
        client_id: str,
        rate_limiter: RateLimiter,
        clock: Clock,
    ) -> None:
        """Initialize the session."""
        self.rate_limiter = rate_limiter
        self._transport = transport
        self._tokens = tokens
        self._base_url = str(hosts.api_url)
        self._realm = hosts.brand.realm
        self._query = urlencode({"client_id": client_id})
        self._clock = clock
        self._url = lru_cache(maxsize=MAX_URLS)(self._build_url)
        # The last token that was renewed because of a 401, and when.
        self._renewed: tuple[str, float] | None = None

    def url(self, *path: str) -> URL:
        """Return the URL of a resource; a part of the path cannot leave its place."""
        return self._url(path)

    def _build_url(self, path: tuple[str, ...]) -> URL:
        encoded = "/".join(quote(part, safe="") for part in path)
        return URL(f"{self._base_url}/{encoded}?{self._query}", encoded=True)

    async def get[T](
        self,
        resource: str,
        url: URL,
        read: Callable[[Response], T],
        *,
        accept: str = HAL_JSON,
        priority: Priority = Priority.USER,
        attempts: int = ATTEMPTS,
    ) -> T:
        """Return what is read from a response."""

        async def attempt() -> T:
            response = await self._send(
                resource, "GET", url, accept=accept, priority=priority
            )
            return read(response)

        return await self._repeat(attempt, _is_retryable, attempts)

    async def put(self, resource: str, url: URL, body: Json) -> None:
        """Change a resource."""
        await self._repeat(
            lambda: self._send(resource, "PUT", url, body), _is_retryable
        )

    async def delete(self, resource: str, url: URL) -> None:
        """Delete a resource if it exists."""
        with suppress(NotFoundError):
            await self._repeat(
                lambda: self._send(resource, "DELETE", url), _is_retryable
            )

    async def create(self, resource: str, url: URL, body: Json, id_name: str) -> str:
        """Create a resource, never twice, and return the id that the response holds.

        Raises:
            OutcomeUnknownError: it may have been created, or not.
            StellantisError: it was not created.

        """

        async def attempt() -> str:
            response = await self._send(resource, "POST", url, body)
            try:
                created = response.json.get(id_name)
            except InvalidResponseError:
                created = None
            if not isinstance(created, str):
                raise OutcomeUnknownError(resource, response.status)
            return created

        return await self._repeat(attempt, _is_safe_to_repeat)

    async def _repeat[T](
        self,
        attempt: Callable[[], Awaitable[T]],
        is_retryable: Callable[[StellantisError], bool],
        attempts: int = ATTEMPTS,
    ) -> T:
        """Return the result of the first attempt that succeeds."""
        for number in range(attempts - 1):
            try:
                return await attempt()
            except StellantisError as err:
                if not is_retryable(err):
                    raise
                pause = _pause(number)
                _LOGGER.debug("Request failed: %s; retrying in %.1f s", err, pause)
            await self._clock.sleep(pause)
        return await attempt()

    async def _send(
        self,
        resource: str,
        method: str,
        url: URL,
        body: Json | None = None,
        *,
        accept: str = HAL_JSON,
        priority: Priority = Priority.USER,
    ) -> Response:
        """Return a successful response; a token that is rejected is renewed once.

        Raises:
            AuthenticationError: the token cannot be renewed.
            StellantisError: there was no successful response.

        """
        exchange: Callable[[str], Awaitable[Response]] = partial(
            self._exchange, resource, method, url, body, accept, priority
        )
        if method == "POST":
            exchange = partial(_exchange_once, resource, exchange)
        token = await self._tokens.async_get_access_token()
        try:
            return await exchange(token)
        except UnauthorizedError:
            if self._was_just_renewed(token):
                raise
            renewed = await self._tokens.async_get_access_token(rejected=token)
            self._renewed = renewed, self._clock.monotonic()
        return await exchange(renewed)

    def _was_just_renewed(self, token: str) -> bool:
        if self._renewed is None:
            return False
        renewed, renewed_at = self._renewed
        return token == renewed and self._clock.monotonic() - renewed_at < RENEWAL_PAUSE

    async def _exchange(
        self,
        resource: str,
        method: str,
        url: URL,
        body: Json | None,
        accept: str,
        priority: Priority,
        token: str,
    ) -> Response:
        """Return a successful response to one request, which counts in the rate limits."""
        async with self.rate_limiter.admitted(resource, priority, _vehicle_id(url)):
            response = await self._transport.send(
                resource,
                method,
                url,
                json=body,
                headers={
                    "Accept": accept,
                    "Authorization": f"Bearer {token}",
                    "x-introspect-realm": self._realm,
                },
            )
        self.rate_limiter.record(response.headers)
        error = error_from_response(response, self._clock.now())
        if isinstance(error, QuotaExceededError):
            self.rate_limiter.block(error.retry_after)
        if error:
            raise error
        return response


async def _exchange_once(
    resource: str, exchange: Callable[[str], Awaitable[Response]], token: str
) -> Response:
    """Return a successful response to a request that must not be repeated.

    Raises:
        OutcomeUnknownError: it may have been carried out, or not.
        StellantisError: it was not carried out.

    """
    try:
        return await exchange(token)
    except UnauthorizedError, UnreachableError:
        raise
    except TransientError as err:
        raise OutcomeUnknownError(resource, err.status, err.code) from err


def _vehicle_id(url: URL) -> str | None:
    """Return the id of the car that a request concerns."""
    path = url.path.partition("/vehicles/")[2]
    return path.partition("/")[0] or None


def _pause(number: int) -> float:
    """Return the seconds after an attempt: growing, and not the same for all clients."""
    return FIRST_PAUSE * 2.0**number * random.uniform(0.5, 1.5)


def _is_retryable(err: StellantisError) -> bool:
    """Return whether another attempt may succeed; a host in trouble closes connections as well."""
    if isinstance(err, UnauthorizedError):
        return False
    return _is_burst(err) or isinstance(err, TransientError | CertificateRejectedError)


def _is_safe_to_repeat(err: StellantisError) -> bool:
    """Return whether another attempt may succeed, and the last one certainly did nothing."""
    return _is_burst(err) or isinstance(err, UnreachableError)


def _is_burst(err: StellantisError) -> bool:
    return isinstance(err, QuotaExceededError) and err.retry_after <= LONGEST_BURST
