"""Test push by a message that costs nothing at the car."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from yarl import URL

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..api.exceptions import StellantisError
from ..api.models.monitors import (
    MIN_REFRESH_INTERVAL,
    DataTrigger,
    MonitoredData,
    MonitorParameter,
    TriggerOperation,
)
from ..api.models.scope import Scope
from ..coordinator import VehicleCoordinator
from .manager import MONITORS_TAKEN, PushManager

# A monitor sends a message at once or, while it applies, each minute.
TIMEOUT = MIN_REFRESH_INTERVAL + timedelta(seconds=30)

# Each car has driven.
TEST_MONITOR = MonitorParameter(
    label="test",
    triggers={
        "t1": DataTrigger(MonitoredData.ODOMETER, TriggerOperation.GREATER_THAN, ("0",))
    },
    refresh_event=MIN_REFRESH_INTERVAL,
)


@dataclass(frozen=True)
class TrialResult:
    """The result of a test, by the key of its text."""

    key: str
    placeholders: Mapping[str, str] = field(default_factory=dict)


async def async_send_test_message(push: PushManager) -> TrialResult:
    """Return whether a message reached the webhook."""
    if not push.is_enabled:
        return TrialResult("push_off")
    if (vehicle := _vehicle(push)) is None:
        return TrialResult("no_vehicle")
    try:
        await push.async_reconcile()
        if push.url.url is None:
            return TrialResult("no_url")
        if vehicle.key in push.registry.taken:
            return TrialResult(MONITORS_TAKEN)
        await push.registry.async_create_temporary(vehicle, TEST_MONITOR)
        started_at = dt_util.utcnow()
        is_received = await push.async_wait_for_message(TIMEOUT)
    except HomeAssistantError:
        return TrialResult("cloud_unavailable")
    except StellantisError:
        return TrialResult("test_failed")
    finally:
        push.async_schedule_reconcile()
    seconds = (dt_util.utcnow() - started_at) if is_received else TIMEOUT
    placeholders = {
        "seconds": f"{max(1, round(seconds.total_seconds()))}",
        "host": URL(push.url.url).host or "",
    }
    key = "test_succeeded" if is_received else "test_not_received"
    return TrialResult(key, placeholders)


def _vehicle(push: PushManager) -> VehicleCoordinator | None:
    """Return the car that has reported last, which is awake if any is."""
    if Scope.TELEMETRY not in push.account.scopes:
        return None
    return max(
        push.account.vehicles.values(),
        key=lambda one: one.data.status.updated_at or datetime.min.replace(tzinfo=UTC),
        default=None,
    )
