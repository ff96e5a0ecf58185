"""A client of the simulator that returns status, headers, and body."""

from dataclasses import dataclass
from typing import Any, Self

import aiohttp

from simulator import Simulator
from simulator.brands import BRANDS

V4 = "/connectedcar/v4"
PEUGEOT = BRANDS["peugeot"]


@dataclass
class Response:
    """A response with its body."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class Client:
    """A client with a token."""

    simulator: Simulator
    session: aiohttp.ClientSession
    token: str
    brand: str = "peugeot"
    realm: str = PEUGEOT.realm

    @classmethod
    async def signed_in(
        cls,
        simulator: Simulator,
        session: aiohttp.ClientSession,
        brand: str = "peugeot",
        **wanted: object,
    ) -> Self:
        """Return a client of a brand, without the pages of the sign-in."""
        async with session.post(
            "/_sim/token", json={"brand": brand, **wanted}
        ) as response:
            token = (await response.json())["access_token"]
        return cls(simulator, session, token, brand, BRANDS[brand].realm)

    async def call(
        self, method: str, path: str, body: object = None, **query: object
    ) -> Response:
        """Send a request of version 4."""
        pairs = [("client_id", self.simulator.backend.application.client_id)]
        for name, value in query.items():
            pairs += [
                (name, str(one))
                for one in (value if isinstance(value, list | tuple) else [value])
            ]
        async with self.session.request(
            method,
            path if path.startswith("/connectedcar") else f"{V4}{path}",
            params=pairs,
            json=body,
            headers={
                "Authorization": f"Bearer {self.token}",
                "x-introspect-realm": self.realm,
            },
        ) as response:
            content = (
                await response.json(content_type=None)
                if response.status != 204
                else None
            )
            return Response(response.status, dict(response.headers), content)

    async def get(self, path: str, **query: object) -> Any:
        """Return the body of a request that succeeds."""
        response = await self.call("GET", path, **query)
        assert response.status == 200, response.body
        return response.body

    async def car(self, dialect: str = "4.17", motorization: str | None = None) -> str:
        """Return the path of the first car of a dialect and motorization."""
        own = {"brand": self.brand, "email": "dev@example.com"}
        async with self.session.get("/_sim/vehicles", params=own) as response:
            cars = (await response.json())["vehicles"]
        found = next(
            car
            for car in cars
            if car["dialect"] == dialect and motorization in (None, car["motorization"])
        )
        return f"/user/vehicles/{found['id']}"

    async def renew(self) -> None:
        """Renew the token, after a jump of the clock."""
        other = await self.signed_in(self.simulator, self.session, self.brand)
        self.token = other.token

    async def patch(self, car: str, **changes: object) -> Any:
        """Change a car; return its truth."""
        async with self.session.patch(
            f"/_sim{car.removeprefix('/user')}", json=changes
        ) as response:
            body = await response.json()
            assert response.status == 200, body
            return body["truth"]

    async def fault(self, **fault: object) -> int:
        """Add a fault; return its id."""
        async with self.session.post("/_sim/faults", json=fault) as response:
            assert response.status == 201, await response.text()
            identifier: int = (await response.json())["id"]
            return identifier
