"""The API's operations about what was: telemetry, alerts, alarms, collisions, trips."""

from collections.abc import Sequence
from datetime import datetime

from aiohttp import web

from .backend import Backend
from .cars import records, telemetry
from .cars.blocks import Block
from .cars.car import Car
from .cars.past import Alarm, Alert, Collision, Trip
from .errors import ApiError, Json
from .gateway import CAR, Answer, Gateway, Visit, link
from .intervals import Interval, parse_intervals
from .paging import Query, collection

LARGEST_TELEMETRY_PAGE = 2000
ALARM_KINDS = ("vehicle.alarm.status", "vehicle.alarm.trigger")
TRIP_STATES = ("Nominal", "Unstarted", "DataLacking", "Unfinished")


class History:
    """What happened to a car."""

    def __init__(self, backend: Backend, gateway: Gateway) -> None:
        """Read from a platform whose gateway guards the way."""
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

    async def telemetry(self, visit: Visit) -> Answer:
        """List what the car sent, the latest first."""
        car, query = visit.car, Query.of(visit.request)
        kinds = query.choices("type", telemetry.KINDS)
        extensions = query.choices("extension", telemetry.EXTENSIONS)
        if "data:telemetry" not in visit.rights:
            kinds, extensions = {"none"}, extensions & {"location"}
        located = "data:position" in visit.rights
        span, intervals = self._span(visit), _intervals(query)
        since = max(span.start or car.born, _earliest(intervals) or car.born)
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
                    "self": link(visit.url),
                    "vehicle": link(visit.car_url(car)),
                },
            }

        page = collection(
            visit.request,
            query,
            "telemetries",
            moments[::-1],
            render,
            LARGEST_TELEMETRY_PAGE,
        )
        return Answer(page)

    async def alerts(self, visit: Visit) -> Answer:
        """List warnings, the latest first."""
        query, span = Query.of(visit.request), self._span(visit)
        intervals = _intervals(query)
        found = [
            one
            for one in self._lived(visit).alerts
            if one.start.at in span and _within(one.start.at, intervals)
        ]
        _check_any(visit.car, found, "alert")
        return Answer(
            collection(
                visit.request,
                query,
                "alerts",
                found[::-1],
                lambda one: self._alert(visit, one),
            )
        )

    async def alert(self, visit: Visit) -> Answer:
        """Tell of one warning."""
        span = self._span(visit)
        found = [one for one in self._lived(visit).alerts if one.start.at in span]
        return Answer(self._alert(visit, _pick(found, visit.request.match_info["aid"])))

    async def alarms(self, visit: Visit) -> Answer:
        """List what the alarm did, the latest first."""
        query = Query.of(visit.request)
        kinds, intervals = query.choices("type", ALARM_KINDS), _intervals(query)
        found = [
            one
            for one in self._lived(visit).alarms
            if _within(one.at, intervals)
            and (not kinds or ALARM_KINDS[one.trigger is not None] in kinds)
        ]
        _check_any(visit.car, found, "alarm")
        located = "data:position" in visit.rights
        page = collection(
            visit.request,
            query,
            "alarms",
            found[::-1],
            lambda one: records.alarm(one, located=located),
        )
        return Answer(page)

    async def alarm(self, visit: Visit) -> Answer:
        """Tell one thing that the alarm did."""
        found = _pick(self._lived(visit).alarms, visit.request.match_info["aid"])
        return Answer(records.alarm(found, located="data:position" in visit.rights))

    async def collisions(self, visit: Visit) -> Answer:
        """List blows, the latest first."""
        query, span = Query.of(visit.request), self._span(visit)
        intervals = _intervals(query)
        found = [
            one
            for one in self._lived(visit).collisions
            if one.at in span and _within(one.at, intervals)
        ]
        _check_any(visit.car, found, "collision")
        page = collection(
            visit.request,
            query,
            "Collisions",
            found[::-1],
            lambda one: self._collision(visit, one),
        )
        return Answer(page)

    async def collision(self, visit: Visit) -> Answer:
        """Tell of one blow."""
        span = self._span(visit)
        found = [one for one in self._lived(visit).collisions if one.at in span]
        return Answer(
            self._collision(visit, _pick(found, visit.request.match_info["cid"]))
        )

    async def trips(self, visit: Visit) -> Answer:
        """List trips, the oldest first."""
        query, car = Query.of(visit.request), self._lived(visit)
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
        return Answer(
            collection(
                visit.request, query, "trips", found, lambda one: self._trip(visit, one)
            )
        )

    async def trip(self, visit: Visit) -> Answer:
        """Tell of one trip."""
        return Answer(
            self._trip(
                visit, _pick(self._lived(visit).trips, visit.request.match_info["tid"])
            )
        )

    async def way_points(self, visit: Visit) -> Answer:
        """List the positions that a trip passed."""
        query = Query.of(visit.request)
        tolerance = query.number("tolerance")
        intervals = _intervals(query)
        trip = _pick(self._lived(visit).trips, visit.request.match_info["tid"])
        found = [
            body
            for at, body in records.way_points(trip, self._now, tolerance)
            if _within(at, intervals)
        ]
        return Answer(
            collection(visit.request, query, "positions", found, lambda body: body)
        )

    @property
    def _now(self) -> datetime:
        return self._backend.clock.now()

    def _lived(self, visit: Visit) -> Car:
        """Return the car of the path after everything has happened that was due."""
        visit.car.live(self._now)
        return visit.car

    def _span(self, visit: Visit) -> Interval:
        """Return how long the trip of the path lasts; without one, all time."""
        if "tid" not in visit.request.match_info:
            return Interval(None, None)
        trip = _pick(self._lived(visit).trips, visit.request.match_info["tid"])
        return Interval(trip.start.at, trip.stop.at if trip.stop else self._now)

    def _alert(self, visit: Visit, alert: Alert) -> Block:
        url = f"{visit.car_url(visit.car)}/alerts/{alert.id}"
        links: dict[str, Json] = {
            "self": link(url),
            "vehicle": link(visit.car_url(visit.car)),
        }
        return {
            **records.alert(alert, located="data:position" in visit.rights),
            "_links": links,
        }

    def _collision(self, visit: Visit, collision: Collision) -> Block:
        url = f"{visit.car_url(visit.car)}/collisions/{collision.id}"
        links: dict[str, Json] = {
            "self": link(url),
            "vehicle": link(visit.car_url(visit.car)),
        }
        return {**records.collision(collision), "_links": links}

    def _trip(self, visit: Visit, trip: Trip) -> Block:
        car = visit.car
        url = f"{visit.car_url(car)}/trips/{trip.id}"
        # The specification names the link in lower case; the service, by what is known of it, does not.
        way_points = "waypoints" if car.by_the_book else "wayPoints"
        links: dict[str, Json] = {
            "self": link(url),
            "vehicle": link(visit.car_url(car)),
            way_points: link(f"{url}/wayPoints"),
            "alerts": link(f"{url}/alerts"),
            "collisions": link(f"{url}/collisions"),
        }
        return {
            **records.trip(
                car, trip, self._now, located="data:position" in visit.rights
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
    """Return the record with an id; raises ApiError 404."""
    for record in records:
        if record.id == wanted:
            return record
    raise ApiError(404, "Not Found: no such resource for this vehicle.", 40404)
