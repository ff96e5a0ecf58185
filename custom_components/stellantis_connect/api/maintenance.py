"""When a car is due at the garage."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Self

from .common import Block
from .decode import Note, at, decode, ignore, made, model


@model
class Maintenance(Block):
    """What is left until the next maintenance; negative once it is overdue.

    Attributes:
        updated_at: the newest time of the answer.
        days_before_maintenance: days, under either spelling of the platform.
        mileage_before_maintenance: km.
        raw: the answer, to be stored and read again with `from_json`.
    """

    updated_at: datetime | None = at("updatedAt", "createdAt", choose=max)
    days_before_maintenance: int | None = at(
        "daysBeforeMaintenance", "daysBeforeMaintenace"
    )
    mileage_before_maintenance: float | None = None
    raw: Mapping[str, object] = made(dict)

    @classmethod
    def from_json(cls, raw: Mapping[str, object], *, note: Note = ignore) -> Self:
        """Read a maintenance as the platform sends it."""
        return replace(decode(cls, raw, note=note), raw=raw)
