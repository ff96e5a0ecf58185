"""Options flow: preferences, prices of energy, and a message that tests push."""

import asyncio
from typing import Any, override

import voluptuous as vol

from homeassistant.components.zone import DOMAIN as ZONE_DOMAIN
from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, UnitOfTime
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
    CONF_CHARGE_YEARS,
    CONF_ELSEWHERE,
    CONF_ELSEWHERE_PRICE,
    CONF_ELSEWHERE_PRICE_ENTITY,
    CONF_HOME_PRICE,
    CONF_HOME_PRICE_ENTITY,
    CONF_MAX_STOP,
    CONF_PUSH,
    CONF_STATISTICS,
    CONF_WAKE_UP_GUARD,
    CONF_ZONES,
    DEFAULT_ZONES,
    Elsewhere,
    Push,
)
from .history.models import DEFAULT_CHARGE_YEARS
from .history.prices import price_per_kwh
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

MAX_CHARGE_YEARS = 20
PRICE = NumberSelector(
    NumberSelectorConfig(min=0, step="any", mode=NumberSelectorMode.BOX)
)
PRICE_ENTITY = EntitySelector(EntitySelectorConfig(domain=["sensor", "input_number"]))
CHARGING_COSTS_SCHEMA = vol.Schema(
    {
        vol.Optional(CONF_HOME_PRICE): PRICE,
        vol.Optional(CONF_HOME_PRICE_ENTITY): PRICE_ENTITY,
        vol.Required(CONF_ELSEWHERE, default=Elsewhere.UNKNOWN): SelectSelector(
            SelectSelectorConfig(
                options=list(Elsewhere), translation_key=CONF_ELSEWHERE
            )
        ),
        vol.Optional(CONF_ELSEWHERE_PRICE): PRICE,
        vol.Optional(CONF_ELSEWHERE_PRICE_ENTITY): PRICE_ENTITY,
        vol.Required(CONF_CHARGE_YEARS, default=DEFAULT_CHARGE_YEARS): NumberSelector(
            NumberSelectorConfig(
                min=1, max=MAX_CHARGE_YEARS, step=1, mode=NumberSelectorMode.BOX
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
        """Show the options, and the test message of an account that is set up."""
        menu_options = ["preferences", "charging_costs"]
        if self.config_entry.state is ConfigEntryState.LOADED:
            menu_options.append("test_message")
        return self.async_show_menu(step_id="init", menu_options=menu_options)

    async def async_step_preferences(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the preferences."""
        errors = {}
        if user_input is not None:
            if len(user_input[CONF_ZONES]) <= MAX_ZONES:
                return self._save(OPTIONS_SCHEMA, user_input)
            errors[CONF_ZONES] = "too_many_zones"
        return self.async_show_form(
            step_id="preferences",
            data_schema=self.add_suggested_values_to_schema(
                OPTIONS_SCHEMA, user_input or self.config_entry.options
            ),
            errors=errors,
        )

    async def async_step_charging_costs(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the prices of energy."""
        errors = {}
        if user_input is not None:
            errors = self._price_errors(user_input)
            if not errors:
                return self._save(CHARGING_COSTS_SCHEMA, user_input)
        return self.async_show_form(
            step_id="charging_costs",
            data_schema=self.add_suggested_values_to_schema(
                CHARGING_COSTS_SCHEMA, user_input or self.config_entry.options
            ),
            errors=errors,
            description_placeholders={"currency": self.hass.config.currency},
        )

    def _price_errors(self, user_input: dict[str, Any]) -> dict[str, str]:
        errors = {}
        for price, entity in (
            (CONF_HOME_PRICE, CONF_HOME_PRICE_ENTITY),
            (CONF_ELSEWHERE_PRICE, CONF_ELSEWHERE_PRICE_ENTITY),
        ):
            if price in user_input and entity in user_input:
                errors[entity] = "two_prices"
            elif entity in user_input and not self._is_price(user_input[entity]):
                errors[entity] = "not_a_price"
        if user_input[CONF_ELSEWHERE] == Elsewhere.OTHER and not (
            user_input.keys() & {CONF_ELSEWHERE_PRICE, CONF_ELSEWHERE_PRICE_ENTITY}
        ):
            errors[CONF_ELSEWHERE] = "no_price"
        return errors

    def _is_price(self, entity_id: str) -> bool:
        """Return whether the unit of an entity is that of a price of energy."""
        state = self.hass.states.get(entity_id)
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) if state else None
        return price_per_kwh(0, unit, self.hass.config.currency) is not None

    def _save(self, schema: vol.Schema, user_input: dict[str, Any]) -> ConfigFlowResult:
        """Save the options of one form beside those of the others."""
        others = {
            key: value
            for key, value in self.config_entry.options.items()
            if key not in schema.schema
        }
        return self.async_create_entry(data=others | user_input)

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
