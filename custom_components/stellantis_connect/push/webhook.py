"""Webhook that the platform posts messages to."""

import asyncio
from collections.abc import Mapping
from hmac import compare_digest
from http import HTTPStatus

from aiohttp import hdrs
from aiohttp.web import Request, RequestPayloadError

from ..api.decode import loads
from ..api.models.callbacks import Attribute, AttributeType

SECRET_HEADER = "X-Webhook-Secret"
SECRET_KEY = "secret"

MAX_BATCH = 100
# Ours and those that the platform may add.
MAX_ATTRIBUTES = 20
# A batch of the longest messages is shorter; a longer body would take long to parse.
MAX_SIZE = 2 * 1024 * 1024
CHUNK_SIZE = 64 * 1024
# Seconds that a body may take.
READ_TIMEOUT = 10


class RejectedRequestError(Exception):
    """A request is not one of the platform's; the argument is the status of the response."""

    def __init__(self, status: HTTPStatus) -> None:
        """Initialize the error."""
        super().__init__(status)
        self.status = status


def secret_attributes(secret: str) -> tuple[Attribute, ...]:
    """Return the attributes that let the platform send the secret; batches have only the second."""
    return (
        Attribute(type=AttributeType.HEADER, key=SECRET_HEADER, value=secret),
        Attribute(type=AttributeType.BODY, key=SECRET_KEY, value=secret),
    )


async def async_read_messages(
    request: Request, secret: str
) -> list[Mapping[str, object]]:
    """Return the messages of a request.

    Raises:
        RejectedRequestError: the request is not one of the platform's.

    """
    content_type = request.headers.get(hdrs.CONTENT_TYPE, "")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise RejectedRequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    header_secret = request.headers.get(SECRET_HEADER)
    if header_secret is not None and not _is_equal(header_secret, secret):
        raise RejectedRequestError(HTTPStatus.UNAUTHORIZED)
    length = request.headers.get(hdrs.CONTENT_LENGTH, "")
    if length.isdecimal() and (
        len(length) > len(str(MAX_SIZE)) or int(length) > MAX_SIZE
    ):
        raise RejectedRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        async with asyncio.timeout(READ_TIMEOUT):
            body = await _async_read_body(request)
    except TimeoutError:
        raise RejectedRequestError(HTTPStatus.REQUEST_TIMEOUT) from None
    except RequestPayloadError:
        raise RejectedRequestError(HTTPStatus.BAD_REQUEST) from None
    return parse_messages(body, secret, is_authorized=header_secret is not None)


async def _async_read_body(request: Request) -> bytes:
    body = bytearray()
    # A request by the cloud returns new content at each access.
    content = request.content
    while chunk := await content.read(CHUNK_SIZE):
        body += chunk
        if len(body) > MAX_SIZE:
            raise RejectedRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return bytes(body)


def parse_messages(
    body: bytes, secret: str, *, is_authorized: bool
) -> list[Mapping[str, object]]:
    """Return the messages of a body: one object, or a list of up to a hundred.

    Args:
        body: the body.
        secret: the shared secret, which each message has without a header.
        is_authorized: whether a header has the secret.

    Raises:
        RejectedRequestError: the body is of another form, or a message has no secret.

    """
    try:
        content = loads(body)
    except ValueError:
        raise RejectedRequestError(HTTPStatus.BAD_REQUEST) from None
    batch = content if isinstance(content, list) else [content]
    if not 1 <= len(batch) <= MAX_BATCH:
        raise RejectedRequestError(HTTPStatus.BAD_REQUEST)
    messages: list[Mapping[str, object]] = [
        message for message in batch if isinstance(message, dict)
    ]
    if len(messages) < len(batch):
        raise RejectedRequestError(HTTPStatus.BAD_REQUEST)
    if not is_authorized and not all(_has_secret(one, secret) for one in messages):
        raise RejectedRequestError(HTTPStatus.UNAUTHORIZED)
    return messages


def _has_secret(message: Mapping[str, object], secret: str) -> bool:
    attributes = message.get("attributes")
    if not isinstance(attributes, list):
        return False
    return any(
        isinstance(one, dict)
        and one.get("key") == SECRET_KEY
        and isinstance(sent := one.get("value"), str)
        and _is_equal(sent, secret)
        for one in attributes[:MAX_ATTRIBUTES]
    )


def _is_equal(sent: str, secret: str) -> bool:
    return compare_digest(sent.encode(errors="replace"), secret.encode())
