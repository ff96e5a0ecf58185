"""What the platform can be asked for."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TypedDict, Unpack

from yarl import URL

from .client import MAX_PAGES, Client
from .decode import decode
from .exceptions import ForbiddenError, StellantisError
from .models.alarms import AlarmDetails
from .models.alerts import Alert
from .models.base import Record
from .models.collisions import Collision
from .models.maintenance import Maintenance
from .models.position import Position
from .models.scope import Scope
from .models.status import Status
from .models.telemetry import Telemetry, TelemetryExtension, TelemetryKind
from .models.trips import Trip
from .models.vehicle import Motorization, User, Vehicle
from .paging import Collection

VEHICLE_EXTENSIONS = ("onboardCapabilities", "branding", "pictures")
# What each data scope opens.
_LEAVES: Mapping[Scope, str] = {
    Scope.TELEMETRY: "status",
    Scope.POSITION: "lastPosition",
    Scope.TRIP: "trips",
    Scope.ALERT: "alerts",
    Scope.COLLISION: "collisions",
}
# Messages are small and many: fewer requests than with the usual 60, and no more than 2 MB each.
TELEMETRY_PAGE_SIZE = 500


class Within(TypedDict, total=False):
    """What narrows a collection down.

    Attributes:
        since: nothing from before this.
        until: nothing from after this.
        max_pages: how many requests it may cost, as long as none has to be repeated.
    """

    since: datetime | None
    until: datetime | None
    max_pages: int


class Reading(Client):
    """Reads an account and its cars.

    Every method raises a `StellantisError` if it cannot return what it promises. What goes by is
    tried several times before that. Of a collection, pages that are lost are left out instead,
    and the rest of it once the quota is used up; it tells so itself (`complete`).
    """

    async def get_user(self) -> User:
        """Return the owner of the account."""
        read = partial(decode, User, on_invalid=self._on_invalid_of(User))
        return await self._get_changed("user", self._url("user"), read)

    async def get_vehicles(self) -> Collection[Vehicle]:
        """Return the account's cars; those that are left out need not be gone."""
        url = self._url("user", "vehicles").extend_query(extension=VEHICLE_EXTENSIONS)
        on_invalid = self._on_invalid_of(Vehicle)

        def read(element: object) -> Vehicle | None:
            vehicle = decode(Vehicle, element, on_invalid=on_invalid)
            return vehicle if vehicle.id else None

        return await self._collect("vehicles", url, read)

    async def get_status(
        self, vehicle_id: str, motorization: Motorization | None = None
    ) -> Status:
        """Return the latest state of a car; the same object while the answer stays the same."""
        url = self._vehicle_url(vehicle_id, "status")
        read = partial(
            Status.from_json,
            motorization=motorization,
            on_invalid=self._on_invalid_of(Status),
        )
        return await self._get_changed("status", url, read, motorization)

    async def get_maintenance(self, vehicle_id: str) -> Maintenance:
        """Return when a car is due; the same object while the answer stays the same."""
        url = self._vehicle_url(vehicle_id, "maintenance")
        read = partial(
            Maintenance.from_json, on_invalid=self._on_invalid_of(Maintenance)
        )
        return await self._get_changed("maintenance", url, read)

    async def get_last_position(self, vehicle_id: str) -> Position:
        """Return where a car was last; the same object while the answer stays the same."""
        url = self._vehicle_url(vehicle_id, "lastPosition")
        read = partial(decode, Position, on_invalid=self._on_invalid_of(Position))
        return await self._get_changed("lastPosition", url, read)

    async def get_alerts(
        self, vehicle_id: str, **within: Unpack[Within]
    ) -> Collection[Alert]:
        """Return the alerts of a car, also those that were cleared."""
        return await self._get_records(Alert, vehicle_id, "alerts", within)

    async def get_alarms(
        self, vehicle_id: str, **within: Unpack[Within]
    ) -> Collection[AlarmDetails]:
        """Return when the alarm of a car was armed, disarmed, and set off."""
        return await self._get_records(AlarmDetails, vehicle_id, "alarms", within)

    async def get_collisions(
        self, vehicle_id: str, **within: Unpack[Within]
    ) -> Collection[Collision]:
        """Return the collisions of a car."""
        return await self._get_records(Collision, vehicle_id, "collisions", within)

    async def get_trips(
        self, vehicle_id: str, **within: Unpack[Within]
    ) -> Collection[Trip]:
        """Return the trips of a car, oldest first."""
        return await self._get_records(Trip, vehicle_id, "trips", within)

    async def get_trip(self, vehicle_id: str, trip_id: str) -> Trip:
        """Return a trip."""
        read = partial(Trip.from_json, on_invalid=self._on_invalid_of(Trip))
        url = self._vehicle_url(vehicle_id, "trips", trip_id)
        return await self._get("trip", url, lambda answer: read(answer.json))

    async def get_way_points(
        self, vehicle_id: str, trip_id: str, *, max_pages: int = MAX_PAGES
    ) -> Collection[Position]:
        """Return the positions that a trip went through."""
        url = self._vehicle_url(vehicle_id, "trips", trip_id, "wayPoints")
        on_invalid = self._on_invalid_of(Position)

        def read(element: object) -> Position | None:
            position = decode(Position, element, on_invalid=on_invalid)
            return position if position.latitude is not None else None

        return await self._collect(
            "wayPoints", url, read, max_pages=max_pages, kept=False
        )

    async def get_telemetry(
        self,
        vehicle_id: str,
        *,
        kinds: Iterable[TelemetryKind] = (),
        extensions: Iterable[TelemetryExtension] = (),
        motorization: Motorization | None = None,
        **within: Unpack[Within],
    ) -> Collection[Telemetry]:
        """Return the messages of a car, of all kinds or of some."""
        url = self._vehicle_url(vehicle_id, "telemetry").extend_query(
            type=tuple(kinds),
            extension=tuple(extensions),
            pageSize=TELEMETRY_PAGE_SIZE,
        )
        on_invalid = self._on_invalid_of(Telemetry)

        def read(element: object) -> Telemetry | None:
            if not isinstance(element, Mapping):
                return None
            return Telemetry.from_json(element, motorization, on_invalid=on_invalid)

        return await self._collect(
            "telemetry",
            _narrowed(url, within),
            read,
            max_pages=within.get("max_pages", MAX_PAGES),
            kept=False,
        )

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
        try:
            await self._get(leaf, self._vehicle_url(vehicle_id, leaf), lambda _: None)
        except ForbiddenError:
            return False
        except StellantisError:
            # Only a refusal counts: nothing else may block a sign-in.
            return True
        return True

    async def _get_records[R: Record](
        self, of: type[R], vehicle_id: str, leaf: str, within: Within
    ) -> Collection[R]:
        return await self._collect(
            leaf,
            _narrowed(self._vehicle_url(vehicle_id, leaf), within),
            self._reader_of(of),
            max_pages=within.get("max_pages", MAX_PAGES),
        )


def _narrowed(url: URL, within: Within) -> URL:
    since, until = within.get("since"), within.get("until")
    if since or until:
        return url.extend_query(timestamps=f"{_rfc3339(since)}/{_rfc3339(until)}")
    return url


def _rfc3339(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else ""
