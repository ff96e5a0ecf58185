"""Decode the platform's JSON into frozen dataclasses, leniently and field by field.

The annotation of a field says which JSON values fit, and `json_field` where they are and which are
plausible. A value that is missing, null, of another type, outside its bounds or unknown to its
enumeration leaves its own field at the default and affects no other; in a list, only the element.

The platform has several dialects, sometimes two in one response. Therefore a field may have more
than one path, and a model may be decoded from more than one object: each field has its value from
the first place that holds a plausible one. Libraries for decoding convert between types
(`bool("x")` is true) or reject an object for one wrong field.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
import json
import math
import re
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    TypeIs,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

import orjson

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

type OnInvalid = Callable[[str], None]
"""Called with the dotted name of each field that held a value of a wrong type; "" is the model itself."""

type _Parse = Callable[[object, OnInvalid], Any]
"""Return a JSON value as a field's type, or None if it does not fit."""

# More than the time zones are apart, as clocks set to local time are wrong by so much.
MAX_FUTURE = timedelta(days=1)
# orjson parses deeper objects than it can serialize again.
_MAX_DEPTH = 254
# Longer integers are beyond every number of the platform, and beyond what a float can hold.
_MAX_DIGITS = 300


def loads(body: bytes) -> object:
    """Return the JSON value of a body, with None for NaN, infinity and numbers too large for a float.

    The value can be serialized by orjson.

    Raises:
        ValueError: the body is not JSON, or nested too deeply.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = orjson.loads(_strict_json(body))
    if body.count(b"[") + body.count(b"{") > _MAX_DEPTH:
        try:
            orjson.dumps(value)
        except TypeError:
            raise ValueError("Nested too deeply") from None
    return value


def _strict_json(body: bytes) -> bytes:
    try:
        value = json.loads(
            body.decode("utf-8-sig", errors="replace"),
            parse_constant=lambda _name: None,
            parse_float=lambda digits: _finite(float(digits)),
            parse_int=lambda digits: int(digits) if len(digits) < _MAX_DIGITS else None,
        )
        return json.dumps(value, ensure_ascii=False).encode(errors="replace")
    except RecursionError:
        raise ValueError("Nested too deeply") from None


@dataclass_transform(frozen_default=True, kw_only_default=True)
def model[M](cls: type[M]) -> type[M]:
    """Make a class a model: a frozen dataclass.

    Its class method `__post_deserialize__(instance)`, if it has one, returns the instance to use
    in place of a decoded one.
    """
    return dataclass(frozen=True, kw_only=True, slots=True)(cls)


def json_field(
    *paths: str,
    minimum: float | timedelta | None = None,
    maximum: float | timedelta | None = None,
    missing: float | None = None,
    convert: Callable[[Any], Any] | None = None,
    select: Callable[[list[Any]], Any] | None = None,
    default: Any = None,
) -> Any:
    """Declare where in the JSON a field is, and which values are plausible.

    Args:
        paths: keys and indexes separated by slashes, such as `geometry/coordinates/0`, in the
            order of preference; "" is the object itself. By default the field's name in the
            platform's spelling.
        minimum: the lowest plausible value, in the platform's unit.
        maximum: the highest plausible value, in the platform's unit.
        missing: the value that means that there is none.
        convert: return the value of the field, or None for an implausible one.
        select: return one of the plausible values; by default the first, of lists the first that
            is not empty.
        default: the value of the field without a plausible one.
    """
    metadata = {
        "paths": paths,
        "minimum": minimum,
        "maximum": maximum,
        "missing": missing,
        "convert": convert,
        "select": select,
    }
    return field(default=default, metadata=metadata)


def internal_field(factory: Callable[[], Any]) -> Any:
    """Declare a field that is not decoded, not compared and not shown."""
    return field(
        default_factory=factory, compare=False, repr=False, metadata={"internal": True}
    )


def decode[M: DataclassInstance](
    to: type[M],
    *sources: object,
    on_invalid: OnInvalid | None = None,
    **known: object,
) -> M:
    """Return a model decoded from one or more JSON objects, in the order of preference.

    The values of its internal fields are given by name.
    """
    decoded = to(**decode_fields(to, *sources, on_invalid=on_invalid, **known))
    check: Callable[[M], M] | None = getattr(to, "__post_deserialize__", None)
    return check(decoded) if check else decoded


def decode_fields(
    to: type[DataclassInstance],
    *sources: object,
    on_invalid: OnInvalid | None = None,
    **known: object,
) -> dict[str, Any]:
    """Return the values of a model's fields by name; those that are known are not decoded."""
    objects = [one for one in sources if isinstance(one, dict)]
    values = {
        each.name: value
        for each in _json_fields(to)
        if each.name not in known
        and (found := each.find(objects))
        and (value := each.parse(found, on_invalid or _ignore)) is not None
    }
    return known | values


def _ignore(_name: str) -> None:
    """Ignore a field with a wrong value."""


@dataclass(frozen=True, slots=True)
class _JsonField:
    """How one field is decoded.

    Attributes:
        keys: the paths, if all of them are keys: those of most fields.
        has_fields: whether its values have fields of their own.
        is_bounded: whether not all values are plausible as they are.
    """

    name: str
    paths: tuple[tuple[str | int, ...], ...]
    keys: tuple[str, ...]
    parse_one: _Parse
    nested: type[DataclassInstance] | None
    has_fields: bool
    is_bounded: bool
    minimum: Any
    maximum: Any
    missing: float | None
    convert: Callable[[Any], Any] | None
    select: Callable[[list[Any]], Any] | None

    def find(self, objects: Sequence[dict[str, object]]) -> list[object]:
        """Return the JSON values of the field, in the order of preference."""
        if self.keys:
            return [
                value
                for one in objects
                for key in self.keys
                if (value := one.get(key)) is not None
            ]
        return [
            value
            for one in objects
            for path in self.paths
            if (value := _value_at(one, path)) is not None
        ]

    def parse(self, found: list[object], on_invalid: OnInvalid) -> Any:
        """Return the field's value, or None without a plausible one."""
        within = _within(self.name, on_invalid) if self.has_fields else on_invalid
        if self.nested is not None:
            objects = [value for value in found if isinstance(value, dict)]
            if objects:
                return decode(self.nested, *objects, on_invalid=within)
        fits, plausible = False, []
        for value in found:
            if (parsed := self.parse_one(value, within)) is None:
                continue
            fits = True
            if self.is_bounded and (parsed := self._plausible(parsed)) is None:
                continue
            if self.select is None:
                return parsed
            plausible.append(parsed)
        if not fits:
            on_invalid(self.name)
        return self.select(plausible) if self.select and plausible else None

    def _plausible(self, value: Any) -> Any:
        """Return the value in the field's unit, or None for an implausible one."""
        if (
            value == self.missing
            or (self.minimum is not None and value < self.minimum)
            or (self.maximum is not None and value > self.maximum)
        ):
            return None
        return self.convert(value) if self.convert else value


def _within(field_name: str, on_invalid: OnInvalid) -> OnInvalid:
    """Return what to call with the names of the fields of a field."""
    return lambda name: on_invalid(f"{field_name}.{name}" if name else field_name)


def _value_at(value: object, path: Iterable[str | int]) -> object:
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


@cache
def json_keys(of: type[DataclassInstance]) -> Mapping[str, frozenset[str]]:
    """Return the keys of a JSON object that each field of a model is decoded from."""
    return {
        each.name: frozenset(str(path[0]) for path in each.paths)
        for each in _json_fields(of)
    }


@cache
def _json_fields(of: type[DataclassInstance]) -> tuple[_JsonField, ...]:
    hints = get_type_hints(of)
    return tuple(
        _json_field(a_field.name, hints[a_field.name], a_field.metadata)
        for a_field in fields(of)
        if "internal" not in a_field.metadata
    )


def _json_field(name: str, hint: Any, metadata: Mapping[str, Any]) -> _JsonField:
    types = _members_of(hint)
    is_list = get_origin(types[0]) in (tuple, frozenset)
    paths = metadata.get("paths") or (_camel_case(name),)
    limits = ("minimum", "maximum", "missing", "convert")
    return _JsonField(
        name=name,
        paths=tuple(_steps(path) for path in paths),
        keys=() if any("/" in path or not path for path in paths) else paths,
        parse_one=_parser(types),
        nested=types[0] if _is_model(types[0]) else None,
        has_fields=is_list or _is_model(types[0]),
        is_bounded=any(metadata.get(one) is not None for one in limits),
        **{one: metadata.get(one) for one in limits},
        select=metadata.get("select") or (_first_filled if is_list else None),
    )


def _steps(path: str) -> tuple[str | int, ...]:
    steps = path.split("/") if path else ()
    return tuple(int(step) if step.isdigit() else step for step in steps)


def _is_model(hint: Any) -> TypeIs[type[DataclassInstance]]:
    return isinstance(hint, type) and is_dataclass(hint)


def _members_of(hint: Any) -> Sequence[Any]:
    if isinstance(hint, UnionType):
        return [member for member in get_args(hint) if member is not NoneType]
    return [hint]


def _camel_case(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def _first_filled(values: list[Any]) -> Any:
    return next(filter(None, values), values[0])


def _parser(types: Sequence[Any]) -> _Parse:
    match [_parser_of_one(one) for one in types]:
        case [parse]:
            return parse
        case several:
            return lambda value, on_invalid: next(
                (
                    parsed
                    for parse in several
                    if (parsed := parse(value, on_invalid)) is not None
                ),
                None,
            )


def _parser_of_one(one: Any) -> _Parse:
    if get_origin(one) in (tuple, frozenset):
        return _list_parser(get_origin(one), _parser_of_one(get_args(one)[0]))
    if _is_model(one):
        return lambda value, on_invalid: (
            decode(one, value, on_invalid=on_invalid)
            if isinstance(value, dict)
            else None
        )
    if issubclass(one, StrEnum):
        return _enum_parser(one)
    return _PARSERS[one]


def _list_parser(collection: Callable[[Iterable[Any]], Any], parse: _Parse) -> _Parse:
    def parse_list(value: object, on_invalid: OnInvalid) -> Any:
        if not isinstance(value, list):
            return None
        parsed = [parse(element, on_invalid) for element in value]
        fitting = [element for element in parsed if element is not None]
        if len(fitting) < len(parsed):
            on_invalid("")
        return collection(fitting)

    return parse_list


def _enum_parser(enumeration: type[StrEnum]) -> _Parse:
    members: Mapping[str, StrEnum] = {member.value: member for member in enumeration}

    def parse_member(value: object, _: OnInvalid) -> StrEnum | None:
        if not isinstance(value, str):
            return None
        try:
            return members.get(value) or enumeration(value)
        except ValueError:
            return None

    return parse_member


def _boolean(value: object, _: OnInvalid) -> bool | None:
    return value if isinstance(value, bool) else None


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _number(value: object, _: OnInvalid) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return _finite(float(value))
    except OverflowError:
        return None


def _integer(value: object, on_invalid: OnInvalid) -> int | None:
    number = _number(value, on_invalid)
    return None if number is None else round(number)


def _text(value: object, _: OnInvalid) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _datetime(value: object, _: OnInvalid) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        time = _utc(value)
    except ValueError, OverflowError:
        return None
    is_plausible = time.year > 2000 and time < datetime.now(UTC) + MAX_FUTURE
    return time if is_plausible else None


@lru_cache(maxsize=8)
def _utc(value: str) -> datetime:
    """Return a time; the blocks of a response mostly share theirs."""
    time = datetime.fromisoformat(value)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)


# Years and months have no fixed length and have never been seen.
_DURATION = re.compile(
    r"P(?=.)(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


def _duration(value: object, _: OnInvalid) -> timedelta | None:
    if not isinstance(value, str) or not (parts := _DURATION.fullmatch(value)):
        return None
    try:
        return timedelta(
            **{unit: float(number) for unit, number in parts.groupdict("0").items()}
        )
    except OverflowError:
        return None


_PARSERS: Mapping[type, _Parse] = {
    bool: _boolean,
    int: _integer,
    float: _number,
    str: _text,
    datetime: _datetime,
    timedelta: _duration,
}
