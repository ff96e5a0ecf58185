"""What the models of responses share: their time, and that they can be stored."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Self

from ..decode import OnInvalid, decode, internal_field, json_field, model


@model
class Block:
    """A part of an answer that carries a time of its own.

    Blocks age on their own: in one answer one may be of now and another of last year.
    """

    created_at: datetime | None = json_field("createdAt", "updatedAt")


@model
class Stored(Block):
    """An answer, or an element of one, that can be stored as it came.

    Attributes:
        raw: what came, to be read again with `from_json`.
    """

    raw: Mapping[str, object] = internal_field(dict)

    @classmethod
    def from_json(
        cls, raw: Mapping[str, object], *, on_invalid: OnInvalid | None = None
    ) -> Self:
        """Read what the platform sends."""
        return replace(decode(cls, raw, on_invalid=on_invalid), raw=raw)


@model
class Record(Stored):
    """An element of a collection; the platform knows it by its id."""

    id: str = ""


NO_SENSOR = 215.0


"""The temperature, in °C, that stands for a sensor which is not there."""


def sensed(temperature: float) -> float | None:
    """Return a temperature that a sensor has measured."""
    return None if temperature == NO_SENSOR else temperature
