"""Fill in and send the forms of the identity provider's pages."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import override

from aiohttp import ClientSession
from yarl import URL

from . import DevelopmentError

_MOST_PAGES = 5


class LostError(DevelopmentError):
    """The pages do not lead to the expected host."""


class _Form(HTMLParser):
    """A page's form with its target, the values of its fields, and its first button."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: list[tuple[str, str]] = []
        self._buttons = 0
        self.feed(page)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        match tag:
            case "form":
                self.action = attributes.get("action") or ""
            case "input" if (
                attributes.get("type") != "checkbox" or "checked" in attributes
            ):
                self._add(attributes)
            case "button":
                self._buttons += 1
                if self._buttons == 1:
                    self._add(attributes)

    def _add(self, attributes: Mapping[str, str | None]) -> None:
        if name := attributes.get("name"):
            self.fields.append((name, attributes.get("value") or ""))


async def walk(
    session: ClientSession, start: URL, goal: URL, known: Mapping[str, str]
) -> None:
    """Open a page, and send its forms until a redirect leads to the expected server.

    What is `known` goes into the fields of that name; all others stay as the pages have them.

    Raises:
        LostError: the pages lead nowhere.

    """
    answer = await session.get(start)
    for _ in range(_MOST_PAGES):
        if answer.url.origin() == goal.origin():
            return
        form = _Form(await answer.text())
        answer = await session.post(
            answer.url.join(URL(form.action)),
            data=[(name, known.get(name, value)) for name, value in form.fields],
        )
    raise LostError(
        f"the sign-in ends at {answer.url.path} with status {answer.status}"
    )
