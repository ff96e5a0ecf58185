"""A person's session with Home Assistant, over the interfaces that its own pages use."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
from typing import Any

from aiohttp import ClientConnectionError, ClientSession, ClientWebSocketResponse
from yarl import URL

from . import GarageError

PERSON = PASSWORD = "dev"

_MOMENT = 0.2
"""Seconds between two looks at what is not ready yet."""


class RefusedError(GarageError):
    """Home Assistant does not do what it was asked for."""


async def until_served(session: ClientSession, url: URL) -> None:
    """Wait until a server listens, and knows an address."""
    while True:
        try:
            async with session.get(url) as answer:
                if answer.status != 404:
                    return
        except ClientConnectionError:
            pass
        await asyncio.sleep(_MOMENT)


class FrontDoor:
    """Home Assistant, to somebody who has yet to sign in."""

    def __init__(self, session: ClientSession, url: URL) -> None:
        """Stand before the Home Assistant at an address."""
        self.url = url
        self._session = session
        self._client = {"client_id": f"{url.origin()}/"}

    async def ask(self, method: str, path: str, **options: Any) -> Any:
        """Send a request, and return what the JSON answer holds."""
        async with self._session.request(method, self.url / path, **options) as answer:
            if not answer.ok:
                raise RefusedError(
                    f"{method} /{path}: {answer.status} {await answer.text()}"
                )
            return await answer.json()

    async def welcome(self) -> str:
        """Make the person the owner of a new Home Assistant, and return an authorization code."""
        await until_served(self._session, self.url / "api/onboarding")
        person = {
            "name": PERSON.title(),
            "username": PERSON,
            "password": PASSWORD,
            "language": "en",
        }
        answer = await self.ask(
            "POST", "api/onboarding/users", json=self._client | person
        )
        return str(answer["auth_code"])

    async def sign_in(self) -> str:
        """Sign in as the person, and return an authorization code."""
        await until_served(self._session, self.url / "auth/providers")
        page = {
            "handler": ["homeassistant", None],
            "redirect_uri": self._client["client_id"],
        }
        flow = await self.ask("POST", "auth/login_flow", json=self._client | page)
        secret = {"username": PERSON, "password": PASSWORD}
        answer = await self.ask(
            "POST", f"auth/login_flow/{flow['flow_id']}", json=self._client | secret
        )
        return str(answer["result"])

    def invitation(self, code: str) -> URL:
        """Return the address at which a browser becomes signed in by an authorization code."""
        state = json.dumps(
            {"hassUrl": str(self.url.origin()), "clientId": self._client["client_id"]}
        )
        return self.url.with_query(
            auth_callback="1",
            code=code,
            state=b64encode(state.encode()).decode(),
            storeToken="true",
        )

    @asynccontextmanager
    async def enter(self, code: str) -> AsyncIterator[Home]:
        """Spend an authorization code on a visit."""
        grant = self._client | {"grant_type": "authorization_code", "code": code}
        tokens = await self.ask("POST", "auth/token", data=grant)
        async with self._session.ws_connect(self.url / "api/websocket") as socket:
            await socket.receive_json()
            await socket.send_json(
                {"type": "auth", "access_token": tokens["access_token"]}
            )
            await socket.receive_json()
            yield Home(self, socket, tokens["access_token"])
        async with self._session.post(
            self.url / "auth/revoke", data={"token": tokens["refresh_token"]}
        ):
            pass


class Home:
    """Home Assistant, to somebody who has signed in."""

    def __init__(
        self, door: FrontDoor, socket: ClientWebSocketResponse, access_token: str
    ) -> None:
        """Take a WebSocket that the access token has opened."""
        self.url = door.url
        self._door = door
        self._socket = socket
        self._headers = {
            "Authorization": f"Bearer {access_token}",
            "HA-Frontend-Base": str(door.url.origin()),
        }
        self._commands = 0

    async def get(self, path: str) -> Any:
        """Read from the REST interface."""
        return await self._door.ask("GET", f"api/{path}", headers=self._headers)

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """Write to the REST interface."""
        return await self._door.ask(
            "POST", f"api/{path}", headers=self._headers, json=body
        )

    async def upload(self, file: Path) -> str:
        """Upload a file, and return the id by which a flow finds it."""
        answer = await self._door.ask(
            "POST",
            "api/file_upload",
            headers=self._headers,
            data={"file": file.open("rb")},
        )
        return str(answer["file_id"])

    async def command(self, kind: str, **fields: Any) -> Any:
        """Give a command over the WebSocket, and return its result."""
        self._commands += 1
        await self._socket.send_json({"id": self._commands, "type": kind, **fields})
        answer = await self._socket.receive_json()
        if not answer["success"]:
            raise RefusedError(f"{kind}: {answer['error']['message']}")
        return answer["result"]

    async def until_running(self) -> None:
        """Wait for the end of the start."""
        while (await self.get("config"))["state"] != "RUNNING":
            await asyncio.sleep(_MOMENT)
