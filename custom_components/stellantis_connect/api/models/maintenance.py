"""Maintenance that is due."""

from datetime import datetime

from ..decode import json_field, model
from .base import MAX_MILEAGE, Stored


@model
class Maintenance(Stored):
    """The days and km until the next maintenance; negative if it is overdue.

    Attributes:
        updated_at: the newest time of the response.
    """

    updated_at: datetime | None = json_field("updatedAt", "createdAt", select=max)
    days_before_maintenance: int | None = json_field(
        "daysBeforeMaintenance",
        "daysBeforeMaintenace",
        minimum=-10_000,
        maximum=10_000,
    )
    mileage_before_maintenance: float | None = json_field(
        minimum=-MAX_MILEAGE, maximum=MAX_MILEAGE
    )
