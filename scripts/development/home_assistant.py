"""A client of Home Assistant's REST and WebSocket APIs."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
from typing import Any

from aiohttp import ClientConnectionError, ClientSession, ClientWebSocketResponse
from yarl import URL

from . import DevelopmentError

PERSON = PASSWORD = "dev"

_POLL_INTERVAL = 0.2
"""Seconds between two requests for what is not ready yet."""


class RefusedError(DevelopmentError):
    """Home Assistant refuses a request."""


async def until_served(session: ClientSession, url: URL) -> None:
    """Wait until a server listens, and knows an address."""
    while True:
        try:
            async with session.get(url) as response:
                if response.status != 404:
                    return
        except ClientConnectionError:
            pass
        await asyncio.sleep(_POLL_INTERVAL)


class LoginClient:
    """Home Assistant without a sign-in."""

    def __init__(self, session: ClientSession, url: URL) -> None:
        """Initialize the client of the Home Assistant at an address."""
        self.url = url
        self._session = session
        self._client = {"client_id": f"{url.origin()}/"}

    async def request(self, method: str, path: str, **options: Any) -> Any:
        """Send a request; return the JSON of the response."""
        async with self._session.request(
            method, self.url / path, **options
        ) as response:
            if not response.ok:
                raise RefusedError(
                    f"{method} /{path}: {response.status} {await response.text()}"
                )
            return await response.json()

    async def welcome(self) -> str:
        """Create the owner of a new Home Assistant; return an authorization code."""
        await until_served(self._session, self.url / "api/onboarding")
        person = {
            "name": PERSON.title(),
            "username": PERSON,
            "password": PASSWORD,
            "language": "en",
        }
        response = await self.request(
            "POST", "api/onboarding/users", json=self._client | person
        )
        return str(response["auth_code"])

    async def sign_in(self) -> str:
        """Sign in; return an authorization code."""
        await until_served(self._session, self.url / "auth/providers")
        page = {
            "handler": ["homeassistant", None],
            "redirect_uri": self._client["client_id"],
        }
        flow = await self.request("POST", "auth/login_flow", json=self._client | page)
        secret = {"username": PERSON, "password": PASSWORD}
        response = await self.request(
            "POST", f"auth/login_flow/{flow['flow_id']}", json=self._client | secret
        )
        return str(response["result"])

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
        """Exchange an authorization code for a session."""
        grant = self._client | {"grant_type": "authorization_code", "code": code}
        tokens = await self.request("POST", "auth/token", data=grant)
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
    """Home Assistant with a sign-in."""

    def __init__(
        self, login: LoginClient, socket: ClientWebSocketResponse, access_token: str
    ) -> None:
        """Initialize the session with an open WebSocket."""
        self.url = login.url
        self._client_api = login
        self._socket = socket
        self._headers = {
            "Authorization": f"Bearer {access_token}",
            "HA-Frontend-Base": str(login.url.origin()),
        }
        self._commands = 0

    async def get(self, path: str) -> Any:
        """Send a GET request to the REST API."""
        return await self._client_api.request(
            "GET", f"api/{path}", headers=self._headers
        )

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """Send a POST request to the REST API."""
        return await self._client_api.request(
            "POST", f"api/{path}", headers=self._headers, json=body
        )

    async def upload(self, file: Path) -> str:
        """Upload a file; return its id for a flow."""
        response = await self._client_api.request(
            "POST",
            "api/file_upload",
            headers=self._headers,
            data={"file": file.open("rb")},
        )
        return str(response["file_id"])

    async def command(self, kind: str, **fields: Any) -> Any:
        """Send a WebSocket command; return its result."""
        self._commands += 1
        await self._socket.send_json({"id": self._commands, "type": kind, **fields})
        response = await self._socket.receive_json()
        if not response["success"]:
            raise RefusedError(f"{kind}: {response['error']['message']}")
        return response["result"]

    async def until_running(self) -> None:
        """Wait for the end of the start."""
        while (await self.get("config"))["state"] != "RUNNING":
            await asyncio.sleep(_POLL_INTERVAL)
