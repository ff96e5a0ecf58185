"""Collections in pages that follow one another by `_links`."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
import json
import re

from aiohttp import web
from multidict import MultiDict

from .errors import ApiError, Json

LARGEST_PAGE = 60


@dataclass(frozen=True)
class Query:
    """The parameters of a request, with those of its page token."""

    parameters: MultiDict[str]
    offset: int = 0

    @classmethod
    def of(cls, request: web.Request) -> Query:
        """Parse a request; raise ApiError 400 for a token that this server did not make."""
        token = request.query.get("pageToken")
        if token is None:
            return cls(
                MultiDict(
                    (k, v)
                    for k, v in request.query.items()
                    if k not in ("client_id", "pageToken")
                )
            )
        try:
            offset, pairs = json.loads(base64.urlsafe_b64decode(token))
            return cls(
                MultiDict([(str(name), str(value)) for name, value in pairs]),
                int(offset),
            )
        except (ValueError, TypeError, binascii.Error) as error:
            raise ApiError(400, "Invalid parameter: pageToken") from error

    def values(self, name: str) -> list[str]:
        """Return all values of a parameter, repeated or joined by commas."""
        return [
            value
            for given in self.parameters.getall(name, [])
            for value in given.split(",")
            if value
        ]

    def choices(self, name: str, allowed: Sequence[str]) -> set[str]:
        """Return the values of an enumeration; raise ApiError 400 for an unknown one."""
        values = set(self.values(name))
        if values - set(allowed):
            raise ApiError(400, f"Invalid parameter: {name}")
        return values

    def span(self, name: str) -> tuple[float, float] | None:
        """Return the bounds of a range like `0-9` or `5-`; raise ApiError 400."""
        if (text := self.parameters.get(name)) is None:
            return None
        if not (match := re.fullmatch(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?)?)?", text)):
            raise ApiError(400, f"Invalid parameter: {name}")
        return float(match[1]), float(match[2]) if match[2] else float("inf")

    def number(self, name: str) -> float:
        """Return a number, 0 without one; raise ApiError 400."""
        try:
            return float(self.parameters.get(name, "0"))
        except ValueError as error:
            raise ApiError(400, f"Invalid parameter: {name}") from error

    def page_size(self, largest: int) -> int:
        """Return how many items a page holds; raise ApiError 400 beyond what is allowed."""
        text = self.parameters.get("pageSize", str(LARGEST_PAGE))
        if not text.isdecimal() or not 1 <= int(text) <= largest:
            raise ApiError(400, "Invalid parameter: pageSize")
        return int(text)

    def token(self, offset: int) -> str:
        """Return a token that brings back the same query further on."""
        content = json.dumps([offset, list(self.parameters.items())]).encode()
        return base64.urlsafe_b64encode(content).decode()


def collection[T](
    request: web.Request,
    query: Query,
    name: str,
    items: Sequence[T],
    render: Callable[[T], Json],
    largest_page: int = LARGEST_PAGE,
) -> dict[str, Json]:
    """Return one page of a collection; only the items on it are rendered."""
    if span := query.span("indexRange"):
        first, last = span
        items = items[int(first) : None if last == float("inf") else int(last) + 1]
    size = query.page_size(largest_page)
    pages = max(1, -(-len(items) // size))
    page = min(query.offset // size, pages - 1)

    def link(number: int) -> dict[str, Json]:
        return {
            "href": f"{request.url.origin()}{request.path}?pageToken={query.token(number * size)}"
        }

    links: dict[str, Json] = {
        "self": {"href": f"{request.url.origin()}{request.path}"},
        "first": link(0),
    }
    if page > 0:
        links["prev"] = link(page - 1)
    if page + 1 < pages:
        links["next"] = link(page + 1)
    links["last"] = link(pages - 1)
    return {
        "_links": links,
        "total": len(items),
        "totalPage": pages,
        "currentPage": page + 1,
        "_embedded": {
            name: [render(item) for item in items[page * size : (page + 1) * size]]
        },
    }
