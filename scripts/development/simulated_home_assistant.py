"""Run Home Assistant with the simulator in place of Stellantis' hosts."""

from argparse import ArgumentParser
import sys

from yarl import URL

from homeassistant.__main__ import main

from .hosts import use_loopback, use_simulator

parser = ArgumentParser()
parser.add_argument("--simulator", type=URL, required=True)
parser.add_argument("--simulator-tls", type=URL)
parser.add_argument("--url", type=URL, required=True)
options, arguments = parser.parse_known_args()
sys.argv = [sys.argv[0], *arguments]
use_simulator(setattr, options.simulator, options.simulator_tls)
use_loopback(setattr, options.url)
sys.exit(main())
