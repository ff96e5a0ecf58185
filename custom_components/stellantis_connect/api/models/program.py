"""Programs of preconditioning and charging."""

from datetime import timedelta
from enum import StrEnum

from ..decode import json_field, model

END_OF_DAY = timedelta(hours=23, minutes=59, seconds=59)


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
    """A recurring start of preconditioning or charging.

    Attributes:
        slot: 1 to 4, for preconditioning.
        start: the time since midnight, local to the car; None for the platform's `PT34H7M`, which
            means a slot that was never set.
        end: the time since midnight of the day it starts, for charging.
    """

    slot: int | None = json_field(minimum=1, maximum=4)
    enabled: bool | None = None
    recurrence: Recurrence | None = None
    start: timedelta | None = json_field(minimum=timedelta(), maximum=END_OF_DAY)
    end: timedelta | None = json_field(
        minimum=timedelta(), maximum=timedelta(days=1) + END_OF_DAY
    )
    days: frozenset[Day] = json_field("occurence/day", default=frozenset())

    @property
    def is_set(self) -> bool:
        """Return whether the slot is in use; unset ones start at midnight of no day."""
        return self.start is not None and bool(self.enabled or self.start or self.days)


def set_programs(programs: tuple[Program, ...]) -> tuple[Program, ...]:
    """Return the programs without unset slots."""
    return tuple(program for program in programs if program.is_set)
