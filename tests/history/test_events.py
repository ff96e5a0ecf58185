"""Tests of what changes of a history trigger."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect.api.models.alarms import AlarmDetails
from custom_components.stellantis_connect.api.models.collisions import Collision
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.history.events import (
    MAX_IMPACTS,
    alarm_events,
    collision_events,
)
from custom_components.stellantis_connect.history.models import History
from custom_components.stellantis_connect.history.records import FetchedRecords, Record

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _noon(freezer: FrozenDateTimeFactory) -> None:
    """Freeze the time."""
    freezer.move_to(NOW)


def fetch(history: History, kind: str, *records: Record) -> History:
    """Return a history with fetched records."""
    fetched = FetchedRecords[Any](kind=kind, records=records, read_until=NOW)
    return history.with_fetched(fetched, Status())


def collision(**values: object) -> Collision:
    """Return a collision."""
    created_at = (NOW - timedelta(hours=1)).isoformat()
    return Collision.from_json({"id": "1", "createdAt": created_at, **values})


def test_collision_with_many_impacts_has_some_of_them() -> None:
    """The attributes of a state are limited."""
    empty = fetch(History(), "collisions")
    details = [{"side": "Rear", "severity": "Minor"}] * 1000
    now = fetch(empty, "collisions", collision(details=details))
    [event] = collision_events(empty, now)
    impacts = event.attributes["impacts"]
    assert impacts == [{"side": "rear", "severity": "minor"}] * MAX_IMPACTS


def test_collision_without_impacts_has_unknown_side() -> None:
    """A collision triggers its event although the car does not report details."""
    empty = fetch(History(), "collisions")
    [event] = collision_events(empty, fetch(empty, "collisions", collision()))
    assert event.attributes["side"] is None
    assert event.attributes["impacts"] == []


def test_records_that_change_later_trigger_no_second_event() -> None:
    """More details of the same alarm or collision are no new one."""
    moment = (NOW - timedelta(hours=1)).isoformat()
    trigger = {"type": "RoofBreakIn", "createdAt": moment}
    alarms = [
        AlarmDetails.from_json({"id": "1", "trigger": {**trigger, **more}})
        for more in ({}, {"startAt": moment})
    ]
    collisions = [collision(), collision(tippedOver=True)]
    before = fetch(fetch(History(), "alarms"), "collisions")
    before = fetch(fetch(before, "alarms", alarms[0]), "collisions", collisions[0])
    now = fetch(fetch(before, "alarms", alarms[1]), "collisions", collisions[1])
    assert now != before
    assert [*alarm_events(before, now), *collision_events(before, now)] == []
