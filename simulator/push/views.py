"""The API's operations on callbacks and monitors."""

from aiohttp import web

from simulator.application import DATA_SCOPES, REMOTE_SCOPES
from simulator.backend import Backend
from simulator.clock import rfc3339
from simulator.errors import ApiError, Json, json_body
from simulator.gateway import CAR, V4, AuthorizedRequest, Gateway, Result, link
from simulator.paging import Query, collection

from .subscriptions import (
    Callback,
    Monitor,
    MonitorParameters,
    Status,
    read_monitor,
    read_subscription,
)

CALLBACKS = f"{V4}/user/callbacks"
MONITORS = f"{CAR}/callbacks/{{cbid}}/monitors"


class PushViews:
    """The endpoints of callbacks and monitors."""

    def __init__(self, backend: Backend, gateway: Gateway) -> None:
        """Initialize the endpoints."""
        self._backend = backend
        self._subscriptions = backend.subscriptions
        self._gateway = gateway

    def routes(self) -> list[web.RouteDef]:
        """Return what to add to the application."""
        anything, data = (*DATA_SCOPES, *REMOTE_SCOPES), DATA_SCOPES
        route = self._gateway.route
        one_callback, one_monitor = f"{CALLBACKS}/{{cbid}}", f"{MONITORS}/{{mid}}"
        return [
            route("GET", CALLBACKS, self.callbacks, any_of=anything),
            route("POST", CALLBACKS, self.subscribe, any_of=anything),
            route("GET", one_callback, self.callback, any_of=anything),
            route("PUT", one_callback, self.change_callback, any_of=anything),
            route("DELETE", one_callback, self.unsubscribe, any_of=anything),
            route(
                "PUT",
                f"{one_callback}/status",
                self.set_callback_status,
                any_of=anything,
            ),
            route("GET", MONITORS, self.monitors, any_of=data),
            route("POST", MONITORS, self.watch, any_of=data),
            route("GET", one_monitor, self.monitor, any_of=data),
            route("PUT", one_monitor, self.change_monitor, any_of=data),
            route("DELETE", one_monitor, self.unwatch, any_of=data),
            route("PUT", f"{one_monitor}/status", self.set_monitor_status, any_of=data),
        ]

    async def callbacks(self, authorized: AuthorizedRequest) -> Result:
        """List the account's callbacks, also those of which another installation is the owner."""
        query = Query.of(authorized.request)
        kinds = query.choices("types", ("Monitor", "Remote"))
        found = [
            one
            for one in self._subscriptions.callbacks(
                authorized.account, authorized.brand
            )
            if not kinds or kinds & one.kinds
        ]
        return Result(
            collection(
                authorized.request,
                query,
                "callbacks",
                found,
                lambda one: _callback(authorized, one),
            )
        )

    async def subscribe(self, authorized: AuthorizedRequest) -> Result:
        """Create a callback."""
        body = await json_body(authorized.request)
        callback = self._subscriptions.subscribe(
            authorized.account, authorized.brand, body, authorized.root
        )
        return Result(_callback_reference(authorized, callback))

    async def callback(self, authorized: AuthorizedRequest) -> Result:
        """Return a callback."""
        return Result(_callback(authorized, self._callback(authorized)))

    async def change_callback(self, authorized: AuthorizedRequest) -> Result:
        """Replace a callback's subscription."""
        callback = self._callback(authorized)
        callback.subscribe = read_subscription(await json_body(authorized.request))
        return Result(_callback_reference(authorized, callback), 202)

    async def unsubscribe(self, authorized: AuthorizedRequest) -> Result:
        """Delete a callback with its monitors, and what is on its way to it."""
        callback = self._callback(authorized)
        self._subscriptions.unsubscribe(callback)
        self._backend.post.forget(callback.id)
        return Result(None)

    async def set_callback_status(self, authorized: AuthorizedRequest) -> Result:
        """Pause or resume a callback."""
        callback = self._callback(authorized)
        callback.status = await _wanted_status(authorized.request)
        return Result(_callback_reference(authorized, callback), 202)

    async def monitors(self, authorized: AuthorizedRequest) -> Result:
        """List a car's monitors of a callback."""
        query, found = (
            Query.of(authorized.request),
            self._subscriptions.monitors(self._callback(authorized), authorized.car),
        )
        return Result(
            collection(
                authorized.request,
                query,
                "monitors",
                found,
                lambda one: _monitor(authorized, one),
            )
        )

    async def watch(self, authorized: AuthorizedRequest) -> Result:
        """Create a monitor."""
        callback, car = self._callback(authorized), authorized.car
        parameters = await self._parameters(authorized)
        now = self._backend.clock.now()
        self._backend.push.watch(car)
        monitor = self._subscriptions.watch(
            callback, car, parameters, authorized.scopes, now
        )
        return Result(_monitor_reference(authorized, monitor), 202)

    async def monitor(self, authorized: AuthorizedRequest) -> Result:
        """Return a monitor."""
        return Result(_monitor(authorized, self._monitor(authorized)))

    async def change_monitor(self, authorized: AuthorizedRequest) -> Result:
        """Change a monitor."""
        monitor, parameters = (
            self._monitor(authorized),
            await self._parameters(authorized),
        )
        changed = self._subscriptions.change(
            monitor, parameters, self._backend.clock.now()
        )
        return Result(_monitor_reference(authorized, changed), 202)

    async def unwatch(self, authorized: AuthorizedRequest) -> Result:
        """Delete a monitor."""
        self._subscriptions.unwatch(self._monitor(authorized))
        return Result(None)

    async def set_monitor_status(self, authorized: AuthorizedRequest) -> Result:
        """Pause or resume a monitor."""
        monitor = self._monitor(authorized)
        monitor.status = await _wanted_status(authorized.request)
        monitor.updated = self._backend.clock.now()
        return Result(_monitor_reference(authorized, monitor), 202)

    def _callback(self, authorized: AuthorizedRequest) -> Callback:
        return self._subscriptions.callback(
            authorized.account, authorized.brand, authorized.request.match_info["cbid"]
        )

    def _monitor(self, authorized: AuthorizedRequest) -> Monitor:
        return self._subscriptions.monitor(
            self._callback(authorized),
            authorized.car,
            authorized.request.match_info["mid"],
        )

    async def _parameters(self, authorized: AuthorizedRequest) -> MonitorParameters:
        parameters = read_monitor(await json_body(authorized.request))
        if not parameters.scopes <= authorized.scopes:
            raise ApiError(403, "Forbidden: insufficient scope.", 40300)
        return parameters


async def _wanted_status(request: web.Request) -> Status:
    match await json_body(request):
        case {"status": "Running" | "Paused" as status}:
            return status
        case _:
            raise ApiError(400, "Invalid parameter: status")


def _callback_url(authorized: AuthorizedRequest, callback: Callback) -> str:
    return f"{authorized.root}/user/callbacks/{callback.id}"


def _callback_reference(authorized: AuthorizedRequest, callback: Callback) -> Json:
    return {
        "callbackId": callback.id,
        "status": callback.status,
        "_links": {"callback": link(_callback_url(authorized, callback))},
    }


def _callback(authorized: AuthorizedRequest, callback: Callback) -> Json:
    return {
        "id": callback.id,
        "label": callback.label,
        "status": callback.status,
        "subscribe": callback.subscribe,
        "_links": {"self": link(_callback_url(authorized, callback))},
    }


def _monitor_url(authorized: AuthorizedRequest, monitor: Monitor) -> str:
    return f"{authorized.car_url(monitor.car)}/callbacks/{monitor.callback.id}/monitors/{monitor.id}"


def _monitor_reference(authorized: AuthorizedRequest, monitor: Monitor) -> Json:
    return {
        "monitorId": monitor.id,
        "status": monitor.status,
        "createdAt": rfc3339(monitor.created),
        "updatedAt": rfc3339(monitor.updated),
        "_links": {"monitor": link(_monitor_url(authorized, monitor))},
    }


def _monitor(authorized: AuthorizedRequest, monitor: Monitor) -> Json:
    return {
        "monitorId": monitor.id,
        "status": monitor.status,
        "monitor": monitor.parameters.body,
        "createdAt": rfc3339(monitor.created),
        "updatedAt": rfc3339(monitor.updated),
        "_links": {"self": link(_monitor_url(authorized, monitor))},
    }
