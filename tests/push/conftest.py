"""A webhook that the simulator reaches over loopback."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
import logging
from typing import Any

from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import async_test_home_assistant
from yarl import URL

from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.push import url
from custom_components.stellantis_connect.push.manager import PushManager
from homeassistant.core import HomeAssistant
from homeassistant.helpers.network import NoURLAvailableError
from homeassistant.helpers.storage import Store
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from simulator.push.subscriptions import Callback, Monitor
from simulator.server import Simulator

from ..common import add_config_entry, import_credentials
from ..conftest import new_token
from ..harness import BATTERY, MINUTE, MOMENT, Harness
from ..simulator_client import control

EXTERNAL_URL = "https://home.example"


@pytest.fixture
def loopbacks(monkeypatch: pytest.MonkeyPatch) -> dict[HomeAssistant, URL]:
    """Return where each Home Assistant listens, which is where its external URL leads to."""
    # The access log cannot use the frozen time.
    logging.getLogger("aiohttp.access").setLevel(logging.CRITICAL)
    loopbacks: dict[HomeAssistant, URL] = {}

    def get_url(hass: HomeAssistant, *, require_ssl: bool = False, **_: bool) -> str:
        external = URL(hass.config.external_url or "")
        if not external.host or (require_ssl and external.scheme != "https"):
            raise NoURLAvailableError
        host = "127.0.0.1" if external.host == URL(EXTERNAL_URL).host else "localhost"
        return str(loopbacks[hass].with_host(host)).rstrip("/")

    monkeypatch.setattr(url, "get_url", get_url)
    return loopbacks


@pytest.fixture
async def external_url(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    connected_simulator: Simulator,
    hass_client_no_auth: Callable[[], Awaitable[TestClient[Any, Any]]],
    loopbacks: dict[HomeAssistant, URL],
) -> None:
    """Set an external URL that leads to this Home Assistant over loopback."""
    client = await hass_client_no_auth()
    loopbacks[hass] = client.make_url("/").origin()
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

    @property
    def callback(self) -> Callback:
        """Return the callback of the account."""
        callback_id = self.entry.runtime_data.callback.id
        [callback] = [one for one in self.callbacks() if one.id == callback_id]
        return callback

    def monitor_ids(self) -> dict[str, set[str]]:
        """Return the ids of the account's monitors of each car, by the label of the car."""
        monitors = self.simulator.backend.subscriptions.monitors(self.callback)
        return {
            vehicle.vehicle.label: {
                one.id for one in monitors if one.car.id == vehicle.vehicle.id
            }
            for vehicle in self.entry.runtime_data.account.vehicles.values()
        }

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

    async def last_message(self) -> dict[str, Any]:
        """Return the last message that the platform has sent."""
        sent = await control(self.simulator, "GET", "messages")
        message: dict[str, Any] = sent["messages"][-1]["message"]
        return message

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


type AddInstallation = Callable[..., Awaitable[PushHarness]]


@pytest.fixture
async def add_installation(
    push_harness: PushHarness,
    loopbacks: dict[HomeAssistant, URL],
    aiohttp_client: Callable[[Any], Awaitable[TestClient[Any, Any]]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[AddInstallation]:
    """Return how to make another Home Assistant for the same account, which is not set up yet."""
    names = {push_harness.hass: ""}
    initialize = Store.__init__

    def initialize_store(
        store: Store[Any],
        hass: HomeAssistant,
        version: int,
        key: str,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        name = names.setdefault(hass, f"{len(names)}.")
        initialize(store, hass, version, f"{name}{key}", *args, **kwargs)

    monkeypatch.setattr(Store, "__init__", initialize_store)
    async with AsyncExitStack() as stack:

        async def add_installation(entry_id: str | None = None) -> PushHarness:
            directory = str(tmp_path_factory.mktemp("installation"))
            hass = await stack.enter_async_context(
                async_test_home_assistant(config_dir=directory)
            )
            stack.push_async_callback(stop, hass)
            hass.data.pop(DATA_CUSTOM_COMPONENTS)
            assert await async_setup_component(hass, "application_credentials", {})
            assert await async_setup_component(hass, DOMAIN, {})
            await import_credentials(hass)
            client = await aiohttp_client(hass.http.app)
            loopbacks[hass] = client.make_url("/").origin()
            hass.config.external_url = EXTERNAL_URL
            token = await new_token(push_harness.simulator)
            entry = add_config_entry(hass, token, entry_id=entry_id)
            return replace(push_harness, hass=hass, entry=entry)

        async def stop(hass: HomeAssistant) -> None:
            for one in hass.config_entries.async_loaded_entries(DOMAIN):
                await hass.config_entries.async_unload(one.entry_id)
            await hass.async_stop(force=True)

        yield add_installation


@pytest.fixture
async def second(add_installation: AddInstallation) -> PushHarness:
    """Return a second installation."""
    return await add_installation()
