"""The API's operations on remotes."""

from aiohttp import web

from simulator.application import REMOTE_SCOPES
from simulator.backend import Backend
from simulator.errors import ApiError, Json, json_body
from simulator.gateway import CAR, AuthorizedRequest, Gateway, Result, link
from simulator.paging import Query, collection
from simulator.push.subscriptions import Callback

from .actions import read_action
from .dispatch import RemoteAction

REMOTES = f"{CAR}/callbacks/{{cbid}}/remotes"


class RemoteViews:
    """The endpoints of remotes."""

    def __init__(self, backend: Backend, gateway: Gateway) -> None:
        """Initialize the endpoints."""
        self._backend = backend
        self._gateway = gateway

    def routes(self) -> list[web.RouteDef]:
        """Return what to add to the application."""
        route = self._gateway.route
        return [
            route("GET", REMOTES, self.remotes, any_of=REMOTE_SCOPES),
            route("POST", REMOTES, self.send, any_of=REMOTE_SCOPES),
            route("GET", f"{REMOTES}/{{rid}}", self.remote, any_of=REMOTE_SCOPES),
        ]

    async def send(self, authorized: AuthorizedRequest) -> Result:
        """Send a remote, whose action requires a scope."""
        callback, car = self._callback(authorized), authorized.car
        body = await json_body(authorized.request)
        action = read_action(body)
        if action.scope not in authorized.scopes:
            raise ApiError(403, "Forbidden: insufficient scope.", 40300)
        if "Remote" not in callback.kinds:
            raise ApiError(400, "Invalid parameter: the callback takes no remotes")
        fault = self._backend.faults.use(
            "remote_fails", action.name
        ) or self._backend.faults.use("remote_hangs", action.name)
        now = self._backend.clock.now()
        remote = self._backend.remotes.send(callback, car, action, body, now, fault)
        self._backend.push.nudge()
        url = _url(authorized, remote)
        links: dict[str, Json] = {
            "callback": link(f"{authorized.root}/user/callbacks/{callback.id}"),
            "remote": link(url),
        }
        return Result(
            {"remoteActionId": remote.id, "type": action.kind, "_links": links}, 202
        )

    async def remotes(self, authorized: AuthorizedRequest) -> Result:
        """List the remotes of a car and a callback."""
        query, found = Query.of(authorized.request), self._found(authorized)
        page = collection(
            authorized.request,
            query,
            "remoteActions",
            found,
            lambda one: self._show(authorized, one),
        )
        return Result(page)

    async def remote(self, authorized: AuthorizedRequest) -> Result:
        """Return a remote."""
        for remote in self._found(authorized):
            if remote.id == authorized.request.match_info["rid"]:
                return Result(self._show(authorized, remote))
        raise ApiError(404, "Not Found: unknown remote action.", 40404)

    def _callback(self, authorized: AuthorizedRequest) -> Callback:
        identifier = authorized.request.match_info["cbid"]
        return self._backend.subscriptions.callback(
            authorized.account, authorized.brand, identifier
        )

    def _found(self, authorized: AuthorizedRequest) -> list[RemoteAction]:
        authorized.car.advance(self._backend.clock.now())
        return self._backend.remotes.sent(self._callback(authorized), authorized.car)

    def _show(self, authorized: AuthorizedRequest, remote: RemoteAction) -> Json:
        step = remote.at(self._backend.clock.now())
        body: dict[str, Json] = {
            "remoteActionId": remote.id,
            "remote": remote.body,
            "status": step.status,
            "type": remote.action.kind,
            "_links": {
                "self": link(_url(authorized, remote)),
                "callback": link(
                    f"{authorized.root}/user/callbacks/{remote.callback.id}"
                ),
            },
        }
        return {**body, "failureCause": step.cause} if step.cause else body


def _url(authorized: AuthorizedRequest, remote: RemoteAction) -> str:
    return f"{authorized.car_url(remote.car)}/callbacks/{remote.callback.id}/remotes/{remote.id}"
