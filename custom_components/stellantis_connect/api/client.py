"""The client of the platform."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from copy import copy
from datetime import UTC, datetime
from functools import partial
import logging
import ssl
from typing import Self, TypedDict, Unpack

import aiohttp
from yarl import URL

from .cache import ResponseCache
from .clock import Clock
from .decode import OnInvalid, decode
from .exceptions import ForbiddenError, StellantisError
from .models.alarms import AlarmDetails
from .models.alerts import Alert
from .models.base import Record
from .models.brand import Hosts
from .models.callbacks import Callback, CallbackSubscribe, SubscriptionStatus
from .models.collisions import Collision
from .models.maintenance import Maintenance
from .models.monitors import Monitor, MonitorParameter
from .models.position import Position
from .models.remote_actions import RemoteAction
from .models.remotes import RemoteState
from .models.scope import Scope
from .models.status import Status
from .models.telemetry import Telemetry, TelemetryKind
from .models.trips import Trip
from .models.vehicle import Motorization, User, Vehicle
from .paging import MAX_PAGES, Collection, collect
from .rate_limit import Priority, RateLimiter
from .session import ATTEMPTS, GEO_JSON, HAL_JSON, ApiSession, TokenSource
from .transport import Json, Response, Transport

_LOGGER = logging.getLogger(__name__)

VEHICLE_EXTENSIONS = ("onboardCapabilities", "branding", "pictures")
# Messages are small and many: fewer requests than with the usual 60, and no more than 2 MB each.
TELEMETRY_PAGE_SIZE = 500
# A resource that each data scope gives access to.
_RESOURCES: Mapping[Scope, str] = {
    Scope.TELEMETRY: "status",
    Scope.POSITION: "lastPosition",
    Scope.TRIP: "trips",
    Scope.ALERT: "alerts",
    Scope.COLLISION: "collisions",
}


class Range(TypedDict, total=False):
    """The part of a collection to request.

    Attributes:
        since: the earliest time.
        until: the latest time.
        max_pages: the number of pages at most.
    """

    since: datetime | None
    until: datetime | None
    max_pages: int


class StellantisClient:
    """The platform as one owner may use it.

    Every method raises a `StellantisError` when it fails; transient failures are retried before.
    Of a collection, pages that fail are left out instead, and all others once the quota is used
    up; then it is not `complete`. What creates something is retried only while it certainly had no
    effect; else `OutcomeUnknownError` is raised.

    Attributes:
        priority: what the requests are for.
        rate_limiter: the rate limits, shared by all clients of one client id.
        unexpected_fields: the dotted names of the fields that held something unexpected.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: TokenSource,
        hosts: Hosts,
        client_id: str,
        *,
        rate_limiter: RateLimiter,
        ssl_context: ssl.SSLContext | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Initialize the client."""
        transport = Transport(
            session,
            hosts.api_url.origin(),
            ssl_context,
            certificate=hosts.certificate,
        )
        self._session = ApiSession(
            transport, tokens, hosts, client_id, rate_limiter, clock or Clock()
        )
        self._cache = ResponseCache()
        self.priority = Priority.USER
        self.rate_limiter = rate_limiter
        self.unexpected_fields: set[str] = set()

    def with_priority(self, priority: Priority) -> Self:
        """Return this client for requests of another priority."""
        client = copy(self)
        client.priority = priority
        return client

    async def get_user(self) -> User:
        """Return the owner of the account."""
        read = partial(decode, User, on_invalid=self._on_invalid(User))
        return await self._get_cached("user", self._session.url("user"), read)

    async def get_vehicles(self) -> Collection[Vehicle]:
        """Return the account's cars; those that are missing need not be gone."""
        url = self._session.url("user", "vehicles")
        on_invalid = self._on_invalid(Vehicle)

        def read(element: object) -> Vehicle | None:
            vehicle = decode(Vehicle, element, on_invalid=on_invalid)
            return vehicle if vehicle.id else None

        vehicles = await self._collect(
            "vehicles", url.extend_query(extension=VEHICLE_EXTENSIONS), read
        )
        return self._cache.collection(url.path, vehicles)

    async def get_status(
        self, vehicle_id: str, motorization: Motorization | None = None
    ) -> Status:
        """Return the status of a car; the same object while the response is the same."""
        url = self._vehicle_url(vehicle_id, "status")
        read = partial(
            Status.from_json,
            motorization=motorization,
            held=self._cache.last((url.path, motorization)),
            on_invalid=self._on_invalid(Status),
        )
        return await self._get_cached("status", url, read, motorization)

    async def get_maintenance(self, vehicle_id: str) -> Maintenance:
        """Return the next service of a car; the same object while the response is the same."""
        url = self._vehicle_url(vehicle_id, "maintenance")
        read = partial(Maintenance.from_json, on_invalid=self._on_invalid(Maintenance))
        return await self._get_cached("maintenance", url, read)

    async def get_last_position(self, vehicle_id: str) -> Position:
        """Return the last position of a car; the same object while the response is the same."""
        url = self._vehicle_url(vehicle_id, "lastPosition")
        read = partial(decode, Position, on_invalid=self._on_invalid(Position))
        return await self._get_cached("lastPosition", url, read)

    async def get_alerts(
        self, vehicle_id: str, **selected: Unpack[Range]
    ) -> Collection[Alert]:
        """Return the alerts of a car, including those that were cleared."""
        return await self._get_records(Alert, vehicle_id, "alerts", selected)

    async def get_alarms(
        self, vehicle_id: str, **selected: Unpack[Range]
    ) -> Collection[AlarmDetails]:
        """Return when the alarm of a car was armed, disarmed, and triggered."""
        return await self._get_records(AlarmDetails, vehicle_id, "alarms", selected)

    async def get_collisions(
        self, vehicle_id: str, **selected: Unpack[Range]
    ) -> Collection[Collision]:
        """Return the collisions of a car."""
        return await self._get_records(Collision, vehicle_id, "collisions", selected)

    async def get_trips(
        self, vehicle_id: str, **selected: Unpack[Range]
    ) -> Collection[Trip]:
        """Return the trips of a car, oldest first."""
        return await self._get_records(Trip, vehicle_id, "trips", selected)

    async def get_way_points(
        self, vehicle_id: str, trip_id: str, *, max_pages: int = MAX_PAGES
    ) -> Collection[Position]:
        """Return the positions of a trip."""
        url = self._vehicle_url(vehicle_id, "trips", trip_id, "wayPoints")
        on_invalid = self._on_invalid(Position)

        def read(element: object) -> Position | None:
            position = decode(Position, element, on_invalid=on_invalid)
            return position if position.latitude is not None else None

        return await self._collect("wayPoints", url, read, max_pages)

    async def get_telemetry(
        self,
        vehicle_id: str,
        *,
        kinds: Iterable[TelemetryKind] = (),
        motorization: Motorization | None = None,
        **selected: Unpack[Range],
    ) -> Collection[Telemetry]:
        """Return the messages of a car, of all kinds or of some."""
        url = self._vehicle_url(vehicle_id, "telemetry").extend_query(
            type=tuple(kinds), pageSize=TELEMETRY_PAGE_SIZE
        )
        on_invalid = self._on_invalid(Telemetry)

        def read(element: object) -> Telemetry | None:
            if not isinstance(element, Mapping):
                return None
            return Telemetry.from_json(element, motorization, on_invalid=on_invalid)

        return await self._collect(
            "telemetry",
            _in_range(url, selected),
            read,
            selected.get("max_pages", MAX_PAGES),
            may_be_missing=True,
        )

    async def find_scopes(self, vehicle_id: str) -> list[Scope]:
        """Return the scopes that the platform does not refuse, if no response named them.

        Commands cannot be tried without being carried out: their scopes are taken as granted, and
        so are those of resources that fail for another reason.
        """
        refused = set()
        for scope, resource in _RESOURCES.items():
            try:
                await self._get(
                    resource,
                    self._vehicle_url(vehicle_id, resource),
                    lambda _: None,
                    attempts=1,
                )
            except ForbiddenError:
                refused.add(scope)
            except StellantisError as err:
                _LOGGER.debug(
                    "Failed to check scope %s, assuming it is granted: %s", scope, err
                )
        return [scope for scope in Scope if scope not in refused]

    async def get_callbacks(self) -> Collection[Callback]:
        """Return all callbacks of the account, including those of other installations."""
        url = self._session.url("user", "callbacks")
        return await self._collect("callbacks", url, self._record_reader(Callback))

    async def create_callback(self, subscribe: CallbackSubscribe) -> str:
        """Create a callback and return its id."""
        url = self._session.url("user", "callbacks")
        return await self._session.create(
            "callback", url, subscribe.body(), "callbackId"
        )

    async def update_callback(
        self, callback_id: str, subscribe: CallbackSubscribe
    ) -> None:
        """Replace the parameters of a callback."""
        url = self._session.url("user", "callbacks", callback_id)
        await self._session.put("callback", url, subscribe.body())

    async def set_callback_status(
        self, callback_id: str, status: SubscriptionStatus
    ) -> None:
        """Pause or resume a callback."""
        url = self._session.url("user", "callbacks", callback_id, "status")
        await self._session.put("callback", url, {"status": status})

    async def delete_callback(self, callback_id: str) -> None:
        """Delete a callback if it exists."""
        url = self._session.url("user", "callbacks", callback_id)
        await self._session.delete("callback", url)

    async def send_remote(
        self, vehicle_id: str, callback_id: str, label: str, action: RemoteAction
    ) -> str:
        """Send a remote and return its id; the label identifies it if the response is lost."""
        return await self._session.create(
            "remote",
            self._remotes_url(vehicle_id, callback_id),
            {"label": label, **action.body()},
            "remoteActionId",
        )

    async def get_remotes(
        self, vehicle_id: str, callback_id: str
    ) -> Collection[RemoteState]:
        """Return the remotes that were sent to a car."""
        url = self._remotes_url(vehicle_id, callback_id)
        return await self._collect("remotes", url, self._record_reader(RemoteState))

    async def get_remote(
        self, vehicle_id: str, callback_id: str, remote_action_id: str
    ) -> RemoteState:
        """Return the state of a remote."""
        url = self._remotes_url(vehicle_id, callback_id, remote_action_id)
        read = partial(RemoteState.from_json, on_invalid=self._on_invalid(RemoteState))
        return await self._get("remote", url, lambda response: read(response.json))

    async def get_monitors(
        self, vehicle_id: str, callback_id: str
    ) -> Collection[Monitor]:
        """Return the monitors of a car that report to a callback."""
        url = self._monitors_url(vehicle_id, callback_id)
        return await self._collect("monitors", url, self._record_reader(Monitor))

    async def create_monitor(
        self, vehicle_id: str, callback_id: str, parameter: MonitorParameter
    ) -> str:
        """Create a monitor and return its id."""
        url = self._monitors_url(vehicle_id, callback_id)
        return await self._session.create("monitor", url, parameter.body(), "monitorId")

    async def set_monitor_status(
        self,
        vehicle_id: str,
        callback_id: str,
        monitor_id: str,
        status: SubscriptionStatus,
    ) -> None:
        """Pause or resume a monitor."""
        url = self._monitors_url(vehicle_id, callback_id, monitor_id, "status")
        await self._session.put("monitor", url, {"status": status})

    async def delete_monitor(
        self, vehicle_id: str, callback_id: str, monitor_id: str
    ) -> None:
        """Delete a monitor if it exists."""
        url = self._monitors_url(vehicle_id, callback_id, monitor_id)
        await self._session.delete("monitor", url)

    def _vehicle_url(self, vehicle_id: str, *path: str) -> URL:
        return self._session.url("user", "vehicles", vehicle_id, *path)

    def _remotes_url(self, vehicle_id: str, callback_id: str, *path: str) -> URL:
        return self._vehicle_url(vehicle_id, "callbacks", callback_id, "remotes", *path)

    def _monitors_url(self, vehicle_id: str, callback_id: str, *path: str) -> URL:
        return self._vehicle_url(
            vehicle_id, "callbacks", callback_id, "monitors", *path
        )

    async def _get[T](
        self,
        resource: str,
        url: URL,
        read: Callable[[Response], T],
        attempts: int = ATTEMPTS,
    ) -> T:
        return await self._session.get(
            resource,
            url,
            read,
            accept=GEO_JSON if resource == "lastPosition" else HAL_JSON,
            priority=self.priority,
            attempts=attempts,
        )

    async def _get_cached[T](
        self, resource: str, url: URL, read: Callable[[Json], T], *key: Hashable
    ) -> T:
        """Return what is read from a response; `key` distinguishes values of the same URL."""
        return await self._get(
            resource,
            url,
            lambda response: self._cache.value((url.path, *key), response, read),
        )

    async def _get_records[R: Record](
        self, of: type[R], vehicle_id: str, resource: str, selected: Range
    ) -> Collection[R]:
        url = self._vehicle_url(vehicle_id, resource)
        records = await self._collect(
            resource,
            _in_range(url, selected),
            self._record_reader(of),
            selected.get("max_pages", MAX_PAGES),
            may_be_missing=True,
        )
        return self._cache.collection(url.path, records)

    async def _collect[T](
        self,
        resource: str,
        url: URL,
        read: Callable[[object], T | None],
        max_pages: int = MAX_PAGES,
        *,
        may_be_missing: bool = False,
    ) -> Collection[T]:
        return await collect(
            partial(self._get, resource),
            url,
            read,
            max_pages,
            may_be_missing=may_be_missing,
        )

    def _record_reader[R: Record](self, of: type[R]) -> Callable[[object], R | None]:
        """Return a function that reads an element of a collection; it needs an id."""
        on_invalid = self._on_invalid(of)

        def read(element: object) -> R | None:
            if not isinstance(element, Mapping):
                return None
            record = of.from_json(element, on_invalid=on_invalid)
            return record if record.id else None

        return read

    def _on_invalid(self, of: type) -> OnInvalid:
        """Return a function that remembers and logs each unexpected field of a model once."""

        def on_invalid(name: str) -> None:
            name = f"{of.__name__}.{name}"
            if name not in self.unexpected_fields:
                self.unexpected_fields.add(name)
                _LOGGER.debug("Ignoring unexpected value of %s", name)

        return on_invalid


def _in_range(url: URL, selected: Range) -> URL:
    since, until = selected.get("since"), selected.get("until")
    if since or until:
        return url.extend_query(timestamps=f"{_rfc3339(since)}/{_rfc3339(until)}")
    return url


def _rfc3339(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else ""
