"""The actions of remotes: their bodies, and what they do to a car."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from simulator.cars.car import WEEKDAYS, Car
from simulator.cars.state import LOCKED, UNLOCKED, ChargingProgram, Program, State
from simulator.cars.timetable import LOCAL
from simulator.errors import ApiError, Json
from simulator.intervals import parse_duration

SUCCESS, ALREADY = "Success", "AlreadyDone"
AIR_NEEDS = 0.2
"""The part of its battery below which an unplugged car refuses to precondition."""
MOST_POSITIONS = 10
SLOTS = {1, 2, 3, 4}
LIGHTS_STAY = timedelta(seconds=30)

type Effect = Callable[[Car, State], tuple[State, str]]
"""Changes a car; returns it with Success, AlreadyDone or a failure cause."""


@dataclass(frozen=True)
class Action:
    """One action of a remote."""

    name: str
    kind: str
    scope: str
    effect: Effect


def _door(body: Json) -> Effect:
    match body:
        case {"state": "Locked" | "Unlocked" as wanted}:
            locks = LOCKED if wanted == "Locked" else UNLOCKED
        case _:
            raise ValueError("state")

    def effect(car: Car, state: State) -> tuple[State, str]:
        if state.drive:
            return state, "VehicleInUse"
        if wanted == "Locked" and state.opened:
            return state, "DoorsOpen"
        if (wanted in state.locks) or state.locks == locks:
            return state, ALREADY
        return car.lock(state, locks), SUCCESS

    return effect


def _horn(body: Json) -> Effect:
    match body:
        case {"state": "Activated" | "Unactivated" as wanted}:
            sounds = wanted == "Activated"
        case _:
            raise ValueError("state")

    def effect(car: Car, state: State) -> tuple[State, str]:
        if state.drive:
            return state, "VehicleInUse"
        return (
            (replace(state, horns=state.horns + 1), SUCCESS)
            if sounds
            else (state, ALREADY)
        )

    return effect


def _lights(body: Json) -> Effect:
    match body:
        case {"on": bool(wanted)}:
            pass
        case _:
            raise ValueError("on")

    def effect(car: Car, state: State) -> tuple[State, str]:
        if state.drive:
            return state, "VehicleInUse"
        if state.lights == wanted:
            return state, ALREADY
        if wanted:
            car.schedule(
                state.at + LIGHTS_STAY, lambda later: replace(later, lights=False)
            )
        return replace(state, lights=wanted), SUCCESS

    return effect


def _wake_up(body: Json) -> Effect:
    if not isinstance(body, dict) or body.get("action", "WakeUp") != "WakeUp":
        raise ValueError("action")
    return lambda car, state: (car.keep_awake(state), SUCCESS)


def _preconditioning(body: Json) -> Effect:
    air = _object(_object(body).get("airConditioning"))
    immediate = air.get("immediate")
    if not {"immediate", "programs"} & set(air) or immediate not in (None, True, False):
        raise ValueError("airConditioning")
    programs = _programs(air["programs"]) if "programs" in air else {}

    def effect(car: Car, state: State) -> tuple[State, str]:
        changed = _with_programs(state, programs)
        if immediate:
            started, result = _start_air(car, changed)
            return (
                started,
                SUCCESS if result == ALREADY and changed != state else result,
            )
        if immediate is False and not programs and state.air.ends:
            return car.finish_air(state, "Disabled"), SUCCESS
        return changed, ALREADY if changed == state else SUCCESS

    return effect


def _start_air(car: Car, state: State) -> tuple[State, str]:
    battery = car.model.battery
    if state.drive:
        return state, "VehicleInUse"
    if state.air.ends:
        return state, ALREADY
    if battery and not state.plugged and state.energy < AIR_NEEDS * battery.capacity:
        return state, "NotPossibleDueToVehicleBatteryLevel"
    return car.start_air(state), SUCCESS


def _programs(body: Json) -> dict[int, Program]:
    """Parse the programs to set or to delete by their slots, each at most once."""
    if not isinstance(body, list) or not body:
        raise ValueError("programs")
    wanted = [_program(entry) for entry in body]
    by_slot = {program.slot: program for program in wanted}
    if len(by_slot) < len(wanted) or not set(by_slot) <= SLOTS:
        raise ValueError("programs: slot")
    return by_slot


def _program(body: Json) -> Program:
    entry = _object(body)
    match entry:
        case {"slot": int(slot), "actionsType": "Delete"}:
            return Program(slot)
        case {"slot": int(slot), "start": str(start), "enabled": bool(enabled)}:
            if entry.get("actionsType", "Set") != "Set":
                raise ValueError("programs: actionsType")
            days = _days(entry.get("occurence"))
            recurrence = str(entry.get("recurrence", "Daily"))
            return Program(slot, enabled, parse_duration(start), days, recurrence)
        case _:
            raise ValueError("programs")


def _with_programs(state: State, programs: Mapping[int, Program]) -> State:
    changed = tuple(programs.get(one.slot, one) for one in state.air.programs)
    if changed == state.air.programs:
        return state
    return replace(state, air=replace(state.air, programs=changed), air_at=state.at)


def _days(occurence: Json) -> tuple[str, ...]:
    match occurence:
        case None:
            return ()
        case {"day": list(days)} if set(map(str, days)) <= set(WEEKDAYS):
            return tuple(map(str, days))
        case _:
            raise ValueError("occurence")


def _charging(body: Json) -> Effect:
    match body:
        case {"preferences": dict(preferences), **rest} if not rest:
            return _preferences(preferences)
        case {"immediate": bool(immediate), **rest} if not rest:
            return _start_charge if immediate else _stop_charge
        case {"schedule": {"nextDelayedTime": str(moment), **others}, **rest} if (
            not rest and not others
        ):
            return _delay(moment)
        case {"nextDelayedTime": str(moment), **rest} if not rest:
            return _delay(moment)
        case {"schedule": {"programs": list(programs), **others}, **rest} if (
            not rest and not others
        ):
            return _charging_programs(programs)
        case _:
            raise ValueError("charging")


def _start_charge(car: Car, state: State) -> tuple[State, str]:
    if not car.model.remotes.charging_start:
        return state, "WrongCommand"
    if not state.plugged:
        return state, "ExternalChargingSystemError"
    started = car.start_charge(state)
    return (
        (started, SUCCESS)
        if started.charge and not state.charge
        else (started, ALREADY)
    )


def _stop_charge(car: Car, state: State) -> tuple[State, str]:
    if not car.model.remotes.charging_stop:
        return state, "WrongCommand"
    return (car.stop_charge(state), SUCCESS) if state.charge else (state, ALREADY)


def _preferences(body: Mapping[str, Json]) -> Effect:
    match body:
        case {"type": "Partial" | "Full" as kind, **rest} if not rest:
            return _prefer(lambda car, state: car.prefer(state, charge_type=kind))
        case {
            "level": "Level1" | "Level2" | "Level3" | "Level4" | "Level5" as level,
            **rest,
        } if not rest:
            return _prefer(lambda car, state: car.prefer(state, power_level=level))
        case _:
            raise ValueError("preferences")


def _prefer(change: Callable[[Car, State], State]) -> Effect:
    def effect(car: Car, state: State) -> tuple[State, str]:
        if not car.model.remotes.preferences:
            return state, "WrongCommand"
        changed = change(car, state)
        same = (changed.charge_type, changed.power_level) == (
            state.charge_type,
            state.power_level,
        )
        return (state, ALREADY) if same else (changed, SUCCESS)

    return effect


def _delay(moment: str) -> Effect:
    """Parse the time of the day: a duration in practice, a moment in the specification's words."""
    if moment.startswith("P"):
        start = parse_duration(moment)
    else:
        local = datetime.fromisoformat(moment).astimezone(LOCAL)
        start = timedelta(hours=local.hour, minutes=local.minute)

    def effect(car: Car, state: State) -> tuple[State, str]:
        if not car.model.remotes.next_delayed_time:
            return state, "WrongCommand"
        if state.delayed_start == start:
            return state, ALREADY
        return car.keep_awake(replace(state, delayed_start=start)), SUCCESS

    return effect


def _charging_programs(body: list[Json]) -> Effect:
    programs = tuple(_charging_program(_object(entry)) for entry in body)

    def effect(car: Car, state: State) -> tuple[State, str]:
        if len(programs) > car.model.remotes.charging_programs:
            return state, "WrongCommand"
        return car.keep_awake(replace(state, charging_programs=programs)), SUCCESS

    return effect


def _charging_program(entry: Mapping[str, Json]) -> ChargingProgram:
    end = entry.get("end")
    return ChargingProgram(
        parse_duration(str(entry.get("start"))),
        parse_duration(str(end)) if end is not None else None,
        entry.get("enabled", True) is True,
        _days(entry.get("occurence")),
    )


def _navigation(body: Json) -> Effect:
    positions = body.get("positions") if isinstance(body, dict) else None
    points = []
    for position in positions if isinstance(positions, list) else []:
        match position:
            case {
                "type": "Point",
                "coordinates": [
                    int() | float() as longitude,
                    int() | float() as latitude,
                    *_,
                ],
            }:
                points.append((float(longitude), float(latitude)))
            case _:
                raise ValueError("positions")
    if not 1 <= len(points) <= MOST_POSITIONS:
        raise ValueError("positions")
    return lambda car, state: (replace(state, destinations=tuple(points)), SUCCESS)


def _object(body: Json) -> dict[str, Json]:
    if not isinstance(body, dict):
        raise ValueError("an object is expected")  # noqa: TRY004 - a wrong value to the caller
    return body


@dataclass(frozen=True)
class Kind:
    """A kind of action: its type, its capability, and its parser."""

    name: str
    capability: str
    read: Callable[[Json], Effect]


KINDS: Mapping[str, Kind] = {
    "door": Kind("Doors", "door", _door),
    "horn": Kind("Horn", "horn", _horn),
    "lights": Kind("Lights", "lights", _lights),
    "wakeUp": Kind("WakeUp", "wakeup", _wake_up),
    "preconditioning": Kind(
        "ThermalPreconditioning", "preconditioning", _preconditioning
    ),
    "charging": Kind("ElectricBatteryChargingRequest", "charging", _charging),
    "navigation": Kind("Navigation", "navigation", _navigation),
}
BESIDE = {"label", "attributes", "callbackAttributes"}


def read_action(body: Mapping[str, Json]) -> Action:
    """Parse a remote's body, which holds exactly one action; raise ApiError 400."""
    names = set(body) - BESIDE
    if len(names) != 1 or not names <= set(KINDS):
        raise ApiError(400, "Invalid parameter: exactly one remote action is expected")
    (name,) = names
    kind = KINDS[name]
    try:
        effect = kind.read(body[name])
    except ValueError as error:
        raise ApiError(400, f"Invalid parameter: {name}: {error}") from error

    def allowed(car: Car, state: State) -> tuple[State, str]:
        if kind.capability not in car.model.remotes.names:
            return state, "WrongCommand"
        return effect(car, state)

    return Action(name, kind.name, f"remote:{kind.capability}:write", allowed)
