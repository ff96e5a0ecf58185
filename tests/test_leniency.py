"""A field that is missing or wrong hides no entity but its own, in whichever recorded status."""

from collections.abc import Sequence
from datetime import timedelta
import logging
import random
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect import (
    binary_sensor,
    button,
    device_tracker,
    sensor,
)
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.entity import StellantisEntityDescription
from custom_components.stellantis_connect.models import VehicleState
from homeassistant.core import HomeAssistant
from simulator.cars.garage import Recording
from simulator.server import Simulator

from .api.mutations import REMOVED, WRONG_TYPES, Path, mutated, paths
from .api.recorded import STATUSES, load, motorization
from .common import advance_time, entity_states, recording, set_status
from .conftest import SetupIntegration

DESCRIPTIONS: tuple[StellantisEntityDescription[Any], ...] = (
    *binary_sensor.STATUS_DESCRIPTIONS,
    *sensor.STATUS_DESCRIPTIONS,
    button.REFRESH,
    *device_tracker.DESCRIPTIONS,
)
# What shows, in other words, what other entities show.
DERIVED = {
    "any_opening",
    # Belts have a value while the car moves.
    "belt_driver",
    "belt_passenger",
    # It is unknown where it contradicts the level and the capacity.
    "battery_residual",
    "charging",
    "charging_end",
    "last_update",
    "position_time",
    "preconditioning",
    "privacy_limits_data",
    # A program without start, days and consent is an unset slot: nothing to switch.
    "program_1",
    "program_2",
    "program_3",
    "program_4",
    "total_range",
}


def values(raw: dict[str, Any], name: str) -> dict[str, object]:
    """Return what the entities of a car would show."""
    state = VehicleState(status=Status.from_json(raw, motorization(name)))
    return {one.key: one.value_fn(state) for one in DESCRIPTIONS}


def differing(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Return the keys of the entities whose values differ."""
    return {key for key in before | after if before.get(key) != after.get(key)}


@pytest.mark.parametrize("mutation", WRONG_TYPES.values(), ids=WRONG_TYPES)
@pytest.mark.parametrize("name", STATUSES)
def test_wrong_field_changes_its_entity_at_most(name: str, mutation: object) -> None:
    """One wrong field changes one entity; one wrong object or list no more than it holds."""
    raw = load(name)
    before = values(raw, name)

    def changed(path: Path, mutation: object) -> set[str]:
        return differing(before, values(mutated(raw, path, mutation), name)) - DERIVED

    held: dict[Path, set[str]] = {}
    for path in sorted(paths(raw), key=len, reverse=True):
        within = [keys for inner, keys in held.items() if inner[: len(path)] == path]
        here = changed(path, mutation)
        if within:
            assert here <= set.union(*within), path
        else:
            assert len(here) <= 1, path
        held[path] = here | changed(path, REMOVED)


CAR = "made-status-phev"


@pytest.fixture
def recordings() -> Sequence[Recording]:
    """Return the car that tells most."""
    return [recording(CAR)]


@pytest.mark.usefixtures("_all_entities_enabled")
async def test_wrong_field_is_no_event(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In a running Home Assistant a wrong field changes one state, and the log stays empty."""
    entry = await setup_integration()
    before = entity_states(hass, entry)
    raw = load(CAR)
    leaves = [
        path
        for path in paths(raw)
        if not any(other[: len(path)] == path != other for other in paths(raw))
    ]
    for path in random.Random(1).sample(leaves, 30):
        for mutation in (REMOVED, "Unheard-of"):
            set_status(connected_simulator, mutated(raw, path, mutation))
            await advance_time(hass, freezer, timedelta(hours=2))
            after = entity_states(hass, entry)
            assert len(differing(before, after) - DERIVED) <= 1, path
            assert "unavailable" not in after.values()
    own = [record for record in caplog.records if record.name != "asyncio"]
    assert [record for record in own if record.levelno > logging.INFO] == []
