"""Speaking with the platform: tokens, quotas, several tries, and answers that come in pages."""

import asyncio
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Hashable,
    Iterator,
    Mapping,
)
from contextlib import suppress
from itertools import batched
import logging
import random
import ssl
from typing import Any, Protocol, cast

import aiohttp
from yarl import URL

from .clock import Clock
from .decode import OnInvalid
from .error_response import error_in
from .exceptions import (
    AuthenticationError,
    CertificateRejectedError,
    InvalidResponseError,
    NotFoundError,
    OutcomeUnknownError,
    QuotaExceededError,
    StellantisError,
    TransientError,
    UnreachableError,
)
from .limits import LONGEST_BURST
from .models.base import Record
from .models.brand import Hosts
from .paging import Collection, Page
from .rate_limit import RateLimiter
from .transport import Json, Response, Transport

_LOGGER = logging.getLogger(__name__)

TRIES = 3
FIRST_PAUSE = 1.0
MAX_PAGES = 200
# Reading them takes some 10 ms; then something else may run.
ELEMENTS_AT_ONCE = 20


class TokenSource(Protocol):
    """Where access tokens come from."""

    async def async_get_access_token(self, rejected: str | None = None) -> str:
        """Return an access token, and not the one that the platform has rejected, if it can."""
        ...


class Client:
    """Speaks with the platform in an owner's name.

    Attributes:
        ledger: the rate limits, shared by all clients of one client id.
        oddities: dotted names of the fields that ever held something unexpected.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: TokenSource,
        platform: Hosts,
        client_id: str,
        *,
        rate_limiter: RateLimiter | None = None,
        ssl_context: ssl.SSLContext | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Show an owner's tokens to a platform."""
        self._transport = Transport(
            session, ssl_context, certificate=platform.certificate
        )
        self._tokens = tokens
        self._platform = platform
        self._client_id = client_id
        self._clock = clock or Clock()
        self._last: dict[Hashable, tuple[bytes, Any]] = {}
        self._last_found: dict[str, Collection[Any]] = {}
        self.rate_limiter = rate_limiter or RateLimiter(self._clock)
        self.unexpected_fields: set[str] = set()

    def _url(self, *path: str) -> URL:
        url = self._platform.api_url.joinpath(*path)
        return url.with_query(client_id=self._client_id)

    def _vehicle_url(self, vehicle_id: str, *path: str) -> URL:
        return self._url("user", "vehicles", vehicle_id, *path)

    def _on_invalid_of(self, a_model: type) -> OnInvalid:
        """Return what notes each field of a model that held something unexpected, once."""

        def note(name: str) -> None:
            name = f"{a_model.__name__}.{name}"
            if name not in self.unexpected_fields:
                self.unexpected_fields.add(name)
                _LOGGER.debug("%s holds something unexpected", name)

        return note

    def _reader_of[R: Record](self, of: type[R]) -> Callable[[object], R | None]:
        """Return what reads an element of a collection; without an id, it is none."""
        on_invalid = self._on_invalid_of(of)

        def read(element: object) -> R | None:
            if not isinstance(element, Mapping):
                return None
            record = of.from_json(element, on_invalid=on_invalid)
            return record if record.id else None

        return read

    async def _get_changed[T](
        self, resource: str, url: URL, read: Callable[[Json], T], *key: Hashable
    ) -> T:
        """Return what is read of a resource; the last of it, if the answer has not changed.

        Args:
            resource: what is asked for, as errors name it.
            url: where it is.
            read: makes the value.
            key: what tells this value from others at the same path.
        """
        where = (url.path, *key)

        def read_changed(answer: Response) -> T:
            body, value = self._last.get(where, (None, None))
            if body != answer.body:
                value = read(answer.json)
                self._last[where] = (answer.body, value)
            return cast(T, value)

        return await self._get(resource, url, read_changed)

    async def _collect[T](
        self,
        resource: str,
        first: URL,
        read: Callable[[object], T | None],
        *,
        max_pages: int = MAX_PAGES,
        kept: bool = True,
    ) -> Collection[T]:
        """Return the elements of all pages; if kept, the same object while they are equal."""
        found = Collection[T]()
        seen = total = 0
        async for page in self._pages(resource, first, max_pages):
            if page is None:
                found.complete = False
                continue
            for batch in batched(page.elements, ELEMENTS_AT_ONCE, strict=False):
                read_ones = [read(element) for element in batch]
                found.extend(element for element in read_ones if element is not None)
                await asyncio.sleep(0)
            seen += len(page.elements)
            total = max(total, page.total or 0, seen)
        found.complete = found.complete and len(found) >= total
        return self._unless_same(first.path, found) if kept else found

    async def _pages(
        self, resource: str, first: URL, max_pages: int
    ) -> AsyncIterator[Page | None]:
        """Yield the pages of a collection, and None where something is lost.

        A page is lost after several tries, and costs only itself, unless it is the first, or two in
        a row are. The link to the next one is lost with it; its place is counted instead.
        """
        asked: set[URL] = set()
        place = page_size = total = 0
        lost = False
        url: URL | None = first
        while url and url not in asked:
            if len(asked) == max_pages:
                yield None
                return
            asked.add(url)
            try:
                page = await self._get(resource, url, Page.from_answer)
            except (TransientError, QuotaExceededError) as err:
                if not page_size:
                    raise
                yield None
                if lost or isinstance(err, QuotaExceededError):
                    return
                lost = True
                place += page_size
                more = place < total
                url = first.update_query(indexRange=f"{place}-") if more else None
            else:
                yield page
                lost = False
                place += len(page.elements)
                page_size = page_size or len(page.elements)
                total = max(total, page.total or 0)
                url = page.next_of(first)

    def _unless_same[T](self, path: str, found: Collection[T]) -> Collection[T]:
        """Return what was found at a path, as the object that it was the last time, if it can be."""
        last = self._last_found.setdefault(path, found)
        if last == found and last.complete == found.complete:
            return last
        self._last_found[path] = found
        return found

    async def _get[T](
        self, resource: str, url: URL, read: Callable[[Response], T]
    ) -> T:
        """Return what is read of an answer, which is asked for again where that may help."""

        async def ask() -> T:
            return read(await self._send(resource, "GET", url))

        return await self._repeat(ask, _is_retryable)

    async def _put(self, resource: str, url: URL, body: Json) -> None:
        """Change something; twice is the same as once."""
        await self._repeat(
            lambda: self._send(resource, "PUT", url, body), _is_retryable
        )

    async def _delete(self, resource: str, url: URL) -> None:
        """Delete something; what is gone is as good as deleted."""
        with suppress(NotFoundError):
            await self._repeat(
                lambda: self._send(resource, "DELETE", url), _is_retryable
            )

    async def _post(self, resource: str, url: URL, body: Json, id_name: str) -> str:
        """Make something and return its id, which the answer gives by this name; never twice.

        Raises:
            OutcomeUnknownError: it may have been made, or not.
            StellantisError: it was not made.

        """

        async def make() -> str:
            answer = await self._send(resource, "POST", url, body)
            made = answer.json.get(id_name)
            if not isinstance(made, str):
                raise InvalidResponseError(resource, answer.status)
            return made

        try:
            return await self._repeat(make, _is_safe_to_repeat)
        except UnreachableError:
            raise
        except TransientError as err:
            raise OutcomeUnknownError(resource, err.status, err.code) from err

    async def _repeat[T](
        self,
        attempt: Callable[[], Awaitable[T]],
        worth_it: Callable[[StellantisError], bool],
    ) -> T:
        """Return what an attempt brings, after pauses if errors are worth another one."""
        for pause in _pauses():
            try:
                return await attempt()
            except StellantisError as err:
                if not worth_it(err):
                    raise
                _LOGGER.debug("%s; trying again in %.1f s", err, pause)
            await self._clock.sleep(pause)
        return await attempt()

    async def _send(
        self, resource: str, method: str, url: URL, body: Json | None = None
    ) -> Response:
        """Return a good answer; a token that is rejected is replaced once."""
        token = await self._tokens.async_get_access_token()
        try:
            return await self._exchange(resource, method, url, body, token)
        except AuthenticationError:
            renewed = await self._tokens.async_get_access_token(rejected=token)
            if renewed == token:
                raise
        return await self._exchange(resource, method, url, body, renewed)

    async def _exchange(
        self, resource: str, method: str, url: URL, body: Json | None, token: str
    ) -> Response:
        """Return a good answer to a request, which obeys the ledger and informs it."""
        await self.rate_limiter.admit(resource)
        answer = await self._transport.send(
            resource,
            method,
            url,
            json=body,
            headers={
                "Accept": "application/hal+json",
                "Authorization": f"Bearer {token}",
                "x-introspect-realm": self._platform.brand.realm,
            },
        )
        self.rate_limiter.record(answer.headers)
        error = error_in(answer, self._clock.now())
        if isinstance(error, QuotaExceededError):
            self.rate_limiter.block(error.retry_after)
        if error:
            raise error
        return answer


def _pauses() -> Iterator[float]:
    """Yield the seconds between two tries: growing, and not the same for all."""
    for attempt in range(TRIES - 1):
        yield FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.5)


def _is_retryable(err: StellantisError) -> bool:
    """Tell whether another try may help; a host in trouble drops connections as well."""
    return _is_burst(err) or isinstance(err, TransientError | CertificateRejectedError)


def _is_safe_to_repeat(err: StellantisError) -> bool:
    """Tell whether another try may help, and the last one is known to have done nothing."""
    return _is_burst(err) or isinstance(err, UnreachableError)


def _is_burst(err: StellantisError) -> bool:
    return isinstance(err, QuotaExceededError) and err.retry_after <= LONGEST_BURST
