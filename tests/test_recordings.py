"""The states of entities for the recorded statuses of real cars."""

from collections.abc import Sequence
import logging

from freezegun.api import FrozenDateTimeFactory
import pytest
from syrupy.assertion import SnapshotAssertion

from homeassistant.core import HomeAssistant
from simulator.cars.garage import Recording

from .api.recorded import STATUSES
from .common import entity_ids, recording
from .conftest import SetupIntegration

pytestmark = pytest.mark.usefixtures("_all_entities_enabled")


@pytest.fixture(autouse=True)
def _noon(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time: no recording has maintenance, so it depends on the clock."""
    freezer.move_to("2026-11-20T12:00:00+00:00")


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of a recording."""
    return str(request.param)


@pytest.fixture
def recordings(name: str) -> Sequence[Recording]:
    """Return the recorded car."""
    return [recording(name)]


async def states_with_units(
    hass: HomeAssistant, setup_integration: SetupIntegration
) -> dict[str, str]:
    """Return the states of a car's entities with their units, by their keys."""
    entry = await setup_integration()
    found = {}
    for key, entity_id in entity_ids(hass, entry).items():
        if not entity_id.startswith(("binary_sensor", "device_tracker", "sensor")):
            continue
        state = hass.states.get(entity_id)
        assert state
        unit = state.attributes.get("unit_of_measurement", "")
        found[key] = f"{state.state} {unit}".strip()
    return found


@pytest.mark.parametrize("name", STATUSES, indirect=True)
async def test_states_of_recording_match_snapshot(
    hass: HomeAssistant,
    setup_integration: SetupIntegration,
    caplog: pytest.LogCaptureFixture,
    snapshot: SnapshotAssertion,
) -> None:
    """Nothing is logged."""
    assert await states_with_units(hass, setup_integration) == snapshot
    assert [
        record.message for record in caplog.records if record.levelno > logging.INFO
    ] == []


NOT_SHOWN = None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param(
            "ha78-status-peugeot-bev-2025-03",
            {
                "fuel_level": NOT_SHOWN,
                "fuel_range": NOT_SHOWN,
                "total_range": NOT_SHOWN,
                "oil_temperature": NOT_SHOWN,
                "coolant_temperature": NOT_SHOWN,
                "engine_air_temperature": NOT_SHOWN,
            },
            id="a battery car lists an engine of 215 degrees and a tank",
        ),
        pytest.param(
            "psacc-status-bev-charging-2021-04",
            {"fuel_level": NOT_SHOWN, "battery_level": "70.0 %"},
            id="a battery car lists a tank with a level",
        ),
        pytest.param(
            "ha211-status-2008-thermal-2025-06",
            {
                "oil_temperature": "67.0 °C",
                "coolant_temperature": NOT_SHOWN,
                "engine_air_temperature": NOT_SHOWN,
                "battery_level": NOT_SHOWN,
            },
            id="of three sensors of an engine one exists",
        ),
        pytest.param(
            "ha78-status-peugeot-bev-2025-03",
            {"auxiliary_battery_level": "93.5 %"},
            id="the voltage is a percentage",
        ),
        pytest.param(
            "made-status-phev",
            {"fuel_consumption_total": "3815.12 L"},
            id="fuel is in centiliters",
        ),
        pytest.param(
            "psa_ccc-status-bev-2023-04",
            {"battery_level": "43.0 %", "electric_range": "128.0 km"},
            id="both dialects are in one response",
        ),
        pytest.param(
            "psa_ccc-status-bev-2023-03",
            {"odometer": "13890.3 km", "battery_level": "19.0 %"},
            id="the odometer has another name in the older dialect",
        ),
        pytest.param(
            "psacc-status-bev-2022-03",
            {"moving": NOT_SHOWN},
            id="the car claims to move since a year",
        ),
        pytest.param(
            "ha104-status-peugeot-bev-stla-2025-03",
            {"opening_roof_window": "on", "any_opening": "off"},
            id="a roof window that does not exist is open",
        ),
        pytest.param(
            "ha306-status-ec4-2025-09",
            {"last_update": "2025-09-17T06:31:43+00:00"},
            id="the time of both lists of energies is frozen",
        ),
    ],
    indirect=["name"],
)
async def test_implausible_value_of_recording_is_not_shown(
    hass: HomeAssistant,
    setup_integration: SetupIntegration,
    expected: dict[str, str | None],
) -> None:
    """The models convert sentinels, former dialects, and units."""
    found = await states_with_units(hass, setup_integration)
    assert {key: found.get(key) for key in expected} == expected
