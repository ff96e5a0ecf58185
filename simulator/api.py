"""The API's operations that read: user, vehicles, and everything below a vehicle."""

from datetime import datetime

from aiohttp import web

from .brands import BRANDS
from .cars import capabilities, records, status, telemetry
from .cars.blocks import Block
from .cars.car import Alarm, Alert, Car, Collision, Trip
from .errors import ApiError, Json
from .gateway import Answer, Gateway, Operation, Visit
from .intervals import Interval, parse_intervals
from .paging import Query, collection
from .pictures import VIEWS, picture
from .platform import Platform

V4 = "/connectedcar/v4"
V3 = "/connectedcar/v3"
CAR = f"{V4}/user/vehicles/{{id}}"
LARGEST_TELEMETRY_PAGE = 2000
ALARM_KINDS = ("vehicle.alarm.status", "vehicle.alarm.trigger")
TRIP_STATES = ("Nominal", "Unstarted", "DataLacking", "Unfinished")
EXTENSIONS = ("onboardCapabilities", "branding", "pictures")


class Api:
    """The reading half of version 4, and the capabilities of version 3."""

    def __init__(self, platform: Platform, gateway: Gateway) -> None:
        """Read from a platform whose gateway guards the way."""
        self._platform = platform
        self._gateway = gateway

    def routes(self) -> list[web.RouteDef]:
        """Return what to add to the application, with the scopes that each operation needs."""
        telemetry, place, trip = "data:telemetry", "data:position", "data:trip"
        alert, collision = "data:alert", "data:collision"
        get = self._get
        return [
            get(f"{V4}/user", self.user),
            get(f"{V4}/user/vehicles", self.vehicles),
            get(CAR, self.vehicle),
            web.get(
                f"{CAR}/status",
                self._gateway.guarded(self.status, any_of=(telemetry, place)),
            ),
            get(f"{CAR}/maintenance", self.maintenance, telemetry),
            get(f"{CAR}/lastPosition", self.last_position, place),
            web.get(
                f"{CAR}/telemetry",
                self._gateway.guarded(self.telemetry, any_of=(telemetry, place)),
            ),
            get(f"{CAR}/alerts", self.alerts, alert),
            get(f"{CAR}/alerts/{{aid}}", self.alert, alert),
            get(f"{CAR}/alarms", self.alarms, telemetry),
            get(f"{CAR}/alarms/{{aid}}", self.alarm, telemetry),
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
            web.get(f"{V3}/vehicle/{{vin}}", self.vehicle_by_vin),
            web.get("/pictures/{id}/{view}.png", self.picture),
        ]

    def _get(self, path: str, operation: Operation, *scopes: str) -> web.RouteDef:
        return web.get(path, self._gateway.guarded(operation, scopes))

    async def user(self, visit: Visit) -> Answer:
        """Tell who has signed in."""
        return Answer(
            {
                "email": visit.account.email,
                "firstName": visit.account.first_name,
                "lastName": visit.account.last_name,
                "_links": {
                    "self": _link(f"{visit.root}/user"),
                    "vehicles": _link(f"{visit.root}/user/vehicles"),
                },
                "_embedded": {
                    "Vehicles": [self._vehicle(visit, car, set()) for car in visit.cars]
                },
            }
        )

    async def vehicles(self, visit: Visit) -> Answer:
        """List the cars."""
        query = Query.of(visit.request)
        extensions = query.choices("extension", EXTENSIONS)
        prefix = query.parameters.get("vinPrefix", "")
        if not visit.cars:
            raise ApiError(404, "No vehicule found", 40410)
        cars = [car for car in visit.cars if car.vin.startswith(prefix)]
        return Answer(
            collection(
                visit.request,
                query,
                "vehicles",
                cars,
                lambda car: self._vehicle(visit, car, extensions),
            )
        )

    async def vehicle(self, visit: Visit) -> Answer:
        """Describe one car."""
        extensions = Query.of(visit.request).choices("extension", EXTENSIONS)
        return Answer(self._vehicle(visit, visit.car, extensions))

    async def status(self, visit: Visit) -> Answer:
        """Tell the last that the car has sent, as far as the scopes go."""
        car = self._with(
            visit, "status", "Not Found: We didn't find the status for this vehicule."
        )
        body = status.status(car, car.reported(self._now))
        body.setdefault(
            "_links",
            {"self": _link(_self(visit)), "vehicle": _link(_car_url(visit, car))},
        )
        if "data:telemetry" not in visit.rights:
            body = {
                name: body[name]
                for name in ("lastPosition", "createdAt", "updatedAt", "_links")
                if name in body
            }
        if "data:position" not in visit.rights:
            body.pop("lastPosition", None)
        return Answer(body)

    async def maintenance(self, visit: Visit) -> Answer:
        """Tell when the car is due at the garage."""
        car = self._with(
            visit, "maintenance", "Not Found: Maintenance Not Found for Given Vehicle."
        )
        links: dict[str, Json] = {
            "self": _link(_self(visit)),
            "vehicle": _link(_car_url(visit, car)),
            "alerts": _link(f"{_car_url(visit, car)}/alerts"),
        }
        return Answer(
            {
                **records.maintenance(car, car.reported(self._now)),
                "_links": links,
            }
        )

    async def last_position(self, visit: Visit) -> Answer:
        """Tell where the car stands, if its privacy setting lets that out."""
        body = status.position(visit.car, visit.car.reported(self._now))
        if body is None:
            raise ApiError(
                404, "Not Found: We didn't find the position for this vehicle.", 40400
            )
        return Answer(body)

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
                    "self": _link(_self(visit)),
                    "vehicle": _link(_car_url(visit, car)),
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
        intervals = _intervals(query)
        trip = _pick(self._lived(visit).trips, visit.request.match_info["tid"])
        found = [
            body
            for at, body in records.way_points(trip, self._now)
            if _within(at, intervals)
        ]
        return Answer(
            collection(visit.request, query, "positions", found, lambda body: body)
        )

    async def vehicle_by_vin(self, request: web.Request) -> web.StreamResponse:
        """Describe a car before its owner has enrolled: no token, but client id and realm (version 3)."""
        realm = request.headers.get("x-introspect-realm")
        brand = next((brand for brand in BRANDS.values() if brand.realm == realm), None)
        self._gateway.check_client(request)
        cars = [
            car
            for account in self._platform.identity.accounts.values()
            if brand
            for car in self._platform.cars(account, brand)
        ]
        car = next((car for car in cars if car.vin == request.match_info["vin"]), None)
        if car is None:
            raise ApiError(404, "Not Found: unknown vehicle.", 40400)
        wants = "onboardCapabilities" in Query.of(request).values("extension")
        extension: Block = (
            {"onboardCapabilities": capabilities.version_3(car.model)} if wants else {}
        )
        return web.json_response(
            {
                "vin": car.vin,
                "motorization": car.model.motorization,
                "_embedded": {"extension": extension},
            }
        )

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """Draw a car, for anybody who has the address."""
        car = next(
            (
                car
                for car in self._platform.garages.built()
                if car.id == request.match_info["id"]
            ),
            None,
        )
        if car is None or request.match_info["view"] not in VIEWS:
            raise web.HTTPNotFound
        return web.Response(
            body=picture(car.model.color, request.match_info["view"]),
            content_type="image/png",
        )

    @property
    def _now(self) -> datetime:
        return self._platform.clock.now()

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
        url = f"{_car_url(visit, visit.car)}/alerts/{alert.id}"
        links: dict[str, Json] = {
            "self": _link(url),
            "vehicle": _link(_car_url(visit, visit.car)),
        }
        return {
            **records.alert(alert, located="data:position" in visit.rights),
            "_links": links,
        }

    def _collision(self, visit: Visit, collision: Collision) -> Block:
        url = f"{_car_url(visit, visit.car)}/collisions/{collision.id}"
        links: dict[str, Json] = {
            "self": _link(url),
            "vehicle": _link(_car_url(visit, visit.car)),
        }
        return {**records.collision(collision), "_links": links}

    def _trip(self, visit: Visit, trip: Trip) -> Block:
        car = visit.car
        url = f"{_car_url(visit, car)}/trips/{trip.id}"
        # The specification names the link in lower case; the service, by what is known of it, does not.
        way_points = "wayPoints" if car.dialect == "2022" else "waypoints"
        links: dict[str, Json] = {
            "self": _link(url),
            "vehicle": _link(_car_url(visit, car)),
            way_points: _link(f"{url}/wayPoints"),
            "alerts": _link(f"{url}/alerts"),
            "collisions": _link(f"{url}/collisions"),
        }
        return {
            **records.trip(
                car, trip, self._now, located="data:position" in visit.rights
            ),
            "_links": links,
        }

    def _with(self, visit: Visit, resource: str, message: str) -> Car:
        """Return the car of the path; raises ApiError 404 where it lacks a resource."""
        if resource in visit.car.lacks:
            raise ApiError(404, message, 40400)
        return visit.car

    def _vehicle(self, visit: Visit, car: Car, extensions: set[str]) -> Block:
        url = _car_url(visit, car)
        pictures: list[Json] = [
            f"{visit.request.url.origin()}/pictures/{car.id}/{view}.png"
            for view in VIEWS
        ]
        leaves = (
            "status",
            "lastPosition",
            "trips",
            "maintenance",
            "alerts",
            "alarms",
            "telemetry",
            "collisions",
        )
        body: Block = {
            "id": car.id,
            "vin": car.vin,
            "motorization": car.model.motorization,
            "_links": {
                "self": _link(url),
                "user": _link(f"{visit.root}/user"),
                **{leaf: _link(f"{url}/{leaf}") for leaf in leaves},
                "callbacks": _link(f"{visit.root}/user/callbacks"),
                "monitors": {
                    "href": f"{url}/callbacks/{{cbid}}/monitors",
                    "templated": True,
                },
                "remotes": {
                    "href": f"{url}/callbacks/{{cbid}}/remotes",
                    "templated": True,
                },
            },
        }
        if car.dialect == "2022":
            body |= {"brand": car.brand.label, "pictures": pictures}
        extension: Block = {
            "onboardCapabilities": capabilities.version_4(car.model),
            "branding": {"brand": car.brand.label, "label": car.model.label},
            "pictures": pictures,
        }
        if extensions:
            body["_embedded"] = {
                "extension": {
                    name: extension[name] for name in EXTENSIONS if name in extensions
                }
            }
        return body


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


def _lies_in(value: float, span: tuple[float, float] | None) -> bool:
    return span is None or span[0] <= value <= span[1]


def _pick[T: (Alert, Alarm, Collision, Trip)](records: list[T], wanted: str) -> T:
    """Return the record with an id; raises ApiError 404."""
    for record in records:
        if record.id == wanted:
            return record
    raise ApiError(404, "Not Found: no such resource for this vehicle.", 40404)


def _link(href: str) -> dict[str, Json]:
    return {"href": href}


def _car_url(visit: Visit, car: Car) -> str:
    return f"{visit.root}/user/vehicles/{car.id}"


def _self(visit: Visit) -> str:
    return f"{visit.request.url.origin()}{visit.request.path}"
