"""Tests for merging responses into the state of a car, and for its activity."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.models.maintenance import Maintenance
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.commands.models import ChargeLimit
from custom_components.stellantis_connect.models import Activity, VehicleState
from homeassistant.util import dt as dt_util

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def status(age: timedelta | None = timedelta(), **blocks: Any) -> Status:
    """Return a status of some age, or without a time."""
    if age is None:
        return Status.from_json(blocks)
    updated_at = (dt_util.utcnow() - age).isoformat()
    return Status.from_json({"updatedAt": updated_at, **blocks})


def moving(moves: bool = True) -> Status:
    """Return the status of a car that moves, or does not."""
    created_at = dt_util.utcnow().isoformat()
    return status(kinetic={"moving": moves, "createdAt": created_at})


def mileage(km: float) -> dict[str, Any]:
    """Return the block of an odometer."""
    return {"odometer": {"mileage": km}}


def activity(state: VehicleState) -> Activity:
    """Return the activity, which changes with time."""
    return state.activity


@pytest.mark.parametrize(
    ("held", "received", "expected"),
    [
        pytest.param(HOUR, timedelta(), 2, id="newer"),
        pytest.param(timedelta(), HOUR, 1, id="older"),
        pytest.param(HOUR, HOUR, 2, id="of the same time"),
        pytest.param(HOUR, None, 2, id="without a time"),
        pytest.param(None, HOUR, 2, id="the first with a time"),
        pytest.param(-HOUR, timedelta(), 1, id="older, with a clock that is slow"),
        pytest.param(-2 * DAY, timedelta(), 2, id="held with an absurd time"),
    ],
)
@pytest.mark.usefixtures("freezer")
def test_status_older_is_ignored(
    held: timedelta | None, received: timedelta | None, expected: float
) -> None:
    """The times of the platform decide, not Home Assistant's clock."""
    state = VehicleState().merge(status(held, **mileage(1)))
    state = state.merge(status(received, **mileage(2)))
    assert state.status.odometer.mileage == expected


def test_maintenance_older_is_ignored() -> None:
    """The state stays the same object."""
    newer = Maintenance.from_json({"updatedAt": "2026-05-02T00:00:00Z"})
    older = Maintenance.from_json({"updatedAt": "2026-05-01T00:00:00Z"})
    state = VehicleState().merge(newer)
    assert state.merge(older) is state
    assert VehicleState().merge(older).merge(newer).maintenance is newer


@pytest.mark.parametrize("blocks", [{}, mileage(0)])
@pytest.mark.usefixtures("freezer")
def test_status_without_mileage_keeps_the_odometer(blocks: dict[str, Any]) -> None:
    """It is kept in what is stored, too."""
    state = VehicleState().merge(status(HOUR, **mileage(1))).merge(status(**blocks))
    assert state.status.odometer.mileage == 1
    assert Status.from_json(state.status.raw).odometer.mileage == 1


def test_block_with_an_older_time_is_merged() -> None:
    """Some cars report blocks whose time never changes."""

    def energy_status(day: int, block_day: int, level: float) -> Status:
        energy = {
            "type": "Electric",
            "level": level,
            "createdAt": f"2025-05-{block_day:02}T00:00:00Z",
        }
        return Status.from_json(
            {"updatedAt": f"2026-05-{day:02}T00:00:00Z", "energies": [energy]}
        )

    state = VehicleState()
    state = state.merge(energy_status(1, 2, 50)).merge(energy_status(2, 1, 40))
    assert state.status.electric
    assert state.status.electric.level == 40


@pytest.mark.usefixtures("freezer")
def test_block_not_reported_anymore_is_unknown() -> None:
    """A position is not shown after the owner has withdrawn the permission."""
    position = {"geometry": {"coordinates": [2.0, 48.0]}}
    state = VehicleState().merge(status(HOUR, lastPosition=position))
    assert state.merge(status()).status.last_position.latitude is None


CHARGING: dict[str, Any] = {
    "energies": [
        {
            "type": "Electric",
            "extension": {"electric": {"charging": {"status": "InProgress"}}},
        }
    ]
}


@pytest.mark.parametrize(
    ("age", "blocks", "activity"),
    [
        pytest.param(timedelta(), {}, Activity.PARKED, id="parked"),
        pytest.param(timedelta(), CHARGING, Activity.CHARGING, id="charging"),
        pytest.param(8 * DAY, {}, Activity.PARKED, id="parked for eight days"),
        pytest.param(9 * DAY, {}, Activity.SILENT, id="silent for longer"),
        pytest.param(DAY, CHARGING, Activity.PARKED, id="charging before that"),
        pytest.param(None, {}, Activity.PARKED, id="without a time"),
    ],
)
@pytest.mark.usefixtures("freezer")
def test_activity_follows_from_status_and_its_age(
    age: timedelta | None, blocks: dict[str, Any], activity: Activity
) -> None:
    """The car does not move."""
    assert VehicleState().merge(status(age, **blocks)).activity is activity


def test_activity_of_car_that_stops(freezer: FrozenDateTimeFactory) -> None:
    """The car drives, has just stopped for ten minutes, and is parked then."""
    state = VehicleState().merge(moving())
    assert activity(state) is Activity.DRIVING

    freezer.tick(timedelta(minutes=1))
    state = state.merge(moving(False))
    assert activity(state) is Activity.JUST_USED
    freezer.tick(timedelta(minutes=9))
    assert activity(state.merge(moving(False))) is Activity.JUST_USED
    freezer.tick(timedelta(minutes=1))
    assert activity(state) is Activity.PARKED


def test_activity_of_car_that_stopped_while_the_clock_was_ahead(
    freezer: FrozenDateTimeFactory,
) -> None:
    """A stop in the future does not shorten the interval for days."""
    now = dt_util.utcnow()
    freezer.move_to(now + DAY)
    state = VehicleState().merge(moving()).merge(moving(False))
    assert activity(state) is Activity.JUST_USED
    freezer.move_to(now)
    assert activity(state) is Activity.PARKED


def test_activity_of_driving_car_that_falls_silent_is_parked(
    freezer: FrozenDateTimeFactory,
) -> None:
    """A car in a garage without network is not polled every minute."""
    state = VehicleState().merge(moving())
    freezer.tick(timedelta(minutes=59))
    assert activity(state) is Activity.DRIVING
    freezer.tick(timedelta(minutes=2))
    assert activity(state) is Activity.PARKED


class TestChargingEnd:
    """When a charge ends."""

    @staticmethod
    def charging(level: float, remaining: str | None, age: timedelta) -> Status:
        """Return the status of a car that charges, with a battery of 50 kWh."""
        charging = {"status": "InProgress", "remainingTime": remaining}
        load = {"capacity": 50_000}
        extension = {"charging": charging, "battery": {"load": load}}
        electric = {"type": "Electric", "level": level, "autonomy": 100}
        return status(
            age, energies=[{**electric, "extension": {"electric": extension}}]
        )

    @pytest.mark.parametrize(
        ("limit", "is_met", "hours"),
        [
            pytest.param(100, False, 5, id="no limit"),
            pytest.param(80, False, 1.5, id="at the present power"),
            pytest.param(80, True, 5, id="continued by the owner"),
            pytest.param(45, False, 5, id="already exceeded"),
        ],
    )
    @pytest.mark.usefixtures("freezer")
    def test_end_respects_the_limit(
        self, limit: int, is_met: bool, hours: float
    ) -> None:
        """The battery gains 20 % in an hour."""
        state = VehicleState(charge_limit=ChargeLimit(level=limit, is_met=is_met))
        state = state.merge(self.charging(30, "PT6H", HOUR))
        state = state.merge(self.charging(50, "PT5H", timedelta()))
        assert state.charging_end == dt_util.utcnow() + hours * HOUR
        assert state.is_charging_to_limit is (hours < 5)

    @pytest.mark.parametrize(
        ("level", "remaining", "hours"),
        [
            pytest.param(50, "PT5H", 3, id="of the time to a full battery"),
            pytest.param(50, None, None, id="unknown"),
            pytest.param(None, "PT5H", 5, id="unknown level"),
        ],
    )
    @pytest.mark.usefixtures("freezer")
    def test_end_at_the_limit_without_a_known_power(
        self, level: float, remaining: str | None, hours: float | None
    ) -> None:
        """The first status of a charge is as good as the car."""
        state = VehicleState(charge_limit=ChargeLimit(level=80))
        state = state.merge(self.charging(level, remaining, timedelta()))
        end = None if hours is None else dt_util.utcnow() + hours * HOUR
        assert state.charging_end == end
