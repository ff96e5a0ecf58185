"""One right less: what goes, what stays, and what is not asked for any more."""

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

OPENED_BY = {
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
    *(f"_program_{slot}" for slot in range(1, 5)),
)

pytestmark = pytest.mark.usefixtures("_all_entities_enabled")


def shown(hass: HomeAssistant) -> dict[str, set[Scope]]:
    """Return the ids of all entities of cars, and the rights that each takes."""
    return {
        entity.unique_id: rights(description)
        for platform in async_get_platforms(hass, DOMAIN)
        for entity in platform.entities.values()
        if entity.unique_id
        and isinstance(
            description := entity.entity_description, StellantisEntityDescription
        )
    }


def rights(description: StellantisEntityDescription[Any]) -> set[Scope]:
    """Return the rights without which there is no such entity."""
    needed = set(description.source.scopes)
    if isinstance(description, AnyCommandDescription):
        return needed
    if isinstance(description, CommandDescription):
        return needed.union(*(REMOTES[key].scopes for key in description.remotes))
    return needed


@pytest.mark.parametrize("withdrawn", Scope)
async def test_one_right_takes_its_entities_along_and_nothing_else(
    hass: HomeAssistant,
    setup_integration: CreateConfigEntry,
    connected_simulator: Simulator,
    entity_registry: er.EntityRegistry,
    freezer: FrozenDateTimeFactory,
    withdrawn: Scope,
) -> None:
    """A right that is withdrawn takes exactly its entities along, and its requests."""
    entry = await setup_integration()
    before = shown(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    requests = connected_simulator.backend.log
    requests.clear()

    entry = await setup_integration(
        scopes=[scope for scope in Scope if scope is not withdrawn]
    )
    beside = (*READ_ONLY, *DERIVED)
    stays = {
        unique_id
        for unique_id, needed in before.items()
        if withdrawn not in needed and not unique_id.endswith(beside)
    }
    assert {one for one in shown(hass) if not one.endswith(beside)} == stays
    registered = er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    assert {entity.unique_id for entity in registered} >= shown(hass).keys()
    leaves = {request.path.rsplit("/", 1)[-1] for request in requests}
    assert all(OPENED_BY.get(leaf) is not withdrawn for leaf in leaves)
    assert all(request.status != 403 for request in requests)


async def test_position_alone_still_shows_where_the_car_is(
    hass: HomeAssistant, setup_integration: CreateConfigEntry
) -> None:
    """Without the state of the car its position is asked for on its own."""
    await setup_integration(scopes=[Scope.POSITION])
    tracker = hass.states.get("device_tracker.compact_electric")
    assert tracker
    assert tracker.attributes["latitude"]
    assert hass.states.get("sensor.compact_electric_odometer") is None
