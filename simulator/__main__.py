"""Run the simulator: `python -m simulator --port 8900`."""

import argparse
import asyncio
import contextlib
from pathlib import Path
import signal

from .application import Application
from .server import Simulator


def parse_arguments() -> argparse.Namespace:
    """Return the command line's options."""
    default = Application()
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument(
        "--recording",
        action="append",
        default=[],
        metavar="FILE[:Electric|Hybrid|Thermic]",
    )
    parser.add_argument(
        "--speed",
        type=float,
        default=1.0,
        help="how many seconds of the cars pass in one",
    )
    parser.add_argument(
        "--seed", default="1", help="another seed gives other cars with another past"
    )
    parser.add_argument(
        "--by-the-book",
        action="store_true",
        help="follow the specification where real cars do not",
    )
    parser.add_argument("--client-id", default=default.client_id)
    parser.add_argument("--client-secret", default=default.client_secret)
    parser.add_argument(
        "--tls",
        action="store_true",
        help="listen with client certificates too, on a port of its own",
    )
    parser.add_argument(
        "--tls-port", type=int, default=0, help="that port (0: a free one)"
    )
    parser.add_argument(
        "--certificates",
        type=Path,
        metavar="DIR",
        help="where to write the client certificates, good and bad ones",
    )
    return parser.parse_args()


async def run(options: argparse.Namespace) -> None:
    """Serve until a signal arrives."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    simulator = Simulator(
        speed=options.speed,
        seed=options.seed,
        recordings=options.recording,
        by_the_book=options.by_the_book,
        application=Application(options.client_id, options.client_secret),
    )
    if options.certificates:
        simulator.certificates.write(options.certificates)
    tls_port = options.tls_port if options.tls else None
    url = await simulator.start(options.host, options.port, tls_port)
    if simulator.tls_url:
        print(f"with client certificates on {simulator.tls_url}")
    print(f"listening on {url}", flush=True)
    await stopped.wait()
    await simulator.stop()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run(parse_arguments()))
