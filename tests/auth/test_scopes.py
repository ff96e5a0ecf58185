"""Tests of entities and requests without one of the permissions."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.availability.catalog import REMOTES
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.entity import (
    AnyCommandDescription,
    CommandDescription,
    StellantisEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import async_get_platforms
from simulator.server import Simulator

from ..conftest import CreateConfigEntry

SCOPES_OF_ENDPOINTS = {
    "status": Scope.TELEMETRY,
    "maintenance": Scope.TELEMETRY,
    "telemetry": Scope.TELEMETRY,
    "alarms": Scope.TELEMETRY,
    "lastPosition": Scope.POSITION,
    "trips": Scope.TRIP,
    "alerts": Scope.ALERT,
    "collisions": Scope.COLLISION,
}

# The entities that are derived from the state of the car.
DERIVED = ("_last_trip_electric_consumption", "_last_trip_energy", "_light_up")

# The entities that exist while the command that changes them is not permitted.
READ_ONLY = (
    "_locked",
    "_charging_next_delayed_time",
    "_charging_power_level",
    "_charging_type",
    "_preconditioning",
    *(f"_program_{slot}" for slot in range(1, 5)),
    *(f"_program_{slot}_start" for slot in range(1, 5)),
)

pytestmark = pytest.mark.usefixtures("_all_entities_enabled")


def entity_scopes(hass: HomeAssistant) -> dict[str, set[Scope]]:
    """Return the unique ids of all entities of cars, with the scopes that each requires."""
    return {
        entity.unique_id: required_scopes(description)
        for platform in async_get_platforms(hass, DOMAIN)
        for entity in platform.entities.values()
        if entity.unique_id
        and isinstance(
            description := entity.entity_description, StellantisEntityDescription
        )
    }


def required_scopes(description: StellantisEntityDescription[Any]) -> set[Scope]:
    """Return the scopes that an entity requires."""
    scopes = set(description.source.scopes)
    if isinstance(description, AnyCommandDescription):
        return scopes
    if isinstance(description, CommandDescription):
        return scopes.union(*(REMOTES[key].scopes for key in description.remotes))
    return scopes


@pytest.mark.parametrize("withdrawn", Scope)
async def test_scope_withdrawn_removes_its_entities_only(
    hass: HomeAssistant,
    setup_integration: CreateConfigEntry,
    connected_simulator: Simulator,
    entity_registry: er.EntityRegistry,
    freezer: FrozenDateTimeFactory,
    withdrawn: Scope,
) -> None:
    """Only entities that require the scope are removed, and nothing of it is requested."""
    entry = await setup_integration()
    before = entity_scopes(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    requests = connected_simulator.backend.log
    requests.clear()

    entry = await setup_integration(
        scopes=[scope for scope in Scope if scope is not withdrawn]
    )
    ignored = (*READ_ONLY, *DERIVED)
    remaining = {
        unique_id
        for unique_id, scopes in before.items()
        if withdrawn not in scopes and not unique_id.endswith(ignored)
    }
    assert {
        one for one in entity_scopes(hass) if not one.endswith(ignored)
    } == remaining
    registered = er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    assert {entity.unique_id for entity in registered} >= entity_scopes(hass).keys()
    endpoints = {request.path.rsplit("/", 1)[-1] for request in requests}
    assert all(
        SCOPES_OF_ENDPOINTS.get(endpoint) is not withdrawn for endpoint in endpoints
    )
    assert all(request.status != 403 for request in requests)


async def test_scope_position_alone_shows_position(
    hass: HomeAssistant, setup_integration: CreateConfigEntry
) -> None:
    """The position is fetched without the status."""
    await setup_integration(scopes=[Scope.POSITION])
    tracker = hass.states.get("device_tracker.compact_electric")
    assert tracker
    assert tracker.attributes["latitude"]
    assert hass.states.get("sensor.compact_electric_odometer") is None
