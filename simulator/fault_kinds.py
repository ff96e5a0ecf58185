"""What each kind of fault does to a request and its response."""

from collections.abc import Awaitable, Callable, Mapping
import gzip
from io import BytesIO
import json
from typing import TYPE_CHECKING, Literal

from aiohttp import web
from yarl import URL

from .errors import Json, api_error, gateway_error, html_error

if TYPE_CHECKING:
    from .faults import Fault

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type ResponseKind = Callable[
    [Fault, web.Request, Handler], Awaitable[web.StreamResponse]
]
type Form = Literal["api", "gateway", "html", "oauth"]

DROPPED = "Dropped"
PADDING = b" " * 65_536


def is_dropped(response: web.StreamResponse) -> bool:
    """Return whether a response never left."""
    return response.reason == DROPPED


async def _error(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    match fault.form:
        case "gateway":
            response = gateway_error(fault.status, fault.message)
        case "html":
            response = html_error(fault.status)
        case "oauth":
            response = web.json_response({"error": fault.message}, status=fault.status)
        case _:
            response = api_error(
                fault.status, fault.message, "1970-01-01T00:00:00Z", fault.code
            )
    response.headers.update(fault.headers)
    return response


async def _redirect(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": str(fault.value)})


async def _body(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    return web.Response(
        text=str(fault.value), content_type=fault.content_type, headers=fault.headers
    )


async def _drop(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    return _abort(request)


async def _drop_after(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    await handler(request)
    return _abort(request)


def _abort(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(reason=DROPPED)


async def _truncate(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    response = await handler(request)
    if isinstance(response, web.Response) and (content := _content(response)):
        response.body = content[: len(content) // 2]
    return response


async def _interrupt(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Close the connection in the middle of the body, after all headers."""
    response = await handler(request)
    content = _content(response)
    partial = web.StreamResponse(status=response.status, headers=response.headers)
    partial.content_length = len(content)
    await partial.prepare(request)
    await partial.write(content[: len(content) // 2])
    if request.transport is not None:
        request.transport.close()
    return partial


async def _huge(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Pad a response to a size that compression hides."""
    response = await handler(request)
    buffer = BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1) as compressed:
        compressed.write(_content(response))
        for _ in range(fault.size // len(PADDING)):
            compressed.write(PADDING)
    return web.Response(
        body=buffer.getvalue(),
        status=response.status,
        content_type=response.content_type,
        headers={"Content-Encoding": "gzip"},
    )


async def _mistype(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    return _rewritten(await handler(request), lambda body: mistyped(body, fault.key))


async def _empty(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    return _rewritten(await handler(request), emptied)


async def _set_value(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    return _rewritten(
        await handler(request), lambda body: with_value(body, fault.key, fault.value)
    )


async def _remove(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    return _rewritten(await handler(request), lambda body: without(body, fault.key))


async def _links(
    fault: Fault, request: web.Request, handler: Handler
) -> web.StreamResponse:
    origin = URL(str(fault.value))
    return _rewritten(
        await handler(request), lambda body: linked(body, origin, fault.key)
    )


RESPONSE_KINDS: Mapping[str, ResponseKind] = {
    "error": _error,
    "redirect": _redirect,
    "body": _body,
    "drop": _drop,
    "drop_after": _drop_after,
    "truncate": _truncate,
    "interrupt": _interrupt,
    "huge": _huge,
    "mistype": _mistype,
    "empty": _empty,
    "set_value": _set_value,
    "remove": _remove,
    "links": _links,
}


def _content(response: web.StreamResponse) -> bytes:
    body = response.body if isinstance(response, web.Response) else None
    return body if isinstance(body, bytes) else b""


def _rewritten(
    response: web.StreamResponse, change: Callable[[Json], Json]
) -> web.StreamResponse:
    if isinstance(response, web.Response) and (content := _content(response)):
        response.body = json.dumps(change(json.loads(content))).encode()
    return response


def mistyped(value: Json, name: str | None, *, applies: bool = False) -> Json:
    """Return a body whose values have wrong types: those of one field, or all."""
    applies = applies or name is None
    match value:
        case dict():
            return {
                key: mistyped(item, name, applies=applies or key == name)
                for key, item in value.items()
            }
        case list():
            return [mistyped(item, name, applies=applies) for item in value]
        case _ if not applies:
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


def with_value(body: Json, name: str | None, value: Json) -> Json:
    """Return a body in which every field of a name has a value."""
    match body:
        case dict():
            return {
                key: value if key == name else with_value(item, name, value)
                for key, item in body.items()
            }
        case list():
            return [with_value(item, name, value) for item in body]
        case _:
            return body


def without(body: Json, name: str | None) -> Json:
    """Return a body that lacks every field of a name."""
    match body:
        case dict():
            return {
                key: without(item, name) for key, item in body.items() if key != name
            }
        case list():
            return [without(item, name) for item in body]
        case _:
            return body


def linked(body: Json, origin: URL, name: str | None) -> Json:
    """Return a body whose addresses lead elsewhere; a name adds a link to each `_links`."""
    match body:
        case dict():
            moved = {key: linked(item, origin, name) for key, item in body.items()}
            links = moved.get("_links")
            if name and isinstance(links, dict):
                links[name] = {"href": str(origin)}
            return moved
        case list():
            return [linked(item, origin, name) for item in body]
        case str() if body.startswith(("http://", "https://")):
            # The query of an address may hold what yarl would write differently.
            path = body.split("/", 3)[3:]
            return "/".join([str(origin.origin()), *path])
        case _:
            return body
