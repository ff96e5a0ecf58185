"""The API's operations on remotes."""

from aiohttp import web

from simulator.application import REMOTE_SCOPES
from simulator.backend import Backend
from simulator.errors import ApiError, Json, json_body
from simulator.gateway import CAR, Answer, Gateway, Visit, link
from simulator.paging import Query, collection
from simulator.push.subscriptions import Callback

from .actions import read_action
from .dispatch import RemoteAction

REMOTES = f"{CAR}/callbacks/{{cbid}}/remotes"


class RemoteDoors:
    """Sending remotes, and asking how they go."""

    def __init__(self, backend: Backend, gateway: Gateway) -> None:
        """Send to a platform's cars; its gateway guards the way."""
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

    async def send(self, visit: Visit) -> Answer:
        """Send a remote, of which a scope of its own has to allow the action."""
        callback, car = self._callback(visit), visit.car
        body = await json_body(visit.request)
        action = read_action(body)
        if action.scope not in visit.rights:
            raise ApiError(403, "Forbidden: insufficient scope.", 40300)
        if "Remote" not in callback.kinds:
            raise ApiError(400, "Invalid parameter: the callback takes no remotes")
        fault = self._backend.faults.use(
            "remote_fails", action.name
        ) or self._backend.faults.use("remote_hangs", action.name)
        now = self._backend.clock.now()
        remote = self._backend.remotes.send(callback, car, action, body, now, fault)
        self._backend.push.nudge()
        url = _url(visit, remote)
        links: dict[str, Json] = {
            "callback": link(f"{visit.root}/user/callbacks/{callback.id}"),
            "remote": link(url),
        }
        return Answer(
            {"remoteActionId": remote.id, "type": action.kind, "_links": links}, 202
        )

    async def remotes(self, visit: Visit) -> Answer:
        """List the remotes of a car and a callback."""
        query, found = Query.of(visit.request), self._found(visit)
        page = collection(
            visit.request,
            query,
            "remoteActions",
            found,
            lambda one: self._show(visit, one),
        )
        return Answer(page)

    async def remote(self, visit: Visit) -> Answer:
        """Tell how a remote goes."""
        for remote in self._found(visit):
            if remote.id == visit.request.match_info["rid"]:
                return Answer(self._show(visit, remote))
        raise ApiError(404, "Not Found: unknown remote action.", 40404)

    def _callback(self, visit: Visit) -> Callback:
        identifier = visit.request.match_info["cbid"]
        return self._backend.subscriptions.callback(
            visit.account, visit.brand, identifier
        )

    def _found(self, visit: Visit) -> list[RemoteAction]:
        visit.car.live(self._backend.clock.now())
        return self._backend.remotes.sent(self._callback(visit), visit.car)

    def _show(self, visit: Visit, remote: RemoteAction) -> Json:
        step = remote.at(self._backend.clock.now())
        body: dict[str, Json] = {
            "remoteActionId": remote.id,
            "remote": remote.body,
            "status": step.status,
            "type": remote.action.kind,
            "_links": {
                "self": link(_url(visit, remote)),
                "callback": link(f"{visit.root}/user/callbacks/{remote.callback.id}"),
            },
        }
        return {**body, "failureCause": step.cause} if step.cause else body


def _url(visit: Visit, remote: RemoteAction) -> str:
    return f"{visit.car_url(remote.car)}/callbacks/{remote.callback.id}/remotes/{remote.id}"
