"""The API's operations on callbacks and monitors."""

from aiohttp import web

from simulator.application import DATA_SCOPES, REMOTE_SCOPES
from simulator.backend import Backend
from simulator.clock import rfc3339
from simulator.errors import ApiError, Json, json_body
from simulator.gateway import CAR, V4, Answer, Gateway, Visit, link
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


class PushDoors:
    """Subscribing to news."""

    def __init__(self, backend: Backend, gateway: Gateway) -> None:
        """Keep a platform's books; its gateway guards the way."""
        self._backend = backend
        self._books = backend.subscriptions
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

    async def callbacks(self, visit: Visit) -> Answer:
        """List the account's callbacks, also those of which another installation is the owner."""
        query = Query.of(visit.request)
        kinds = query.choices("types", ("Monitor", "Remote"))
        found = [
            one
            for one in self._books.callbacks(visit.account, visit.brand)
            if not kinds or kinds & one.kinds
        ]
        return Answer(
            collection(
                visit.request,
                query,
                "callbacks",
                found,
                lambda one: _callback(visit, one),
            )
        )

    async def subscribe(self, visit: Visit) -> Answer:
        """Register a callback."""
        body = await json_body(visit.request)
        callback = self._books.subscribe(visit.account, visit.brand, body, visit.root)
        return Answer(_callback_reference(visit, callback))

    async def callback(self, visit: Visit) -> Answer:
        """Show a callback."""
        return Answer(_callback(visit, self._callback(visit)))

    async def change_callback(self, visit: Visit) -> Answer:
        """Replace what a callback subscribed."""
        callback = self._callback(visit)
        callback.subscribe = read_subscription(await json_body(visit.request))
        return Answer(_callback_reference(visit, callback), 202)

    async def unsubscribe(self, visit: Visit) -> Answer:
        """Delete a callback with its monitors, and what is on its way to it."""
        callback = self._callback(visit)
        self._books.unsubscribe(callback)
        self._backend.post.forget(callback.id)
        return Answer(None)

    async def set_callback_status(self, visit: Visit) -> Answer:
        """Pause or resume a callback."""
        callback = self._callback(visit)
        callback.status = await _wanted_status(visit.request)
        return Answer(_callback_reference(visit, callback), 202)

    async def monitors(self, visit: Visit) -> Answer:
        """List a car's monitors of a callback."""
        query, found = (
            Query.of(visit.request),
            self._books.monitors(self._callback(visit), visit.car),
        )
        return Answer(
            collection(
                visit.request,
                query,
                "monitors",
                found,
                lambda one: _monitor(visit, one),
            )
        )

    async def watch(self, visit: Visit) -> Answer:
        """Make a monitor."""
        callback, car = self._callback(visit), visit.car
        parameters = await self._parameters(visit)
        now = self._backend.clock.now()
        self._backend.push.watch(car)
        monitor = self._books.watch(callback, car, parameters, visit.rights, now)
        return Answer(_monitor_reference(visit, monitor), 202)

    async def monitor(self, visit: Visit) -> Answer:
        """Show a monitor."""
        return Answer(_monitor(visit, self._monitor(visit)))

    async def change_monitor(self, visit: Visit) -> Answer:
        """Let a monitor watch something else."""
        monitor, parameters = self._monitor(visit), await self._parameters(visit)
        changed = self._books.change(monitor, parameters, self._backend.clock.now())
        return Answer(_monitor_reference(visit, changed), 202)

    async def unwatch(self, visit: Visit) -> Answer:
        """Delete a monitor."""
        self._books.unwatch(self._monitor(visit))
        return Answer(None)

    async def set_monitor_status(self, visit: Visit) -> Answer:
        """Pause or resume a monitor."""
        monitor = self._monitor(visit)
        monitor.status = await _wanted_status(visit.request)
        monitor.updated = self._backend.clock.now()
        return Answer(_monitor_reference(visit, monitor), 202)

    def _callback(self, visit: Visit) -> Callback:
        return self._books.callback(
            visit.account, visit.brand, visit.request.match_info["cbid"]
        )

    def _monitor(self, visit: Visit) -> Monitor:
        return self._books.monitor(
            self._callback(visit), visit.car, visit.request.match_info["mid"]
        )

    async def _parameters(self, visit: Visit) -> MonitorParameters:
        parameters = read_monitor(await json_body(visit.request))
        if not parameters.scopes <= visit.rights:
            raise ApiError(403, "Forbidden: insufficient scope.", 40300)
        return parameters


async def _wanted_status(request: web.Request) -> Status:
    match await json_body(request):
        case {"status": "Running" | "Paused" as status}:
            return status
        case _:
            raise ApiError(400, "Invalid parameter: status")


def _callback_url(visit: Visit, callback: Callback) -> str:
    return f"{visit.root}/user/callbacks/{callback.id}"


def _callback_reference(visit: Visit, callback: Callback) -> Json:
    return {
        "callbackId": callback.id,
        "status": callback.status,
        "_links": {"callback": link(_callback_url(visit, callback))},
    }


def _callback(visit: Visit, callback: Callback) -> Json:
    return {
        "id": callback.id,
        "label": callback.label,
        "status": callback.status,
        "subscribe": callback.subscribe,
        "_links": {"self": link(_callback_url(visit, callback))},
    }


def _monitor_url(visit: Visit, monitor: Monitor) -> str:
    return f"{visit.car_url(monitor.car)}/callbacks/{monitor.callback.id}/monitors/{monitor.id}"


def _monitor_reference(visit: Visit, monitor: Monitor) -> Json:
    return {
        "monitorId": monitor.id,
        "status": monitor.status,
        "createdAt": rfc3339(monitor.created),
        "updatedAt": rfc3339(monitor.updated),
        "_links": {"monitor": link(_monitor_url(visit, monitor))},
    }


def _monitor(visit: Visit, monitor: Monitor) -> Json:
    return {
        "monitorId": monitor.id,
        "status": monitor.status,
        "monitor": monitor.parameters.body,
        "createdAt": rfc3339(monitor.created),
        "updatedAt": rfc3339(monitor.updated),
        "_links": {"self": link(_monitor_url(visit, monitor))},
    }
