"""What is known of a car never goes backwards, and tells what the car does."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.models.maintenance import Maintenance
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.models import Activity, VehicleState
from homeassistant.util import dt as dt_util


def status(age: timedelta | None = timedelta(), **blocks: Any) -> Status:
    """Return a status that was told so long ago, or without a time."""
    told_at = None if age is None else (dt_util.utcnow() - age).isoformat()
    times = {} if told_at is None else {"updatedAt": told_at}
    return Status.from_json({**times, **blocks})


def moving(moves: bool = True, age: timedelta = timedelta()) -> Status:
    """Return the status of a car that moves, or does not."""
    told_at = (dt_util.utcnow() - age).isoformat()
    return status(age, kinetic={"moving": moves, "createdAt": told_at})


def at(km: float) -> dict[str, Any]:
    """Return the block of an odometer."""
    return {"odometer": {"mileage": km}}


def activity(state: VehicleState) -> Activity:
    """Return what a car does, which passes with time."""
    return state.activity


HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("held", "news", "km"),
    [
        pytest.param(HOUR, timedelta(), 2, id="newer"),
        pytest.param(timedelta(), HOUR, 1, id="older"),
        pytest.param(HOUR, HOUR, 2, id="as old"),
        pytest.param(HOUR, None, 2, id="of an unknown age"),
        pytest.param(None, HOUR, 2, id="the first with a time"),
        pytest.param(-HOUR, timedelta(), 1, id="older, with a clock that is slow"),
        pytest.param(-2 * DAY, timedelta(), 2, id="held with an absurd time"),
    ],
)
@pytest.mark.usefixtures("freezer")
def test_an_older_answer_changes_nothing(
    held: timedelta | None, news: timedelta | None, km: float
) -> None:
    """Of two answers the newer one counts, in whichever order they come."""
    state = VehicleState().merge(status(held, **at(1)))
    assert state.merge(status(news, **at(2))).status.odometer.mileage == km


def test_an_older_maintenance_changes_nothing() -> None:
    """The times of other answers count as those of a status do."""
    newer = Maintenance.from_json({"updatedAt": "2026-05-02T00:00:00Z"})
    older = Maintenance.from_json({"updatedAt": "2026-05-01T00:00:00Z"})
    state = VehicleState().merge(newer)
    assert state.merge(older) is state
    assert VehicleState().merge(older).merge(newer).maintenance is newer


def test_a_block_counts_whatever_its_own_time() -> None:
    """Cars send blocks whose time stands still while their values move."""

    def answer(day: int, block_day: int, level: float) -> Status:
        energy = {
            "type": "Electric",
            "level": level,
            "createdAt": f"2025-05-{block_day:02}T00:00:00Z",
        }
        return Status.from_json(
            {"updatedAt": f"2026-05-{day:02}T00:00:00Z", "energies": [energy]}
        )

    state = VehicleState().merge(answer(1, 2, 50)).merge(answer(2, 1, 40))
    assert state.status.electric
    assert state.status.electric.level == 40


def test_what_is_not_told_any_more_is_not_known_any_more() -> None:
    """A position that the owner withholds from now on is not shown from the past."""
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
    ("age", "doing", "activity"),
    [
        pytest.param(timedelta(), {}, Activity.PARKED, id="nothing"),
        pytest.param(timedelta(), CHARGING, Activity.CHARGING, id="it charges"),
        pytest.param(
            timedelta(days=1, seconds=1), {}, Activity.SILENT, id="silent for a day"
        ),
        pytest.param(
            timedelta(days=2),
            CHARGING,
            Activity.SILENT,
            id="charged when last heard of",
        ),
        pytest.param(None, {}, Activity.PARKED, id="without any time"),
    ],
)
@pytest.mark.usefixtures("freezer")
def test_activity_of_a_standing_car(
    age: timedelta | None, doing: dict[str, Any], activity: Activity
) -> None:
    """The activity follows from the status and its age."""
    assert VehicleState().merge(status(age, **doing)).activity is activity


def test_activity_of_a_car_on_its_way(freezer: FrozenDateTimeFactory) -> None:
    """A car drives, has just stopped for a while, and is parked then."""
    state = VehicleState().merge(moving())
    assert activity(state) is Activity.DRIVING

    freezer.tick(timedelta(minutes=1))
    state = state.merge(moving(False))
    assert activity(state) is Activity.JUST_STOPPED
    freezer.tick(timedelta(minutes=9))
    assert activity(state.merge(moving(False))) is Activity.JUST_STOPPED
    freezer.tick(timedelta(minutes=1))
    assert activity(state) is Activity.PARKED


def test_a_car_that_fell_silent_on_its_way_is_taken_as_parked(
    freezer: FrozenDateTimeFactory,
) -> None:
    """Who drove into a garage without network is not looked for every minute."""
    state = VehicleState().merge(moving())
    freezer.tick(timedelta(minutes=59))
    assert activity(state) is Activity.DRIVING
    freezer.tick(timedelta(minutes=2))
    assert activity(state) is Activity.PARKED
