"""A real Home Assistant, the real integration, and the simulator in the platform's place."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
import logging
from pathlib import Path
import ssl
import tempfile
import time
from typing import Any, Protocol
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory, freeze_time
from hypothesis import HealthCheck, settings
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion
from yarl import URL

from custom_components.stellantis_connect.api import session
from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.entity import StellantisEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util, executor
from scripts.development.hosts import use_simulator
from simulator.cars.garage import Recording
from simulator.certificates import Certificates
from simulator.identity import Account
from simulator.server import ACCOUNTS, Simulator

from .activity import Activity
from .common import RECORDINGS_ACCOUNT, add_config_entry, import_credentials
from .harness import BATTERY, OLD_BATTERY, PETROL, PLUG_IN, Harness
from .simulator_client import OWNER, control

# How fast a machine is decides neither whether a test succeeds nor what it tries.
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")


class CreateConfigEntry(Protocol):
    """Creates an entry for an account that has signed in."""

    async def __call__(
        self,
        brand: Brand = Brand.PEUGEOT,
        scopes: Collection[Scope] = tuple(Scope),
        email: str = OWNER,
    ) -> MockConfigEntry:
        """Return the entry."""
        ...


@pytest.fixture(scope="session", autouse=True)
def _real_time() -> None:
    """Load cryptography with the real time: it keeps the first class of datetime."""
    Certificates(datetime.now(UTC))


@pytest.fixture(scope="session", autouse=True)
def _executor_shutdown_timeout() -> Iterator[None]:
    """Give threads time to end on a busy machine.

    Home Assistant interrupts those that do not end within a fraction of a second. A thread that is
    interrupted before it wakes the next one leaves that one behind.
    """
    with patch.object(executor, "EXECUTOR_SHUTDOWN_TIMEOUT", 600):
        yield


@pytest.fixture(scope="session", autouse=True)
def _quiet_database() -> None:
    """Keep the recorder's statements out of the reports."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Disable asyncio's debug mode, which takes a third of the time."""


@pytest.fixture(autouse=True)
async def _coarse_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make timers due at the frozen time.

    It counts from 1970, where adding a nanosecond, as asyncio does, changes nothing. There is
    no public way to tell asyncio so.
    """
    monkeypatch.setattr(asyncio.get_running_loop(), "_clock_resolution", 1e-6)


@pytest.fixture(autouse=True)
def _loopback(socket_enabled: None) -> None:
    """Enable sockets for the simulator."""


@pytest.fixture
def freezer() -> Iterator[FrozenDateTimeFactory]:
    """Freeze the time early in a morning, when all cars are parked, the same in every run."""
    with freeze_time("2026-03-18T05:00:00+00:00") as freezer:
        assert isinstance(freezer, FrozenDateTimeFactory)
        yield freezer


@pytest.fixture(autouse=True)
def _custom_integration(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Enable the integration in tests with Home Assistant.

    What is patched stays so until Home Assistant has stopped: `monkeypatch` is older.
    """
    # The recorder starts before Home Assistant.
    if "recorder_mock" in request.fixturenames:
        request.getfixturevalue("recorder_mock")
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture
def hass_config_dir(request: pytest.FixtureRequest, hass_tmp_config_dir: str) -> str:
    """Return a configuration directory of the test's own."""
    if "freezer" in request.fixturenames:
        # Home Assistant stops, and writes its storage, while the time is frozen.
        request.getfixturevalue("freezer")
    return hass_tmp_config_dir


@pytest.fixture(autouse=True)
def _own_uploads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Use a folder for uploads per test; Home Assistant clears one folder for all."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry without a pause."""
    monkeypatch.setattr(session, "FIRST_PAUSE", 0)


@pytest.fixture
def _all_entities_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable all entities."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots of Home Assistant's objects."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture
def recordings() -> Sequence[Recording]:
    """Return the recorded cars in the garage; tests override it."""
    return []


@pytest.fixture
def accounts(recordings: Sequence[Recording]) -> Iterable[Account]:
    """Return whose cars the platform knows; recorded ones have an account to themselves."""
    return [RECORDINGS_ACCOUNT] if recordings else ACCOUNTS


@pytest.fixture
def history() -> timedelta:
    """Return how long the cars have lived; tests override it."""
    return timedelta(days=9)


@pytest.fixture
async def simulator(
    accounts: Iterable[Account],
    recordings: Sequence[Recording],
    history: timedelta,
    _loopback: None,
) -> AsyncIterator[Simulator]:
    """Return the platform's stand-in, which follows Home Assistant's clock."""
    simulator = Simulator(
        now=dt_util.utcnow,
        accounts=accounts,
        recordings=recordings,
        history=history,
    )
    await simulator.start(tls_port=0)
    yield simulator
    await simulator.stop()


def _let_connections_end(hass: HomeAssistant) -> None:
    """Ignore lost connections of the simulator, which runs in the same loop."""
    handle = hass.loop.get_exception_handler()
    assert handle

    def handle_others(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, ssl.SSLError | ConnectionResetError):
            handle(loop, context)

    hass.loop.set_exception_handler(handle_others)


@pytest.fixture
async def connected_simulator(
    hass: HomeAssistant, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Simulator]:
    """Return the simulator in place of the platform, with credentials stored.

    Entries end before it does: what they still wait for leads to no other host.
    """
    tls_url = URL(simulator.tls_url or simulator.url)
    use_simulator(monkeypatch.setattr, URL(simulator.url), tls_url)
    _let_connections_end(hass)
    assert await async_setup_component(hass, "application_credentials", {})
    assert await async_setup_component(hass, DOMAIN, {})
    await import_credentials(hass)
    yield simulator
    simulator.backend.faults.delete()
    for entry in hass.config_entries.async_loaded_entries(DOMAIN):
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
def create_config_entry(
    hass: HomeAssistant, connected_simulator: Simulator
) -> CreateConfigEntry:
    """Return how to make an entry that is not set up yet."""

    async def create_config_entry(
        brand: Brand = Brand.PEUGEOT,
        scopes: Collection[Scope] = tuple(Scope),
        email: str = OWNER,
    ) -> MockConfigEntry:
        token = await new_token(connected_simulator, brand, scopes, email)
        return add_config_entry(hass, token, brand, scopes, email)

    return create_config_entry


@pytest.fixture
def setup_integration(
    hass: HomeAssistant, create_config_entry: CreateConfigEntry
) -> CreateConfigEntry:
    """Return how to make an entry and set it up as far as that goes."""

    async def setup_integration(
        brand: Brand = Brand.PEUGEOT,
        scopes: Collection[Scope] = tuple(Scope),
        email: str = OWNER,
    ) -> MockConfigEntry:
        entry = await create_config_entry(brand, scopes, email)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return entry

    return setup_integration


async def new_token(
    simulator: Simulator,
    brand: Brand = Brand.PEUGEOT,
    scopes: Collection[Scope] = tuple(Scope),
    email: str = OWNER,
) -> dict[str, Any]:
    """Sign in without a browser."""
    token: dict[str, Any] = await control(
        simulator, "POST", "token", brand=brand, scopes=[*scopes], email=email
    )
    return {**token, "expires_at": time.time() + token["expires_in"]}


type SetupIntegration = CreateConfigEntry


@pytest.fixture
async def mock_config_entry(create_config_entry: CreateConfigEntry) -> MockConfigEntry:
    """Return an entry that is not set up yet."""
    return await create_config_entry()


@pytest.fixture
async def init_integration(
    hass: HomeAssistant, mock_config_entry: MockConfigEntry
) -> MockConfigEntry:
    """Set up the integration; return its entry."""
    await hass.config_entries.async_setup(mock_config_entry.entry_id)
    await hass.async_block_till_done()
    return mock_config_entry


@pytest.fixture
async def activity(
    hass: HomeAssistant, connected_simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> Activity:
    """Return what is under way."""
    return Activity(monkeypatch, connected_simulator)


@pytest.fixture
def _event_entities_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable the entities that show commands and events."""
    keys = {
        "alarm",
        "alert",
        "charge_event",
        "collision",
        "command",
        "last_command",
        "trip",
    }

    def is_enabled(entity: Entity) -> bool:
        description = entity.entity_description
        return description.key in keys or description.entity_registry_enabled_default

    monkeypatch.setattr(
        StellantisEntity, "entity_registry_enabled_default", property(is_enabled)
    )


@pytest.fixture
async def harness(
    _event_entities_enabled: None,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    activity: Activity,
) -> Harness:
    """Return people whose four cars are awake."""
    harness = Harness(
        hass,
        freezer,
        connected_simulator,
        await setup_integration(),
        activity,
    )
    for label in (BATTERY, PLUG_IN, PETROL, OLD_BATTERY):
        await harness.change(label, sleep="awake")
        await harness.refresh(label)
    return harness
