"""When a car is due at the garage."""

from datetime import datetime

from ..decode import json_field, model
from .base import Stored


@model
class Maintenance(Stored):
    """What is left until the next maintenance; negative once it is overdue.

    Attributes:
        updated_at: the newest time of the answer.
        days_before_maintenance: days, under either spelling of the platform.
        mileage_before_maintenance: km.
    """

    updated_at: datetime | None = json_field("updatedAt", "createdAt", select=max)
    days_before_maintenance: int | None = json_field(
        "daysBeforeMaintenance", "daysBeforeMaintenace"
    )
    mileage_before_maintenance: float | None = None
