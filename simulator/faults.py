"""Faults on demand: what goes wrong with which requests, and how often."""

import asyncio
from collections.abc import Mapping
import contextlib
from dataclasses import dataclass, field, fields
from datetime import timedelta
from fnmatch import fnmatchcase
from types import UnionType

from aiohttp import web

from .brands import BRANDS, Brand
from .errors import Json
from .fault_kinds import RESPONSE_KINDS, Form, Handler

PAUSE_KINDS = ("delay", "delay_after", "hold", "hold_after")
MESSAGE_KINDS = ("lose_message", "double_message", "hold_message")
REMOTE_KINDS = ("remote_fails", "remote_hangs")
IMMEDIATE_KINDS = (
    "expire_tokens",
    "revoke_tokens",
    "fail_monitors",
    "fail_callbacks",
    "forget_callbacks",
)
KINDS = (
    *RESPONSE_KINDS,
    *PAUSE_KINDS,
    *MESSAGE_KINDS,
    *REMOTE_KINDS,
    *IMMEDIATE_KINDS,
    "withdraw_scopes",
    "stale_data",
)


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
    value: Json = None
    size: int = 0
    content_type: str = "application/json"

    def matches(self, request: web.Request) -> bool:
        """Return whether the fault applies to a request."""
        return (
            self.times != 0
            and self.method in (None, request.method)
            and fnmatchcase(request.path, self.path)
            and self.brand in (None, brand_of(request))
        )


FIELD_TYPES: Mapping[str, type | UnionType] = {
    "times": int | None,
    "status": int,
    "code": int | None,
    "headers": dict,
    "seconds": int | float,
    "scopes": list,
    "value": object,
    "size": int,
}


class Faults:
    """The faults that apply, oldest first."""

    def __init__(self) -> None:
        """Initialize without any fault."""
        self.paused = 0
        self._faults: dict[int, Fault] = {}
        self._released: dict[int, asyncio.Event] = {}
        self._last_id = 0

    def add(self, fault: Fault) -> int:
        """Add a fault; return the id to delete it by."""
        self._last_id += 1
        self._faults[self._last_id] = fault
        self._released[self._last_id] = asyncio.Event()
        return self._last_id

    def delete(self, fault_id: int | None = None) -> None:
        """Delete one fault or all, and release the requests that they delay."""
        for number in list(self._faults) if fault_id is None else [fault_id]:
            if self._faults.pop(number, None):
                self._released.pop(number).set()

    def all(self) -> dict[int, Fault]:
        """Return the faults by their ids."""
        return dict(self._faults)

    def of_kind(self, kind: str) -> list[Fault]:
        """Return the faults of a kind that are not used up."""
        return [
            fault
            for fault in self._faults.values()
            if fault.kind == kind and fault.times != 0
        ]

    def withdrawn(self, brand: Brand) -> set[str]:
        """Return the scopes that owners have withdrawn at a brand."""
        return {
            scope
            for fault in self.of_kind("withdraw_scopes")
            if fault.brand in (None, brand.name)
            for scope in fault.scopes
        }

    def use(self, kind: str, key: str | None = None) -> Fault | None:
        """Return a fault that applies to something other than a request, and count the use."""
        for fault in self.of_kind(kind):
            if fault.key in (None, key):
                self._count(fault)
                return fault
        return None

    def staleness(self, request: web.Request) -> timedelta:
        """Return how old the data of a response are."""
        for fault in self.of_kind("stale_data"):
            if fault.matches(request):
                self._count(fault)
                return timedelta(seconds=fault.seconds)
        return timedelta()

    async def handle(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Handle a request with every fault that applies to it, the oldest outermost."""
        for number, fault in reversed(self._faults.items()):
            if fault.matches(request):
                if fault.kind in PAUSE_KINDS:
                    self._count(fault)
                    handler = self._paused(number, fault, handler)
                elif fault.kind in RESPONSE_KINDS:
                    self._count(fault)
                    handler = _faulty(fault, handler)
        return await handler(request)

    @staticmethod
    def _count(fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1

    def _paused(self, number: int, fault: Fault, inner: Handler) -> Handler:
        released = self._released[number]
        seconds = fault.seconds if fault.kind.startswith("delay") else None

        async def handle(request: web.Request) -> web.StreamResponse:
            response = await inner(request) if fault.kind.endswith("_after") else None
            self.paused += 1
            try:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(released.wait(), seconds)
            finally:
                self.paused -= 1
            return response if response is not None else await inner(request)

        return handle


def parse_fault(body: Mapping[str, Json]) -> Fault:
    """Parse the JSON form of a fault; raise ValueError or TypeError for what is unknown."""
    if (kind := body.get("kind")) not in KINDS:
        raise ValueError(f"kind: one of {', '.join(KINDS)}")
    known = {one.name: one for one in fields(Fault)}
    for name, value in body.items():
        if name not in known:
            raise ValueError(f"{name}: unknown; known are {', '.join(known)}")
        if not isinstance(value, FIELD_TYPES.get(name, str | None)):
            raise TypeError(f"{name}: of a wrong type")
    fault = Fault(kind=str(kind))
    for name, value in body.items():
        setattr(fault, name, value)
    return fault


def _faulty(fault: Fault, inner: Handler) -> Handler:
    return lambda request: RESPONSE_KINDS[fault.kind](fault, request, inner)
