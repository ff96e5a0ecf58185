"""The actions that send commands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

import voluptuous as vol

from homeassistant.const import (
    ATTR_ENTITY_ID,
    ATTR_LATITUDE,
    ATTR_LOCATION,
    ATTR_LONGITUDE,
)
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers import config_validation as cv, location
from homeassistant.helpers.typing import VolDictType

from ..api.models.position import Position
from ..api.models.program import Day, Program, Recurrence
from ..api.models.remote_actions import (
    MAX_POSITIONS,
    PRECONDITIONING_SLOTS,
    AirConditioning,
    ChargingPrograms,
    DelayedCharging,
    Navigation,
    RemoteAction,
    WakeUp,
)
from ..availability.conditions import is_command_available
from ..commands.errors import command_error
from ..commands.programs import since_midnight
from ..coordinator import VehicleCoordinator
from .call import ATTR_END, ATTR_START, DAYS, Action, validation_error, vehicle_of

ATTR_ENABLED = "enabled"
ATTR_DAYS = "days"
ATTR_FORCE = "force"
ATTR_PROGRAMS = "programs"
ATTR_RECURRING = "recurring"
ATTR_SLOT = "slot"
ATTR_WAYPOINTS = "waypoints"

type Place = str | Mapping[str, float]

TIMES: VolDictType = {
    vol.Required(ATTR_START): cv.time,
    vol.Optional(ATTR_DAYS, default=[]): DAYS,
    vol.Optional(ATTR_ENABLED, default=True): cv.boolean,
}
SLOT: VolDictType = {
    vol.Required(ATTR_SLOT): vol.All(vol.Coerce(int), vol.In(PRECONDITIONING_SLOTS))
}
COORDINATES = vol.Schema(
    {
        vol.Required(ATTR_LATITUDE): cv.latitude,
        vol.Required(ATTR_LONGITUDE): cv.longitude,
    },
    # The location selector adds a radius.
    extra=vol.REMOVE_EXTRA,
)


def _navigation(call: ServiceCall) -> Navigation:
    places: list[tuple[str, Place]] = [
        (ATTR_WAYPOINTS, place) for place in call.data.get(ATTR_WAYPOINTS, ())
    ]
    destination = ATTR_LOCATION if ATTR_LOCATION in call.data else ATTR_ENTITY_ID
    places.append((destination, call.data[destination]))
    return Navigation(tuple(_position(call, field, place) for field, place in places))


def _position(call: ServiceCall, field: str, place: Place) -> Position:
    """Return the given coordinates, or those of the given entity.

    Raises:
        ServiceValidationError: The entity has no coordinates.

    """
    if isinstance(place, Mapping):
        latitude, longitude = place[ATTR_LATITUDE], place[ATTR_LONGITUDE]
        return Position(latitude=latitude, longitude=longitude)
    coordinates = location.find_coordinates(call.hass, place) or ""
    try:
        latitude, longitude = cv.gps(coordinates.split(","))
    except vol.Invalid:
        raise validation_error(
            call, "no_position", field=field, entity_id=place
        ) from None
    return Position(latitude=latitude, longitude=longitude)


def _set_program(call: ServiceCall) -> AirConditioning:
    recurrence = Recurrence.DAILY if call.data[ATTR_RECURRING] else Recurrence.NONE
    program = _program(call.data, slot=call.data[ATTR_SLOT], recurrence=recurrence)
    return AirConditioning(programs=(program,))


def _charging_schedule(call: ServiceCall) -> DelayedCharging | ChargingPrograms:
    if ATTR_START in call.data:
        return DelayedCharging(since_midnight(call.data[ATTR_START]))
    return ChargingPrograms(tuple(map(_program, call.data[ATTR_PROGRAMS])))


def _program(data: Mapping[str, Any], **fields: Any) -> Program:
    end: time | None = data.get(ATTR_END)
    return Program(
        start=since_midnight(data[ATTR_START]),
        end=since_midnight(end) if end else None,
        days=frozenset(Day[day.upper()] for day in data[ATTR_DAYS]) or frozenset(Day),
        enabled=data[ATTR_ENABLED],
        **fields,
    )


def _charging_remote(data: Mapping[str, Any]) -> str:
    is_delay = ATTR_START in data
    return f"remote_charging_{'next_delayed_time' if is_delay else 'programs'}"


@dataclass(frozen=True, kw_only=True)
class CommandAction:
    """An action that sends a command.

    Attributes:
        remote_fn: returns the key of the command.
        action_fn: returns the command.
        one_of: fields of which exactly one must be given.
    """

    schema: VolDictType
    remote_fn: Callable[[Mapping[str, Any]], str]
    action_fn: Callable[[ServiceCall], RemoteAction]
    one_of: tuple[str, ...] = ()


COMMAND_ACTIONS: Mapping[str, CommandAction] = {
    "send_to_navigation": CommandAction(
        schema={
            vol.Optional(ATTR_LOCATION): COORDINATES,
            vol.Optional(ATTR_ENTITY_ID): cv.entity_id,
            vol.Optional(ATTR_WAYPOINTS): vol.All(
                cv.ensure_list, [vol.Any(cv.entity_id, COORDINATES)]
            ),
        },
        remote_fn=lambda data: "remote_navigation",
        action_fn=_navigation,
        one_of=(ATTR_LOCATION, ATTR_ENTITY_ID),
    ),
    "set_preconditioning_program": CommandAction(
        schema={
            **SLOT,
            **TIMES,
            vol.Optional(ATTR_RECURRING, default=True): cv.boolean,
        },
        remote_fn=lambda data: "remote_preconditioning_programs",
        action_fn=_set_program,
    ),
    "delete_preconditioning_program": CommandAction(
        schema=SLOT,
        remote_fn=lambda data: "remote_preconditioning_programs",
        action_fn=lambda call: AirConditioning(deleted_slots=(call.data[ATTR_SLOT],)),
    ),
    "set_charging_schedule": CommandAction(
        schema={
            vol.Optional(ATTR_START): cv.time,
            vol.Optional(ATTR_PROGRAMS): vol.All(
                cv.ensure_list, [{**TIMES, vol.Optional(ATTR_END): cv.time}]
            ),
        },
        remote_fn=_charging_remote,
        action_fn=_charging_schedule,
        one_of=(ATTR_START, ATTR_PROGRAMS),
    ),
    "wake_up": CommandAction(
        schema={vol.Optional(ATTR_FORCE, default=False): cv.boolean},
        remote_fn=lambda data: "remote_wake_up",
        action_fn=lambda call: WakeUp(),
    ),
}


async def _async_send_command(call: ServiceCall) -> ServiceResponse:
    """Send a command, and return its outcome.

    Raises:
        ServiceValidationError: The car does not support the command, or it is not permitted.
        HomeAssistantError: The command failed.

    """
    vehicle = vehicle_of(call)
    car = vehicle.coordinator
    action = COMMAND_ACTIONS[call.service]
    _validate_one_of(call, action.one_of)
    if is_command_available(car, action.remote_fn(call.data)) is False:
        raise validation_error(call, "not_offered")
    _validate_number(car, call)
    pending = vehicle.commands.async_enqueue(
        call.service, action.action_fn(call), forced=call.data.get(ATTR_FORCE, False)
    )
    command = await vehicle.commands.async_wait(pending)
    if error := command_error(car, command):
        raise error
    return {
        "outcome": command.stage.name.lower() if command.is_settled else "pending",
    }


def _validate_one_of(call: ServiceCall, fields: tuple[str, ...]) -> None:
    """Validate that exactly one of some fields is given.

    Raises:
        ServiceValidationError: Names the fields.

    """
    if fields and len(call.data.keys() & {*fields}) != 1:
        raise validation_error(call, "not_one_of", fields=", ".join(fields))


def _validate_number(car: VehicleCoordinator, call: ServiceCall) -> None:
    """Validate that a car takes as many programs or waypoints.

    Raises:
        ServiceValidationError: Names the field and the maximum.

    """
    data, remotes = call.data, car.vehicle.remotes
    programs = len(data.get(ATTR_PROGRAMS, ()))
    for field, number, maximum in (
        (ATTR_SLOT, data.get(ATTR_SLOT, 0), remotes.preconditioning.programs_size),
        (ATTR_PROGRAMS, programs, remotes.charging.programs_size),
        (ATTR_WAYPOINTS, len(data.get(ATTR_WAYPOINTS, ())), MAX_POSITIONS - 1),
    ):
        if maximum is not None and number > maximum:
            raise validation_error(call, "too_many", field=field, maximum=str(maximum))


COMMANDS: Mapping[str, Action] = {
    name: (_async_send_command, action.schema, SupportsResponse.OPTIONAL)
    for name, action in COMMAND_ACTIONS.items()
}
