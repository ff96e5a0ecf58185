"""The two forms in which the platform says no: the API's own, and the gateway's before it."""

import json
import uuid

from aiohttp import web

type Json = None | bool | int | float | str | list[Json] | dict[str, Json]

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
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


def api_error(
    status: int, message: str, timestamp: str, code: int | None = None
) -> web.Response:
    """Answer in the API's form; the first three digits of the code are the status."""
    body = {
        "code": code or status * 100,
        "uuid": str(uuid.uuid4()),
        "message": message,
        "timestamp": timestamp,
    }
    return web.json_response(body, status=status)


def gateway_error(status: int, more: str) -> web.Response:
    """Answer in the gateway's form, whose status is a string."""
    body = {
        "httpCode": str(status),
        "httpMessage": REASONS.get(status, "Error"),
        "moreInformation": more,
    }
    return web.json_response(body, status=status)


def html_error(status: int) -> web.Response:
    """Answer as a proxy does when nothing behind it is alive."""
    reason = REASONS.get(status, "Error")
    page = f"<html><head><title>{status} {reason}</title></head><body><h1>{reason}</h1></body></html>"
    return web.Response(text=page, status=status, content_type="text/html")


class ApiError(Exception):
    """Ends a request with an error in the API's form."""

    def __init__(self, status: int, message: str, code: int | None = None) -> None:
        """Keep what the answer will say."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


class GatewayError(Exception):
    """Ends a request with an error in the gateway's form."""

    def __init__(self, status: int, more: str) -> None:
        """Keep what the answer will say."""
        super().__init__(more)
        self.status = status
        self.more = more


async def json_body(request: web.Request) -> dict[str, Json]:
    """Return a request's JSON object; raises ApiError 400 for anything else."""
    try:
        body = await request.json()
    except json.JSONDecodeError, UnicodeDecodeError:
        raise ApiError(400, "Malformed JSON") from None
    if not isinstance(body, dict):
        raise ApiError(400, "A JSON object is expected")
    return body
