"""Calendar of preconditioning programs."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from custom_components.stellantis_connect.calendar import ProgramCalendar
from homeassistant.components.calendar import (
    DOMAIN,
    EVENT_END,
    EVENT_RRULE,
    EVENT_START,
    CalendarEvent,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..common import entity_ids
from ..harness import OLD_BATTERY, PETROL, PLUG_IN, Harness

ALL = "THISANDFUTURE"
WEEK = timedelta(weeks=1)


def calendar(harness: Harness) -> ProgramCalendar:
    """Return the calendar of the battery car."""
    entity = harness.hass.data[DOMAIN].get_entity(harness.entity_id("programs"))
    assert isinstance(entity, ProgramCalendar)
    return entity


async def events(harness: Harness, span: timedelta = WEEK) -> list[CalendarEvent]:
    """Return the events from now on."""
    now = dt_util.now()
    return await calendar(harness).async_get_events(harness.hass, now, now + span)


def event(start: datetime | date, rrule: str | None = None) -> dict[str, Any]:
    """Return an event as the frontend sends it."""
    data = {EVENT_START: start, EVENT_END: start + timedelta(hours=1)}
    return {**data, EVENT_RRULE: rrule} if rrule else data


async def program(harness: Harness, slot: int) -> dict[str, Any]:
    """Return a program of the simulated car."""
    programs = (await harness.truth())["programs"]
    return next(one for one in programs if one["slot"] == slot)


async def test_programs_are_events(harness: Harness) -> None:
    """Each day has one, and the state is that of the next."""
    await harness.act(
        "set_preconditioning_program", slot=1, start="07:10", days=["monday", "friday"]
    )
    await harness.act(
        "set_preconditioning_program", slot=2, start="18:00", recurring=False
    )
    # It is a Tuesday evening.
    shown = [
        (one.summary, f"{one.start_datetime_local:%a %H:%M}", one.rrule)
        for one in await events(harness)
    ]
    assert shown == [
        ("Program 2", "Wed 18:00", None),
        ("Program 1", "Fri 07:10", "FREQ=WEEKLY;BYDAY=MO,FR"),
        ("Program 1", "Mon 07:10", "FREQ=WEEKLY;BYDAY=MO,FR"),
    ]
    state = harness.state("programs")
    assert state.attributes["message"] == "Program 2"


async def test_disabled_program_is_no_event(harness: Harness) -> None:
    """Nothing will happen; the switch shows that it is there."""
    assert await events(harness)
    await harness.use("program_1", "turn_off")
    assert await events(harness) == []
    assert harness.state("programs").state == "off"


async def test_car_that_has_no_programs_has_no_calendar(harness: Harness) -> None:
    """A car that could have one has it, so that it can be created."""
    for label, exists in ((PLUG_IN, True), (OLD_BATTERY, True), (PETROL, False)):
        ids = entity_ids(harness.hass, harness.entry, label)
        assert ("programs" in ids) is exists


@pytest.mark.parametrize(
    ("rrule", "days", "recurrence"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE;INTERVAL=1", ["Mon", "Wed"], "Daily"),
        ("FREQ=WEEKLY", ["Wed"], "Daily"),
        (
            "FREQ=DAILY",
            ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
            "Daily",
        ),
        (None, ["Wed"], "None"),
    ],
)
async def test_created_event_sets_a_program(
    harness: Harness, rrule: str | None, days: list[str], recurrence: str
) -> None:
    """It is the first one that is not set; it gets its entities."""
    start = dt_util.now().replace(hour=6, minute=45) + timedelta(days=1)
    await harness.done(
        calendar(harness).async_create_event(**event(start, rrule)),
    )
    created = await program(harness, 2)
    assert created["start"] == "PT6H45M"
    assert (created["days"], created["recurrence"]) == (days, recurrence)
    assert harness.state("program_2").state == "on"
    assert any(one.uid == "2" for one in await events(harness))


async def test_event_can_be_changed_and_deleted(harness: Harness) -> None:
    """All events of a program change together."""
    [first, *_] = await events(harness)
    start = first.start_datetime_local.replace(hour=8, minute=0)
    entity = calendar(harness)
    new = event(start, "FREQ=WEEKLY;BYDAY=SA,SU")
    await harness.done(entity.async_update_event("1", new, first.recurrence_id, ALL))
    changed = await program(harness, 1)
    assert (changed["start"], changed["days"]) == ("PT8H", ["Sat", "Sun"])
    for refused in (
        entity.async_update_event("1", new, first.recurrence_id, ""),
        entity.async_delete_event("1", first.recurrence_id),
    ):
        with pytest.raises(HomeAssistantError) as error:
            await refused
        assert error.value.translation_key == "program_as_a_whole"
    await harness.done(entity.async_delete_event("1", first.recurrence_id, ALL))
    assert await events(harness) == []


async def test_event_that_no_program_can_be_is_refused(harness: Harness) -> None:
    """So is one more than the car can hold."""
    entity = calendar(harness)
    start = dt_util.now()
    for impossible in (
        event(start.date()),
        event(start, "FREQ=MONTHLY"),
        event(start, "FREQ=DAILY;INTERVAL=2"),
        event(start, "FREQ=DAILY;COUNT=3"),
    ):
        with pytest.raises(HomeAssistantError) as error:
            await entity.async_create_event(**impossible)
        assert error.value.translation_key == "program_not_possible"
    for slot in (2, 3, 4):
        await harness.act("set_preconditioning_program", slot=slot, start="08:00")
    with pytest.raises(HomeAssistantError) as error:
        await entity.async_create_event(**event(start))
    assert error.value.translation_key == "no_free_program"
