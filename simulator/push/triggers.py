"""The triggers of a monitor: data, zone and time, each true or false for a car at a moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from simulator.cars.car import WEEKDAYS, Car
from simulator.cars.roads import Place
from simulator.cars.state import State
from simulator.cars.timetable import LOCAL
from simulator.errors import ApiError, Json
from simulator.intervals import parse_duration

from .readings import READINGS, WITH_PREVIOUS, Value

NAME = re.compile(r"[a-zA-Z]+[.\-_]?[0-9]*")
TOLERANCE = 0.05
"""How near a number must come to be equal: the API shows one decimal."""


@dataclass(frozen=True)
class Sight:
    """A car's state, and the one before."""

    car: Car
    state: State
    before: State | None


type Test = Callable[[Sight], bool]


@dataclass(frozen=True)
class Trigger:
    """A named condition; `data` is what a data trigger watches.

    A momentary one is true at a change alone, and each change counts for itself.
    """

    name: str
    scope: str
    test: Test
    data: str | None = None
    tells_previous: bool = False
    momentary: bool = False


def read_trigger(body: Json) -> Trigger:
    """Parse a trigger, which has a name and exactly one condition; raise ApiError 400."""
    if isinstance(body, dict) and NAME.fullmatch(str(body.get("name"))):
        (kind, *others) = set(body) - {"name"} or {""}
        condition = body.get(kind)
        if kind in KINDS and not others and isinstance(condition, dict):
            return KINDS[kind](str(body["name"]), condition)
    raise ApiError(400, "Invalid parameter: triggers")


def _data(name: str, body: Mapping[str, Json]) -> Trigger:
    data, operator, previous = body.get("data"), body.get("op"), body.get("previous")
    reading = READINGS.get(data) if isinstance(data, str) else None
    if (
        not isinstance(data, str)
        or reading is None
        or operator not in reading.operators
    ):
        raise ApiError(400, "Invalid parameter: data trigger")
    wanted = _literals(body.get("value"))
    if (operator == "onChange") is bool(wanted):
        raise ApiError(400, "Invalid parameter: value")
    if previous is not None and data not in WITH_PREVIOUS:
        raise ApiError(400, "Invalid parameter: previous")
    comes_from = _literals(previous.get("value")) if isinstance(previous, dict) else []

    def test(sight: Sight) -> bool:
        value = reading.read(sight.car, sight.state)
        before = reading.read(sight.car, sight.before) if sight.before else None
        if operator == "onChange":
            fires = sight.before is not None and value != before
        else:
            fires = _compare(str(operator), value, wanted)
        if comes_from and fires and value != before:
            return _compare("includedIn", before, comes_from)
        return fires

    return Trigger(
        name,
        reading.scope,
        test,
        data,
        tells_previous=bool(comes_from),
        momentary=operator == "onChange",
    )


def _literals(value: Json) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _compare(operator: str, value: Value, wanted: list[str]) -> bool:
    match operator, value:
        case _, None:
            return False
        case "greaterThan", float():
            return value > float(wanted[0])
        case "lowerThan", float():
            return value < float(wanted[0])
        case "equalsTo", float():
            return abs(value - float(wanted[0])) < TOLERANCE
        case "equalsTo", frozenset():
            return wanted[0] in value
        case _, frozenset():
            return bool(value & set(wanted))
        case "equalsTo", _:
            return value == wanted[0]
        case _:
            return value in wanted


def _zone(name: str, body: Mapping[str, Json]) -> Trigger:
    # The tutorial calls the place a circle.
    match {"place": body.get("circle"), **body}:
        case {
            "transition": "In" | "Out" as transition,
            "place": {
                "radius": int(radius),
                "center": {
                    "longitude": int() | float() as longitude,
                    "latitude": int() | float() as latitude,
                },
            },
        }:
            center = Place(longitude, latitude)
        case _:
            raise ApiError(400, "Invalid parameter: zone")

    def test(sight: Sight) -> bool:
        inside = center.kilometres_to(sight.state.fix.place) <= radius
        return inside is (transition == "In")

    return Trigger(name, "data:position", test)


def _time(name: str, body: Mapping[str, Json]) -> Trigger:
    times = body.get("times")
    try:
        zone = ZoneInfo(str(body["timeZone"])) if "timeZone" in body else LOCAL
        windows = [_window(one) for one in times] if isinstance(times, list) else []
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ApiError(400, "Invalid parameter: time") from error
    if not windows:
        raise ApiError(400, "Invalid parameter: time")

    def test(sight: Sight) -> bool:
        local = sight.state.at.astimezone(zone)
        since_midnight = timedelta(
            hours=local.hour, minutes=local.minute, seconds=local.second
        )
        day = WEEKDAYS[local.weekday()]
        return sight.state.drive is not None and any(
            day in days and start <= since_midnight <= start + length
            for start, length, days in windows
        )

    return Trigger(name, "data:telemetry", test)


def _window(body: Json) -> tuple[timedelta, timedelta, tuple[str, ...]]:
    match body:
        case {"start": str(start), **rest}:
            length = parse_duration(str(rest.get("duration", "PT24H")))
            occurence = rest.get("occurence")
            days = (
                _literals(occurence.get("day")) if isinstance(occurence, dict) else []
            )
            return parse_duration(start), length, tuple(days) or WEEKDAYS
        case _:
            raise ValueError("no start")


KINDS: Mapping[str, Callable[[str, Mapping[str, Json]], Trigger]] = {
    "data": _data,
    "zone": _zone,
    "time": _time,
}
