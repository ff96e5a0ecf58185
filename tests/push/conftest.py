"""A webhook that the simulator reaches over loopback."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import logging
from typing import Any

from aiohttp.test_utils import TestClient
import pytest
from yarl import URL

from custom_components.stellantis_connect.push import url
from custom_components.stellantis_connect.push.manager import PushManager
from homeassistant.core import HomeAssistant
from homeassistant.helpers.network import NoURLAvailableError
from simulator.push.subscriptions import Callback, Monitor
from simulator.server import Simulator

from ..harness import BATTERY, MINUTE, MOMENT, Harness

EXTERNAL_URL = "https://home.example"


@pytest.fixture
async def external_url(
    _morning: None,
    hass: HomeAssistant,
    connected_simulator: Simulator,
    hass_client_no_auth: Callable[[], Awaitable[TestClient[Any, Any]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Set an external URL that leads to this Home Assistant over loopback."""
    # The access log cannot use the frozen time.
    logging.getLogger("aiohttp.access").setLevel(logging.CRITICAL)
    client = await hass_client_no_auth()
    loopback = client.make_url("/").origin()

    def get_url(hass: HomeAssistant, *, require_ssl: bool = False, **_: bool) -> str:
        external = URL(hass.config.external_url or "")
        if not external.host or (require_ssl and external.scheme != "https"):
            raise NoURLAvailableError
        host = "127.0.0.1" if external.host == URL(EXTERNAL_URL).host else "localhost"
        return str(loopback.with_host(host)).rstrip("/")

    monkeypatch.setattr(url, "get_url", get_url)
    hass.config.external_url = EXTERNAL_URL


@dataclass(frozen=True)
class PushHarness(Harness):
    """A household that the platform sends messages to."""

    @property
    def push(self) -> PushManager:
        """Return push of the account."""
        push: PushManager = self.entry.runtime_data.push
        return push

    def state_of_push(self) -> str:
        """Return the state of the sensor of push."""
        state = self.hass.states.get("binary_sensor.peugeot_account_push_working")
        assert state
        return state.state

    def callbacks(self) -> list[Callback]:
        """Return all callbacks at the platform."""
        return self.simulator.backend.subscriptions.all_callbacks()

    def monitors(self, label: str = BATTERY) -> dict[str, Monitor]:
        """Return the monitors of a car by their keys."""
        vehicle_id = self.car(label).vehicle.id
        return {
            monitor.parameters.label.partition(".")[0]: monitor
            for monitor in self.simulator.backend.subscriptions.monitors()
            if monitor.car.id == vehicle_id
        }

    async def deliver(self) -> None:
        """Let the platform send what there is to send."""
        await self.pass_time(2 * MOMENT)
        await self.simulator.settle()
        await self.activity.settle()

    async def happen(self, label: str = BATTERY, **changes: object) -> None:
        """Change a car, and let the platform send messages about it."""
        self.freezer.tick(1)
        await self.change(label, **changes)
        await self.deliver()


@pytest.fixture
async def push_harness(external_url: None, harness: Harness) -> PushHarness:
    """Return a household whose monitors exist."""
    push_harness = PushHarness(**vars(harness))
    await push_harness.pass_time(MINUTE, MINUTE)
    return push_harness
