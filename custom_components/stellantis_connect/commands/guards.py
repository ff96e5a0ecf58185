"""Conditions under which a command is not sent, as translation keys."""

from datetime import timedelta
import logging

from ..api.exceptions import ForbiddenError, NotFoundError, TransientError
from ..api.models.base import Block
from ..api.models.blocks import IgnitionType
from ..api.models.engine import PowertrainStatus
from ..api.models.status import MAX_MOVING_AGE, Status
from ..api.rate_limit import RESERVE
from ..const import CONF_WAKE_UP_GUARD
from ..coordinator import VehicleCoordinator
from .models import DAY

_LOGGER = logging.getLogger(__name__)

# Two back ends may respond in turn, one of them with an outdated status.
STATUS_ATTEMPTS = 2
# Percent of the 12 V battery below which a car is not woken.
MIN_AUXILIARY_LEVEL = 50
WAKE_UP_INTERVAL = timedelta(minutes=15)
# Requests that a wake-up takes: sending it, following it, and fetching the status after it.
REQUESTS_PER_WAKE_UP = 5
# Wake-ups a day while the limit of the API plan is not known.
DEFAULT_WAKE_UP_BUDGET = 10


async def async_movement_error(coordinator: VehicleCoordinator) -> str | None:
    """Return why a car is neither locked nor unlocked, by a status that is fetched now.

    Raises:
        StellantisError: the status is refused for a reason that concerns any command.

    """
    client, vehicle = coordinator.account.client, coordinator.vehicle
    for _ in range(STATUS_ATTEMPTS):
        try:
            fetched = await client.get_status(vehicle.id, vehicle.motorization)
        except (ForbiddenError, NotFoundError, TransientError) as err:
            _LOGGER.debug("No status before a command: %s", err)
            break
        held = coordinator.data
        # Merging an outdated status changes nothing.
        merged = held.merge(fetched)
        if fetched.updated_at and merged is not held:
            coordinator.async_update_state(merged)
            return movement_error(fetched)
    return "status_unavailable"


def movement_error(status: Status) -> str | None:
    """Return why a car with this status is neither locked nor unlocked.

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


def wake_up_error(coordinator: VehicleCoordinator, *, forced: bool) -> str | None:
    """Return why a car is not woken."""
    wake_ups = coordinator.data.commands.wake_ups
    if wake_ups.requested_within(WAKE_UP_INTERVAL):
        return "wake_up_too_soon"
    vehicles = coordinator.account.vehicles.values()
    requested = (one.data.commands.wake_ups.requested_within(DAY) for one in vehicles)
    if sum(requested) >= _wake_up_budget(coordinator.quota.rate_limiter.limit):
        return "wake_up_budget_exceeded"
    if forced:
        return None
    if wake_ups.of_this_month.exhausted:
        return "wake_ups_exhausted"
    level = coordinator.data.status.battery.level
    guarded = coordinator.config_entry.options.get(CONF_WAKE_UP_GUARD, True)
    if guarded and level is not None and level < MIN_AUXILIARY_LEVEL:
        return "auxiliary_battery_low"
    return None


def _wake_up_budget(limit: int | None) -> int:
    """Return the wake-ups a day that the reserve of a plan has room for."""
    if limit is None:
        return DEFAULT_WAKE_UP_BUDGET
    return max(1, int(limit * RESERVE) // REQUESTS_PER_WAKE_UP)


def _is_current(block: Block, status: Status) -> bool:
    if block.created_at is None or status.updated_at is None:
        return True
    return status.updated_at - block.created_at < MAX_MOVING_AGE
