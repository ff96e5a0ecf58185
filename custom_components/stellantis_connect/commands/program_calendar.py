"""Preconditioning programs as the events of a calendar, in the time zone of the car."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any

from homeassistant.components.calendar import EVENT_RRULE, EVENT_START, CalendarEvent
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..api.models.program import Day, Program, Recurrence
from ..api.models.vehicle import Vehicle
from ..models import VehicleState
from ..translation import text
from .programs import expected_program, since_midnight, time_of_day

# Programs have no end; cars condition for about this time.
EVENT_DURATION = timedelta(minutes=30)
WEEK = timedelta(weeks=1)
DAYS = [*Day]


def program_events(
    hass: HomeAssistant, programs: Iterable[Program], start: datetime, end: datetime
) -> Iterator[CalendarEvent]:
    """Yield the events of enabled programs in a range, in their order."""
    moments = [
        (moment, program)
        for program in programs
        if program.enabled
        for moment in _moments(program, start, end)
    ]
    for moment, program in sorted(moments, key=itemgetter(0)):
        rrule = _rrule(program)
        yield CalendarEvent(
            start=moment,
            end=moment + EVENT_DURATION,
            summary=text(hass, "entity", f"switch.program_{program.slot}.name"),
            uid=str(program.slot),
            rrule=rrule,
            recurrence_id=moment.isoformat() if rrule else None,
        )


def program_of_event(slot: int, event: Mapping[str, Any]) -> Program | None:
    """Return the program of an event; None if a car cannot have one like that."""
    start = event[EVENT_START]
    rule = dict(
        part.split("=", 1) for part in (event.get(EVENT_RRULE) or "").split(";") if part
    )
    frequency = rule.pop("FREQ", None)
    names = rule.pop("BYDAY", None)
    if not isinstance(start, datetime) or frequency not in (None, "DAILY", "WEEKLY"):
        return None
    if rule.keys() - {"INTERVAL", "WKST"} or rule.get("INTERVAL", "1") != "1":
        return None
    start = dt_util.as_local(start)
    if frequency == "DAILY":
        days = frozenset(DAYS)
    elif names:
        days = frozenset(day for day in DAYS if _name(day) in names.split(","))
    else:
        days = frozenset({DAYS[start.weekday()]})
    return Program(
        slot=slot,
        enabled=True,
        recurrence=Recurrence.DAILY if frequency else Recurrence.NONE,
        start=since_midnight(start.time()),
        days=days,
    )


def free_slot(vehicle: Vehicle, state: VehicleState) -> int | None:
    """Return the first slot without a program; None if all have one."""
    slots = range(1, (vehicle.remotes.preconditioning.programs_size or 0) + 1)
    return next((slot for slot in slots if not expected_program(state, slot)), None)


def _moments(program: Program, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield when a program starts; one that does not recur starts once from now on."""
    if (time := time_of_day(program.start)) is None:
        return
    is_once = program.recurrence is Recurrence.NONE
    now = dt_util.now()
    day = (now if is_once else dt_util.as_local(start)).date() - timedelta(days=1)
    last = (now + WEEK if is_once else dt_util.as_local(end)).date()
    while day <= last:
        moment = datetime.combine(day, time, dt_util.get_default_time_zone())
        is_over = is_once and moment + EVENT_DURATION <= now
        if _is_day_of(program, day) and not is_over:
            if moment < end and moment + EVENT_DURATION > start:
                yield moment
            if is_once:
                return
        day += timedelta(days=1)


def _is_day_of(program: Program, day: date) -> bool:
    return not program.days or DAYS[day.weekday()] in program.days


def _rrule(program: Program) -> str | None:
    if program.recurrence is Recurrence.NONE:
        return None
    days = [_name(day) for day in DAYS if day in program.days]
    if len(days) in (0, len(DAYS)):
        return "FREQ=DAILY"
    return f"FREQ=WEEKLY;BYDAY={','.join(days)}"


def _name(day: Day) -> str:
    return day.name[:2]
