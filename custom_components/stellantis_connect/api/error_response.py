"""The error of a response, in each of the platform's formats."""

from collections.abc import Mapping
from datetime import datetime

from .exceptions import (
    AuthenticationError,
    BadRequestError,
    ForbiddenError,
    InvalidClientError,
    InvalidResponseError,
    NotFoundError,
    NotRegisteredToPlanError,
    NoVehiclesError,
    QuotaExceededError,
    ServerError,
    StellantisError,
    UnauthorizedError,
)
from .reported_limits import ReportedLimits
from .transport import Json, Response

# How the platform and the gateway before it name their codes.
_CODE_KEYS = (b'"code"', b'"httpCode"')
# Bytes: an error is a short object.
_MAX_SIZE = 1000
_ACCOUNT_RESOURCES = frozenset({"user", "vehicles"})
# The platform's codes have five digits.
_MAX_CODE = 1_000_000

type _Kind = type[StellantisError]

_BY_STATUS: Mapping[int, _Kind] = {
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    408: ServerError,
}
# How the text begins that the gateway before the API adds to a 401.
_BY_INFORMATION: Mapping[str, _Kind] = {
    "Not registered to plan": NotRegisteredToPlanError,
    "Invalid client id or secret": InvalidClientError,
}
# RFC 6749, section 5.2.
_BY_OAUTH_ERROR: Mapping[str, _Kind] = {
    "invalid_grant": AuthenticationError,
    "invalid_client": InvalidClientError,
    "unauthorized_client": InvalidClientError,
}


def error_from_response(response: Response, now: datetime) -> StellantisError | None:
    """Return the error that a response stands for, or None for a success."""
    is_success = 200 <= response.status < 300
    if is_success and not _has_code(response.body):
        return None
    body = _body(response)
    code = _code(body)
    status = _status(response, code)
    if status == 429:
        limits = ReportedLimits.from_headers(response.headers, now)
        return QuotaExceededError(
            response.resource, status, code, retry_after=limits.retry_after
        )
    if 200 <= status < 300:
        return None
    return _kind(response, status, body)(response.resource, status, code)


def _has_code(body: bytes) -> bool:
    return len(body) <= _MAX_SIZE and any(key in body for key in _CODE_KEYS)


def _kind(response: Response, status: int, body: Json) -> _Kind:
    # Neither success nor refusal, or a page of a proxy.
    if not 400 <= status < 500 or response.is_html:
        return ServerError
    if status == 404 and response.resource in _ACCOUNT_RESOURCES:
        return NoVehiclesError
    information, error = body.get("moreInformation"), body.get("error")
    if isinstance(error, str) and error in _BY_OAUTH_ERROR:
        return _BY_OAUTH_ERROR[error]
    if isinstance(information, str):
        for beginning, kind in _BY_INFORMATION.items():
            if information.startswith(beginning):
                return kind
    return _BY_STATUS.get(status, BadRequestError)


def _body(response: Response) -> Json:
    try:
        return response.json
    except InvalidResponseError:
        return {}


def _status(response: Response, code: int | None) -> int:
    """Return the HTTP status, or that of an error that is sent as a success.

    The first three digits of the platform's codes are a status.
    """
    status_of_code = int(str(code)[:3]) if code else 0
    is_error = response.status < 300 and status_of_code >= 400
    return status_of_code if is_error else response.status


def _code(body: Json) -> int | None:
    code = body.get("code", body.get("httpCode"))
    if isinstance(code, str) and code.isdecimal() and len(code) < len(str(_MAX_CODE)):
        code = int(code)
    return code if type(code) is int and 0 < code < _MAX_CODE else None
