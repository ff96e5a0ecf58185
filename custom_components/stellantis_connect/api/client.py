"""The client of the API: asks for resources, and answers with models or errors."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
import logging
import random
import ssl
from typing import Any, Protocol, cast

import aiohttp
from yarl import URL

from .answers import error_in
from .brand import Platform
from .clock import Clock
from .decode import Note, decode
from .errors import (
    CertificateRejected,
    Forbidden,
    NonsenseAnswer,
    NotForThisVehicle,
    QuotaExceeded,
    SignInNeeded,
    StellantisError,
    TransientError,
)
from .ledger import RateLimitLedger
from .limits import LONGEST_BURST
from .maintenance import Maintenance
from .paging import Collection, Page
from .scope import Scope
from .status import Status
from .transport import Answer, Json, Transport
from .vehicle import Motorization, User, Vehicle

_LOGGER = logging.getLogger(__name__)

TRIES = 3
FIRST_PAUSE = 1.0
MAX_PAGES = 200
VEHICLE_EXTENSIONS = ("onboardCapabilities", "branding", "pictures")
# What each data scope opens.
_LEAVES: Mapping[Scope, str] = {
    Scope.TELEMETRY: "status",
    Scope.POSITION: "lastPosition",
    Scope.TRIP: "trips",
    Scope.ALERT: "alerts",
    Scope.COLLISION: "collisions",
}


class TokenSource(Protocol):
    """Where access tokens come from."""

    async def async_get_access_token(self, rejected: str | None = None) -> str:
        """Return an access token, and not the one that the platform has rejected, if it can."""
        ...


class StellantisClient:
    """One owner's view of the platform.

    Every method raises a `StellantisError` if it cannot return what it promises. What goes by is
    tried several times before that.

    Attributes:
        ledger: the rate limits, shared by all clients of one client id.
        oddities: dotted names of the fields that ever held something unexpected.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: TokenSource,
        platform: Platform,
        client_id: str,
        *,
        ledger: RateLimitLedger | None = None,
        ssl_context: ssl.SSLContext | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Ask a platform with an owner's tokens."""
        self._transport = Transport(
            session, ssl_context, certificate=platform.certificate
        )
        self._tokens = tokens
        self._platform = platform
        self._client_id = client_id
        self._clock = clock or Clock()
        self._last: dict[object, tuple[bytes, Any]] = {}
        self.ledger = ledger or RateLimitLedger(self._clock)
        self.oddities: set[str] = set()

    async def get_user(self) -> User:
        """Return the owner of the account."""
        read = partial(decode, User, note=self._note_of(User))
        return await self._get_changed("user", self._url("user"), read)

    async def get_vehicles(self) -> Collection[Vehicle]:
        """Return the account's cars; those that are left out need not be gone."""
        url = self._url("user", "vehicles").extend_query(extension=VEHICLE_EXTENSIONS)
        note = self._note_of(Vehicle)

        def read(element: object) -> Vehicle | None:
            vehicle = decode(Vehicle, element, note=note)
            return vehicle if vehicle.id else None

        return await self._collect("vehicles", url, read)

    async def get_status(
        self, vehicle_id: str, motorization: Motorization | None = None
    ) -> Status:
        """Return the latest state of a car; the same object while the answer stays the same."""
        url = self._url("user", "vehicles", vehicle_id, "status")
        read = partial(
            Status.from_json, motorization=motorization, note=self._note_of(Status)
        )
        return await self._get_changed("status", url, read, motorization)

    async def get_maintenance(self, vehicle_id: str) -> Maintenance:
        """Return when a car is due; the same object while the answer stays the same."""
        url = self._url("user", "vehicles", vehicle_id, "maintenance")
        read = partial(Maintenance.from_json, note=self._note_of(Maintenance))
        return await self._get_changed("maintenance", url, read)

    async def find_scopes(self, vehicle_id: str) -> list[Scope]:
        """Return the scopes that the platform lets through, where nothing told those granted.

        Data can be asked for; commands cannot be tried without being carried out, so those
        scopes are taken as granted.
        """
        return [
            scope
            for scope in Scope
            if scope not in _LEAVES or await self._opens(vehicle_id, _LEAVES[scope])
        ]

    async def _opens(self, vehicle_id: str, leaf: str) -> bool:
        """Return whether the platform lets a resource of a car through, even if it is not there."""
        url = self._url("user", "vehicles", vehicle_id, leaf)
        try:
            await self._get(leaf, url, lambda answer: answer)
        except Forbidden:
            return False
        except NotForThisVehicle:
            return True
        return True

    def _url(self, *path: str) -> URL:
        url = self._platform.api_url.joinpath(*path)
        return url.with_query(client_id=self._client_id)

    def _note_of(self, a_model: type) -> Note:
        """Return what notes each field of a model that held something unexpected, once."""

        def note(name: str) -> None:
            name = f"{a_model.__name__}.{name}"
            if name not in self.oddities:
                self.oddities.add(name)
                _LOGGER.debug("%s holds something unexpected", name)

        return note

    async def _get_changed[T](
        self, resource: str, url: URL, read: Callable[[Json], T], context: object = None
    ) -> T:
        """Return what is read of a resource; the last of it, if the answer has not changed."""
        key = (url, context)

        def read_changed(answer: Answer) -> T:
            body, value = self._last.get(key, (None, None))
            if body != answer.body:
                value = read(answer.json)
                self._last[key] = (answer.body, value)
            return cast(T, value)

        return await self._get(resource, url, read_changed)

    async def _collect[T](
        self, resource: str, first: URL, read: Callable[[object], T | None]
    ) -> Collection[T]:
        """Return the elements of all pages.

        The link to the next page is lost with an unreadable one; its place is counted instead.
        """
        found = Collection[T]()
        asked: set[URL] = set()
        place = page_size = total = 0
        url: URL | None = first
        while url and url not in asked and len(asked) < MAX_PAGES:
            asked.add(url)
            try:
                page = await self._get(resource, url, Page.from_answer)
            except NonsenseAnswer:
                if not page_size:
                    raise
                found.complete = False
                place += page_size
                more = place < total
                url = first.update_query(indexRange=f"{place}-") if more else None
                continue
            read_ones = [read(element) for element in page.elements]
            found.extend(element for element in read_ones if element is not None)
            place += len(page.elements)
            page_size = page_size or len(page.elements)
            total = max(total, page.total or 0, place)
            url = page.next_of(first)
        found.complete = found.complete and len(found) >= total
        return found

    async def _get[T](self, resource: str, url: URL, read: Callable[[Answer], T]) -> T:
        """Return what is read of an answer, which is asked for again where that may help."""
        for pause in _pauses():
            try:
                return read(await self._send(resource, url))
            except StellantisError as err:
                if not _goes_by(err):
                    raise
                _LOGGER.debug("%s; trying again in %.1f s", err, pause)
            await self._clock.sleep(pause)
        return read(await self._send(resource, url))

    async def _send(self, resource: str, url: URL) -> Answer:
        """Return a good answer; a token that is rejected is replaced once."""
        token = await self._tokens.async_get_access_token()
        try:
            return await self._exchange(resource, url, token)
        except SignInNeeded:
            renewed = await self._tokens.async_get_access_token(rejected=token)
            if renewed == token:
                raise
        return await self._exchange(resource, url, renewed)

    async def _exchange(self, resource: str, url: URL, token: str) -> Answer:
        """Return a good answer to a request, which obeys the ledger and informs it."""
        await self.ledger.admit(resource)
        answer = await self._transport.send(
            resource,
            "GET",
            url,
            headers={
                "Accept": "application/hal+json",
                "Authorization": f"Bearer {token}",
                "x-introspect-realm": self._platform.brand.realm,
            },
        )
        self.ledger.record(answer.headers)
        error = error_in(answer, self._clock.now())
        if isinstance(error, QuotaExceeded):
            self.ledger.block(error.retry_after)
        if error:
            raise error
        return answer


def _pauses() -> Iterator[float]:
    """Yield the seconds between two tries: growing, and not the same for all."""
    for attempt in range(TRIES - 1):
        yield FIRST_PAUSE * 2**attempt * random.uniform(0.5, 1.5)


def _goes_by(err: StellantisError) -> bool:
    """Tell whether another try may help; a host in trouble drops connections as well."""
    if isinstance(err, QuotaExceeded):
        return err.retry_after <= LONGEST_BURST
    return isinstance(err, TransientError | CertificateRejected)
