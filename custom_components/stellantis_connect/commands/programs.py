"""Preconditioning programs of a car, as reported and as they will be."""

from dataclasses import replace
from datetime import time, timedelta

from homeassistant.exceptions import ServiceValidationError

from ..api.models.program import Day, Program, Recurrence
from ..api.models.remote_actions import AirConditioning
from ..api.models.vehicle import Vehicle
from ..const import DOMAIN
from ..models import VehicleState


def preconditioning_slots(vehicle: Vehicle) -> int | None:
    """Return how many preconditioning programs a car can hold; None if it is not known."""
    capabilities = vehicle.capabilities
    remote = capabilities.remote if capabilities else None
    return remote.preconditioning.programs_size if remote else None


def charging_slots(vehicle: Vehicle) -> int | None:
    """Return how many charging programs a car can hold; None if it is not known."""
    capabilities = vehicle.capabilities
    remote = capabilities.remote if capabilities else None
    return remote.charging.programs_size if remote else None


def reported_program(state: VehicleState, slot: int) -> Program | None:
    """Return the program that a car reports; None where it is not set."""
    programs = state.status.preconditioning.programs
    return next((program for program in programs if program.slot == slot), None)


def enable_program(state: VehicleState, slot: int, enabled: bool) -> AirConditioning:
    """Return the action that enables or disables a program.

    Raises:
        ServiceValidationError: it is not set.

    """
    program = _expected_program(state, slot)
    if program is None or program.start is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="program_not_set"
        )
    return AirConditioning(programs=(replace(program, enabled=enabled),))


def start_program_at(
    state: VehicleState, slot: int, start: timedelta
) -> AirConditioning:
    """Return the action that changes a program's start; a new one is disabled and daily."""
    program = _expected_program(state, slot) or Program(
        slot=slot,
        enabled=False,
        recurrence=Recurrence.DAILY,
        days=frozenset(Day),
    )
    return AirConditioning(programs=(replace(program, start=start),))


def since_midnight(at: time) -> timedelta:
    """Return the time of day as a duration; cars know no seconds."""
    return timedelta(hours=at.hour, minutes=at.minute)


def _expected_program(state: VehicleState, slot: int) -> Program | None:
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
