"""The control surface under `/_sim`: for people and tests, not part of the platform."""

from dataclasses import asdict
from datetime import datetime, timedelta

from aiohttp import web

from .application import OPENID_SCOPES
from .brands import BRANDS
from .clock import rfc3339
from .errors import ApiError, Json, json_body
from .intervals import parse_duration
from .platform import Platform


class Control:
    """What people and tests do to the simulator."""

    def __init__(self, platform: Platform) -> None:
        """Control a platform."""
        self._platform = platform

    def routes(self) -> list[web.RouteDef]:
        """Return what to add to the application."""
        return [
            web.post("/_sim/token", self.token),
            web.post("/_sim/clock", self.advance),
            web.get("/_sim/clock", self.clock),
            web.get("/_sim/log", self.log),
        ]

    async def token(self, request: web.Request) -> web.Response:
        """Give a token answer without a browser: `brand`, and optionally `scopes` and `email`."""
        body = await json_body(request)
        try:
            brand = BRANDS[str(body["brand"])]
        except KeyError:
            raise ApiError(400, f"brand: one of {', '.join(BRANDS)}") from None
        accounts = self._platform.identity.accounts
        account = accounts.get(str(body.get("email", next(iter(accounts)))))
        if account is None:
            raise ApiError(400, "email: no such account")
        wanted = body.get("scopes")
        scopes = (
            {str(scope) for scope in wanted}
            if isinstance(wanted, list)
            else self._platform.application.scopes
        )
        provider = self._platform.identity_provider
        grant = provider.grant(account, brand, set(scopes) | set(OPENID_SCOPES))
        return web.json_response(
            provider.token_answer(grant, str(request.url.origin()))
        )

    async def clock(self, request: web.Request) -> web.Response:
        """Tell the time."""
        return web.json_response(
            {
                "now": rfc3339(self._platform.clock.now()),
                "speed": self._platform.clock.speed,
            }
        )

    async def advance(self, request: web.Request) -> web.Response:
        """Jump ahead: `advance` in seconds or as an ISO 8601 duration, or `to` a moment; set `speed`."""
        body = await json_body(request)
        clock = self._platform.clock
        try:
            match body:
                case {"advance": str(duration)}:
                    clock.advance(parse_duration(duration))
                case {"advance": int() | float() as seconds}:
                    clock.advance(timedelta(seconds=seconds))
                case {"to": str(moment)}:
                    clock.advance(datetime.fromisoformat(moment) - clock.now())
                case _:
                    raise ValueError("advance or to is needed")
        except (ValueError, TypeError) as error:
            raise ApiError(400, str(error)) from error
        return await self.clock(request)

    async def log(self, request: web.Request) -> web.Response:
        """List all requests, oldest first."""
        entries: list[Json] = [
            {**asdict(entry), "time": rfc3339(entry.time)}
            for entry in self._platform.log
        ]
        return web.json_response({"requests": entries})
