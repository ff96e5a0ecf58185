"""The control interface under `/_sim`, which is not part of the platform."""

import asyncio
from dataclasses import asdict
from datetime import datetime, timedelta

from aiohttp import web

from .application import OPENID_SCOPES
from .backend import Backend
from .brands import BRANDS
from .cars.car import Car
from .cars.changes import apply_changes, truth
from .clock import rfc3339
from .errors import ApiError, Json, json_body
from .faults import parse_fault
from .intervals import parse_duration


class Control:
    """The endpoints that control the simulator."""

    def __init__(self, backend: Backend) -> None:
        """Initialize the endpoints."""
        self._backend = backend

    def routes(self) -> list[web.RouteDef]:
        """Return what to add to the application."""
        return [
            web.post("/_sim/token", self.token),
            web.post("/_sim/clock", self.advance),
            web.get("/_sim/clock", self.clock),
            web.get("/_sim/log", self.log),
            web.get("/_sim/vehicles", self.vehicles),
            web.patch("/_sim/vehicles/{id}", self.change),
            web.get("/_sim/faults", self.faults),
            web.post("/_sim/faults", self.add_fault),
            web.delete("/_sim/faults", self.delete_faults),
            web.get("/_sim/messages", self.messages),
            web.get("/_sim/remotes", self.remotes),
            web.get("/_sim/application", self.application),
            web.patch("/_sim/application", self.change_application),
        ]

    async def token(self, request: web.Request) -> web.Response:
        """Return tokens without a browser: `brand`, and optionally `scopes` and `email`."""
        body = await json_body(request)
        try:
            brand = BRANDS[str(body["brand"])]
        except KeyError:
            raise ApiError(400, f"brand: one of {', '.join(BRANDS)}") from None
        accounts = self._backend.identity.accounts
        account = accounts.get(str(body.get("email", next(iter(accounts)))))
        if account is None:
            raise ApiError(400, "email: no such account")
        wanted = body.get("scopes")
        scopes = (
            {str(scope) for scope in wanted}
            if isinstance(wanted, list)
            else self._backend.application.scopes
        )
        provider = self._backend.identity_provider
        grant = provider.grant(account, brand, set(scopes) | set(OPENID_SCOPES))
        return web.json_response(
            provider.token_answer(grant, str(request.url.origin()))
        )

    async def clock(self, request: web.Request) -> web.Response:
        """Return the time."""
        return web.json_response(
            {
                "now": rfc3339(self._backend.clock.now()),
                "speed": self._backend.clock.speed,
            }
        )

    async def advance(self, request: web.Request) -> web.Response:
        """Advance by seconds or an ISO 8601 duration, or `to` a moment."""
        body = await json_body(request)
        clock = self._backend.clock
        try:
            clock.advance(_jump(body, clock.now()))
        except (ValueError, TypeError) as error:
            raise ApiError(400, str(error)) from error
        return await self.clock(request)

    async def log(self, request: web.Request) -> web.Response:
        """List all requests, oldest first."""
        entries: list[Json] = [
            {**asdict(entry), "time": rfc3339(entry.time)}
            for entry in self._backend.log
        ]
        return web.json_response({"requests": entries})

    async def vehicles(self, request: web.Request) -> web.Response:
        """List all cars with their truth; `brand` and `email` narrow the search."""
        brands = [
            BRANDS[name]
            for name in request.query.getall("brand", list(BRANDS))
            if name in BRANDS
        ]
        emails = request.query.getall("email", list(self._backend.identity.accounts))
        shown: list[Json] = []
        for account in self._backend.identity.accounts.values():
            if account.email not in emails:
                continue
            for brand in brands:
                for car in self._backend.garages.of(account, brand, absent=True):
                    shown.append(self._show(car, account.email))
                    # A car's past is lived through now; let others have a turn.
                    await asyncio.sleep(0)
        return web.json_response({"vehicles": shown})

    def _show(self, car: Car, owner: str) -> dict[str, Json]:
        return {
            "id": car.id,
            "vin": car.vin,
            "brand": car.brand.name,
            "owner": owner,
            "label": car.model.label,
            "motorization": car.model.motorization,
            "dialect": car.dialect,
            "present": car.id not in self._backend.garages.absent,
            "truth": truth(car, car.at(self._backend.clock.now())),
        }

    async def change(self, request: web.Request) -> web.Response:
        """Change a car; return it."""
        body = await json_body(request)
        garages = self._backend.garages
        owner, car = garages.find(
            request.match_info["id"], self._backend.identity.accounts.values()
        )
        if car is None:
            raise ApiError(404, "no such vehicle")
        present = body.pop("present", None)
        try:
            car.change(
                self._backend.clock.now(), lambda state: apply_changes(car, state, body)
            )
        except (ValueError, TypeError) as error:
            raise ApiError(400, str(error)) from error
        if present is not None:
            (garages.absent.discard if present else garages.absent.add)(car.id)
        return web.json_response(self._show(car, owner))

    async def faults(self, request: web.Request) -> web.Response:
        """List the faults, with how often each will still strike."""
        shown: list[Json] = [
            {"id": number, **asdict(fault)}
            for number, fault in self._backend.faults.all().items()
        ]
        return web.json_response({"faults": shown})

    async def add_fault(self, request: web.Request) -> web.Response:
        """Add a fault; some kinds apply at once, the others to requests."""
        try:
            fault = parse_fault(await json_body(request))
        except (ValueError, TypeError) as error:
            raise ApiError(400, str(error)) from error
        brand = BRANDS.get(fault.brand or "")
        match fault.kind:
            case "expire_tokens":
                self._backend.identity.expire_access_tokens(brand)
            case "revoke_tokens":
                self._backend.identity.revoke_all(brand)
            case "fail_monitors":
                for monitor in self._backend.subscriptions.monitors():
                    monitor.status = "Failed"
            case "fail_callbacks":
                for callback in self._backend.subscriptions.all_callbacks(brand):
                    callback.status = "Failed"
            case "forget_callbacks":
                for callback in self._backend.subscriptions.all_callbacks(brand):
                    self._backend.subscriptions.unsubscribe(callback)
            case _:
                return web.json_response(
                    {"id": self._backend.faults.add(fault)}, status=201
                )
        return web.json_response({"id": None}, status=201)

    async def delete_faults(self, request: web.Request) -> web.Response:
        """Delete one fault by `id`, or all."""
        wanted = request.query.get("id")
        self._backend.faults.delete(
            int(wanted) if wanted and wanted.isdecimal() else None
        )
        return web.Response(status=204)

    async def messages(self, request: web.Request) -> web.Response:
        """List what was sent to callbacks, oldest first."""
        return web.json_response({"messages": self._backend.post.shown()})

    async def remotes(self, request: web.Request) -> web.Response:
        """List all remotes with their progress, oldest first."""
        now = self._backend.clock.now()
        shown: list[Json] = [one.shown(now) for one in self._backend.remotes.sent()]
        return web.json_response({"remotes": shown})

    async def application(self, request: web.Request) -> web.Response:
        """Return the application without its secret, and its plan's limits."""
        application, limits = self._backend.application, self._backend.quota.limits
        redirects = application.redirect_uris
        return web.json_response(
            {
                "client_id": application.client_id,
                "scopes": sorted(application.scopes),
                "redirect_uris": None if redirects is None else sorted(redirects),
                "plan": application.plan,
                "announce_scopes": application.announce_scopes,
                "withheld_claims": sorted(application.withheld_claims),
                "wake_ups_per_month": application.wake_ups_per_month,
                "per_day": limits.per_day,
                "per_second": limits.per_second,
                "numbered": limits.numbered,
            }
        )

    async def change_application(self, request: web.Request) -> web.Response:
        """Change the application, by the same names."""
        application, limits = self._backend.application, self._backend.quota.limits
        for name, value in (await json_body(request)).items():
            match name, value:
                case "scopes", list():
                    application.scopes = set(map(str, value))
                case "client_secret", str():
                    application.client_secret = value
                case "withheld_claims", list():
                    application.withheld_claims = set(map(str, value))
                case "redirect_uris", None:
                    application.redirect_uris = None
                case "redirect_uris", list():
                    application.redirect_uris = set(map(str, value))
                case "plan", bool():
                    application.plan = value
                case "announce_scopes", bool():
                    application.announce_scopes = value
                case "wake_ups_per_month", int():
                    application.wake_ups_per_month = value
                case "per_day", int():
                    limits.per_day = value
                case "per_second", int():
                    limits.per_second = value
                case "numbered", bool():
                    limits.numbered = value
                case _:
                    raise ApiError(400, f"{name}: unknown, or of a wrong type")
        return await self.application(request)


def _jump(body: dict[str, Json], now: datetime) -> timedelta:
    match body:
        case {"advance": str(duration)}:
            return parse_duration(duration)
        case {"advance": int() | float() as seconds}:
            return timedelta(seconds=seconds)
        case {"to": str(moment)}:
            return datetime.fromisoformat(moment) - now
        case _:
            raise ValueError("advance or to is needed")
