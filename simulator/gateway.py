"""The checks of every API request: plan, quota, token, realm, and scopes."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from aiohttp import web

from .backend import Backend
from .brands import Brand
from .cars.car import Car
from .clock import rfc3339
from .errors import (
    INVALID_CLIENT,
    NOT_IN_PLAN,
    SECURITY_CHECKS,
    ApiError,
    GatewayError,
    Json,
    Refusal,
)
from .identity import Account

V4 = "/connectedcar/v4"
CAR = f"{V4}/user/vehicles/{{id}}"
NOT_FOUND = {
    "status": "Not Found: We didn't find the status for this vehicule.",
    "maintenance": "Not Found: Maintenance Not Found for Given Vehicle.",
}
MEDIA_TYPE = "application/hal+json"


@dataclass(frozen=True)
class AuthorizedRequest:
    """A request with its account and its granted scopes."""

    request: web.Request
    account: Account
    brand: Brand
    scopes: frozenset[str]
    cars: tuple[Car, ...]

    @property
    def root(self) -> str:
        """Return the API's URL."""
        return f"{self.request.url.origin()}{V4}"

    @property
    def url(self) -> str:
        """Return the requested URL without its query."""
        return f"{self.request.url.origin()}{self.request.path}"

    def car_url(self, car: Car) -> str:
        """Return the address of a car."""
        return f"{self.root}/user/vehicles/{car.id}"

    @property
    def car(self) -> Car:
        """Return the car of the path.

        Raises ApiError 403 for one that is not this account's, 404 where it lacks the resource.
        """
        wanted = self.request.match_info["id"]
        for car in self.cars:
            if car.id == wanted:
                self._check_produced(car)
                return car
        raise ApiError(403, "Forbidden: this vehicle is not one of the user's.", 40301)

    def _check_produced(self, car: Car) -> None:
        _, _, leaf = self.request.path.partition(f"{car.id}/")
        resource = leaf.partition("/")[0]
        if resource in car.missing:
            message = NOT_FOUND.get(resource, f"Not Found: no {resource}.")
            raise ApiError(404, message, 40400)


@dataclass(frozen=True)
class Result:
    """The result of an operation; None is no content."""

    body: Json
    status: int = 200
    media_type: str = MEDIA_TYPE


type Operation = Callable[[AuthorizedRequest], Awaitable[Result]]


def link(href: str) -> dict[str, Json]:
    """Return a HAL link."""
    return {"href": href}


class Gateway:
    """The gateway before the API."""

    def __init__(self, backend: Backend) -> None:
        """Initialize the gateway."""
        self._backend = backend

    def get(
        self,
        path: str,
        operation: Operation,
        *required: str,
        any_of: Iterable[str] = (),
    ) -> web.RouteDef:
        """Return a route that reads, for those who have all of the scopes, or any of them."""
        return web.get(path, self.guarded(operation, required, any_of))

    def route(
        self, method: str, path: str, operation: Operation, *, any_of: Iterable[str]
    ) -> web.RouteDef:
        """Return a route of any method, for those who have any of the scopes."""
        return web.route(method, path, self.guarded(operation, any_of=any_of))

    def guarded(
        self,
        operation: Operation,
        required: Iterable[str] = (),
        any_of: Iterable[str] = (),
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return a handler that admits requests, runs the operation, and words its refusals."""
        required, any_of = frozenset(required), frozenset(any_of)

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                authorized = self._admit(request)
                _check_scopes(authorized.scopes, required, any_of)
                response = _respond(await operation(authorized))
            except Refusal as refusal:
                response = refusal.response(rfc3339(self._backend.clock.now()))
            for name, value in self._backend.quota.headers().items():
                response.headers.setdefault(name, value)
            return response

        return handle

    def check_client(self, request: web.Request) -> None:
        """Raise GatewayError 401 for an unknown client, or one without a plan."""
        if request.query.get("client_id") != self._backend.application.client_id:
            raise GatewayError(401, INVALID_CLIENT)
        if not self._backend.application.plan:
            raise GatewayError(401, NOT_IN_PLAN)

    def _admit(self, request: web.Request) -> AuthorizedRequest:
        self.check_client(request)
        if (early := self._backend.quota.take()) is not None:
            headers = self._backend.quota.headers(early)
            raise GatewayError(429, "Rate Limit exceeded", headers)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        identity = self._backend.identity
        access = identity.access(token) if scheme.lower() == "bearer" else None
        if access is None:
            raise ApiError(
                401, "Unauthorized: the access token is missing or unknown.", 40101
            )
        brand = access.grant.brand
        if (
            identity.is_expired(access)
            or request.headers.get("x-introspect-realm") != brand.realm
        ):
            raise GatewayError(401, SECURITY_CHECKS)
        account = access.grant.account
        scopes = identity.scopes(access.grant)
        return AuthorizedRequest(
            request, account, brand, scopes, self._backend.cars(account, brand)
        )


def _check_scopes(
    scopes: frozenset[str], required: frozenset[str], any_of: frozenset[str]
) -> None:
    if not required <= scopes or (any_of and not any_of & scopes):
        raise ApiError(403, "Forbidden: insufficient scope.", 40300)


def _respond(result: Result) -> web.Response:
    if result.body is None:
        return web.Response(status=204)
    response = web.json_response(
        result.body, status=result.status, content_type=result.media_type
    )
    response.headers["Cache-Control"] = "no-store"
    return response
