"""The API's endpoints of telemetry, alerts, alarms, collisions, and trips."""

from collections.abc import Sequence
from datetime import datetime

from aiohttp import web

from .backend import Backend
from .cars import records, telemetry
from .cars.blocks import Block
from .cars.car import Car
from .cars.past import Alarm, Alert, Collision, Trip
from .errors import ApiError, Json
from .gateway import CAR, AuthorizedRequest, Gateway, Result, link
from .intervals import Interval, parse_intervals
from .paging import Query, collection

LARGEST_TELEMETRY_PAGE = 2000
ALARM_KINDS = ("vehicle.alarm.status", "vehicle.alarm.trigger")
TRIP_STATES = ("Nominal", "Unstarted", "DataLacking", "Unfinished")


class HistoryViews:
    """The endpoints of a car's past."""

    def __init__(self, backend: Backend, gateway: Gateway) -> None:
        """Initialize the endpoints."""
        self._backend = backend
        self._gateway = gateway

    def routes(self) -> list[web.RouteDef]:
        """Return what to add to the application, with the scopes that each operation needs."""
        place, trip = "data:position", "data:trip"
        alert, collision = "data:alert", "data:collision"
        get = self._gateway.get
        return [
            get(f"{CAR}/telemetry", self.telemetry, any_of=("data:telemetry", place)),
            get(f"{CAR}/alerts", self.alerts, alert),
            get(f"{CAR}/alerts/{{aid}}", self.alert, alert),
            get(f"{CAR}/alarms", self.alarms, "data:telemetry"),
            get(f"{CAR}/alarms/{{aid}}", self.alarm, "data:telemetry"),
            get(f"{CAR}/collisions", self.collisions, collision),
            get(f"{CAR}/collisions/{{cid}}", self.collision, collision),
            get(f"{CAR}/trips", self.trips, trip),
            get(f"{CAR}/trips/{{tid}}", self.trip, trip),
            get(f"{CAR}/trips/{{tid}}/wayPoints", self.way_points, trip, place),
            get(f"{CAR}/trips/{{tid}}/telemetry", self.telemetry, trip),
            get(f"{CAR}/trips/{{tid}}/alerts", self.alerts, trip, alert),
            get(f"{CAR}/trips/{{tid}}/alerts/{{aid}}", self.alert, trip, alert),
            get(f"{CAR}/trips/{{tid}}/collisions", self.collisions, trip, collision),
            get(
                f"{CAR}/trips/{{tid}}/collisions/{{cid}}",
                self.collision,
                trip,
                collision,
            ),
        ]

    async def telemetry(self, authorized: AuthorizedRequest) -> Result:
        """List what the car sent, the latest first."""
        car, query = authorized.car, Query.of(authorized.request)
        kinds = query.choices("type", telemetry.KINDS)
        extensions = query.choices("extension", telemetry.EXTENSIONS)
        if "data:telemetry" not in authorized.scopes:
            kinds, extensions = {"none"}, extensions & {"location"}
        located = "data:position" in authorized.scopes
        span, intervals = self._span(authorized), _intervals(query)
        since = max(
            span.start or car.history_start, _earliest(intervals) or car.history_start
        )
        moments = [
            one
            for one in car.uploads(since, span.end or self._now)
            if _within(one, intervals)
        ]

        def render(moment: datetime) -> Json:
            body = telemetry.telemetry(car, moment, kinds, extensions, located=located)
            return {
                **body,
                "_links": {
                    "self": link(authorized.url),
                    "vehicle": link(authorized.car_url(car)),
                },
            }

        page = collection(
            authorized.request,
            query,
            "telemetries",
            moments[::-1],
            render,
            LARGEST_TELEMETRY_PAGE,
        )
        return Result(page)

    async def alerts(self, authorized: AuthorizedRequest) -> Result:
        """List warnings, the latest first."""
        query, span = Query.of(authorized.request), self._span(authorized)
        intervals = _intervals(query)
        found = [
            one
            for one in self._lived(authorized).alerts
            if one.start.at in span and _within(one.start.at, intervals)
        ]
        _check_any(authorized.car, found, "alert")
        return Result(
            collection(
                authorized.request,
                query,
                "alerts",
                found[::-1],
                lambda one: self._alert(authorized, one),
            )
        )

    async def alert(self, authorized: AuthorizedRequest) -> Result:
        """Return one alert."""
        span = self._span(authorized)
        found = [one for one in self._lived(authorized).alerts if one.start.at in span]
        return Result(
            self._alert(authorized, _pick(found, authorized.request.match_info["aid"]))
        )

    async def alarms(self, authorized: AuthorizedRequest) -> Result:
        """List what the alarm did, the latest first."""
        query = Query.of(authorized.request)
        kinds, intervals = query.choices("type", ALARM_KINDS), _intervals(query)
        found = [
            one
            for one in self._lived(authorized).alarms
            if _within(one.at, intervals)
            and (not kinds or ALARM_KINDS[one.trigger is not None] in kinds)
        ]
        _check_any(authorized.car, found, "alarm")
        located = "data:position" in authorized.scopes
        page = collection(
            authorized.request,
            query,
            "alarms",
            found[::-1],
            lambda one: records.alarm(one, located=located),
        )
        return Result(page)

    async def alarm(self, authorized: AuthorizedRequest) -> Result:
        """Return one event of the alarm."""
        found = _pick(
            self._lived(authorized).alarms, authorized.request.match_info["aid"]
        )
        return Result(
            records.alarm(found, located="data:position" in authorized.scopes)
        )

    async def collisions(self, authorized: AuthorizedRequest) -> Result:
        """List blows, the latest first."""
        query, span = Query.of(authorized.request), self._span(authorized)
        intervals = _intervals(query)
        found = [
            one
            for one in self._lived(authorized).collisions
            if one.at in span and _within(one.at, intervals)
        ]
        _check_any(authorized.car, found, "collision")
        page = collection(
            authorized.request,
            query,
            "Collisions",
            found[::-1],
            lambda one: self._collision(authorized, one),
        )
        return Result(page)

    async def collision(self, authorized: AuthorizedRequest) -> Result:
        """Return one collision."""
        span = self._span(authorized)
        found = [one for one in self._lived(authorized).collisions if one.at in span]
        return Result(
            self._collision(
                authorized, _pick(found, authorized.request.match_info["cid"])
            )
        )

    async def trips(self, authorized: AuthorizedRequest) -> Result:
        """List trips, the oldest first."""
        query, car = Query.of(authorized.request), self._lived(authorized)
        intervals, states = _intervals(query), query.choices("states", TRIP_STATES)
        distance, duration = query.span("distance"), query.span("duration")
        found = []
        for one in car.trips:
            last = one.stop or car.at(self._now)
            if (
                _within(one.start.at, intervals)
                and (not states or records.state_of(one) in states)
                and _lies_in(last.odometer - one.start.odometer, distance)
                and _lies_in((last.at - one.start.at).total_seconds(), duration)
            ):
                found.append(one)
        _check_any(car, found, "trip")
        return Result(
            collection(
                authorized.request,
                query,
                "trips",
                found,
                lambda one: self._trip(authorized, one),
            )
        )

    async def trip(self, authorized: AuthorizedRequest) -> Result:
        """Return one trip."""
        return Result(
            self._trip(
                authorized,
                _pick(
                    self._lived(authorized).trips, authorized.request.match_info["tid"]
                ),
            )
        )

    async def way_points(self, authorized: AuthorizedRequest) -> Result:
        """List the positions that a trip passed."""
        query = Query.of(authorized.request)
        tolerance = query.number("tolerance")
        intervals = _intervals(query)
        trip = _pick(
            self._lived(authorized).trips, authorized.request.match_info["tid"]
        )
        found = [
            body
            for at, body in records.way_points(trip, self._now, tolerance)
            if _within(at, intervals)
        ]
        return Result(
            collection(authorized.request, query, "positions", found, lambda body: body)
        )

    @property
    def _now(self) -> datetime:
        return self._backend.clock.now()

    def _lived(self, authorized: AuthorizedRequest) -> Car:
        """Return the car of the path after everything has happened that was due."""
        authorized.car.advance(self._now)
        return authorized.car

    def _span(self, authorized: AuthorizedRequest) -> Interval:
        """Return how long the trip of the path lasts; without one, all time."""
        if "tid" not in authorized.request.match_info:
            return Interval(None, None)
        trip = _pick(
            self._lived(authorized).trips, authorized.request.match_info["tid"]
        )
        return Interval(trip.start.at, trip.stop.at if trip.stop else self._now)

    def _alert(self, authorized: AuthorizedRequest, alert: Alert) -> Block:
        url = f"{authorized.car_url(authorized.car)}/alerts/{alert.id}"
        links: dict[str, Json] = {
            "self": link(url),
            "vehicle": link(authorized.car_url(authorized.car)),
        }
        return {
            **records.alert(alert, located="data:position" in authorized.scopes),
            "_links": links,
        }

    def _collision(self, authorized: AuthorizedRequest, collision: Collision) -> Block:
        url = f"{authorized.car_url(authorized.car)}/collisions/{collision.id}"
        links: dict[str, Json] = {
            "self": link(url),
            "vehicle": link(authorized.car_url(authorized.car)),
        }
        return {**records.collision(collision), "_links": links}

    def _trip(self, authorized: AuthorizedRequest, trip: Trip) -> Block:
        car = authorized.car
        url = f"{authorized.car_url(car)}/trips/{trip.id}"
        # The specification names the link in lower case; the service, by what is known of it, does not.
        way_points = "waypoints" if car.by_the_book else "wayPoints"
        links: dict[str, Json] = {
            "self": link(url),
            "vehicle": link(authorized.car_url(car)),
            way_points: link(f"{url}/wayPoints"),
            "alerts": link(f"{url}/alerts"),
            "collisions": link(f"{url}/collisions"),
        }
        return {
            **records.trip(
                car, trip, self._now, located="data:position" in authorized.scopes
            ),
            "_links": links,
        }


def _intervals(query: Query) -> list[Interval]:
    try:
        return parse_intervals(query.parameters.getall("timestamps", []))
    except ValueError as error:
        raise ApiError(400, "Invalid parameter: timestamps") from error


def _within(moment: datetime, intervals: list[Interval]) -> bool:
    return not intervals or any(moment in interval for interval in intervals)


def _earliest(intervals: list[Interval]) -> datetime | None:
    starts = [interval.start for interval in intervals]
    return (
        min((start for start in starts if start), default=None)
        if None not in starts
        else None
    )


def _check_any(car: Car, found: Sequence[object], noun: str) -> None:
    """Raise ApiError 404 for an empty list, as the platform does for real cars."""
    if not found and not car.by_the_book:
        raise ApiError(404, f"Not Found: No {noun} was found", 40400)


def _lies_in(value: float, span: tuple[float, float] | None) -> bool:
    return span is None or span[0] <= value <= span[1]


def _pick[T: (Alert, Alarm, Collision, Trip)](records: list[T], wanted: str) -> T:
    """Return the record with an id; raise ApiError 404."""
    for record in records:
        if record.id == wanted:
            return record
    raise ApiError(404, "Not Found: no such resource for this vehicle.", 40404)
