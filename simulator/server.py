"""The simulator's server."""

import asyncio
from collections.abc import Callable, Iterable
import contextlib
from datetime import datetime, timedelta
from functools import cached_property
from typing import Self

from aiohttp import web

from .api import ApiViews
from .application import Application
from .backend import Backend, LogEntry
from .cars.garage import Garages, Recording, read_recording
from .cars.models import MODELS
from .certificates import Certificates
from .clock import Clock, real_time, rfc3339
from .control import Control
from .errors import Refusal
from .fault_kinds import Handler, is_dropped
from .faults import Faults
from .gateway import Gateway
from .history import HistoryViews
from .identity import Account, Identity
from .identity_provider import IdentityProvider
from .push.delivery import Delivery
from .push.service import Push
from .push.subscriptions import Subscriptions
from .push.views import PushViews
from .quota import Limits, Quota
from .remotes.dispatch import Remotes
from .remotes.views import RemoteViews

ACCOUNTS = (
    Account("dev@example.com", "Dev", "Eloper", tuple(MODELS), recordings=True),
    Account("second@example.com", "Second", "Driver", ("petrol",)),
    Account("nocars@example.com", "Nobody", "Walks"),
)
HISTORY = timedelta(days=62)


class Simulator:
    """A stand-in for the platform.

    Start it with `start` or as an asynchronous context manager. Tests may pass `now`, a function that
    returns the moment; a frozen one holds cars and tokens still until `clock.advance`.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = real_time,
        speed: float = 1.0,
        seed: str = "1",
        history: timedelta = HISTORY,
        application: Application | None = None,
        accounts: Iterable[Account] = ACCOUNTS,
        recordings: Iterable[str | Recording] = (),
        limits: Limits | None = None,
        by_the_book: bool = False,
    ) -> None:
        """Initialize the platform; nothing listens before `start`."""
        clock = Clock(now, speed)
        application = application or Application()
        faults = Faults()
        identity = Identity(accounts, clock.client_now, faults.withdrawn)
        subscriptions, remotes = Subscriptions(), Remotes(application)
        post = Delivery(faults, clock.client_now)
        self.backend = Backend(
            clock=clock,
            application=application,
            identity=identity,
            identity_provider=IdentityProvider(identity, application, clock.client_now),
            garages=Garages(
                clock.now,
                seed=seed,
                history=history,
                by_the_book=by_the_book,
                recordings=[
                    read_recording(one) if isinstance(one, str) else one
                    for one in recordings
                ],
            ),
            quota=Quota(limits or Limits(), clock.client_now),
            faults=faults,
            subscriptions=subscriptions,
            remotes=remotes,
            post=post,
            push=Push(subscriptions, remotes, post, clock.now),
        )
        self.url = ""
        self.tls_url: str | None = None
        self._runner: web.AppRunner | None = None
        self._service: asyncio.Task[None] | None = None

    @cached_property
    def certificates(self) -> Certificates:
        """Return the authority behind TLS, and certificates for its clients."""
        return Certificates(self.clock.client_now())

    @property
    def clock(self) -> Clock:
        """Return the clock, to be advanced."""
        return self.backend.clock

    def create_app(self) -> web.Application:
        """Return the web application of the platform."""
        gateway = Gateway(self.backend)
        app = web.Application(middlewares=[self._watch])
        app.add_routes(self.backend.identity_provider.routes())
        for views in (ApiViews, HistoryViews, PushViews, RemoteViews):
            app.add_routes(views(self.backend, gateway).routes())
        app.add_routes(Control(self.backend).routes())
        return app

    async def start(
        self, host: str = "127.0.0.1", port: int = 0, tls_port: int | None = None
    ) -> str:
        """Start to listen; return the URL, whose port is a free one for 0.

        With a TLS port listen there too, to clients that show a certificate; see `tls_url`.
        """
        self._runner = web.AppRunner(
            self.create_app(), access_log=None, shutdown_timeout=1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        if tls_port is not None:
            context = self.certificates.server_context(host)
            site = web.TCPSite(self._runner, host, tls_port, ssl_context=context)
            await site.start()
        self.clock.on_advance(self.backend.push.nudge)
        self._service = asyncio.create_task(self.backend.push.run())
        ports = [address[1] for address in self._runner.addresses]
        self.url = f"http://{host}:{ports[0]}"
        self.tls_url = f"https://{host}:{ports[-1]}" if tls_port is not None else None
        return self.url

    async def stop(self) -> None:
        """Stop listening."""
        self.backend.faults.delete()
        if self._service is not None:
            self._service.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._service
            self._service = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def settle(self) -> None:
        """Evaluate the monitors and post the messages; tests that advance the clock await this."""
        await self.backend.push.settle()

    async def __aenter__(self) -> Self:
        """Listen on a free port of the loopback interface."""
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Stop listening."""
        await self.stop()

    @web.middleware
    async def _watch(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Log the request and apply the faults, except for the control interface."""
        if request.path.startswith("/_sim"):
            return await self._answer(request, handler)
        status: int | None = None
        try:
            response = await self.backend.faults.handle(
                request, lambda request: self._answer(request, handler)
            )
            status = None if is_dropped(response) else response.status
        except web.HTTPException as exception:
            status = exception.status
            raise
        finally:
            entry = LogEntry(
                self.clock.now(),
                request.method,
                request.path,
                request.query_string,
                status,
            )
            self.backend.log.append(entry)
        return response

    async def _answer(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refusal as refusal:
            return refusal.response(rfc3339(self.clock.now()))
