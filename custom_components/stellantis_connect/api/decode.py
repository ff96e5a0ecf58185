"""From the platform's JSON to frozen dataclasses, leniently and field by field.

A model's annotations say what fits, and its fields say, with `at`, where in the JSON they lie. What
is missing, null, of a wrong type or an unknown enumeration value leaves its own field at its default
and touches no other; a wrong element of a list drops alone.

The platform speaks several dialects, sometimes two in one answer. That is why a field may name more
than one place, and a model may be read from more than one object: each field is taken from the first
place that holds something fitting. General decoding libraries coerce (`bool("x")` is true) and give
up on a whole object for one wrong field; hence this small one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
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

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

type Note = Callable[[str], None]
"""Told the dotted name of each field that held something which does not fit; "" is the field itself."""

type Convert = Callable[[object, Note], Any]
"""Makes a model's value of a JSON value; None if it does not fit."""

type Choose = Callable[[list[Any]], Any]
"""Picks one of the fitting values of a field, given in the order of its places."""

_PLACES = "places"
_THEN = "then"
_CHOOSE = "choose"
_MADE = "made"


@dataclass_transform(frozen_default=True, kw_only_default=True)
def model[M](cls: type[M]) -> type[M]:
    """Make a class a model: a frozen dataclass."""
    return dataclass(frozen=True, kw_only=True)(cls)


def at(
    *places: str,
    then: Callable[[Any], Any] | None = None,
    choose: Choose | None = None,
    default: Any = None,
) -> Any:
    """Declare where in the JSON a field lies.

    Args:
        places: paths as in `geometry/coordinates/0`, first choice first. Without any, the
            platform's spelling of the field's own name.
        then: turns the fitting value into the final one, or into None if it means nothing.
        choose: picks among several fitting values; the first by default, of lists the first
            that is not empty.
        default: the value where nothing fits.
    """
    return field(
        default=default, metadata={_PLACES: places, _THEN: then, _CHOOSE: choose}
    )


def made(factory: Callable[[], Any]) -> Any:
    """Declare a field which the model makes itself: not read from JSON, not compared, not shown."""
    return field(
        default_factory=factory, compare=False, repr=False, metadata={_MADE: True}
    )


def ignore(_name: str) -> None:
    """Take note of nothing."""


def decode[M: DataclassInstance](
    to: type[M], *sources: object, note: Note = ignore
) -> M:
    """Return a model read from one or more JSON objects, the first choice first."""
    values: dict[str, Any] = {}
    for reader in _readers(to):
        value = reader.read(sources, note)
        if value is not None:
            values[reader.name] = value
    return to(**values)


@dataclass(frozen=True, slots=True)
class _Reader:
    """How one field is read."""

    name: str
    places: tuple[tuple[str | int, ...], ...]
    convert: Convert
    nested: type[DataclassInstance] | None
    choose: Choose
    then: Callable[[Any], Any] | None

    def read(self, sources: Iterable[object], note: Note) -> Any:
        """Return the field's value, or None if no place holds a fitting one."""
        found = [
            value
            for source in sources
            for place in self.places
            if (value := _dig(source, place)) is not None
        ]
        if not found:
            return None

        def note_here(name: str) -> None:
            note(f"{self.name}.{name}" if name else self.name)

        if self.nested is not None:
            return _decode_merged(self.nested, found, note_here)
        converted = [self.convert(value, note_here) for value in found]
        fitting = [value for value in converted if value is not None]
        if not fitting:
            note_here("")
            return None
        chosen = self.choose(fitting)
        return chosen if self.then is None else self.then(chosen)


def _decode_merged(to: type[DataclassInstance], found: list[object], note: Note) -> Any:
    objects = [value for value in found if isinstance(value, Mapping)]
    if not objects:
        note("")
        return None
    return decode(to, *objects, note=note)


def _dig(value: object, place: Iterable[str | int]) -> object:
    for step in place:
        if isinstance(step, str) and isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and step < len(value):
            value = value[step]
        else:
            return None
    return value


@cache
def _readers(of: type[DataclassInstance]) -> tuple[_Reader, ...]:
    hints = get_type_hints(of)
    return tuple(
        _reader(a_field.name, hints[a_field.name], a_field.metadata)
        for a_field in fields(of)
        if _MADE not in a_field.metadata
    )


def _reader(name: str, hint: Any, metadata: Mapping[str, Any]) -> _Reader:
    types = _members_of(hint)
    is_list = get_origin(types[0]) in (tuple, frozenset)
    places = metadata.get(_PLACES) or (_platform_spelling(name),)
    return _Reader(
        name=name,
        places=tuple(
            tuple(int(step) if step.isdigit() else step for step in place.split("/"))
            for place in places
        ),
        convert=_converter(types),
        nested=types[0] if _is_model(types[0]) else None,
        choose=metadata.get(_CHOOSE) or (_first_filled if is_list else _first),
        then=metadata.get(_THEN),
    )


def _is_model(hint: Any) -> TypeIs[type[DataclassInstance]]:
    return isinstance(hint, type) and is_dataclass(hint)


def _members_of(hint: Any) -> Sequence[Any]:
    if isinstance(hint, UnionType):
        return [member for member in get_args(hint) if member is not NoneType]
    return [hint]


def _platform_spelling(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def _first(values: list[Any]) -> Any:
    return values[0]


def _first_filled(values: list[Any]) -> Any:
    return next(filter(None, values), values[0])


def _converter(types: Sequence[Any]) -> Convert:
    match [_converter_of_one(one) for one in types]:
        case [convert]:
            return convert
        case several:
            return lambda value, note: next(
                (
                    converted
                    for convert in several
                    if (converted := convert(value, note)) is not None
                ),
                None,
            )


def _converter_of_one(one: Any) -> Convert:
    if get_origin(one) in (tuple, frozenset):
        return _list_converter(get_origin(one), _converter_of_one(get_args(one)[0]))
    if _is_model(one):
        return lambda value, note: (
            decode(one, value, note=note) if isinstance(value, Mapping) else None
        )
    if issubclass(one, StrEnum):
        return lambda value, _note: _member(one, value)
    scalar = _SCALARS[one]
    return lambda value, _note: scalar(value)


def _list_converter(
    collection: Callable[[Iterable[Any]], Any], convert: Convert
) -> Convert:
    def convert_list(value: object, note: Note) -> Any:
        if not isinstance(value, list):
            return None
        converted = [convert(element, note) for element in value]
        fitting = [element for element in converted if element is not None]
        if len(fitting) < len(converted):
            note("")
        return collection(fitting)

    return convert_list


def _member(enumeration: type[StrEnum], value: object) -> StrEnum | None:
    try:
        return enumeration(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _boolean(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _integer(value: object) -> int | None:
    number = _number(value)
    return None if number is None else round(number)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if not 2000 < moment.year < 2100:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


# Years and months, which ISO 8601 knows too, have no fixed length and have never been seen.
_DURATION = re.compile(
    r"P(?=.)(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


def _duration(value: object) -> timedelta | None:
    if not isinstance(value, str) or not (parts := _DURATION.fullmatch(value)):
        return None
    try:
        return timedelta(
            **{unit: float(number) for unit, number in parts.groupdict("0").items()}
        )
    except OverflowError:
        return None


_SCALARS: Mapping[type, Callable[[object], object]] = {
    bool: _boolean,
    int: _integer,
    float: _number,
    str: _text,
    datetime: _moment,
    timedelta: _duration,
}
