"""The API's endpoints of user, vehicles, status, maintenance, and position."""

from aiohttp import web

from .backend import Backend
from .brands import BRANDS
from .cars import capabilities, records, status
from .cars.blocks import Block
from .cars.car import Car
from .cars.state import State
from .errors import ApiError, Json
from .gateway import CAR, V4, AuthorizedRequest, Gateway, Result, link
from .paging import Query, collection
from .pictures import VIEWS, picture

V3 = "/connectedcar/v3"
EXTENSIONS = ("onboardCapabilities", "branding", "pictures")
GEO_JSON = "application/vnd.geo+json"


class ApiViews:
    """The endpoints of version 4 that read, and the capabilities of version 3."""

    def __init__(self, backend: Backend, gateway: Gateway) -> None:
        """Initialize the endpoints."""
        self._backend = backend
        self._gateway = gateway

    def routes(self) -> list[web.RouteDef]:
        """Return what to add to the application, with the scopes that each operation needs."""
        telemetry, place = "data:telemetry", "data:position"
        get = self._gateway.get
        return [
            get(f"{V4}/user", self.user),
            get(f"{V4}/user/vehicles", self.vehicles),
            get(CAR, self.vehicle),
            get(f"{CAR}/status", self.status, any_of=(telemetry, place)),
            get(f"{CAR}/maintenance", self.maintenance, telemetry),
            get(f"{CAR}/lastPosition", self.last_position, place),
            web.get(f"{V3}/vehicle/{{vin}}", self.vehicle_by_vin),
            web.get("/pictures/{id}/{view}.png", self.picture),
        ]

    async def user(self, authorized: AuthorizedRequest) -> Result:
        """Return the user."""
        name = "Vehicles" if self._backend.garages.by_the_book else "vehicles"
        return Result(
            {
                "email": authorized.account.email,
                "firstName": authorized.account.first_name,
                "lastName": authorized.account.last_name,
                "_links": {
                    "self": link(f"{authorized.root}/user"),
                    "vehicles": link(f"{authorized.root}/user/vehicles"),
                },
                "_embedded": {
                    name: [
                        self._vehicle(authorized, car, set()) for car in authorized.cars
                    ]
                },
            }
        )

    async def vehicles(self, authorized: AuthorizedRequest) -> Result:
        """List the cars."""
        query = Query.of(authorized.request)
        extensions = query.choices("extension", EXTENSIONS)
        prefix = query.parameters.get("vinPrefix", "")
        if not authorized.cars:
            raise ApiError(404, "No vehicule found", 40410)
        cars = [car for car in authorized.cars if car.vin.startswith(prefix)]
        return Result(
            collection(
                authorized.request,
                query,
                "vehicles",
                cars,
                lambda car: self._vehicle(authorized, car, extensions),
            )
        )

    async def vehicle(self, authorized: AuthorizedRequest) -> Result:
        """Return one car."""
        extensions = Query.of(authorized.request).choices("extension", EXTENSIONS)
        return Result(self._vehicle(authorized, authorized.car, extensions))

    async def status(self, authorized: AuthorizedRequest) -> Result:
        """Return the newest status, reduced to the granted scopes."""
        car = authorized.car
        body = status.status(car, self._reported(authorized))
        if car.recording is None:
            body["_links"] = {
                "self": link(authorized.url),
                "vehicle": link(authorized.car_url(car)),
            }
        if "data:telemetry" not in authorized.scopes:
            body = {
                name: body[name]
                for name in ("lastPosition", "createdAt", "updatedAt", "_links")
                if name in body
            }
        if "data:position" not in authorized.scopes:
            body.pop("lastPosition", None)
        return Result(body)

    async def maintenance(self, authorized: AuthorizedRequest) -> Result:
        """Return the maintenance data."""
        car = authorized.car
        links: dict[str, Json] = {
            "self": link(authorized.url),
            "vehicle": link(authorized.car_url(car)),
            "alerts": link(f"{authorized.car_url(car)}/alerts"),
        }
        return Result(
            {
                **records.maintenance(car, self._reported(authorized)),
                "_links": links,
            }
        )

    async def last_position(self, authorized: AuthorizedRequest) -> Result:
        """Return the position, if the privacy setting allows it."""
        accepted = authorized.request.headers.get("Accept", "*/*")
        if not (authorized.car.by_the_book or fits(accepted, GEO_JSON)):
            raise ApiError(406, "Not Acceptable")
        body = status.position(authorized.car, self._reported(authorized))
        if body is None:
            raise ApiError(
                404, "Not Found: We didn't find the position for this vehicle.", 40400
            )
        return Result(body, media_type=GEO_JSON)

    async def vehicle_by_vin(self, request: web.Request) -> web.StreamResponse:
        """Return a car before its enrolment, without a token (version 3)."""
        realm = request.headers.get("x-introspect-realm")
        brand = next((brand for brand in BRANDS.values() if brand.realm == realm), None)
        self._gateway.check_client(request)
        cars = [
            car
            for account in self._backend.identity.accounts.values()
            if brand
            for car in self._backend.cars(account, brand)
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
                for car in self._backend.garages.built()
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

    def _reported(self, authorized: AuthorizedRequest) -> State:
        """Return what the answering back-end knows of the car."""
        lag = self._backend.faults.staleness(authorized.request)
        return authorized.car.reported(self._backend.clock.now() - lag)

    def _vehicle(
        self, authorized: AuthorizedRequest, car: Car, extensions: set[str]
    ) -> Block:
        url = authorized.car_url(car)
        pictures: list[Json] = [
            f"{authorized.request.url.origin()}/pictures/{car.id}/{view}.png"
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
                "self": link(url),
                "user": link(f"{authorized.root}/user"),
                **{leaf: link(f"{url}/{leaf}") for leaf in leaves},
                "callbacks": link(f"{authorized.root}/user/callbacks"),
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


def fits(accepted: str, media_type: str) -> bool:
    """Return whether an Accept header allows a media type."""
    ranges = {entry.partition(";")[0].strip() for entry in accepted.split(",")}
    return bool(ranges & {"*/*", "application/*", media_type})
