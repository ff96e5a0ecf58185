"""The browser at the identity provider, and the control interface of the simulator."""

from collections.abc import Collection
from html.parser import HTMLParser
from typing import Any, override

from aiohttp import ClientSession, TCPConnector, ThreadedResolver
from yarl import URL

from simulator.server import Simulator

OWNER = "dev@example.com"
PASSWORD = "any password will do"


class _Form(HTMLParser):
    """Parses a page's form."""

    def __init__(self, page: str) -> None:
        """Initialize the form of a page."""
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.feed(page)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep hidden fields and ticked boxes."""
        given = dict(attrs)
        if tag == "input" and given.get("type") in ("hidden", "checkbox"):
            self.fields.append((given["name"] or "", given["value"] or ""))


async def sign_in(
    authorize_url: str | URL,
    *,
    email: str = OWNER,
    decline: bool = False,
    untick: Collection[str] = (),
) -> URL:
    """Sign in and consent; return the address to which the identity provider sends the browser."""
    async with ClientSession() as browser:
        await browser.get(authorize_url)
        response = await browser.post(
            authorize_url, data={"username": email, "password": PASSWORD}
        )
        consent = [
            (name, value)
            for name, value in _Form(await response.text()).fields
            if value not in untick
        ]
        decision = ("decision", "decline" if decline else "accept")
        response = await browser.post(
            authorize_url, data=[*consent, decision], allow_redirects=False
        )
        return URL(response.headers["Location"])


async def control(
    simulator: Simulator, method: str, path: str, /, **body: object
) -> Any:
    """Send a request to the simulator's control interface."""
    # A resolver of c-ares for each call takes longer than the call, with nothing to resolve.
    connector = TCPConnector(resolver=ThreadedResolver())
    async with (
        ClientSession(connector=connector) as session,
        session.request(
            method, f"{simulator.url}/_sim/{path}", json=body or None
        ) as response,
    ):
        response.raise_for_status()
        return None if response.status == 204 else await response.json()
