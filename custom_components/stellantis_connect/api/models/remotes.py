"""Remotes, and their progress."""

from enum import StrEnum

from ..decode import json_field, model
from .base import Record


class RemoteType(StrEnum):
    """A kind of remote."""

    THERMAL_PRECONDITIONING = "ThermalPreconditioning"
    ELECTRIC_BATTERY_CHARGING_REQUEST = "ElectricBatteryChargingRequest"
    HORN = "Horn"
    DOORS = "Doors"
    LIGHTS = "Lights"
    CHARGING_STATE = "ChargingState"
    WAKE_UP = "WakeUp"
    NAVIGATION = "Navigation"


class RemoteStatus(StrEnum):
    """The status of a remote."""

    ACCEPTED = "Accepted"
    WAKING_UP_VEHICLE = "WakingUpVehicle"
    CHECKING_VEHICLE = "CheckingVehicle"
    SENT_TO_VEHICLE = "SentToVehicle"
    VEHICLE_BATTERY_CHARGE_TOO_LOW = "VehicleBatteryChargeTooLow"
    TOO_MANY_WAKE_UPS_OVER_MONTH = "TooManyWakeUpsOverMonth"
    SUCCESS = "Success"
    ALREADY_DONE = "AlreadyDone"
    FAILED = "Failed"


SUCCEEDED = frozenset({RemoteStatus.SUCCESS, RemoteStatus.ALREADY_DONE})


class RemoteFailureCause(StrEnum):
    """Why a remote failed."""

    GENERAL_ERROR = "GeneralError"
    VEHICLE_ERROR = "VehicleError"
    WRONG_COMMAND = "WrongCommand"
    VEHICLE_CONNECTION_TIMEOUT = "VehicleConnectionTimeout"
    MISSING_RIGHTS = "MissingRights"
    NOT_POSSIBLE_DUE_TO_VEHICLE_BATTERY_LEVEL = "NotPossibleDueToVehicleBatteryLevel"
    NOT_POSSIBLE_DUE_TO_VEHICLE_PRIVACY_LEVEL = "NotPossibleDueToVehiclePrivacyLevel"
    TOO_MANY_WAKE_UPS_OVER_MONTH = "TooManyWakeUpsOverMonth"
    TOO_MANY_REQUEST_IN_SHORT_TIME = "TooManyRequestInShortTime"
    SAME_ACTION_IN_PROGRESS = "SameActionInProgress"
    NOT_POSSIBLE_DUE_TO_VEHICLE_STOLEN_STATE = "NotPossibleDueToVehicleStolenState"
    VEHICLE_IN_USE = "VehicleInUse"
    TOO_MANY_REQUEST_SENT = "TooManyRequestSent"
    DOORS_OPEN = "DoorsOpen"
    VEHICLE_ERROR_OR_CID_INSIDE = "VehicleErrorOrCidInside"
    CID_INSIDE = "CidInside"
    EXTERNAL_CHARGING_SYSTEM_ERROR = "ExternalChargingSystemError"
    VEHICLE_CHARGING_SYSTEM_ERROR = "VehicleChargingSystemError"
    VEHICLE_IS_NOT_LOCKED = "VehicleIsNotLocked"
    CANCELED_BY_DRIVER = "CanceledByDriver"


@model
class RemoteState(Record):
    """The state of a remote, from a response or a message; messages have no label."""

    id: str = json_field("remoteActionId", default="")
    label: str | None = json_field("remote/label")
    type: RemoteType | None = json_field("type", "remoteType")
    status: RemoteStatus | None = json_field("status", "eventStatus/status")
    failure_cause: RemoteFailureCause | None = json_field(
        "failureCause", "eventStatus/failureCause"
    )

    @property
    def succeeded(self) -> bool | None:
        """Return whether the car executed the remote; None while it is pending."""
        if self.status in SUCCEEDED:
            return True
        return False if self.status is RemoteStatus.FAILED else None

    @property
    def pending(self) -> bool:
        """Return whether it is pending, also with an unknown status."""
        return self.succeeded is None
