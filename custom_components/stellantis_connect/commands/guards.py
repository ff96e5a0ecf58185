"""Conditions under which a command is not sent, as translation keys."""

from datetime import timedelta

from ..api.models.base import Block
from ..api.models.blocks import IgnitionType
from ..api.models.engine import PowertrainStatus
from ..api.models.status import MAX_MOVING_AGE, Status
from ..api.rate_limit import RESERVE
from .models import DAY, WakeUps

# Percent of the 12 V battery below which a car is not woken.
MIN_AUXILIARY_LEVEL = 50
WAKE_UP_INTERVAL = timedelta(minutes=15)
# Requests that a wake-up takes: sending it, following it, and fetching the status after it.
REQUESTS_PER_WAKE_UP = 5
# Wake-ups a day while the limit of the API plan is not known.
DEFAULT_WAKE_UP_BUDGET = 10


def movement_error(status: Status) -> str | None:
    """Return why a car is neither locked nor unlocked.

    A car that reports no current movement is taken as parked unless its ignition or powertrain is on.
    """
    moving = status.kinetic.moving
    if moving is None or not _is_current(status.kinetic, status):
        ignition, powertrain = status.ignition, status.powertrain
        moving = (
            status.may_move
            or (
                ignition.type in (IgnitionType.START, IgnitionType.START_UP)
                and _is_current(ignition, status)
            )
            or (
                powertrain.status
                in (PowertrainStatus.STARTING, PowertrainStatus.RUNNING)
                and _is_current(powertrain, status)
            )
        )
    return "vehicle_drives" if moving else None


def wake_up_error(
    wake_ups: WakeUps, status: Status, *, guarded: bool, forced: bool
) -> str | None:
    """Return why a car is not woken."""
    if wake_ups.requested_within(WAKE_UP_INTERVAL):
        return "wake_up_too_soon"
    if forced:
        return None
    if wake_ups.of_this_month.exhausted:
        return "wake_ups_exhausted"
    level = status.battery.level
    if guarded and level is not None and level < MIN_AUXILIARY_LEVEL:
        return "auxiliary_battery_low"
    return None


def wake_up_budget_error(all_wake_ups: list[WakeUps], limit: int | None) -> str | None:
    """Return why none of an account's cars is woken, for a daily limit of requests."""
    budget = DEFAULT_WAKE_UP_BUDGET
    if limit is not None:
        budget = max(1, int(limit * RESERVE) // REQUESTS_PER_WAKE_UP)
    requested = sum(one.requested_within(DAY) for one in all_wake_ups)
    return "wake_up_budget_exceeded" if requested >= budget else None


def _is_current(block: Block, status: Status) -> bool:
    if block.created_at is None or status.updated_at is None:
        return True
    return status.updated_at - block.created_at < MAX_MOVING_AGE
