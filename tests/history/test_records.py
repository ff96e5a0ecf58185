"""Tests of records."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.models.alerts import Alert
from custom_components.stellantis_connect.api.models.trips import Trip
from custom_components.stellantis_connect.history.models import AlarmRecords
from custom_components.stellantis_connect.history.records import MAX_RECORDS, Records

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time."""
    freezer.move_to(NOW)


def alert(
    age: timedelta = HOUR, *, active: bool = True, updated: timedelta | None = None
) -> Alert:
    """Return an alert that was raised and updated that long ago."""
    raised = NOW - age
    return Alert.from_json(
        {
            "id": f"{raised}",
            "type": "RiskOfIce",
            "active": active,
            "startedAt": raised.isoformat(),
            "updatedAt": (NOW - (age if updated is None else updated)).isoformat(),
        }
    )


def trip(
    age: timedelta,
    *,
    done: bool = True,
    trip_id: str | None = None,
    distance: float | None = None,
) -> Trip:
    """Return a trip that started that long ago."""
    start = (NOW - age).isoformat()
    return Trip.from_json(
        {
            "id": trip_id or start,
            "startedAt": start,
            "done": done,
            "distance": distance,
        }
    )


def records(*fetched: Any, until: datetime | None = NOW) -> Records[Any]:
    """Return the records after the first fetch."""
    return Records[Any]().with_fetched(fetched, until)


def changes(before: Records[Any], *fetched: Any) -> list[Any]:
    """Return the changes of another fetch."""
    after = before.with_fetched(fetched, NOW)
    return [one for _, one in after.changes_since(before)]


def test_records_fetched_twice_are_kept_once_in_order() -> None:
    """Pages may overlap, and lists may come newest first."""
    older, newer = alert(DAY), alert(HOUR)
    assert records(newer, older, newer).records == (older, newer)


def test_records_equal_to_held_ones_are_not_replaced() -> None:
    """Comparing histories is cheap because unchanged records are identical."""
    held = records(alert())
    assert held.with_fetched([alert()], NOW).records[0] is held.records[0]


@pytest.mark.parametrize(
    ("held", "fetched", "kept"),
    [
        pytest.param(
            trip(HOUR, trip_id="a"), trip(HOUR, trip_id="b"), "a", id="both ended"
        ),
        pytest.param(
            trip(HOUR, done=False, trip_id="a"),
            trip(HOUR, trip_id="b"),
            "b",
            id="the second ended",
        ),
    ],
)
def test_trips_with_the_same_start_are_kept_once(
    held: Trip, fetched: Trip, kept: str
) -> None:
    """A trip that is listed under two ids counts once, also when both are fetched again."""
    for _ in range(2):
        known = records(held).with_fetched([fetched, held], NOW)
        assert [one.id for one in known] == [kept]


@pytest.mark.parametrize(
    ("held", "fetched"),
    [
        pytest.param(
            alert(), alert(active=False, updated=timedelta()), id="it is cleared"
        ),
        pytest.param(
            alert(active=False), alert(), id="what has ended does not start again"
        ),
        pytest.param(
            alert(active=False, updated=timedelta()),
            alert(active=False),
            id="an older form of the same",
        ),
    ],
)
def test_records_fetched_outdated_do_not_go_backwards(
    held: Alert, fetched: Alert
) -> None:
    """Two back-ends may respond in turn, one with older data."""
    [one] = records(held).with_fetched([fetched], NOW)
    assert one.active is False
    assert one.updated_at == max(held.updated_at or NOW, fetched.updated_at or NOW)


def test_records_beyond_the_maximum_age_are_dropped() -> None:
    """The platform does not list them any more either."""
    assert records(alert(101 * DAY), alert(99 * DAY)).records == (alert(99 * DAY),)


def test_trips_without_plausible_start_are_ignored() -> None:
    """They would always be the latest ones."""
    without_start = Trip.from_json({"id": "a", "done": True})
    assert records(without_start, trip(-2 * DAY), trip(HOUR)).records == (trip(HOUR),)


def test_trips_without_distance_do_not_count() -> None:
    """One in progress counts until it ends; an unknown distance is not 0 km."""
    ended, unknown = trip(HOUR, distance=0.04), trip(2 * HOUR)
    in_progress = trip(HOUR, done=False, distance=0)
    assert records(ended, unknown).records == (unknown,)
    held = records(in_progress, unknown)
    assert [*held] == [unknown, in_progress]
    assert changes(held, ended) == [ended]
    after = held.with_fetched([ended], NOW)
    assert [*after] == [unknown]
    assert after.latest is unknown
    assert changes(after, ended) == []


def test_records_beyond_the_maximum_number_are_dropped() -> None:
    """A list with new ids each time does not grow for ever."""
    many = records(*(alert(timedelta(seconds=n)) for n in range(MAX_RECORDS + 5)))
    assert len(many.records) == MAX_RECORDS
    assert many.records[-1] == alert(timedelta())


def test_changes_of_first_fetch_are_none() -> None:
    """Two months of alerts trigger no events."""
    assert list(records(alert()).changes_since(Records())) == []


def test_changes_are_new_and_changed_records() -> None:
    """Records that were fetched before and have not changed are no changes."""
    old, new = alert(DAY), alert(HOUR)
    cleared = alert(DAY, active=False, updated=timedelta())
    assert changes(records(old), old) == []
    assert changes(records(old), old, new) == [new]
    assert changes(records(old), cleared) == [cleared]


def test_changes_of_trip_with_another_id_have_its_previous_form() -> None:
    """The trip in progress may have had an id of its own."""
    driving = trip(HOUR, done=False, trip_id="a")
    driven = trip(HOUR, trip_id="b")
    after = records(driving).with_fetched([driven], NOW)
    assert [*after.changes_since(records(driving))] == [(driving, driven)]


def test_changes_leave_out_old_records() -> None:
    """An entity that was disabled for a month does not trigger all that it missed."""
    assert changes(records(), alert(8 * DAY)) == []
    assert changes(records(), alert(6 * DAY)) == [alert(6 * DAY)]


def test_since_before_complete_fetch_is_everything() -> None:
    """The lists are fetched once as a whole; again if a page was lost."""
    assert Records[Any]().since is None
    assert records(trip(HOUR), until=None).since is None


def test_since_before_complete_fetch_of_alarms_is_a_week_ago() -> None:
    """Nothing shows an alarm that is too old to trigger an event."""
    assert AlarmRecords().since == NOW - 7 * DAY


def test_since_reaches_back_for_late_uploads() -> None:
    """Cars upload late what happened without network coverage."""
    assert records(trip(10 * DAY)).since == NOW - 2 * DAY


def test_since_reaches_back_to_open_records() -> None:
    """Lists are by the time when something started."""
    assert records(alert(10 * DAY)).since == NOW - 12 * DAY


def test_since_ignores_records_that_stay_open() -> None:
    """A trip whose end was lost does not cause the same fetch again and again."""
    assert records(trip(31 * DAY, done=False)).since == NOW - 2 * DAY


def test_since_after_lost_page_stays() -> None:
    """The records of a lost page are fetched again."""
    first = records(until=NOW - DAY)
    assert first.with_fetched([trip(HOUR)], None).since == NOW - 3 * DAY


def test_since_with_clock_that_was_ahead_is_not_in_the_future() -> None:
    """A fetch of next month does not hide this month's records."""
    assert records(until=NOW + 30 * DAY).since == NOW - 2 * DAY
