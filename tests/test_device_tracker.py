"""The device tracker of a car."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant, State
from simulator.cars.garage import Recording
from simulator.server import Simulator

from .api.recorded import load
from .common import advance_time, entity_ids, recording, set_status

CAR = "made-status-phev"


@pytest.fixture
def recordings() -> Sequence[Recording]:
    """Return the one car."""
    return [recording(CAR)]


def tracker(hass: HomeAssistant, entry: MockConfigEntry) -> State:
    """Return the state of the car's tracker."""
    state = hass.states.get(entity_ids(hass, entry)["position"])
    assert state
    return state


def test_position_has_latitude_longitude_altitude_and_heading(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """The platform's longitude comes first."""
    attributes = tracker(hass, init_integration).attributes
    assert (attributes["latitude"], attributes["longitude"]) == (48.8566, 2.3522)
    assert (attributes["altitude"], attributes["heading"]) == (35, 271)
    assert attributes["source_type"] == "gps"


@pytest.mark.parametrize(
    ("properties", "meters"),
    [
        pytest.param({"type": "Acquire", "fixStatus": "3D"}, 10, id="open sky"),
        pytest.param({"type": "Acquire", "fixStatus": "2D"}, 50, id="few satellites"),
        pytest.param({"type": "Aquire"}, 25, id="spelling of older cars"),
        pytest.param({}, 25, id="unknown"),
        pytest.param({"fixStatus": "4D"}, 25, id="unheard-of"),
        pytest.param({"type": "Estimated"}, 500, id="in a tunnel"),
        pytest.param(
            {"type": "Estimate", "fixStatus": "3D"}, 500, id="estimated with a fix"
        ),
    ],
)
async def test_accuracy_follows_type_and_fix_of_position(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    init_integration: MockConfigEntry,
    simulator: Simulator,
    properties: Mapping[str, Any],
    meters: float,
) -> None:
    """The platform has no accuracy."""
    status = load(CAR)
    status["lastPosition"]["properties"] = properties
    set_status(simulator, status)
    await advance_time(hass, freezer, timedelta(hours=2))
    assert tracker(hass, init_integration).attributes["gps_accuracy"] == meters


@pytest.mark.parametrize(
    "position",
    [
        pytest.param(None, id="withheld"),
        pytest.param({"geometry": {"coordinates": [2.35]}}, id="half"),
        pytest.param({"geometry": {"coordinates": [2.35, 95]}}, id="off the globe"),
        pytest.param({"geometry": {"coordinates": ["2.35", "48.85"]}}, id="text"),
    ],
)
async def test_missing_or_invalid_position_is_unknown(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    init_integration: MockConfigEntry,
    simulator: Simulator,
    position: object,
) -> None:
    """The car is not at its last position."""
    set_status(simulator, {**load(CAR), "lastPosition": position})
    await advance_time(hass, freezer, timedelta(hours=2))
    state = tracker(hass, init_integration)
    assert state.state == "unknown"
    assert "latitude" not in state.attributes


async def test_position_on_the_equator_is_valid(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    init_integration: MockConfigEntry,
    simulator: Simulator,
) -> None:
    """Zero is a coordinate, and two numbers are enough."""
    status = load(CAR)
    status["lastPosition"]["geometry"]["coordinates"] = [0.0, 0.0]
    set_status(simulator, status)
    await advance_time(hass, freezer, timedelta(hours=2))
    attributes = tracker(hass, init_integration).attributes
    assert (attributes["latitude"], attributes["longitude"]) == (0, 0)
    assert attributes["altitude"] is None


@pytest.mark.parametrize(
    ("position_type", "state", "zones"),
    [
        pytest.param("Acquire", "home", ["zone.home"], id="acquired"),
        pytest.param("Estimated", "unknown", [], id="estimated"),
        pytest.param("Estimate", "unknown", [], id="other spelling"),
    ],
)
async def test_estimated_position_is_in_no_zone(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    init_integration: MockConfigEntry,
    simulator: Simulator,
    position_type: str,
    state: str,
    zones: list[str],
) -> None:
    """An estimate may be 550 m off; the map still shows it."""
    home = {"latitude": 48.8566, "longitude": 2.3522, "radius": 100}
    hass.states.async_set("zone.home", "0", home)
    status = load(CAR)
    status["lastPosition"]["properties"] = {"type": position_type, "heading": 1}
    set_status(simulator, status)
    await advance_time(hass, freezer, timedelta(hours=2))
    car = tracker(hass, init_integration)
    assert (car.state, car.attributes["in_zones"]) == (state, zones)
    assert car.attributes["latitude"] == 48.8566
