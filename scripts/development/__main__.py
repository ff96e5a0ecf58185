"""Start the simulator and Home Assistant: see scripts/develop."""

from argparse import ArgumentParser, Namespace
import asyncio
from asyncio.subprocess import Process
from pathlib import Path
import signal
import sys
import webbrowser

from aiohttp import ClientSession

from . import DevelopmentError
from .configuration import FOLDER, has_person, write_configuration
from .dashboard import show_garage
from .enrolment import ensure_enrolled
from .home_assistant import PASSWORD, PERSON, LoginClient
from .programs import ensure_free, free_port, local, running

_RESTART = 100
"""The status with which Home Assistant ends when a person tells it to restart."""


class _RestartWanted(Exception):
    """Home Assistant restarts."""


def _options() -> Namespace:
    parser = ArgumentParser(
        prog="scripts/develop",
        description="Start the simulator and a Home Assistant with its cars, for this machine only.",
    )
    parser.add_argument(
        "--port", type=int, default=8123, help="Home Assistant's port (%(default)s)"
    )
    parser.add_argument(
        "--simulator-port",
        type=int,
        default=8900,
        help="the simulator's port (%(default)s)",
    )
    parser.add_argument(
        "--recording",
        action="append",
        default=[],
        metavar="FILE[:Electric|Hybrid|Thermic]",
        help="a recorded status, parked as one more car; may be given again",
    )
    parser.add_argument(
        "--tls",
        action="store_true",
        help="reach the simulator's API with a client certificate",
    )
    parser.add_argument("--headless", action="store_true", help="open no browser")
    return parser.parse_args()


def _say(text: str) -> None:
    print(f"develop: {text}", flush=True)


async def _develop(options: Namespace) -> None:
    """Run the simulator and Home Assistant until one of them fails, or until cancelled."""
    for port in (options.port, options.simulator_port):
        ensure_free(port)
    hosts = [
        f"--simulator={local(options.simulator_port)}",
        f"--url={local(options.port)}",
    ]
    arguments = [f"--port={options.simulator_port}"]
    arguments += [f"--recording={recording}" for recording in options.recording]
    certificates = FOLDER / "certificates" if options.tls else None
    if certificates:
        tls_url = local(port := free_port()).with_scheme("https")
        hosts.append(f"--simulator-tls={tls_url}")
        arguments += ["--tls", f"--tls-port={port}", f"--certificates={certificates}"]
    _say("starting the simulator")
    async with (
        running("simulator", *arguments) as simulator,
        ClientSession() as session,
    ):
        write_configuration(options.port)
        login = LoginClient(session, local(options.port))
        show = not options.headless
        while True:
            _say("starting Home Assistant")
            try:
                async with (
                    running(
                        "scripts.development.simulated_home_assistant",
                        f"--config={FOLDER}",
                        *hosts,
                    ) as home_assistant,
                    asyncio.TaskGroup() as group,
                ):
                    group.create_task(_watch("the simulator", simulator))
                    group.create_task(_watch("Home Assistant", home_assistant))
                    await _set_up(login, certificates)
                    if show:
                        await _show(login)
                        show = False
            except* _RestartWanted:
                _say("Home Assistant restarts")


async def _watch(name: str, program: Process) -> None:
    """Raise an exception when a program ends."""
    if (status := await program.wait()) == _RESTART:
        raise _RestartWanted
    raise DevelopmentError(f"{name} has ended with status {status}")


async def _set_up(login: LoginClient, certificates: Path | None) -> None:
    """Set up the account and the dashboard of a starting Home Assistant."""
    code = await (login.sign_in() if has_person() else login.welcome())
    async with login.enter(code) as home:
        await home.until_running()
        _say("enrolling the account")
        await ensure_enrolled(home, certificates)
        await show_garage(home)
    _say(
        f"ready at {login.url}: sign in as {PERSON} with the password {PASSWORD}; "
        "Ctrl-C stops everything"
    )


async def _show(login: LoginClient) -> None:
    """Open a browser that is signed in, if there is one."""
    invitation = login.invitation(await login.sign_in())
    await asyncio.to_thread(webbrowser.open, str(invitation))


async def _run_until_signal(options: Namespace) -> int:
    """Run until a signal arrives; return the exit status."""
    work = asyncio.ensure_future(_develop(options))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    status = 0
    try:
        await work
    except* asyncio.CancelledError:
        _say("stopped")
    except* DevelopmentError as failures:
        status = 1
        for failure in failures.exceptions:
            _say(str(failure))
    return status


sys.exit(asyncio.run(_run_until_signal(_options())))
