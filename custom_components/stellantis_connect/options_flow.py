"""Options flow: preferences, and a message that tests push."""

import asyncio
from typing import Any, override

import voluptuous as vol

from homeassistant.components.zone import DOMAIN as ZONE_DOMAIN
from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import UnitOfTime
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
)

from .const import (
    CONF_MAX_STOP,
    CONF_PUSH,
    CONF_STATISTICS,
    CONF_WAKE_UP_GUARD,
    CONF_ZONES,
    DEFAULT_ZONES,
    Push,
)
from .push.trial import TrialResult, async_send_test_message
from .push.zones import MAX_ZONES

OPTIONS_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_PUSH, default=Push.AUTOMATIC): SelectSelector(
            SelectSelectorConfig(options=list(Push), translation_key=CONF_PUSH)
        ),
        vol.Required(CONF_ZONES, default=DEFAULT_ZONES): EntitySelector(
            EntitySelectorConfig(domain=ZONE_DOMAIN, multiple=True)
        ),
        vol.Required(CONF_STATISTICS, default=True): BooleanSelector(),
        vol.Required(CONF_WAKE_UP_GUARD, default=True): BooleanSelector(),
        vol.Required(CONF_MAX_STOP, default=0): NumberSelector(
            NumberSelectorConfig(
                min=0,
                max=120,
                mode=NumberSelectorMode.BOX,
                unit_of_measurement=UnitOfTime.MINUTES,
            )
        ),
    }
)


class StellantisOptionsFlow(OptionsFlowWithReload):
    """Options of an account."""

    _trial: asyncio.Task[TrialResult] | None = None

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the preferences, and the test message of an account that is set up."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return await self.async_step_preferences()
        return self.async_show_menu(
            step_id="init", menu_options=["preferences", "test_message"]
        )

    async def async_step_preferences(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the preferences."""
        errors = {}
        if user_input is not None:
            if len(user_input[CONF_ZONES]) <= MAX_ZONES:
                return self.async_create_entry(data=user_input)
            errors[CONF_ZONES] = "too_many_zones"
        return self.async_show_form(
            step_id="preferences",
            data_schema=self.add_suggested_values_to_schema(
                OPTIONS_SCHEMA, user_input or self.config_entry.options
            ),
            errors=errors,
        )

    async def async_step_test_message(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Wait for a test message."""
        if self._trial is None:
            push = self.config_entry.runtime_data.push
            self._trial = self.config_entry.async_create_background_task(
                self.hass, async_send_test_message(push), "test message"
            )
        if self._trial.done():
            return self.async_show_progress_done(next_step_id="test_result")
        return self.async_show_progress(
            step_id="test_message",
            progress_action="test_message",
            progress_task=self._trial,
        )

    async def async_step_test_result(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show whether the test message arrived."""
        result = TrialResult("test_failed")
        if self._trial and not self._trial.cancelled():
            result = self._trial.result()
        return self.async_abort(
            reason=result.key, description_placeholders=result.placeholders
        )

    @callback
    @override
    def async_remove(self) -> None:
        """Stop waiting when the owner closes the window."""
        if self._trial:
            self._trial.cancel()
