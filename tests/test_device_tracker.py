"""Where a car is, and how surely."""

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


def test_longitude_comes_first_on_the_platform(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Home Assistant's map shows the car in Paris, not in the Indian Ocean."""
    attributes = tracker(hass, entry).attributes
    assert (attributes["latitude"], attributes["longitude"]) == (48.8566, 2.3522)
    assert (attributes["altitude"], attributes["heading"]) == (35, 271)
    assert attributes["source_type"] == "gps"


@pytest.mark.parametrize(
    ("properties", "metres"),
    [
        pytest.param({"type": "Acquire", "fixStatus": "3D"}, 10, id="open sky"),
        pytest.param({"type": "Acquire", "fixStatus": "2D"}, 50, id="few satellites"),
        pytest.param({"type": "Aquire"}, 25, id="as older cars spell it"),
        pytest.param({}, 25, id="not told"),
        pytest.param({"fixStatus": "4D"}, 25, id="unheard-of"),
        pytest.param({"type": "Estimated"}, 500, id="in a tunnel"),
        pytest.param({"type": "Estimate", "fixStatus": "3D"}, 500, id="by guess"),
    ],
)
async def test_accuracy_follows_from_how_the_position_was_found(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    simulator: Simulator,
    properties: Mapping[str, Any],
    metres: float,
) -> None:
    """The radius grows with the doubt."""
    told = load(CAR)
    told["lastPosition"]["properties"] = properties
    set_status(simulator, told)
    await advance_time(hass, freezer, timedelta(hours=2))
    assert tracker(hass, entry).attributes["gps_accuracy"] == metres


@pytest.mark.parametrize(
    "position",
    [
        pytest.param(None, id="withheld"),
        pytest.param({"geometry": {"coordinates": [2.35]}}, id="half"),
        pytest.param({"geometry": {"coordinates": [2.35, 95]}}, id="off the globe"),
        pytest.param({"geometry": {"coordinates": ["2.35", "48.85"]}}, id="text"),
    ],
)
async def test_no_position_is_not_known(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    simulator: Simulator,
    position: object,
) -> None:
    """A car whose place is not told is not where it was before."""
    set_status(simulator, {**load(CAR), "lastPosition": position})
    await advance_time(hass, freezer, timedelta(hours=2))
    state = tracker(hass, entry)
    assert state.state == "unknown"
    assert "latitude" not in state.attributes


async def test_place_on_the_equator_is_a_place(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    simulator: Simulator,
) -> None:
    """Zero degrees are degrees, and two numbers are enough."""
    told = load(CAR)
    told["lastPosition"]["geometry"]["coordinates"] = [0.0, 0.0]
    set_status(simulator, told)
    await advance_time(hass, freezer, timedelta(hours=2))
    attributes = tracker(hass, entry).attributes
    assert (attributes["latitude"], attributes["longitude"]) == (0, 0)
    assert attributes["altitude"] is None
