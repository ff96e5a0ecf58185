"""Tests for the number of requests that a car costs."""

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
from ..conftest import CreateConfigEntry

MINUTE = timedelta(minutes=1)
MAX_REQUESTS = 60
# Of a car without a history, which may start at any time.
MAX_PARKED_REQUESTS = 100


@pytest.fixture(autouse=True)
def _custom_integration(
    recorder_mock: Recorder, enable_custom_integrations: None
) -> None:
    """Set up the recorder, so that statistics are imported, too."""


@pytest.fixture(autouse=True)
def _night(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time at an hour when the simulated cars are parked."""
    freezer.move_to("2026-04-10T01:00:00+00:00")


@pytest.mark.usefixtures("_all_entities_enabled")
@pytest.mark.parametrize("history", [HISTORY])
async def test_two_months_of_four_cars_are_fetched_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    connected_simulator: Simulator,
    setup_integration: CreateConfigEntry,
) -> None:
    """All entities are enabled, and no page of any list is fetched twice."""
    entry = await setup_integration()
    # The second poll fetches what entities and statistics turned out to need.
    await advance_time(hass, freezer, 31 * MINUTE)
    log = [
        request
        for request in connected_simulator.backend.log
        if "connectedcar" in request.path
    ]
    requests = Counter(
        (request.path, request.query)
        for request in log
        if not request.path.endswith("/status")
    )
    assert max(requests.values()) == 1
    coordinators = entry.runtime_data.account.vehicles.values()
    assert len(coordinators) == 4
    for coordinator in coordinators:
        assert len(coordinator.data.history.trips.records) > 100
        vehicle_id = coordinator.vehicle.id
        assert sum(vehicle_id in request.path for request in log) <= MAX_REQUESTS


def parked_status() -> dict[str, Any]:
    """Return the status of a car that is parked, plugged in and fully charged."""
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


class TestParkedCar:
    """A car that is parked and reports once a day."""

    @pytest.fixture
    def recordings(self) -> Sequence[Recording]:
        """Return the one car."""
        return [Recording("Car", "Electric", parked_status())]

    async def test_day_of_parked_car_costs_few_requests(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        connected_simulator: Simulator,
        setup_integration: CreateConfigEntry,
    ) -> None:
        """With the default entities and without push."""
        await setup_integration()
        await advance_time(hass, freezer, 31 * MINUTE)
        requested_paths(connected_simulator)
        for quarter in range(24 * 4):
            if quarter == 40:
                set_status(connected_simulator, parked_status())
            await advance_time(hass, freezer, 15 * MINUTE)
        paths = Counter(
            path.rsplit("/", 1)[1] for path in requested_paths(connected_simulator)
        )
        assert paths["status"] >= 36
        assert paths.total() <= MAX_PARKED_REQUESTS
