"""Enrolment: brand, sign-in, and the proof that the platform answers."""

from collections.abc import Mapping
from itertools import chain, count
import logging
from typing import Any, override

import probatio

from homeassistant.config_entries import SOURCE_REAUTH, ConfigFlowResult
from homeassistant.const import CONF_TOKEN
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.config_entry_oauth2_flow import AbstractOAuth2FlowHandler
from homeassistant.helpers.selector import SelectSelector, SelectSelectorConfig

from .api import (
    Brand,
    InvalidClient,
    NoVehicles,
    Platform,
    Scope,
    SignInNeeded,
    StellantisClient,
    StellantisError,
    User,
)
from .application_credentials import StellantisOAuth2Implementation
from .const import CONF_BRAND, CONF_SCOPES, DEVELOPMENT_HOST, DOMAIN
from .tokens import OPENID_SCOPES, FlowToken, account_id, granted_scopes

_LOGGER = logging.getLogger(__name__)

CONF_AUTH_IMPLEMENTATION = "auth_implementation"


class StellantisConfigFlow(AbstractOAuth2FlowHandler, domain=DOMAIN):
    """Enrol an owner's account at one brand."""

    DOMAIN = DOMAIN
    VERSION = 1

    flow_impl: StellantisOAuth2Implementation

    def __init__(self) -> None:
        """Start with nothing known."""
        super().__init__()
        self._data: dict[str, Any] = {}

    @property
    @override
    def logger(self) -> logging.Logger:
        """Return the logger of this flow."""
        return _LOGGER

    @property
    @override
    def extra_authorize_data(self) -> dict[str, str]:
        """Return what is asked for beside the code."""
        config = self.hass.config
        return {
            "scope": " ".join([*OPENID_SCOPES, *Scope]),
            "locale": f"{config.language}-{config.country}"
            if config.country
            else config.language,
        }

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the brand, which decides where to sign in."""
        if user_input is not None:
            self._data = user_input
            return await self.async_step_pick_implementation()
        return self.async_show_form(
            step_id="user",
            data_schema=probatio.Schema(
                {
                    probatio.Required(CONF_BRAND): SelectSelector(
                        SelectSelectorConfig(
                            options=list(Brand), translation_key=CONF_BRAND
                        )
                    )
                }
            ),
        )

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin to sign in again."""
        self._data = {CONF_BRAND: entry_data[CONF_BRAND]}
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Tell why, before the browser leaves for the sign-in page."""
        entry = self._get_reauth_entry()
        if user_input is None:
            return self.async_show_form(
                step_id="reauth_confirm",
                data_schema=probatio.Schema({}),
                description_placeholders={"account": entry.title},
            )
        return await self.async_step_pick_implementation(
            {"implementation": entry.data[CONF_AUTH_IMPLEMENTATION]}
        )

    @override
    async def async_step_auth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Send the browser to the brand's identity provider."""
        if user_input is None:
            self.flow_impl.bind(Brand(self._data[CONF_BRAND]))
        return await super().async_step_auth(user_input)

    @override
    async def async_step_creation(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Exchange the code that the browser brought for a token."""
        try:
            token = await self.flow_impl.async_resolve_external_data(self.external_data)
        except SignInNeeded:
            return self.async_abort(reason="code_refused")
        except InvalidClient as err:
            return self.async_abort(reason=err.key)
        except StellantisError as err:
            return self._show_retry("creation", err.key)
        return await self.async_oauth_create_entry(
            {
                CONF_AUTH_IMPLEMENTATION: self.flow_impl.domain,
                CONF_TOKEN: token,
                CONF_SCOPES: granted_scopes(token),
            }
        )

    @override
    async def async_oauth_create_entry(self, data: dict[str, Any]) -> ConfigFlowResult:
        """Go on with the token."""
        self._data |= data
        return await self.async_step_connect()

    async def async_step_connect(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Prove that the platform lets this account at its cars.

        What fails here can be tried again without signing in anew.
        """
        brand = Brand(self._data[CONF_BRAND])
        client = StellantisClient(
            async_get_clientsession(self.hass),
            FlowToken(self._data[CONF_TOKEN]),
            Platform(brand, host=self.hass.data.get(DEVELOPMENT_HOST)),
            self.flow_impl.client_id,
        )
        try:
            user = await client.get_user()
            if not await client.get_vehicles():
                return self._show_retry("connect", NoVehicles.key)
        except StellantisError as err:
            return self._show_retry("connect", err.key)
        return await self._async_finish(brand, user)

    def _show_retry(self, step_id: str, error: str) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id, data_schema=probatio.Schema({}), errors={"base": error}
        )

    async def _async_finish(self, brand: Brand, user: User) -> ConfigFlowResult:
        """Make the entry, or give the one that signed in again its new token."""
        await self.async_set_unique_id(account_id(brand, self._data[CONF_TOKEN], user))
        if self.source == SOURCE_REAUTH:
            self._abort_if_unique_id_mismatch(reason="wrong_account")
            return self.async_update_reload_and_abort(
                self._get_reauth_entry(), data_updates=self._data
            )
        self._abort_if_unique_id_configured()
        return self.async_create_entry(title=self._free_title(brand), data=self._data)

    def _free_title(self, brand: Brand) -> str:
        """Return the brand, numbered from its second account on.

        The title stands in log lines, so it names no person.
        """
        taken = {entry.title for entry in self._async_current_entries()}
        numbered = (f"{brand.label} ({number})" for number in count(2))
        return next(
            title for title in chain([brand.label], numbered) if title not in taken
        )
