"""Faults on demand: what goes wrong with which requests, and how often."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
import contextlib
from dataclasses import dataclass, field, fields
from datetime import timedelta
from fnmatch import fnmatchcase
import json
from types import UnionType
from typing import Literal

from aiohttp import web

from .brands import BRANDS, Brand
from .errors import Json, api_error, gateway_error, html_error

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Form = Literal["api", "gateway", "html", "oauth"]

DROPPED = "Dropped"


def is_dropped(answer: web.StreamResponse) -> bool:
    """Tell whether an answer never left."""
    return answer.reason == DROPPED


def brand_of(request: web.Request) -> str | None:
    """Return the brand that a request is about."""
    if brand := request.match_info.get("brand"):
        return brand
    realm = request.headers.get("x-introspect-realm")
    return next((brand.name for brand in BRANDS.values() if brand.realm == realm), None)


@dataclass(kw_only=True)
class Fault:
    """One fault; `path` is a shell pattern, `times` None lasts until it is deleted."""

    kind: str
    method: str | None = None
    path: str = "*"
    brand: str | None = None
    times: int | None = 1
    status: int = 500
    form: Form = "api"
    code: int | None = None
    message: str = "Simulated fault"
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    scopes: list[str] = field(default_factory=list)
    key: str | None = None

    def concerns(self, request: web.Request) -> bool:
        """Tell whether the fault strikes a request."""
        return (
            self.times != 0
            and self.method in (None, request.method)
            and fnmatchcase(request.path, self.path)
            and self.brand in (None, brand_of(request))
        )


async def _error(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    match fault.form:
        case "gateway":
            answer = gateway_error(fault.status, fault.message)
        case "html":
            answer = html_error(fault.status)
        case "oauth":
            answer = web.json_response({"error": fault.message}, status=fault.status)
        case _:
            answer = api_error(
                fault.status, fault.message, "1970-01-01T00:00:00Z", fault.code
            )
    answer.headers.update(fault.headers)
    return answer


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(reason=DROPPED)


async def _drop(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    return _hang_up(request)


async def _drop_after(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    await handler(request)
    return _hang_up(request)


async def _truncate(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    answer = await handler(request)
    if isinstance(answer, web.Response) and answer.text:
        answer.text = answer.text[: len(answer.text) // 2]
    return answer


async def _mistype(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    return _rewritten(await handler(request), lambda body: mistyped(body, fault.key))


async def _empty(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    return _rewritten(await handler(request), emptied)


KINDS: Mapping[
    str, Callable[[Fault, web.Request, Handler], Awaitable[web.StreamResponse]]
] = {
    "error": _error,
    "drop": _drop,
    "drop_after": _drop_after,
    "truncate": _truncate,
    "mistype": _mistype,
    "empty": _empty,
}

DELAYS = ("delay", "delay_after")
MESSAGE_KINDS = ("lose_message", "double_message", "hold_message")
REMOTE_KINDS = ("remote_fails", "remote_hangs")
OTHER_KINDS = (
    *DELAYS,
    *MESSAGE_KINDS,
    *REMOTE_KINDS,
    "expire_tokens",
    "revoke_tokens",
    "withdraw_scopes",
    "stale_data",
    "fail_monitors",
    "fail_callbacks",
    "forget_callbacks",
)
"""Faults that need more than their request and its handler."""

FIELD_TYPES: Mapping[str, type | UnionType] = {
    "times": int | None,
    "status": int,
    "code": int | None,
    "headers": dict,
    "seconds": int | float,
    "scopes": list,
}


class Faults:
    """The faults that were asked for, in the order in which they were."""

    def __init__(self) -> None:
        """Start without any."""
        self._faults: dict[int, Fault] = {}
        self._last_id = 0
        self._released = asyncio.Event()

    def add(self, fault: Fault) -> int:
        """Take a fault; return the id to delete it by."""
        self._last_id += 1
        self._faults[self._last_id] = fault
        return self._last_id

    def delete(self, fault_id: int | None = None) -> None:
        """Delete one fault, or all."""
        if fault_id is None:
            self._faults.clear()
        else:
            self._faults.pop(fault_id, None)

    def all(self) -> dict[int, Fault]:
        """Return the faults by their ids."""
        return dict(self._faults)

    def standing(self, kind: str) -> list[Fault]:
        """Return the faults of a kind that is not about single requests."""
        return [
            fault
            for fault in self._faults.values()
            if fault.kind == kind and fault.times != 0
        ]

    def withdrawn(self, brand: Brand) -> set[str]:
        """Return the scopes that owners have taken back at a brand."""
        return {
            scope
            for fault in self.standing("withdraw_scopes")
            if fault.brand in (None, brand.name)
            for scope in fault.scopes
        }

    def use(self, kind: str, key: str | None = None) -> Fault | None:
        """Return a standing fault that concerns something other than a request, and count the use."""
        for fault in self.standing(kind):
            if fault.key in (None, key):
                self.spend(fault)
                return fault
        return None

    def staleness(self, request: web.Request) -> timedelta:
        """Return by how much an answer lags, because another back-end gives it."""
        for fault in self.standing("stale_data"):
            if fault.concerns(request):
                self.spend(fault)
                return timedelta(seconds=fault.seconds)
        return timedelta()

    def spend(self, fault: Fault) -> None:
        """Count one use of a fault."""
        if fault.times is not None:
            fault.times -= 1

    async def strike(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Answer a request with every fault that concerns it, the first asked for outermost."""
        for fault in reversed(list(self._faults.values())):
            if fault.concerns(request):
                if fault.kind in DELAYS:
                    self.spend(fault)
                    handler = self._delayed(fault, handler)
                elif fault.kind in KINDS:
                    self.spend(fault)
                    handler = _wrapped(fault, handler)
        return await handler(request)

    def release(self) -> None:
        """End all delays, because the simulator stops."""
        self._released.set()

    def _delayed(self, fault: Fault, inner: Handler) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            answer = await inner(request) if fault.kind == "delay_after" else None
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._released.wait(), fault.seconds)
            return answer if answer is not None else await inner(request)

        return handle


def parse_fault(body: Mapping[str, Json]) -> Fault:
    """Read the JSON form of a fault; raises ValueError or TypeError for what it does not know."""
    kind = body.get("kind")
    if kind not in (*KINDS, *OTHER_KINDS):
        raise ValueError(f"kind: one of {', '.join((*KINDS, *OTHER_KINDS))}")
    known = {one.name: one for one in fields(Fault)}
    for name, value in body.items():
        if name not in known:
            raise ValueError(f"{name}: unknown; known are {', '.join(known)}")
        if not isinstance(value, FIELD_TYPES.get(name, str | None)):
            raise TypeError(f"{name}: of a wrong type")
    return Fault(**body)  # type: ignore[arg-type] # checked field by field above


def _wrapped(fault: Fault, inner: Handler) -> Handler:
    return lambda request: KINDS[fault.kind](fault, request, inner)


def _rewritten(
    answer: web.StreamResponse, change: Callable[[Json], Json]
) -> web.StreamResponse:
    if isinstance(answer, web.Response) and answer.text:
        answer.text = json.dumps(change(json.loads(answer.text)))
    return answer


def mistyped(value: Json, name: str | None, *, hit: bool = False) -> Json:
    """Return a body whose values have wrong types: those of one field, or all."""
    hit = hit or name is None
    match value:
        case dict():
            return {
                key: mistyped(item, name, hit=hit or key == name)
                for key, item in value.items()
            }
        case list():
            return [mistyped(item, name, hit=hit) for item in value]
        case _ if not hit:
            return value
        case bool() | None:
            return "neither"
        case str():
            return 42
        case _:
            return {"value": value}


def emptied(value: Json) -> Json:
    """Return a collection that has lost its items."""
    if not isinstance(value, dict) or not isinstance(
        embedded := value.get("_embedded"), dict
    ):
        return value
    return {
        **value,
        "_embedded": {
            key: [] if isinstance(item, list) else item
            for key, item in embedded.items()
        },
        "total": 0,
        "totalPage": 0,
    }
