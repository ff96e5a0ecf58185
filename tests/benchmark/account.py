"""Home Assistant with an account of Stellantis, without a browser."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
import logging
import tempfile
import time
from typing import Any

from aiohttp import ClientSession, ThreadedResolver
from aiohttp.test_utils import TestServer, unused_port
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)
from yarl import URL

from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.runtime import VehicleData
from homeassistant import loader
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import aiohttp_client, frame
from homeassistant.setup import async_setup_component
from scripts.development.hosts import use_loopback, use_simulator

from ..common import add_config_entry, import_credentials


class _Resolver(ThreadedResolver):
    """A resolver that does not search the network for names."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize the resolver."""
        super().__init__()

    async def real_close(self) -> None:
        """Close the resolver when Home Assistant stops."""


@dataclass(frozen=True)
class Home:
    """A Home Assistant whose integration sends its requests to a simulator.

    Attributes:
        url: where the simulator listens.
        local_url: where Home Assistant listens, for messages.
    """

    hass: HomeAssistant
    url: str
    local_url: URL

    async def add_entry(self) -> MockConfigEntry:
        """Add an entry of an account that is not set up yet."""
        token = await self.control("POST", "token", brand=Brand.PEUGEOT)
        token["expires_at"] = time.time() + token["expires_in"]
        return add_config_entry(self.hass, token)

    async def set_up(self, entry: ConfigEntry) -> Sequence[VehicleData]:
        """Set up an entry; return its cars."""
        assert await self.hass.config_entries.async_setup(entry.entry_id)
        await self.hass.async_block_till_done()
        return [*entry.runtime_data.vehicles.values()]

    async def control(self, method: str, path: str, **body: object) -> Any:
        """Send a request to the simulator's control interface."""
        async with (
            ClientSession() as session,
            session.request(
                method, f"{self.url}/_sim/{path}", json=body or None
            ) as response,
        ):
            response.raise_for_status()
            return await response.json()

    async def change(self, car: VehicleData, **changes: object) -> None:
        """Change a simulated car."""
        vehicle_id = car.coordinator.vehicle.id
        await self.control("PATCH", f"vehicles/{vehicle_id}", **changes)


@asynccontextmanager
async def running_home(url: str, *, push: bool = False) -> AsyncIterator[Home]:
    """Run a Home Assistant without accounts; with push, messages reach it over loopback."""
    logging.getLogger("aiohttp.access").setLevel(logging.CRITICAL)
    async with AsyncExitStack() as stack:
        config_dir = stack.enter_context(tempfile.TemporaryDirectory())
        monkeypatch = stack.enter_context(pytest.MonkeyPatch.context())
        use_simulator(monkeypatch.setattr, URL(url), None)
        monkeypatch.setattr(aiohttp_client, "_async_make_resolver", _Resolver)
        hass = await stack.enter_async_context(
            async_test_home_assistant(config_dir=config_dir)
        )
        stack.push_async_callback(hass.async_stop, force=True)
        frame.async_setup(hass)
        hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)
        # Another Home Assistant may have the default port.
        config = {"http": {"server_port": unused_port()}}
        # What adds views does so before the server starts.
        for domain in (
            "application_credentials",
            "calendar",
            "image",
            "webhook",
            DOMAIN,
        ):
            assert await async_setup_component(hass, domain, config)
        await import_credentials(hass)
        server = await stack.enter_async_context(TestServer(hass.http.app))
        local_url = server.make_url("/")
        if push:
            use_loopback(monkeypatch.setattr, local_url)
        stack.push_async_callback(_unload_entries, hass)
        yield Home(hass, url, local_url)


async def _unload_entries(hass: HomeAssistant) -> None:
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)
