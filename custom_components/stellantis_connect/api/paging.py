"""Collections, which come in pages."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Self

from yarl import URL

from .decode import decode, internal_field, json_field, model
from .transport import Response


class Collection[T](list[T]):
    """What was found over all pages of a collection.

    Attributes:
        complete: False if something of it may be missing, because a page or an element was
            unreadable or the pages led nowhere.
    """

    complete: bool = True


@model
class Page:
    """One page.

    Attributes:
        total: number of elements on all pages.
        next: address of the next page; `first` and `last` come without one on a lone page.
        elements: what the page holds, not looked into.
    """

    total: int | None = None
    next: str | None = json_field("_links/next/href")
    elements: tuple[object, ...] = internal_field(tuple)

    @classmethod
    def from_answer(cls, answer: Response) -> Self:
        """Read a page; the case of the name under which its one list is embedded varies."""
        raw = answer.json
        embedded = raw.get("_embedded")
        values = embedded.values() if isinstance(embedded, Mapping) else ()
        elements = next((value for value in values if isinstance(value, list)), [])
        return replace(decode(cls, raw), elements=tuple(elements))

    def next_of(self, first: URL) -> URL | None:
        """Return the address of the next page, or None.

        Of the link only what the query adds is taken, so that no token follows it to another host.
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
