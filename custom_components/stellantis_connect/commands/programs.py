"""Preconditioning programs of a car, as reported and as they will be."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from homeassistant.util import dt as dt_util

from ..api.models.program import Day, Program, Recurrence
from ..api.models.remote_actions import AirConditioning
from ..models import VehicleState

DAY_NAMES: Mapping[Day, str] = {day: day.name.lower() for day in Day}


def since_midnight(moment: time) -> timedelta:
    """Return the time of day as cars count it."""
    return timedelta(hours=moment.hour, minutes=moment.minute)


def time_of_day(reported: timedelta | datetime | None) -> time | None:
    """Return the time of day that a car reports as a duration since midnight or as a time.

    Cars send durations, the specification has times.
    """
    match reported:
        case timedelta() if timedelta() <= reported < timedelta(days=1):
            return (datetime.min + reported).time()
        case datetime():
            return dt_util.as_local(reported).time()
        case _:
            return None


def program_attributes(program: Program | None) -> dict[str, object]:
    """Return the state attributes of a program."""
    if program is None:
        return {}
    times = {"start": time_of_day(program.start), "end": time_of_day(program.end)}
    return {
        **{name: moment.isoformat() for name, moment in times.items() if moment},
        "days": [name for day, name in DAY_NAMES.items() if day in program.days],
        "recurrence": program.recurrence and program.recurrence.name.lower(),
        "enabled": program.enabled,
    }


def reported_program(state: VehicleState, slot: int) -> Program | None:
    """Return the program that a car reports; None where it is not set."""
    programs = state.status.preconditioning.programs
    return next((program for program in programs if program.slot == slot), None)


def is_program_enabled(state: VehicleState, slot: int) -> bool | None:
    """Return whether a program that a car reports is enabled."""
    program = reported_program(state, slot)
    return program.enabled if program else None


def enable_program(
    state: VehicleState, slot: int, enabled: bool
) -> AirConditioning | None:
    """Return the action that enables or disables a program; None where it is not set."""
    program = expected_program(state, slot)
    if program is None or program.start is None:
        return None
    return AirConditioning(programs=(replace(program, enabled=enabled),))


def start_program_at(
    state: VehicleState, slot: int, start: timedelta
) -> AirConditioning:
    """Return the action that changes a program's start; a new one is disabled and daily."""
    program = expected_program(state, slot) or Program(
        slot=slot,
        enabled=False,
        recurrence=Recurrence.DAILY,
        days=frozenset(Day),
    )
    return AirConditioning(programs=(replace(program, start=start),))


def expected_program(state: VehicleState, slot: int) -> Program | None:
    """Return a program as it will be after the pending commands."""
    for command in state.commands.expected:
        action = command.action
        if not isinstance(action, AirConditioning):
            continue
        if slot in action.deleted_slots:
            return None
        for program in action.programs:
            if program.slot == slot:
                return program
    return reported_program(state, slot)
