"""Repairs: issues that only the owner can fix, deleted when they are fixed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.components.repairs.const import FlowType
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_RECONFIGURE, ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .api.exceptions import InvalidClientError, NotRegisteredToPlanError
from .api.models.scope import Scope
from .auth.certificate import CertificateError, certificate_expiration
from .const import CONF_EXPECTED_SCOPES, CONF_SCOPES, DOCUMENTATION_URL, DOMAIN
from .coordinator import AccountCoordinator, VehicleCoordinator
from .push.manager import PUSH_ISSUES, PushManager
from .translation import scope_name

DAY = timedelta(days=1)
WARN_BEFORE = timedelta(days=30)

CERTIFICATE_EXPIRED = "certificate_expired"
CERTIFICATE_EXPIRES = "certificate_expires"
CERTIFICATE_UNUSABLE = "certificate_unusable"
PLAN_TOO_SMALL = "plan_too_small"
SCOPES_WITHDRAWN = "scopes_withdrawn"
WAKE_UPS_EXHAUSTED = "wake_ups_exhausted"

WARNINGS = {
    CERTIFICATE_EXPIRES,
    PLAN_TOO_SMALL,
    WAKE_UPS_EXHAUSTED,
    *PUSH_ISSUES,
}

# The placeholders of each issue that exists, by its key.
type Issues = Mapping[str, Mapping[str, str]]

ACCOUNT_ERRORS = (InvalidClientError, NotRegisteredToPlanError)
ACCOUNT_ISSUES = (
    *(error.key for error in ACCOUNT_ERRORS),
    PLAN_TOO_SMALL,
    WAKE_UPS_EXHAUSTED,
)

# The config flow that fixes an issue, and the input for its first step.
_UPLOAD = (SOURCE_RECONFIGURE, {"next_step_id": "certificate"})
FIXES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    CERTIFICATE_EXPIRED: _UPLOAD,
    CERTIFICATE_EXPIRES: _UPLOAD,
    CERTIFICATE_UNUSABLE: _UPLOAD,
    InvalidClientError.key: (
        SOURCE_RECONFIGURE,
        {"next_step_id": "pick_implementation"},
    ),
    SCOPES_WITHDRAWN: (SOURCE_REAUTH, {}),
}


@callback
def async_watch_entry_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Update the issues of the data of a config entry, now and every day."""

    @callback
    def update(now: datetime) -> None:
        _update_certificate_issues(hass, entry, now)
        expected, granted = entry.data[CONF_EXPECTED_SCOPES], entry.data[CONF_SCOPES]
        withdrawn = [
            scope_name(hass, Scope(scope)) for scope in expected if scope not in granted
        ]
        _update_issue(
            hass, entry, SCOPES_WITHDRAWN, bool(withdrawn), scopes=", ".join(withdrawn)
        )

    update(dt_util.utcnow())
    entry.async_on_unload(async_track_time_interval(hass, update, DAY))


def _update_certificate_issues(
    hass: HomeAssistant, entry: ConfigEntry, now: datetime
) -> None:
    expiration, is_unusable = None, False
    try:
        expiration = certificate_expiration(entry.data)
    except CertificateError:
        is_unusable = True
    _update_issue(hass, entry, CERTIFICATE_UNUSABLE, is_unusable)
    is_expired = expiration is not None and expiration <= now
    expires = expiration is not None and now < expiration <= now + WARN_BEFORE
    date = expiration.date().isoformat() if expiration else ""
    _update_issue(hass, entry, CERTIFICATE_EXPIRED, is_expired, date=date)
    _update_issue(hass, entry, CERTIFICATE_EXPIRES, expires, date=date)


@callback
def async_watch_account_issues(
    hass: HomeAssistant, entry: ConfigEntry, account: AccountCoordinator
) -> None:
    """Update the issues that requests and cars show, whenever a coordinator is updated."""
    watched: set[VehicleCoordinator] = set()
    show = _issue_updater(hass, entry, ACCOUNT_ISSUES)

    @callback
    def update() -> None:
        for vehicle in account.vehicles.values():
            if vehicle not in watched:
                watched.add(vehicle)
                entry.async_on_unload(vehicle.async_add_listener(update))
        show(_account_issues(account))

    entry.async_on_unload(account.async_add_listener(update))


def _account_issues(account: AccountCoordinator) -> Issues:
    """Return the placeholders of each issue that exists."""
    issues: dict[str, Mapping[str, str]] = {
        error.key: {} for error in ACCOUNT_ERRORS if isinstance(account.error, error)
    }
    exhausted = [
        vehicle.name
        for vehicle in account.vehicles.values()
        if vehicle.data.commands.wake_ups.are_exhausted
    ]
    if exhausted:
        issues[WAKE_UPS_EXHAUSTED] = {"vehicles": ", ".join(exhausted)}
    if shortage := account.quota.shortage:
        numbers = asdict(shortage).items()
        issues[PLAN_TOO_SMALL] = {name: str(number) for name, number in numbers}
    return issues


@callback
def async_watch_push_issues(
    hass: HomeAssistant, entry: ConfigEntry, push: PushManager
) -> None:
    """Update the issues of push."""
    show = _issue_updater(hass, entry, PUSH_ISSUES)

    @callback
    def update() -> None:
        show({key: {} for key in push.issues})

    entry.async_on_unload(push.async_add_listener(update))


@callback
def async_delete_issues(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Delete all issues of a config entry."""
    for key in (*FIXES, NotRegisteredToPlanError.key, *WARNINGS):
        _update_issue(hass, entry, key, False)


def _issue_updater(
    hass: HomeAssistant, entry: ConfigEntry, keys: Iterable[str]
) -> Callable[[Issues], None]:
    """Return what updates some issues, only if they or their placeholders have changed."""
    shown: Issues | None = None

    @callback
    def show(issues: Issues) -> None:
        nonlocal shown
        if issues != shown:
            shown = issues
            for key in keys:
                _update_issue(hass, entry, key, key in issues, **issues.get(key, {}))

    return show


def _update_issue(
    hass: HomeAssistant,
    entry: ConfigEntry,
    key: str,
    exists: bool,
    **placeholders: str,
) -> None:
    issue_id = f"{key}_{entry.entry_id}"
    if not exists:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": entry.entry_id, "key": key},
        is_fixable=key in FIXES,
        learn_more_url=DOCUMENTATION_URL,
        severity=ir.IssueSeverity.WARNING
        if key in WARNINGS
        else ir.IssueSeverity.ERROR,
        translation_key=key,
        translation_placeholders={"account": entry.title, **placeholders},
    )


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,
    data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Return the flow that fixes an issue."""
    return ConfigFlowRepairFlow()


class ConfigFlowRepairFlow(ConfirmRepairFlow):
    """Explain an issue, and continue in the config flow that fixes it.

    The issue is not deleted here, but when its cause is gone.
    """

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        if user_input is None:
            return await super().async_step_confirm()
        flow_id = await self._async_start_flow()
        return self.async_abort(
            reason="continues", next_flow=(FlowType.CONFIG_FLOW, flow_id)
        )

    async def _async_start_flow(self) -> str:
        """Return the config flow, at the step that fixes the issue."""
        data: Mapping[str, Any] = self.data or {}
        source, user_input = FIXES[data["key"]]
        entry = self.hass.config_entries.async_get_known_entry(data["entry_id"])
        flows = self.hass.config_entries.flow
        step = await flows.async_init(
            DOMAIN,
            context={
                "source": source,
                "entry_id": entry.entry_id,
                "unique_id": entry.unique_id,
                "title_placeholders": {"name": entry.title},
            },
            data=dict(entry.data) if source == SOURCE_REAUTH else None,
        )
        await flows.async_configure(step["flow_id"], dict(user_input))
        return step["flow_id"]
