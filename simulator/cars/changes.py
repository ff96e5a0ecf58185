"""The fields of a PATCH of a car, and the truth that a GET shows."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from simulator.clock import rfc3339
from simulator.errors import Json
from simulator.intervals import parse_duration, write_duration

from .car import Car
from .roads import Place
from .state import LOCKED, OPENINGS, UNLOCKED, Program, State

type Change = Callable[[Car, State, Json], State]


def truth(car: Car, state: State) -> dict[str, Json]:
    """Return how a car really is, whatever the platform knows."""
    battery, tank = car.model.battery, car.model.tank
    body: dict[str, Json] = {
        "time": rfc3339(state.at),
        "where": state.where
        if state.drive is None
        else f"driving to {state.drive.destination}",
        "position": [state.fix.place.longitude, state.fix.place.latitude],
        "odometer": round(state.odometer, 3),
        "moving": state.drive is not None,
        "speed": state.fix.speed,
        "sleep": state.asleep,
        "locked": list(state.locks),
        "open": list[Json](sorted(state.opened)),
        "lights": state.lights,
        "horns": state.horns,
        "privacy": state.privacy,
        "auxiliary": state.auxiliary_level,
        "preconditioning": state.air.status,
        "programs": [_show_program(program) for program in state.air.programs],
        "alarm": state.trigger.kind if state.trigger else None,
        "alerts": [alert.kind for alert in car.alerts if alert.end is None],
        "destinations": [list(point) for point in state.destinations],
        "missing": list[Json](sorted(car.missing)),
    }
    if battery:
        body |= {
            "level": round(state.energy / battery.capacity * 100, 3),
            "energy": round(state.energy, 1),
            "charged": round(charged(car, state), 1),
            "plugged": state.plugged,
            "charging": state.charging_status,
            "charge_type": state.charge_type,
            "power_level": state.power_level,
            "next_delayed_time": _show_duration(state.delayed_start),
            "charging_programs": [
                write_duration(program.start) for program in state.charging_programs
            ],
        }
    if tank:
        body |= {
            "fuel": round(state.fuel / tank.capacity * 100, 3),
            "litres": round(state.fuel, 3),
            "burnt": round(state.fuel_used, 3),
        }
    return body


def charged(car: Car, state: State) -> float:
    """Return all Wh that ever went into the battery by charging, up to a state."""
    ended = sum(record.energy for record in car.charges if record.ended <= state.at)
    return ended + (state.energy - state.charge.energy if state.charge else 0.0)


def _show_duration(duration: timedelta | None) -> str | None:
    return None if duration is None else write_duration(duration)


def _show_program(program: Program) -> dict[str, Json]:
    return {
        "slot": program.slot,
        "enabled": program.enabled,
        "start": write_duration(program.start),
        "days": list(program.days),
        "recurrence": program.recurrence,
    }


def _plugged(car: Car, state: State, value: Json) -> State:
    return car.plug_in(state) if value else car.unplug(state)


def _charging(car: Car, state: State, value: Json) -> State:
    match value:
        case True:
            return car.start_charge(replace(state, plugged=True))
        case False:
            return car.stop_charge(state)
        case "Failure":
            return car.keep_awake(
                replace(state, charge=None, charging_status="Failure")
            )
        case _:
            raise ValueError("true, false or Failure")


def _level(car: Car, state: State, value: Json) -> State:
    capacity = car.model.battery.capacity if car.model.battery else 0.0
    charging = state.charge is not None
    state = replace(state, energy=capacity * _number(value) / 100, charge=None)
    return car.start_charge(state) if charging else car.keep_awake(state)


def _fuel(car: Car, state: State, value: Json) -> State:
    capacity = car.model.tank.capacity if car.model.tank else 0.0
    return car.keep_awake(replace(state, fuel=capacity * _number(value) / 100))


def _locked(car: Car, state: State, value: Json) -> State:
    if isinstance(value, list):
        return car.lock(state, tuple(map(str, value)))
    return car.lock(state, LOCKED if value else UNLOCKED)


def _open(car: Car, state: State, value: Json) -> State:
    opened = frozenset(map(str, value)) if isinstance(value, list) else frozenset()
    if not opened <= set(OPENINGS):
        raise ValueError(f"a list of {', '.join(OPENINGS)}")
    locks = UNLOCKED if opened else state.locks
    return car.keep_awake(replace(state, opened=opened, locks=locks, doors_at=state.at))


def _trip(car: Car, state: State, value: Json) -> State:
    match value:
        case "stop":
            return car.arrive(state)
        case "start":
            return (
                car.leave(state, "work" if state.where == "home" else "home")
                if not state.drive
                else state
            )
        case str() if value in car.destinations and not state.drive:
            if (value == "home") == (state.where == "home"):
                raise ValueError("the car can go home, or leave from there")
            return car.leave(state, value)
        case _:
            raise ValueError(
                f"start, stop, {', '.join(car.destinations)}; one trip at a time"
            )


def _privacy(car: Car, state: State, value: Json) -> State:
    match value:
        case "None" | "Geolocation" | "Full":
            return car.keep_awake(replace(state, privacy=value, privacy_at=state.at))
        case _:
            raise ValueError("None, Geolocation or Full")


def _sleep(car: Car, state: State, value: Json) -> State:
    match value:
        case "auto" | "awake" | "asleep" | "deep":
            return replace(state, sleep=value, awake_until=state.at)
        case _:
            raise ValueError("auto, awake, asleep or deep")


def _preconditioning(car: Car, state: State, value: Json) -> State:
    match value:
        case True:
            return car.start_air(state)
        case False:
            return car.finish_air(state, "Disabled")
        case str():
            air = replace(state.air, status="Failure", failure=value, ends=None)
            return car.keep_awake(replace(state, air=air, air_at=state.at))
        case _:
            raise ValueError("true, false or a failure cause")


def _alert(car: Car, state: State, value: Json) -> State:
    match value:
        case str():
            return car.raise_alert(state, value, "Warning")
        case {"type": str(kind), **rest}:
            return car.raise_alert(state, kind, str(rest.get("severity", "Warning")))
        case _:
            raise ValueError("a type, or {type, severity}")


def _clear_alert(car: Car, state: State, value: Json) -> State:
    return car.clear_alert(state, str(value))


def _alarm(car: Car, state: State, value: Json) -> State:
    return (
        car.trigger_alarm(state, value)
        if isinstance(value, str)
        else replace(state, trigger=None)
    )


def _collision(car: Car, state: State, value: Json) -> State:
    match value:
        case "Front" | "Rear" | "Lateral":
            return car.collide(state, value)
        case {
            "side": "Front" | "Rear" | "Lateral" as side,
            "severity": "Minimal" | "Minor" | "Major" as severity,
            **rest,
        }:
            return car.collide(
                state,
                side,
                severity,
                tipped_over=rest.get("tippedOver") is True,
                pedestrian=rest.get("pedestrian") is True,
            )
        case _:
            raise ValueError("a side, or {side, severity, tippedOver, pedestrian}")


def _odometer(car: Car, state: State, value: Json) -> State:
    return car.keep_awake(replace(state, odometer=_number(value)))


def _auxiliary(car: Car, state: State, value: Json) -> State:
    return car.keep_awake(
        replace(state, auxiliary=None if value is None else _number(value))
    )


def _position(car: Car, state: State, value: Json) -> State:
    match value:
        case [int() | float() as longitude, int() | float() as latitude]:
            place = Place(longitude, latitude)
            return car.keep_awake(replace(state, place=place, stopped_at=state.at))
        case _:
            raise ValueError("[longitude, latitude]")


def _next_delayed_time(car: Car, state: State, value: Json) -> State:
    start = None if value is None else parse_duration(str(value))
    return car.keep_awake(replace(state, delayed_start=start))


def _charge_type(car: Car, state: State, value: Json) -> State:
    match value:
        case "Partial" | "Full":
            return car.prefer(state, charge_type=value)
        case _:
            raise ValueError("Partial or Full")


def _missing(car: Car, state: State, value: Json) -> State:
    car.missing = set(map(str, value)) if isinstance(value, list) else set()
    return state


def _number(value: Json) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a number is expected")
    return float(value)


CHANGES: Mapping[str, Change] = {
    "privacy": _privacy,
    "plugged": _plugged,
    "level": _level,
    "fuel": _fuel,
    "charging": _charging,
    "charge_type": _charge_type,
    "next_delayed_time": _next_delayed_time,
    "locked": _locked,
    "open": _open,
    "trip": _trip,
    "position": _position,
    "odometer": _odometer,
    "auxiliary": _auxiliary,
    "sleep": _sleep,
    "preconditioning": _preconditioning,
    "alert": _alert,
    "clear_alert": _clear_alert,
    "alarm": _alarm,
    "collision": _collision,
    "missing": _missing,
}


def apply_changes(car: Car, state: State, wanted: Mapping[str, Json]) -> State:
    """Return the state after all changes, in the table's order; raise ValueError or TypeError."""
    if unknown := set(wanted) - set(CHANGES):
        raise ValueError(
            f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(CHANGES)}"
        )
    for name, change in CHANGES.items():
        if name in wanted:
            state = change(car, state, wanted[name])
    return state
