"""One right less: what goes, what stays, and what is not asked for any more."""

import pytest

from custom_components.stellantis_connect.api import Scope
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.entity import StellantisEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import async_get_platforms
from simulator.server import Simulator

from .conftest import NewEntry

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

pytestmark = pytest.mark.usefixtures("_all_entities_enabled")


def shown(hass: HomeAssistant) -> dict[str, Scope | None]:
    """Return the ids of all entities of cars, and the right that each takes."""
    return {
        entity.unique_id: description.scope
        for platform in async_get_platforms(hass, DOMAIN)
        for entity in platform.entities.values()
        if entity.unique_id
        and isinstance(
            description := entity.entity_description, StellantisEntityDescription
        )
    }


@pytest.mark.parametrize("withdrawn", Scope)
async def test_one_right_takes_its_entities_along_and_nothing_else(
    hass: HomeAssistant,
    enrol: NewEntry,
    platform: Simulator,
    entity_registry: er.EntityRegistry,
    withdrawn: Scope,
) -> None:
    """A right that is withdrawn takes exactly its entities along, and its requests."""
    entry = await enrol()
    before = shown(hass)
    await hass.config_entries.async_remove(entry.entry_id)
    requests = platform.platform.log
    requests.clear()

    entry = await enrol(scopes=[scope for scope in Scope if scope is not withdrawn])
    assert shown(hass) == {
        unique_id: scope
        for unique_id, scope in before.items()
        if scope is not withdrawn
    }
    registered = er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    assert {entity.unique_id for entity in registered} >= shown(hass).keys()
    leaves = {request.path.rsplit("/", 1)[-1] for request in requests}
    assert all(OPENED_BY.get(leaf) is not withdrawn for leaf in leaves)
    assert all(request.status != 403 for request in requests)


async def test_position_alone_still_shows_where_the_car_is(
    hass: HomeAssistant, enrol: NewEntry
) -> None:
    """Without the state of the car its position is asked for on its own."""
    await enrol(scopes=[Scope.POSITION])
    tracker = hass.states.get("device_tracker.compact_electric")
    assert tracker
    assert tracker.attributes["latitude"]
    assert hass.states.get("sensor.compact_electric_odometer") is None
