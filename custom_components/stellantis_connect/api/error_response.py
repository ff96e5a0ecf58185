"""What a refusal means, in whichever of the platform's ways it is said."""

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
)
from .limits import Limits
from .transport import Json, Response

ACCOUNT_RESOURCES = frozenset({"user", "vehicles"})

type Kind = type[StellantisError]

_BY_STATUS: Mapping[int, Kind] = {
    401: AuthenticationError,
    403: ForbiddenError,
    404: NotFoundError,
    408: ServerError,
}
# How the gateway before the API begins what it adds to a 401.
_BY_INFORMATION: Mapping[str, Kind] = {
    "Not registered to plan": NotRegisteredToPlanError,
    "Invalid client id or secret": InvalidClientError,
}
# RFC 6749, section 5.2.
_BY_OAUTH_ERROR: Mapping[object, Kind] = {
    "invalid_grant": AuthenticationError,
    "invalid_client": InvalidClientError,
    "unauthorized_client": InvalidClientError,
}


def error_in(answer: Response, now: datetime) -> StellantisError | None:
    """Return the error that an answer tells of, or None if it brings what was asked for."""
    told = _told(answer)
    status = _status(answer, told)
    if status == 429:
        limits = Limits.from_headers(answer.headers, now)
        return QuotaExceededError(
            answer.resource, status, retry_after=limits.retry_after
        )
    if 200 <= status < 300:
        return None
    return _kind(answer, status, told)(answer.resource, status, _code(told))


def _kind(answer: Response, status: int, told: Json) -> Kind:
    # What is neither success nor refusal, and what a proxy says in HTML, is not the platform's word.
    if not 400 <= status < 500 or answer.is_html:
        return ServerError
    if status == 404 and answer.resource in ACCOUNT_RESOURCES:
        return NoVehiclesError
    information = str(told.get("moreInformation", ""))
    by_information = (
        kind for text, kind in _BY_INFORMATION.items() if information.startswith(text)
    )
    return (
        _BY_OAUTH_ERROR.get(told.get("error"))
        or next(by_information, None)
        or _BY_STATUS.get(status, BadRequestError)
    )


def _told(answer: Response) -> Json:
    try:
        return answer.json
    except InvalidResponseError:
        return {}


def _status(answer: Response, told: Json) -> int:
    """Return the HTTP status, or that of an error which comes dressed as a success.

    The first three digits of the platform's codes are a status.
    """
    code = _code(told)
    said = int(str(code)[:3]) if code else 0
    return said if answer.status < 300 and said >= 400 else answer.status


def _code(told: Json) -> int | None:
    code = str(told.get("code", told.get("httpCode")))
    return int(code) if code.isdecimal() else None
