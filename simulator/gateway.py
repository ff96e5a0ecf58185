"""What every API request must pass: plan, quota, token, realm, and the scopes of its operation."""

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
class Visit:
    """An admitted request: whose it is, and what it may see."""

    request: web.Request
    account: Account
    brand: Brand
    rights: frozenset[str]
    cars: tuple[Car, ...]

    @property
    def root(self) -> str:
        """The API's address as the caller knows it."""
        return f"{self.request.url.origin()}{V4}"

    @property
    def url(self) -> str:
        """The address that was asked for, without its query."""
        return f"{self.request.url.origin()}{self.request.path}"

    def car_url(self, car: Car) -> str:
        """Return the address of a car."""
        return f"{self.root}/user/vehicles/{car.id}"

    @property
    def car(self) -> Car:
        """The car of the path.

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
        if resource in car.lacks:
            message = NOT_FOUND.get(resource, f"Not Found: no {resource}.")
            raise ApiError(404, message, 40400)


@dataclass(frozen=True)
class Answer:
    """What an operation answers; None is no content."""

    body: Json
    status: int = 200
    media_type: str = MEDIA_TYPE


type Operation = Callable[[Visit], Awaitable[Answer]]


def link(href: str) -> dict[str, Json]:
    """Return a HAL link."""
    return {"href": href}


class Gateway:
    """The way in."""

    def __init__(self, backend: Backend) -> None:
        """Guard a platform."""
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
                visit = self._admit(request)
                _check_scopes(visit.rights, required, any_of)
                response = _respond(await operation(visit))
            except Refusal as refusal:
                response = refusal.response(rfc3339(self._backend.clock.now()))
            for name, value in self._backend.quota.headers().items():
                response.headers.setdefault(name, value)
            return response

        return handle

    def check_client(self, request: web.Request) -> None:
        """Refuse an unknown client, or one without a plan; raises GatewayError 401."""
        if request.query.get("client_id") != self._backend.application.client_id:
            raise GatewayError(401, INVALID_CLIENT)
        if not self._backend.application.plan:
            raise GatewayError(401, NOT_IN_PLAN)

    def _admit(self, request: web.Request) -> Visit:
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
        rights = identity.rights(access.grant)
        return Visit(
            request, account, brand, rights, self._backend.cars(account, brand)
        )


def _check_scopes(
    rights: frozenset[str], required: frozenset[str], any_of: frozenset[str]
) -> None:
    if not required <= rights or (any_of and not any_of & rights):
        raise ApiError(403, "Forbidden: insufficient scope.", 40300)


def _respond(answer: Answer) -> web.Response:
    if answer.body is None:
        return web.Response(status=204)
    response = web.json_response(
        answer.body, status=answer.status, content_type=answer.media_type
    )
    response.headers["Cache-Control"] = "no-store"
    return response
