"""The error responses of the API and of the gateway before it."""

from collections.abc import Mapping
import json
from typing import override
import uuid

from aiohttp import web

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None

INVALID_CLIENT = "Invalid client id or secret."
NOT_IN_PLAN = "Not registered to plan"
SECURITY_CHECKS = (
    "Cannot pass the security checks that are required by the target API or operation, "
    "Enable debug headers for more details."
)

REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    406: "Not Acceptable",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


def api_error(
    status: int, message: str, timestamp: str, code: int | None = None
) -> web.Response:
    """Return the API's error response; the first three digits of the code are the status."""
    body = {
        "code": code or status * 100,
        "uuid": str(uuid.uuid4()),
        "message": message,
        "timestamp": timestamp,
    }
    return web.json_response(body, status=status)


def gateway_error(status: int, more: str) -> web.Response:
    """Return the gateway's error response, whose status is a string."""
    body = {
        "httpCode": str(status),
        "httpMessage": REASONS.get(status, "Error"),
        "moreInformation": more,
    }
    return web.json_response(body, status=status)


def html_error(status: int) -> web.Response:
    """Return the error page of a proxy."""
    reason = REASONS.get(status, "Error")
    page = f"<html><head><title>{status} {reason}</title></head><body><h1>{reason}</h1></body></html>"
    return web.Response(text=page, status=status, content_type="text/html")


class Refusal(Exception):
    """A request is refused."""

    def response(self, timestamp: str) -> web.Response:
        """Return the response."""
        raise NotImplementedError


class ApiError(Refusal):
    """The API refuses a request."""

    def __init__(self, status: int, message: str, code: int | None = None) -> None:
        """Initialize the error."""
        super().__init__(message)
        self._status = status
        self._message = message
        self._code = code

    @override
    def response(self, timestamp: str) -> web.Response:
        return api_error(self._status, self._message, timestamp, self._code)


class GatewayError(Refusal):
    """The gateway refuses a request."""

    def __init__(
        self, status: int, more: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Initialize the error."""
        super().__init__(more)
        self._status = status
        self._more = more
        self._headers = headers or {}

    @override
    def response(self, timestamp: str) -> web.Response:
        response = gateway_error(self._status, self._more)
        response.headers.update(self._headers)
        return response


async def json_body(request: web.Request) -> dict[str, Json]:
    """Return a request's JSON object; raise ApiError 400 for anything else."""
    try:
        body = await request.json()
    except json.JSONDecodeError, UnicodeDecodeError:
        raise ApiError(400, "Malformed JSON") from None
    if not isinstance(body, dict):
        raise ApiError(400, "A JSON object is expected")
    return body
