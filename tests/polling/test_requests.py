"""What a car costs in requests: at first, with all that can be shown, and on a day in the garage."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from simulator.cars.garage import Recording
from simulator.server import HISTORY, Simulator

from ..common import advance_time, requested_paths, set_status
from ..conftest import SetupIntegration

MINUTE = timedelta(minutes=1)
MOST = 60


@pytest.fixture(autouse=True)
def _custom_integration(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Record, so that statistics are imported, too."""


@pytest.fixture(autouse=True)
def _night(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time at an hour when cars stand."""
    freezer.move_to("2026-04-10T01:00:00+00:00")


@pytest.mark.usefixtures("_all_entities_enabled")
@pytest.mark.parametrize("history", [HISTORY])
async def test_two_months_of_four_cars_are_read_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
) -> None:
    """Everything is enabled, and all that the platform keeps is read: nothing of it twice."""
    entry = await setup_integration()
    # The second look asks for what entities and statistics turned out to show.
    await advance_time(hass, freezer, 31 * MINUTE)
    log = [one for one in connected_simulator.backend.log if "connectedcar" in one.path]
    asked = Counter(
        (one.path, one.query) for one in log if not one.path.endswith("/status")
    )
    assert max(asked.values()) == 1
    cars = entry.runtime_data.account.vehicles.values()
    assert len(cars) == 4
    for car in cars:
        assert len(car.data.history.trips.records) > 100
        mine = [one for one in log if car.vehicle.id in one.path]
        assert len(mine) <= MOST


def standing() -> dict[str, Any]:
    """Return what a car says that stands, plugged in and full."""
    now = dt_util.utcnow().isoformat()
    charger = {"plugged": True, "status": "Finished"}
    return {
        "updatedAt": now,
        "odometer": {"mileage": 1000},
        "kinetic": {"moving": False, "createdAt": now},
        "energies": [
            {
                "type": "Electric",
                "level": 100,
                "extension": {"electric": {"charging": charger}},
            }
        ],
    }


class TestGarage:
    """A car that stands, and says so once."""

    @pytest.fixture
    def recordings(self) -> Sequence[Recording]:
        """Return the one car."""
        return [Recording("Car", "Electric", standing())]

    async def test_day_costs_little(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """With the defaults and without push."""
        await setup_integration()
        await advance_time(hass, freezer, 31 * MINUTE)
        requested_paths(connected_simulator)
        for quarter in range(24 * 4):
            if quarter == 40:
                set_status(connected_simulator, standing())
            await advance_time(hass, freezer, 15 * MINUTE)
        paths = Counter(
            path.rsplit("/", 1)[1] for path in requested_paths(connected_simulator)
        )
        assert paths["status"] >= 46
        assert paths.total() <= MOST
