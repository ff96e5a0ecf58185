"""Collections, which the platform sends in pages."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from itertools import batched
from typing import Self

from yarl import URL

from .decode import decode, internal_field, json_field, model
from .exceptions import NotFoundError, QuotaExceededError, TransientError
from .transport import Response

MAX_PAGES = 200
# Reading them takes some milliseconds; then other tasks may run.
_ELEMENTS_PER_STEP = 5
# The code of "No trip was found" and the like: nothing in this range.
_NOTHING_FOUND = 40400

type GetPage = Callable[[URL, Callable[[Response], Page]], Awaitable[Page]]


class Collection[T](list[T]):
    """The elements of all pages of a collection.

    Attributes:
        complete: False if elements may be missing, because a page or an element was unreadable or
            the pages ended early.
    """

    complete: bool = True


@model
class Page:
    """One page.

    Attributes:
        total: the number of elements on all pages.
        next: the URL of the next page; a single page may come with `first` and `last` only.
        elements: the elements of the page, as they came.
    """

    total: int | None = None
    next: str | None = json_field("_links/next/href")
    elements: tuple[object, ...] = internal_field(tuple)

    @classmethod
    def from_response(cls, response: Response) -> Self:
        """Read a page; the case of the name under which its one list is embedded varies."""
        raw = response.json
        embedded = raw.get("_embedded")
        values = embedded.values() if isinstance(embedded, Mapping) else ()
        elements = next((value for value in values if isinstance(value, list)), [])
        return replace(decode(cls, raw), elements=tuple(elements))

    def next_url(self, first: URL) -> URL | None:
        """Return the URL of the next page, or None.

        Only the query of the link is used, so that the token goes to no other host or path.
        """
        if self.next is None:
            return None
        try:
            query = URL(self.next).query
        except ValueError:
            return None
        return first.update_query(query).update_query(
            client_id=first.query["client_id"]
        )


async def collect[T](
    get_page: GetPage,
    first: URL,
    read: Callable[[object], T | None],
    max_pages: int = MAX_PAGES,
    *,
    may_be_missing: bool = False,
) -> Collection[T]:
    """Return the elements of all pages.

    Args:
        get_page: requests a page.
        first: the URL of the first page.
        read: returns an element, or None if it is unreadable.
        max_pages: the number of pages to request at most.
        may_be_missing: whether the platform has no such resource while there is no element.

    """
    collection = Collection[T]()
    count = total = 0
    try:
        async for page in _pages(get_page, first, max_pages):
            if page is None:
                collection.complete = False
                continue
            for batch in batched(page.elements, _ELEMENTS_PER_STEP, strict=False):
                elements = [read(element) for element in batch]
                collection.extend(one for one in elements if one is not None)
                await asyncio.sleep(0)
            count += len(page.elements)
            total = max(total, page.total or 0, count)
    except NotFoundError as err:
        if not may_be_missing or err.code != _NOTHING_FOUND:
            raise
    collection.complete = collection.complete and len(collection) >= total
    return collection


async def _pages(
    get_page: GetPage, first: URL, max_pages: int
) -> AsyncIterator[Page | None]:
    """Yield the pages of a collection, and None where something is lost.

    A page that fails is skipped, unless it is the first, or two in a row fail. The link to the
    next one is lost with it; its position is counted instead.
    """
    requested: set[URL] = set()
    position = page_size = total = 0
    failed = False
    url: URL | None = first
    while url and url not in requested:
        if len(requested) == max_pages:
            yield None
            return
        requested.add(url)
        try:
            page = await get_page(url, Page.from_response)
        except (TransientError, QuotaExceededError) as err:
            if not page_size:
                raise
            yield None
            if failed or isinstance(err, QuotaExceededError):
                return
            failed = True
            position += page_size
            more = position < total
            url = first.update_query(indexRange=f"{position}-") if more else None
        else:
            yield page
            if not page.elements:
                return
            failed = False
            position += len(page.elements)
            page_size = page_size or len(page.elements)
            total = max(total, page.total or 0)
            url = page.next_url(first)
