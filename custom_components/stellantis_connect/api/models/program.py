"""Programs of preconditioning and charging."""

from datetime import timedelta
from enum import StrEnum

from ..decode import json_field, model


class Day(StrEnum):
    """A day of the week."""

    MONDAY = "Mon"
    TUESDAY = "Tue"
    WEDNESDAY = "Wed"
    THURSDAY = "Thu"
    FRIDAY = "Fri"
    SATURDAY = "Sat"
    SUNDAY = "Sun"


class Recurrence(StrEnum):
    """Whether a program repeats over the week."""

    NONE = "None"
    DAILY = "Daily"


@model
class Program:
    """A recurring start, of the preconditioning or of a charge.

    `start` and `end` count from midnight at the car's place; only charges have an end.
    """

    slot: int | None = None
    enabled: bool | None = None
    recurrence: Recurrence | None = None
    start: timedelta | None = None
    end: timedelta | None = None
    charge_until_full: bool | None = None
    days: frozenset[Day] = json_field("occurence/day", default=frozenset())

    @property
    def is_set(self) -> bool:
        """Whether the slot is in use: cars list unset ones too, at midnight of no day."""
        return bool(self.enabled or self.start or self.days)


def programs_in_use(programs: tuple[Program, ...]) -> tuple[Program, ...]:
    """Leave unset slots out."""
    return tuple(program for program in programs if program.is_set)
