"""The four conditions, per datum.

The platform answers a datum, and carries a command out, only when it knows of it, the car makes
it, the connected service lets it through, and the owner consented to it.
"""

from collections.abc import Collection, Iterator, Mapping, Sized
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..api.exceptions import NotFoundError
from ..api.models.blocks import PrivacyState
from ..api.models.scope import Scope
from ..api.models.vehicle import Motorization, RemoteCapability
from ..coordinator import VehicleCoordinator
from .catalog import CATALOGUE, DATA, REMOTES, Datum, Item, Remote

# What is younger needs no explanation of its age.
FRESH_FOR = timedelta(hours=1)
# The path to what is asked for only while somebody wants to see it.
MESSAGES = "data.telemetry."


class Condition(StrEnum):
    """One of the four conditions."""

    REFERENCE = "reference"
    PRODUCED = "produced"
    UPLOADED = "uploaded"
    AUTHORIZED = "authorized"


class Verdict(StrEnum):
    """What is known of a condition."""

    HOLDS = "holds"
    FAILS = "fails"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """What a person is told of a condition; each has a sentence in the translations."""

    FOR_FLEETS = "for_fleets"
    NO_TRACTION_BATTERY = "no_traction_battery"
    NO_COMBUSTION_ENGINE = "no_combustion_engine"
    NOT_PRODUCED = "not_produced"
    NOT_SUPPORTED = "not_supported"
    CAPABILITIES_UNTOLD = "capabilities_untold"
    VALUE_MISSING = "value_missing"
    PRIVACY_FULL = "privacy_full"
    PRIVACY_GEOLOCATION = "privacy_geolocation"
    NEVER_CONNECTED = "never_connected"
    SERVICE_INACTIVE = "service_inactive"
    NO_ANSWER = "no_answer"
    NOT_ASKED = "not_asked"
    NEVER_TOLD = "never_told"
    SCOPE_MISSING = "scope_missing"
    FRESH = "fresh"
    CAR_SILENT = "car_silent"
    BLOCK_OLD = "block_old"
    UNDATED = "undated"
    READY = "ready"


@dataclass(frozen=True)
class Finding:
    """What is known of a condition, and what to tell of it where there is something to tell."""

    verdict: Verdict
    reason: Reason | None = None


HOLDS = Finding(Verdict.HOLDS)
UNKNOWN = Finding(Verdict.UNKNOWN)


def _fails(reason: Reason) -> Finding:
    return Finding(Verdict.FAILS, reason)


def _unknown(reason: Reason) -> Finding:
    return Finding(Verdict.UNKNOWN, reason)


def _holds_unless(reason: Reason | None) -> Finding:
    return _fails(reason) if reason else HOLDS


@dataclass(frozen=True, kw_only=True)
class Availability:
    """How a datum or a command stands with a car.

    Attributes:
        findings: what is known of each condition.
        missing_scopes: the rights that were not granted.
        updated_at: when the car told the value that is held, if there is one.
    """

    findings: Mapping[Condition, Finding]
    missing_scopes: Collection[Scope] = ()
    updated_at: datetime | None = None

    @property
    def available(self) -> bool | None:
        """Whether all conditions hold; None where that is not known."""
        verdicts = {finding.verdict for finding in self.findings.values()}
        if Verdict.FAILS in verdicts:
            return False
        return None if Verdict.UNKNOWN in verdicts else True

    @property
    def failing(self) -> list[Condition]:
        """The conditions that fail."""
        return list(self._with(Verdict.FAILS))

    @property
    def reasons(self) -> list[Reason]:
        """What to tell: why it fails, else what is not known, else how old the value is."""
        by_verdict = (
            [finding.reason for finding in self._with(verdict).values()]
            for verdict in (Verdict.FAILS, Verdict.UNKNOWN, Verdict.HOLDS)
        )
        told = ([one for one in reasons if one] for reasons in by_verdict)
        return next(filter(None, told))

    def _with(self, verdict: Verdict) -> Mapping[Condition, Finding]:
        return {
            condition: finding
            for condition, finding in self.findings.items()
            if finding.verdict is verdict
        }


def availability(car: VehicleCoordinator, key: str) -> Availability:
    """Return how a datum or a command of the catalogue stands with a car."""
    item = CATALOGUE[key]
    missing = item.scopes - car.account.scopes
    told_at = None
    match item:
        case Datum():
            produced = _produced(car, item)
            uploaded = _uploaded(car, item, produced)
            told_at = _told_at(car, item)
        case Remote():
            produced = _supported(car, item)
            uploaded = _reachable(car, item)
    return Availability(
        findings={
            Condition.REFERENCE: _holds_unless(
                None if item.for_end_users else Reason.FOR_FLEETS
            ),
            Condition.PRODUCED: produced,
            Condition.UPLOADED: uploaded,
            Condition.AUTHORIZED: _holds_unless(
                Reason.SCOPE_MISSING if missing else None
            ),
        },
        missing_scopes=missing,
        updated_at=told_at,
    )


def offers(car: VehicleCoordinator, key: str) -> bool | None:
    """Tell whether a car carries a command out and its owner granted it; None if that is not known."""
    remote = REMOTES[key]
    if remote.scopes - car.account.scopes:
        return False
    match _supported(car, remote).verdict:
        case Verdict.UNKNOWN:
            return None
        case verdict:
            return verdict is Verdict.HOLDS


def unavailable(
    car: VehicleCoordinator,
) -> Mapping[Condition, Mapping[Verdict, list[str]]]:
    """Return the keys of what fails and of what is not known, by condition; no values."""
    found = {key: availability(car, key).findings for key in CATALOGUE}
    return {
        condition: {
            verdict: [
                key
                for key, findings in found.items()
                if findings[condition].verdict is verdict
            ]
            for verdict in (Verdict.FAILS, Verdict.UNKNOWN)
        }
        for condition in Condition
    }


def _produced(car: VehicleCoordinator, datum: Datum) -> Finding:
    """Tell whether the car makes a datum: values prove it, lists of data promise it."""
    if _is_told(car, datum):
        return HOLDS
    if absent := _absence(car, datum):
        return _fails(absent)
    if _is_block_told(car, datum):
        return _unknown(Reason.VALUE_MISSING)
    if datum.capability is None:
        return UNKNOWN
    capabilities = car.vehicle.capabilities
    if capabilities is None or capabilities.data is None:
        return _unknown(Reason.CAPABILITIES_UNTOLD)
    listed = datum.capability in capabilities.data
    return HOLDS if listed else _fails(Reason.NOT_PRODUCED)


def _supported(car: VehicleCoordinator, remote: Remote) -> Finding:
    """Tell whether the car carries a command out."""
    if absent := _absence(car, remote):
        return _fails(absent)
    capabilities = car.vehicle.capabilities
    if capabilities is None or capabilities.remote is None:
        return _unknown(Reason.CAPABILITIES_UNTOLD)
    kind: RemoteCapability = getattr(capabilities.remote, remote.kind)
    detail: bool | int | None = getattr(kind, remote.detail)
    if kind.supported is False or detail in (False, 0):
        return _fails(Reason.NOT_SUPPORTED)
    return _unknown(Reason.CAPABILITIES_UNTOLD) if detail is None else HOLDS


def _absence(car: VehicleCoordinator, item: Item) -> Reason | None:
    """Return what the car lacks by its motorization, for something to come of it."""
    match car.vehicle.motorization:
        case motorization if motorization not in item.absent_in:
            return None
        case Motorization.THERMIC:
            return Reason.NO_TRACTION_BATTERY
        case _:
            return Reason.NO_COMBUSTION_ENGINE


def _uploaded(car: VehicleCoordinator, datum: Datum, produced: Finding) -> Finding:
    """Tell whether the connected services and the privacy setting let a datum out."""
    if datum.capability and _is_unknown_to_platform(car):
        return _fails(Reason.NEVER_CONNECTED)
    if datum.private and (withheld := _withheld(car, datum)):
        return _fails(withheld)
    if _is_told(car, datum):
        return Finding(Verdict.HOLDS, _age(car, datum))
    if produced.verdict is Verdict.FAILS or datum.scopes - car.account.scopes:
        return UNKNOWN
    if not datum.block or _is_unread(car, datum):
        return _unknown(Reason.NOT_ASKED)
    if unanswered := _unanswered(car):
        return _unknown(unanswered)
    if _is_block_told(car, datum):
        return HOLDS
    if produced is HOLDS:
        return _fails(Reason.SERVICE_INACTIVE)
    return _unknown(Reason.NEVER_TOLD)


def _is_unread(car: VehicleCoordinator, datum: Datum) -> bool:
    """Tell whether nobody has wanted to see what a car's messages alone tell."""
    return datum.block.startswith(MESSAGES) and not car.data.telemetry.raw


def _reachable(car: VehicleCoordinator, remote: Remote) -> Finding:
    """Tell whether a command gets through to the car."""
    if _is_unknown_to_platform(car):
        return _fails(Reason.NEVER_CONNECTED)
    if withheld := _withheld(car, remote):
        return _fails(withheld)
    if unanswered := _unanswered(car):
        return _unknown(unanswered)
    return Finding(Verdict.HOLDS, Reason.READY)


def _is_unknown_to_platform(car: VehicleCoordinator) -> bool:
    """Tell whether the platform has just said that it has no status of the car."""
    error = car.last_exception
    return (
        not car.last_update_success
        and isinstance(error, HomeAssistantError)
        and error.translation_key == NotFoundError.key
    )


def _withheld(car: VehicleCoordinator, item: Item) -> Reason | None:
    """Return which privacy setting in the car holds something back."""
    match car.data.status.privacy.state:
        case PrivacyState.FULL:
            return Reason.PRIVACY_FULL
        case PrivacyState.GEOLOCATION if Scope.POSITION in item.scopes:
            return Reason.PRIVACY_GEOLOCATION
        case _:
            return None


def _unanswered(car: VehicleCoordinator) -> Reason | None:
    """Return why nothing is known of the car, where that is so."""
    if car.data.status.raw:
        return None
    return Reason.NOT_ASKED if car.last_update_success else Reason.NO_ANSWER


def _age(car: VehicleCoordinator, datum: Datum) -> Reason:
    """Return why a value is as old as it is."""
    told_at, heard_at = _told_at(car, datum), car.data.status.updated_at
    if told_at is None:
        return Reason.UNDATED
    if dt_util.utcnow() - told_at < FRESH_FOR:
        return Reason.FRESH
    if heard_at and heard_at - told_at >= FRESH_FOR:
        return Reason.BLOCK_OLD
    return Reason.CAR_SILENT


def _is_block_told(car: VehicleCoordinator, datum: Datum) -> bool:
    return bool(datum.block) and any(
        _is_told(car, other) for other in DATA.values() if other.block == datum.block
    )


def _is_told(car: VehicleCoordinator, datum: Datum) -> bool:
    *_, value = _along(car, datum)
    return value is not None and not (isinstance(value, Sized) and len(value) == 0)


def _told_at(car: VehicleCoordinator, datum: Datum) -> datetime | None:
    """Return the time of the smallest part of an answer that holds a value and tells its own."""
    if not _is_told(car, datum):
        return None
    *holders, _ = _along(car, datum)
    times: list[datetime | None] = [
        getattr(holder, "updated_at", None) or getattr(holder, "created_at", None)
        for holder in holders
    ]
    return next(filter(None, reversed(times)), None)


def _along(car: VehicleCoordinator, datum: Datum) -> Iterator[object]:
    """Yield what the path to a datum leads through, and last its value."""
    step: object = car
    for name in f"{datum.block}.{datum.field}".split("."):
        step = getattr(step, name, None)
        yield step
