"""A car's programs: how many it has room for, what they are, and what they will be."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util

from ..api.decode import decode
from ..api.models.program import Day, Program, Recurrence
from ..api.models.remote_actions import AirConditioning
from ..api.models.vehicle import Vehicle
from ..const import DOMAIN
from ..models import VehicleState


def preconditioning_slots(vehicle: Vehicle) -> int | None:
    """Return how many preconditioning programs a car has room for; None if that is not told."""
    capabilities = vehicle.capabilities
    remote = capabilities.remote if capabilities else None
    return remote.preconditioning.programs_size if remote else None


def charging_slots(vehicle: Vehicle) -> int | None:
    """Return how many charging programs a car has room for; None if that is not told."""
    capabilities = vehicle.capabilities
    remote = capabilities.remote if capabilities else None
    return remote.charging.programs_size if remote else None


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
        "days": [day.name.lower() for day in Day if day in program.days],
        "recurrence": program.recurrence and program.recurrence.name.lower(),
        "enabled": program.enabled,
    }


def told_program(car: VehicleState, slot: int) -> Program | None:
    """Return a program as the car tells it; None where it is not set."""
    programs = car.status.preconditioning.programs
    return next((program for program in programs if program.slot == slot), None)


def switched(car: VehicleState, slot: int, enabled: bool) -> AirConditioning:
    """Return the action that switches a program on or off.

    Raises:
        ServiceValidationError: it is not set.

    """
    program = _coming_program(car, slot)
    if program is None or program.start is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="program_not_set"
        )
    return AirConditioning(programs=(replace(program, enabled=enabled),))


def moved(car: VehicleState, slot: int, start: timedelta) -> AirConditioning:
    """Return the action that gives a program another start; one that is new is off, of all days."""
    program = _coming_program(car, slot) or Program(
        slot=slot,
        enabled=False,
        recurrence=Recurrence.DAILY,
        days=frozenset(Day),
    )
    return AirConditioning(programs=(replace(program, start=start),))


def _coming_program(car: VehicleState, slot: int) -> Program | None:
    """Return a program as it will be once everything pending is done."""
    for words in _pending_programs(car):
        if words["slot"] == slot:
            deleted = words["actionsType"] == "Delete"
            return None if deleted else decode(Program, words)
    return told_program(car, slot)


def _pending_programs(car: VehicleState) -> Iterator[dict[str, Any]]:
    """Yield what programs are to become, the latest first."""
    for command in reversed(car.commands.pending):
        preconditioning = command.words.get("preconditioning", {})
        yield from preconditioning.get("airConditioning", {}).get("programs", ())
