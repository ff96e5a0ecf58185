"""A wrong field in a response affects no entity that does not depend on it."""

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
    lock,
    select,
    sensor,
    switch,
    time,
)
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.entity import StellantisEntityDescription
from custom_components.stellantis_connect.models import VehicleState
from homeassistant.core import HomeAssistant
from simulator.cars.garage import Recording
from simulator.server import Simulator

from .api.mutations import MUTATIONS, WRONG_TYPES, Path, mutated, paths
from .api.recorded import STATUSES, load, motorization
from .common import advance_time, entity_states, recording, set_status
from .conftest import SetupIntegration
from .harness import BATTERY, PETROL, Harness

DESCRIPTIONS: tuple[StellantisEntityDescription[Any], ...] = (
    *binary_sensor.STATUS_DESCRIPTIONS,
    *sensor.STATUS_DESCRIPTIONS,
    *(one for one in sensor.HISTORY_DESCRIPTIONS if one.key == "alarm_trigger"),
    *device_tracker.DESCRIPTIONS,
    button.REFRESH,
    lock.DESCRIPTION,
    select.DESCRIPTION,
    *switch.DESCRIPTIONS,
    *time.DESCRIPTIONS,
)
# The entities that show in another way what other entities show.
DERIVED = {
    "alarm_trigger",
    "any_opening",
    # It is unknown if it contradicts the level and the capacity.
    "battery_residual",
    # Belts have a value while the car moves.
    "belt_driver",
    "belt_passenger",
    "charge",
    "charge_partially",
    "charging",
    "charging_end",
    "charging_power",
    "charging_state",
    # It is unknown as long as the capacity is.
    "energy_charged",
    "last_update",
    "light_up",
    "lock",
    "position_time",
    "precondition",
    "preconditioning",
    "privacy_limits_data",
    *(f"program_{slot}" for slot in range(1, 5)),
    *(f"program_{slot}_start" for slot in range(1, 5)),
    "total_range",
}
# The entities of charges, which follow from several statuses.
HISTORY = {
    "charge_event",
    "last_charge_duration",
    "last_charge_end",
    "last_charge_energy",
    "last_charge_level",
    "last_charge_power",
}
CARS = (
    "made-status-phev",
    "ha211-status-2008-thermal-2025-06",
    "ha78-status-peugeot-bev-2025-03",
    "psa_ccc-status-bev-2023-03",
)


def values(raw: dict[str, Any], name: str) -> dict[str, object]:
    """Return the values of a car's entities."""
    state = VehicleState(status=Status.from_json(raw, motorization(name)))
    return {one.key: one.value_fn(state) for one in DESCRIPTIONS}


def differing(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Return the keys of different values."""
    return {key for key in before | after if before.get(key) != after.get(key)}


def assert_quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Assert that the integration logs at debug level only, and nothing else warns."""
    assert [
        record.getMessage()
        for record in caplog.records
        if record.name != "asyncio"
        and (
            record.levelno > logging.INFO
            or (
                record.name.startswith("custom_components")
                and record.levelno > logging.DEBUG
            )
        )
    ] == []


@pytest.mark.parametrize("mutation", WRONG_TYPES.values(), ids=WRONG_TYPES)
@pytest.mark.parametrize("name", STATUSES)
def test_wrong_type_changes_one_entity_at_most(name: str, mutation: object) -> None:
    """A wrong object or list changes no more than its fields do."""
    raw = load(name)
    before = values(raw, name)
    removed = WRONG_TYPES["removed"]

    def changed(path: Path, mutation: object) -> set[str]:
        return differing(before, values(mutated(raw, path, mutation), name)) - DERIVED

    changed_by: dict[Path, set[str]] = {}
    for path in sorted(paths(raw), key=len, reverse=True):
        inner = [
            keys for other, keys in changed_by.items() if other[: len(path)] == path
        ]
        keys = changed(path, mutation)
        if inner:
            assert keys <= set.union(*inner), path
        else:
            assert len(keys) <= 1, path
        changed_by[path] = keys | changed(path, removed)


class TestRunning:
    """A sample of all mutations in a running Home Assistant."""

    @pytest.fixture
    def name(self, request: pytest.FixtureRequest) -> str:
        """Return the name of a recording."""
        return str(request.param)

    @pytest.fixture
    def recordings(self, name: str) -> Sequence[Recording]:
        """Return the recorded car."""
        return [recording(name)]

    @pytest.mark.parametrize("name", CARS, indirect=True)
    @pytest.mark.usefixtures("_all_entities_enabled")
    async def test_mutated_status_changes_dependent_entities_only(
        self,
        hass: HomeAssistant,
        connected_simulator: Simulator,
        setup_integration: SetupIntegration,
        freezer: FrozenDateTimeFactory,
        caplog: pytest.LogCaptureFixture,
        name: str,
    ) -> None:
        """An entity changes only if its value follows from the mutated field."""
        entry = await setup_integration()
        before = entity_states(hass, entry)
        raw = load(name)
        fields = [*paths(raw, elements=True)]
        leaves = [
            path
            for path in fields
            if not any(other[: len(path)] == path != other for other in fields)
        ]
        sample = random.Random(name)
        caplog.clear()
        for _ in range(150):
            path = sample.choice(leaves)
            mutation = sample.choice([*MUTATIONS])
            status = mutated(raw, path, MUTATIONS[mutation])
            set_status(connected_simulator, status)
            await advance_time(hass, freezer, timedelta(hours=2))
            after = entity_states(hass, entry)
            dependent = differing(values(raw, name), values(status, name))
            # An entity stays once it has had a value.
            before = dict.fromkeys(after, "unknown") | before
            changed = {
                key
                for key in differing(before, after)
                # Pictures are fetched in the background.
                if not key.startswith("picture_")
            }
            assert changed <= dependent | HISTORY, (path, mutation)
            assert "unavailable" not in after.values()
        assert_quiet(caplog)


@pytest.mark.parametrize(
    ("endpoint", "keys"),
    [
        ("maintenance", ("daysBeforeMaintenance", "mileageBeforeMaintenance")),
        ("trips", ("id", "startedAt", "stoppedAt", "distance", "consumption", "done")),
        ("alerts", ("id", "type", "severity", "active", "startedAt", "endAt")),
        ("alarms", ("id", "activation", "createdAt")),
        ("collisions", ("id", "details", "createdAt")),
        ("lastPosition", ("coordinates", "createdAt")),
    ],
)
@pytest.mark.usefixtures("_all_entities_enabled")
async def test_mutated_list_raises_and_logs_nothing(
    harness: Harness,
    caplog: pytest.LogCaptureFixture,
    endpoint: str,
    keys: Sequence[str],
) -> None:
    """Whatever a field of another response is, entities stay available."""
    values = [value for value in MUTATIONS.values() if type(value) is not object]
    sample = random.Random(endpoint)
    caplog.clear()
    for key in keys:
        for value in sample.sample(values, 2):
            fault = await harness.fault(
                "set_value", endpoint=endpoint, key=key, value=value, times=None
            )
            await advance_time(harness.hass, harness.freezer, timedelta(hours=25))
            await harness.delete_faults(fault)
            for car in (BATTERY, PETROL):
                states = entity_states(harness.hass, harness.entry, car)
                assert "unavailable" not in states.values()
    assert_quiet(caplog)
