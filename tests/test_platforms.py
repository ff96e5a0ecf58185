"""All entities of each platform, for the simulated and three recorded cars."""

from collections.abc import Iterable, Sequence

import pytest
from pytest_homeassistant_custom_component.common import snapshot_platform
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

import custom_components.stellantis_connect as integration
from custom_components.stellantis_connect.const import PLATFORMS
from homeassistant.components.image import ImageEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator.cars.garage import Recording
from simulator.identity import Account
from simulator.server import ACCOUNTS

from .common import recording
from .conftest import SetupIntegration

RECORDINGS = (
    "ha211-status-2008-thermal-2025-06",
    "ha306-status-ec4-2025-09",
    "made-status-phev",
)


@pytest.fixture
def recordings() -> Sequence[Recording]:
    """Return a recorded car of each motorization."""
    return [recording(name) for name in RECORDINGS]


@pytest.fixture
def accounts() -> Iterable[Account]:
    """Return the accounts, the first with the simulated and the recorded cars."""
    return ACCOUNTS


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Return snapshots without the fields that only 2026.11 has."""
    return snapshot.with_defaults(exclude=props("compat_name"))


@pytest.mark.usefixtures("_all_entities_enabled", "freezer")
@pytest.mark.parametrize("platform", PLATFORMS)
async def test_platform_of_all_cars_matches_snapshot(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    monkeypatch: pytest.MonkeyPatch,
    setup_integration: SetupIntegration,
    snapshot: SnapshotAssertion,
    platform: Platform,
) -> None:
    """Each entity has the recorded registry entry and state."""
    monkeypatch.setattr(integration, "PLATFORMS", [platform])
    monkeypatch.setattr(
        ImageEntity, "async_update_token", lambda self: self.access_tokens.append("1")
    )
    entry = await setup_integration()
    await hass.async_block_till_done(wait_background_tasks=True)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)
