"""What models share: their time, storing them, and fields with common bounds."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Self

import orjson

from ..decode import OnInvalid, decode, internal_field, json_field, model
from ..packing import pack, unpack

MAX_MILEAGE = 2_000_000
"""The highest plausible odometer reading, in km."""
EMPTY = pack(b"{}")


@model
class Block:
    """A part of a response with a time of its own, which may be much older than the response."""

    created_at: datetime | None = json_field("createdAt", "updatedAt")


@model
class Stored(Block):
    """A response, or an element of one, that can be stored.

    Attributes:
        raw: the JSON object, from which `from_json` returns an equal instance.
    """

    raw: Mapping[str, object] = internal_field(dict)

    @classmethod
    def from_json(
        cls, raw: Mapping[str, object], *, on_invalid: OnInvalid | None = None
    ) -> Self:
        """Return an instance decoded from the platform's JSON."""
        return decode(cls, raw, on_invalid=on_invalid, raw=raw)


@model
class Record(Block):
    """An element of a collection, identified by its id.

    Attributes:
        packed: the JSON object without links, packed; what is not a field is read from it.
    """

    id: str = ""
    packed: bytes = internal_field(lambda: EMPTY)

    @classmethod
    def from_json(
        cls, raw: Mapping[str, object], *, on_invalid: OnInvalid | None = None
    ) -> Self:
        """Return an instance decoded from the platform's JSON."""
        return decode(cls, raw, on_invalid=on_invalid, packed=packed_json(raw))

    @classmethod
    def from_packed(cls, packed: bytes) -> Self:
        """Return an instance equal to the one whose JSON object it is."""
        return replace(cls.from_json(orjson.loads(unpack(packed))), packed=packed)

    @property
    def raw(self) -> Mapping[str, object]:
        """Return the JSON object without links."""
        raw: Mapping[str, object] = orjson.loads(unpack(self.packed))
        return raw


def without_links(raw: Mapping[str, object]) -> dict[str, object]:
    """Return a response without the addresses of related ones."""
    return {key: value for key, value in raw.items() if key != "_links"}


def packed_json(raw: Mapping[str, object]) -> bytes:
    """Return a response packed, without links."""
    return pack(orjson.dumps(without_links(raw)))


def percent_field(*paths: str, missing: float | None = None) -> Any:
    """Declare a field with a percentage."""
    return json_field(*paths, minimum=0, maximum=100, missing=missing)


def temperature_field(*paths: str, maximum: float = 200) -> Any:
    """Declare a field with a temperature in °C; 215.0 means that there is no sensor."""
    return json_field(*paths, minimum=-60, maximum=maximum, missing=215)


def distance_field(
    *paths: str, maximum: float = 5000, missing: float | None = None
) -> Any:
    """Declare a field with a distance in km."""
    return json_field(*paths, minimum=0, maximum=maximum, missing=missing)


def speed_field(
    *paths: str,
    maximum: float = 400,
    missing: float | None = None,
    convert: Callable[[float], float] | None = None,
) -> Any:
    """Declare a field with a speed, by default in km/h."""
    return json_field(
        *paths, minimum=0, maximum=maximum, missing=missing, convert=convert
    )
