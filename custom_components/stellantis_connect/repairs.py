"""Repairs: what only the owner can mend, told until it is mended."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import voluptuous as vol

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.components.repairs.const import FlowType
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_RECONFIGURE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from .api.exceptions import NotRegisteredToPlanError
from .api.models.scope import Scope
from .auth.client import certificate_end
from .const import CONF_EXPECTED_SCOPES, CONF_SCOPES, DOCUMENTATION_URL, DOMAIN
from .coordinator import AccountCoordinator, VehicleCoordinator
from .runtime import StellantisConfigEntry
from .translation import scope_name

DAY = timedelta(days=1)
WARN_BEFORE = timedelta(days=30)

SCOPES_WITHDRAWN = "scopes_withdrawn"
CERTIFICATE_EXPIRES = "certificate_expires"
CERTIFICATE_EXPIRED = "certificate_expired"
NOT_REGISTERED_TO_PLAN = "not_registered_to_plan"
WAKE_UPS_EXHAUSTED = "wake_ups_exhausted"

WARNINGS = {CERTIFICATE_EXPIRES, WAKE_UPS_EXHAUSTED}

# The flow that mends an issue, and the steps in it that lead to the place.
FIXES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    SCOPES_WITHDRAWN: (SOURCE_REAUTH, ()),
    CERTIFICATE_EXPIRES: (SOURCE_RECONFIGURE, ("certificate", "upload")),
    CERTIFICATE_EXPIRED: (SOURCE_RECONFIGURE, ("certificate", "upload")),
}


@callback
def async_watch_issues(
    hass: HomeAssistant, entry: StellantisConfigEntry, account: AccountCoordinator
) -> None:
    """Create the issues of an entry and its account, and delete those that are solved."""
    watched: set[VehicleCoordinator] = set()

    @callback
    def look(now: datetime) -> None:
        expected, granted = entry.data[CONF_EXPECTED_SCOPES], entry.data[CONF_SCOPES]
        withdrawn = [
            scope_name(hass, Scope(one)) for one in expected if one not in granted
        ]
        _update_issue(
            hass, entry, SCOPES_WITHDRAWN, bool(withdrawn), scopes=", ".join(withdrawn)
        )
        if expires := certificate_end(entry.data):
            date = expires.date().isoformat()
            soon = now < expires <= now + WARN_BEFORE
            _update_issue(hass, entry, CERTIFICATE_EXPIRES, soon, date=date)
            _update_issue(hass, entry, CERTIFICATE_EXPIRED, expires <= now, date=date)
        else:
            _update_issue(hass, entry, CERTIFICATE_EXPIRES, False)
            _update_issue(hass, entry, CERTIFICATE_EXPIRED, False)
        update_wake_up_issue()

    @callback
    def update_wake_up_issue() -> None:
        cars = account.vehicles.values()
        exhausted = [
            car.name
            for car in cars
            if car.data.commands.wake_ups.of_this_month.exhausted
        ]
        names = ", ".join(exhausted)
        _update_issue(hass, entry, WAKE_UPS_EXHAUSTED, bool(names), vehicles=names)

    @callback
    def update() -> None:
        for car in account.vehicles.values():
            if car not in watched:
                watched.add(car)
                entry.async_on_unload(car.async_add_listener(update))
        errors = [account.error, *(car.error for car in account.vehicles.values())]
        missing = any(isinstance(one, NotRegisteredToPlanError) for one in errors)
        _update_issue(hass, entry, NOT_REGISTERED_TO_PLAN, missing)
        update_wake_up_issue()

    look(dt_util.utcnow())
    entry.async_on_unload(async_track_time_interval(hass, look, DAY))
    entry.async_on_unload(account.async_add_listener(update))


@callback
def async_delete_issues(hass: HomeAssistant, entry: StellantisConfigEntry) -> None:
    """Take back all that was told of an entry."""
    for key in (*FIXES, NOT_REGISTERED_TO_PLAN, WAKE_UPS_EXHAUSTED):
        _update_issue(hass, entry, key, False)


def _update_issue(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
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
    """Return the flow that leads the owner to where an issue is mended."""
    return LeadingRepairFlow()


class LeadingRepairFlow(RepairsFlow):
    """Says what is wrong, and goes on in the flow that mends it.

    The issue is not taken back here: it goes when what it tells of is mended.
    """

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Begin."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Say what is wrong, and lead on."""
        if user_input is not None:
            flow_id = await self._async_start_flow()
            return self.async_abort(
                reason="continues", next_flow=(FlowType.CONFIG_FLOW, flow_id)
            )
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({}),
            description_placeholders=issue.translation_placeholders if issue else None,
        )

    async def _async_start_flow(self) -> str:
        """Return the flow that mends the issue, at the step where that is done."""
        data: Mapping[str, Any] = self.data or {}
        source, steps = FIXES[data["key"]]
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
        for next_step_id in steps:
            step = await flows.async_configure(
                step["flow_id"], {"next_step_id": next_step_id}
            )
        return step["flow_id"]
