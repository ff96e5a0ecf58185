"""The four conditions of each datum and command.

The platform responds with a datum, and carries out a command, only if the API has it, the car
produces it, the connected service uploads it, and the owner has granted the permission.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from homeassistant.util import dt as dt_util

from ..api.exceptions import NotFoundError
from ..api.models.blocks import PrivacyState
from ..api.models.scope import Scope
from ..api.models.vehicle import Motorization, RemoteCapability
from ..coordinator import VehicleCoordinator
from ..polling.endpoints import Endpoint
from .catalog import REMOTES, Datum, Remote

# The age from which a value is explained.
RECENT = timedelta(hours=1)

type Catalog = Mapping[str, Datum[Any] | Remote]


class Condition(StrEnum):
    """One of the four conditions."""

    REFERENCE = "reference"
    PRODUCED = "produced"
    UPLOADED = "uploaded"
    AUTHORIZED = "authorized"


class ConditionStatus(StrEnum):
    """Whether a condition is met."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a condition has its status; each has a sentence in the translations."""

    FOR_FLEETS = "for_fleets"
    NO_TRACTION_BATTERY = "no_traction_battery"
    NO_COMBUSTION_ENGINE = "no_combustion_engine"
    NOT_PRODUCED = "not_produced"
    NOT_SUPPORTED = "not_supported"
    CAPABILITIES_UNKNOWN = "capabilities_unknown"
    VALUE_MISSING = "value_missing"
    PRIVACY_FULL = "privacy_full"
    PRIVACY_GEOLOCATION = "privacy_geolocation"
    NEVER_CONNECTED = "never_connected"
    SERVICE_INACTIVE = "service_inactive"
    NO_RESPONSE = "no_response"
    NOT_FETCHED = "not_fetched"
    NEVER_RECEIVED = "never_received"
    SCOPE_MISSING = "scope_missing"
    RECENT = "recent"
    CAR_INACTIVE = "car_inactive"
    VALUE_OLD = "value_old"
    AGE_UNKNOWN = "age_unknown"
    READY = "ready"


@dataclass(frozen=True)
class ConditionResult:
    """The status of a condition, with the reason if there is one."""

    status: ConditionStatus
    reason: Reason | None = None


MET = ConditionResult(ConditionStatus.MET)
UNKNOWN = ConditionResult(ConditionStatus.UNKNOWN)


def _not_met(reason: Reason) -> ConditionResult:
    return ConditionResult(ConditionStatus.NOT_MET, reason)


def _unknown(reason: Reason) -> ConditionResult:
    return ConditionResult(ConditionStatus.UNKNOWN, reason)


@dataclass(frozen=True, kw_only=True)
class Availability:
    """The availability of a datum or a command of a car.

    Attributes:
        results: the result of each condition.
        missing_scopes: the permissions that are not granted.
        updated_at: the time of the value, if there is one.
    """

    results: Mapping[Condition, ConditionResult]
    missing_scopes: Collection[Scope] = ()
    updated_at: datetime | None = None

    @property
    def available(self) -> bool | None:
        """Whether all conditions are met; None if that is not known."""
        if self.not_met:
            return False
        return None if self._conditions(ConditionStatus.UNKNOWN) else True

    @property
    def not_met(self) -> list[Condition]:
        """The conditions that are not met."""
        return self._conditions(ConditionStatus.NOT_MET)

    @property
    def reasons(self) -> list[Reason]:
        """Why it is not available, else what is not known, else how old the value is."""
        reasons = (
            [
                reason
                for condition in self._conditions(status)
                if (reason := self.results[condition].reason)
            ]
            for status in (
                ConditionStatus.NOT_MET,
                ConditionStatus.UNKNOWN,
                ConditionStatus.MET,
            )
        )
        return next(filter(None, reasons))

    def _conditions(self, status: ConditionStatus) -> list[Condition]:
        return [one for one, result in self.results.items() if result.status is status]


def availability(car: VehicleCoordinator, item: Datum[Any] | Remote) -> Availability:
    """Return the availability of a datum or a command of a car."""
    if isinstance(item, Remote):
        missing = item.scopes - car.account.scopes
        produced = _supported(car, item)
        uploaded = _reachable(car)
        reference, updated_at = MET, None
    else:
        missing = item.source.scopes - car.account.scopes
        produced = _produced(car, item)
        uploaded = _uploaded(car, item, produced)
        reference = MET if item.source.for_end_users else _not_met(Reason.FOR_FLEETS)
        updated_at = _updated_at(car, item)
    return Availability(
        results={
            Condition.REFERENCE: reference,
            Condition.PRODUCED: produced,
            Condition.UPLOADED: uploaded,
            Condition.AUTHORIZED: _not_met(Reason.SCOPE_MISSING) if missing else MET,
        },
        missing_scopes=missing,
        updated_at=updated_at,
    )


def is_command_available(car: VehicleCoordinator, key: str) -> bool | None:
    """Return whether a car supports a command and it is permitted; None if not known."""
    remote = REMOTES[key]
    if remote.scopes - car.account.scopes:
        return False
    status = _supported(car, remote).status
    return None if status is ConditionStatus.UNKNOWN else status is ConditionStatus.MET


def unavailable(
    car: VehicleCoordinator, catalog: Catalog
) -> Mapping[Condition, Mapping[ConditionStatus, list[str]]]:
    """Return the keys whose conditions are not met or not known, by condition; no values."""
    results = {key: availability(car, item).results for key, item in catalog.items()}
    return {
        condition: {
            status: [key for key in results if results[key][condition].status is status]
            for status in (ConditionStatus.NOT_MET, ConditionStatus.UNKNOWN)
        }
        for condition in Condition
    }


def _produced(car: VehicleCoordinator, datum: Datum[Any]) -> ConditionResult:
    """Return whether the car produces a datum: a value proves it, a capability promises it."""
    source = datum.source
    if datum.value(car) is not None:
        return MET
    if absent := _absence(car, source.absent_in):
        return _not_met(absent)
    if source.has_values(car.data):
        return _unknown(Reason.VALUE_MISSING)
    if source.capability is None:
        return UNKNOWN
    if (data := car.vehicle.data) is None:
        return _unknown(Reason.CAPABILITIES_UNKNOWN)
    return MET if source.capability in data else _not_met(Reason.NOT_PRODUCED)


def _supported(car: VehicleCoordinator, remote: Remote) -> ConditionResult:
    """Return whether the car supports a command."""
    if absent := _absence(car, remote.absent_in):
        return _not_met(absent)
    kind: RemoteCapability = getattr(car.vehicle.remotes, remote.kind)
    detail: bool | int | None = getattr(kind, remote.detail)
    if kind.supported is False or detail in (False, 0):
        return _not_met(Reason.NOT_SUPPORTED)
    return _unknown(Reason.CAPABILITIES_UNKNOWN) if detail is None else MET


def _absence(
    car: VehicleCoordinator, absent_in: Collection[Motorization]
) -> Reason | None:
    """Return what the car lacks because of its motorization."""
    match car.vehicle.motorization:
        case motorization if motorization not in absent_in:
            return None
        case Motorization.THERMIC:
            return Reason.NO_TRACTION_BATTERY
        case _:
            return Reason.NO_COMBUSTION_ENGINE


def _uploaded(
    car: VehicleCoordinator, datum: Datum[Any], produced: ConditionResult
) -> ConditionResult:
    """Return whether the connected service and the privacy setting let a datum through."""
    source = datum.source
    if source.capability and _is_never_connected(car):
        return _not_met(Reason.NEVER_CONNECTED)
    if source.private and (reason := _privacy(car, source.scopes)):
        return _not_met(reason)
    if datum.value(car) is not None:
        return ConditionResult(ConditionStatus.MET, _age(car, datum))
    if produced.status is ConditionStatus.NOT_MET or source.scopes - car.account.scopes:
        return UNKNOWN
    if source.on_request or (
        source.endpoint is Endpoint.TELEMETRY and not car.data.telemetry.raw
    ):
        return _unknown(Reason.NOT_FETCHED)
    if reason := _no_status(car):
        return _unknown(reason)
    if source.has_values(car.data):
        return MET
    if produced is MET:
        return _not_met(Reason.SERVICE_INACTIVE)
    return _unknown(Reason.NEVER_RECEIVED)


def _reachable(car: VehicleCoordinator) -> ConditionResult:
    """Return whether commands reach the car."""
    if _is_never_connected(car):
        return _not_met(Reason.NEVER_CONNECTED)
    if reason := _privacy(car):
        return _not_met(reason)
    if reason := _no_status(car):
        return _unknown(reason)
    return ConditionResult(ConditionStatus.MET, Reason.READY)


def _is_never_connected(car: VehicleCoordinator) -> bool:
    """Return whether the platform has just responded that it has no status of the car."""
    return isinstance(car.status_error, NotFoundError)


def _privacy(car: VehicleCoordinator, scopes: Collection[Scope] = ()) -> Reason | None:
    """Return which privacy setting in the car withholds what requires permissions."""
    match car.data.status.privacy.state:
        case PrivacyState.FULL:
            return Reason.PRIVACY_FULL
        case PrivacyState.GEOLOCATION if Scope.POSITION in scopes:
            return Reason.PRIVACY_GEOLOCATION
        case _:
            return None


def _no_status(car: VehicleCoordinator) -> Reason | None:
    """Return why there is no status of the car, if there is none."""
    if car.data.status.raw:
        return None
    return Reason.NO_RESPONSE if car.status_error else Reason.NOT_FETCHED


def _age(car: VehicleCoordinator, datum: Datum[Any]) -> Reason:
    """Return why a value is as old as it is."""
    updated_at, status_updated_at = _updated_at(car, datum), car.data.status.updated_at
    if updated_at is None:
        return Reason.AGE_UNKNOWN
    if dt_util.utcnow() - updated_at < RECENT:
        return Reason.RECENT
    if status_updated_at and status_updated_at - updated_at >= RECENT:
        return Reason.VALUE_OLD
    return Reason.CAR_INACTIVE


def _updated_at(car: VehicleCoordinator, datum: Datum[Any]) -> datetime | None:
    """Return the time of the innermost block that has one, if there is a value."""
    if datum.value(car) is None:
        return None
    times: list[datetime | None] = [
        getattr(block, "updated_at", None) or getattr(block, "created_at", None)
        for block in reversed(datum.source.blocks_fn(car.data))
    ]
    return next(filter(None, times), None)
