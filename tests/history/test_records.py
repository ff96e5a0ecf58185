"""What has happened is kept once, never goes backwards, and is news once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.models.alerts import Alert
from custom_components.stellantis_connect.api.models.trips import Trip
from custom_components.stellantis_connect.history.models import History
from custom_components.stellantis_connect.history.records import FetchedRecords, Records

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time."""
    freezer.move_to(NOW)


def alert(
    age: timedelta = HOUR, *, active: bool = True, updated: timedelta | None = None
) -> Alert:
    """Return an alert that was raised so long ago, and last heard of so long ago."""
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


def trip(age: timedelta, *, done: bool = True) -> Trip:
    """Return a trip that began so long ago."""
    began = (NOW - age).isoformat()
    return Trip.from_json({"id": began, "startedAt": began, "done": done})


def read(*found: Any, until: datetime | None = NOW) -> Records[Any]:
    """Return what is kept after reading."""
    return Records[Any]().with_found(found, until)


def news(before: Records[Any], *found: Any) -> list[Any]:
    """Return what is news after reading on."""
    return [one for _, one in before.with_found(found, NOW).changes_since(before)]


def test_records_are_kept_once_and_in_order() -> None:
    """Pages may overlap, and lists come newest first."""
    older, newer = alert(DAY), alert(HOUR)
    assert read(newer, older, newer).records == (older, newer)


@pytest.mark.parametrize(
    ("held", "found", "kept"),
    [
        pytest.param(
            alert(), alert(active=False, updated=timedelta()), False, id="it is cleared"
        ),
        pytest.param(
            alert(active=False), alert(), False, id="what is over does not begin again"
        ),
        pytest.param(
            alert(active=False, updated=timedelta()),
            alert(active=False),
            False,
            id="an older form of the same",
        ),
    ],
)
def test_records_never_go_backwards(held: Alert, found: Alert, kept: bool) -> None:
    """Two back-ends may answer in turn, one with older data."""
    [one] = read(held).with_found([found], NOW)
    assert one.active is kept
    assert one.updated_at == max(held.updated_at or NOW, found.updated_at or NOW)


def test_what_is_long_past_is_let_go() -> None:
    """What the platform itself has forgotten is not kept for ever."""
    assert read(alert(101 * DAY), alert(99 * DAY)).records == (alert(99 * DAY),)


def test_what_the_first_reading_brings_is_no_news() -> None:
    """Two months of alerts are not told at once."""
    assert list(read(alert()).changes_since(Records())) == []


def test_news_are_what_is_new_or_has_changed() -> None:
    """What was read before and is as it was is no news."""
    old, fresh = alert(DAY), alert(HOUR)
    cleared = alert(DAY, active=False, updated=timedelta())
    assert news(read(old), old) == []
    assert news(read(old), old, fresh) == [fresh]
    assert news(read(old), cleared) == [cleared]


def test_what_is_long_past_when_it_turns_up_is_no_news() -> None:
    """An entity that was disabled for a month does not tell all that it missed."""
    assert news(read(), alert(8 * DAY)) == []
    assert news(read(), alert(6 * DAY)) == [alert(6 * DAY)]


class TestSince:
    """From when on to read."""

    def test_is_everything_at_first(self) -> None:
        """The past is read once; again where something of it was lost."""
        assert Records[Any]().since is None
        assert read(trip(HOUR), until=None).since is None

    def test_is_some_days_back(self) -> None:
        """Cars upload late what happened while they had no network."""
        assert read(trip(10 * DAY)).since == NOW - 2 * DAY

    def test_reaches_back_to_what_is_open(self) -> None:
        """Lists are by the time when something began."""
        assert read(alert(10 * DAY)).since == NOW - 12 * DAY

    def test_does_not_wait_for_ever(self) -> None:
        """A trip whose end was lost does not have the past read again and again."""
        assert read(trip(31 * DAY, done=False)).since == NOW - 2 * DAY

    def test_stays_where_it_is_when_something_was_lost(self) -> None:
        """What was on a lost page is read again."""
        first = read(until=NOW - DAY)
        assert first.with_found([trip(HOUR)], None).since == NOW - 3 * DAY


def test_past_survives_a_restart() -> None:
    """What was stored is what is restored."""
    history = History().with_found(
        FetchedRecords(kind="alerts", records=[alert(), alert(DAY)], read_until=NOW)
    )
    assert History.restored(history.as_stored()) == history
