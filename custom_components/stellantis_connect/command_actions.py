"""The actions that have a car do what takes more than an entity."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

import voluptuous as vol

from homeassistant.const import (
    ATTR_DEVICE_ID,
    ATTR_ENTITY_ID,
    ATTR_LATITUDE,
    ATTR_LOCATION,
    ATTR_LONGITUDE,
)
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, location
from homeassistant.helpers.typing import VolDictType

from .api.models.position import Position
from .api.models.program import Day, Program, Recurrence
from .api.models.remote_actions import (
    MAX_POSITIONS,
    PRECONDITIONING_SLOTS,
    AirConditioning,
    ChargingPrograms,
    DelayedCharging,
    Navigation,
    RemoteAction,
    WakeUp,
)
from .availability.conditions import offers
from .commands.programs import charging_slots, preconditioning_slots, since_midnight
from .const import DOMAIN
from .coordinator import VehicleCoordinator
from .services import vehicle_of

ATTR_DAYS = "days"
ATTR_ENABLED = "enabled"
ATTR_END = "end"
ATTR_FORCE = "force"
ATTR_PROGRAMS = "programs"
ATTR_REPEATED = "repeated"
ATTR_SLOT = "slot"
ATTR_START = "start"
ATTR_WAY_POINTS = "way_points"

DEVICE: VolDictType = {vol.Required(ATTR_DEVICE_ID): cv.string}
DAYS = vol.All(
    cv.ensure_list,
    [vol.All(vol.In([day.name.lower() for day in Day]), str)],
)
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
    # The selector of a location brings a radius.
    extra=vol.REMOVE_EXTRA,
)

type Place = str | Mapping[str, float]


def _navigation(call: ServiceCall) -> Navigation:
    places: list[tuple[str, Place]] = [
        (ATTR_WAY_POINTS, place) for place in call.data.get(ATTR_WAY_POINTS, ())
    ]
    destination = ATTR_LOCATION if ATTR_LOCATION in call.data else ATTR_ENTITY_ID
    places.append((destination, call.data[destination]))
    return Navigation(
        tuple(_position(call.hass, field, place) for field, place in places)
    )


def _position(hass: HomeAssistant, field: str, place: Place) -> Position:
    """Return where a place is: one that is told, or that of an entity.

    Raises:
        ServiceValidationError: the entity is nowhere.

    """
    if isinstance(place, Mapping):
        latitude, longitude = place[ATTR_LATITUDE], place[ATTR_LONGITUDE]
        return Position(latitude=latitude, longitude=longitude)
    found = location.find_coordinates(hass, place) or ""
    try:
        latitude, longitude = cv.gps(found.split(","))
    except vol.Invalid:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_position",
            translation_placeholders={"field": field, "entity_id": place},
        ) from None
    return Position(latitude=latitude, longitude=longitude)


def _set_program(call: ServiceCall) -> AirConditioning:
    recurrence = Recurrence.DAILY if call.data[ATTR_REPEATED] else Recurrence.NONE
    program = _program(call.data, slot=call.data[ATTR_SLOT], recurrence=recurrence)
    return AirConditioning(programs=(program,))


def _delete_program(call: ServiceCall) -> AirConditioning:
    return AirConditioning(deleted_slots=(call.data[ATTR_SLOT],))


def _charging_schedule(call: ServiceCall) -> DelayedCharging | ChargingPrograms:
    if ATTR_START in call.data:
        return DelayedCharging(since_midnight(call.data[ATTR_START]))
    return ChargingPrograms(tuple(map(_program, call.data[ATTR_PROGRAMS])))


def _program(data: Mapping[str, Any], **more: Any) -> Program:
    end: time | None = data.get(ATTR_END)
    return Program(
        start=since_midnight(data[ATTR_START]),
        end=since_midnight(end) if end else None,
        days=frozenset(Day[day.upper()] for day in data[ATTR_DAYS]) or frozenset(Day),
        enabled=data[ATTR_ENABLED],
        **more,
    )


def _charging_remote(data: Mapping[str, Any]) -> str:
    is_delay = ATTR_START in data
    return f"remote_charging_{'next_delayed_time' if is_delay else 'programs'}"


@dataclass(frozen=True, kw_only=True)
class CommandAction:
    """An action: what it takes, and what it has a car do.

    Attributes:
        remote_fn: returns the command of the catalogue that it needs.
        action_fn: returns what the car is to do.
        one_of: fields of which one, and only one, must be given.
    """

    schema: VolDictType
    remote_fn: Callable[[Mapping[str, Any]], str]
    action_fn: Callable[[ServiceCall], RemoteAction]
    one_of: tuple[str, ...] = ()


ACTIONS: Mapping[str, CommandAction] = {
    "send_to_navigation": CommandAction(
        schema={
            **DEVICE,
            vol.Optional(ATTR_LOCATION): COORDINATES,
            vol.Optional(ATTR_ENTITY_ID): cv.entity_id,
            vol.Optional(ATTR_WAY_POINTS): vol.All(
                cv.ensure_list, [vol.Any(cv.entity_id, COORDINATES)]
            ),
        },
        remote_fn=lambda data: "remote_navigation",
        action_fn=_navigation,
        one_of=(ATTR_LOCATION, ATTR_ENTITY_ID),
    ),
    "set_preconditioning_program": CommandAction(
        schema={
            **DEVICE,
            **SLOT,
            **TIMES,
            vol.Optional(ATTR_REPEATED, default=True): cv.boolean,
        },
        remote_fn=lambda data: "remote_preconditioning_programs",
        action_fn=_set_program,
    ),
    "delete_preconditioning_program": CommandAction(
        schema={**DEVICE, **SLOT},
        remote_fn=lambda data: "remote_preconditioning_programs",
        action_fn=_delete_program,
    ),
    "set_charging_schedule": CommandAction(
        schema={
            **DEVICE,
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
        schema={**DEVICE, vol.Optional(ATTR_FORCE, default=False): cv.boolean},
        remote_fn=lambda data: "remote_wake_up",
        action_fn=lambda call: WakeUp(),
    ),
}


@callback
def async_setup_command_actions(hass: HomeAssistant) -> None:
    """Register the actions, which are there whether an account is set up or not."""
    for name, action in ACTIONS.items():
        hass.services.async_register(
            DOMAIN,
            name,
            _async_carry_out,
            vol.Schema(action.schema),
            supports_response=SupportsResponse.OPTIONAL,
        )


async def _async_carry_out(call: ServiceCall) -> ServiceResponse:
    """Have a car do what an action asks for, and tell what came of it.

    Raises:
        ServiceValidationError: the car does not do that.
        HomeAssistantError: it came to nothing; says why, and what to do.

    """
    vehicle = vehicle_of(call)
    car = vehicle.coordinator
    action = ACTIONS[call.service]
    _ensure_one_of(call.data, action.one_of)
    if offers(car, action.remote_fn(call.data)) is False:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="not_offered"
        )
    _refuse_too_many(car, call.data)
    forced = call.data.get(ATTR_FORCE, False)
    asked = vehicle.commands.async_enqueue(
        call.service, action.action_fn(call), forced=forced
    )
    command = await vehicle.commands.async_wait(asked)
    return {
        "outcome": command.stage.name.lower() if command.is_settled else "pending",
    }


def _ensure_one_of(data: Mapping[str, Any], fields: tuple[str, ...]) -> None:
    """Take one of some fields, neither none nor several.

    Raises:
        ServiceValidationError: names the fields.

    """
    if fields and len(data.keys() & {*fields}) != 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_one_of",
            translation_placeholders={"fields": ", ".join(fields)},
        )


def _refuse_too_many(car: VehicleCoordinator, data: Mapping[str, Any]) -> None:
    """Refuse more programs or way points than a car has room for.

    Raises:
        ServiceValidationError: names the field and the room that there is.

    """
    for field, wanted, room in (
        (ATTR_SLOT, data.get(ATTR_SLOT, 0), preconditioning_slots(car.vehicle)),
        (ATTR_PROGRAMS, len(data.get(ATTR_PROGRAMS, ())), charging_slots(car.vehicle)),
        (ATTR_WAY_POINTS, len(data.get(ATTR_WAY_POINTS, ())), MAX_POSITIONS - 1),
    ):
        if room is not None and wanted > room:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="too_many",
                translation_placeholders={"field": field, "room": str(room)},
            )
