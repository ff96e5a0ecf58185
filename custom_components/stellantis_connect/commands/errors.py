"""Translation keys of what a command's remote meets."""

from ..api.exceptions import (
    ForbiddenError,
    QuotaExceededError,
    StellantisError,
    TransientError,
)
from ..api.models.remotes import RemoteFailureCause, RemoteStatus


def pending_key(status: RemoteStatus) -> str | None:
    """Return the translation key of a remote that the platform warns of."""
    match status:
        case RemoteStatus.VEHICLE_BATTERY_CHARGE_TOO_LOW:
            return "pending_battery_charge_too_low"
        case RemoteStatus.TOO_MANY_WAKE_UPS_OVER_MONTH:
            return "pending_too_many_wake_ups"
        case _:
            return None


def failure_key(cause: RemoteFailureCause | None) -> str:
    """Return the translation key of a remote that failed."""
    cause = cause or RemoteFailureCause.GENERAL_ERROR
    return f"remote_{cause.name.lower()}"


def refusal_key(err: StellantisError) -> str:
    """Return the translation key of a remote that the platform did not accept."""
    match err:
        case QuotaExceededError():
            return "remote_quota_exceeded"
        case TransientError():
            return "remote_not_sent"
        case ForbiddenError():
            return "remote_forbidden"
        case _:
            return err.key
