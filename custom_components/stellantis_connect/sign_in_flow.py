"""Sign in to an account: by redirect, or with the address that the owner pastes."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
import logging
import secrets
from typing import Any, override

# Not in voluptuous: validation errors do not show the value of such a key.
from probatio import Secret
import voluptuous as vol
from yarl import URL

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.data_entry_flow import section
from homeassistant.helpers.config_entry_oauth2_flow import AbstractOAuth2FlowHandler
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.helpers.typing import VolDictType

from .api.exceptions import AuthenticationError, InvalidClientError, StellantisError
from .api.models.brand import Brand
from .api.models.scope import Scope
from .auth.implementation import StellantisOAuth2Implementation, own_redirect_uri
from .auth.redirect import PastedAddressError, is_redirect_uri, read_redirect
from .auth.token import OPENID_SCOPES, granted_scopes
from .const import (
    CONF_BRAND,
    CONF_REDIRECT_URI,
    CONF_REQUESTED_SCOPES,
    CONF_SCOPES,
    DOMAIN,
)

_LOGGER = logging.getLogger(__name__)

CONF_ADDRESS = "address"
CONF_AUTH_IMPLEMENTATION = "auth_implementation"
CONF_MORE = "more"

# Errors of the token request; the last two cannot be solved in the flow.
CODE_REFUSED = "code_refused"
NO_REFRESH_TOKEN = "no_refresh_token"
FINAL_ERRORS = (InvalidClientError.key, NO_REFRESH_TOKEN)

# By name, which is a valid translation key.
SCOPES: Mapping[str, Scope] = {scope.name.lower(): scope for scope in Scope}
DATA_SCOPES = [scope for scope in Scope if scope.startswith("data:")]

EMPTY_SCHEMA = vol.Schema({})
SCOPES_FIELD: VolDictType = {
    vol.Required(CONF_SCOPES): SelectSelector(
        SelectSelectorConfig(
            options=list(SCOPES),
            multiple=True,
            mode=SelectSelectorMode.LIST,
            translation_key="scope",
        )
    )
}
REDIRECT_URI_FIELD: VolDictType = {vol.Optional(CONF_REDIRECT_URI): TextSelector()}
SIGN_IN_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_BRAND): SelectSelector(
            SelectSelectorConfig(
                options=list(Brand),
                mode=SelectSelectorMode.LIST,
                translation_key=CONF_BRAND,
            )
        ),
        **REDIRECT_URI_FIELD,
        vol.Required(CONF_MORE): section(
            vol.Schema({**SCOPES_FIELD, vol.Optional(CONF_NAME): TextSelector()}),
            {"collapsed": True},
        ),
    }
)
SCOPES_SCHEMA = vol.Schema(SCOPES_FIELD)
REDIRECT_URI_SCHEMA = vol.Schema(REDIRECT_URI_FIELD)
ADDRESS_SCHEMA = vol.Schema(
    {
        vol.Required(Secret(CONF_ADDRESS)): TextSelector(
            TextSelectorConfig(multiline=True)
        )
    }
)


class SignInFlow(AbstractOAuth2FlowHandler):
    """The steps of a sign-in."""

    DOMAIN = DOMAIN

    flow_impl: StellantisOAuth2Implementation

    def __init__(self) -> None:
        """Initialize the flow."""
        super().__init__()
        self._data: dict[str, Any] = {}
        self._account_name = ""
        self._prompt: Mapping[str, str] = {}
        self._scopes: Iterable[str] = (*OPENID_SCOPES, *Scope)
        self._state = secrets.token_urlsafe()
        self._token_response: dict[str, Any] | None = None

    @property
    @override
    def logger(self) -> logging.Logger:
        return _LOGGER

    @property
    @override
    def extra_authorize_data(self) -> dict[str, str]:
        return {"scope": " ".join(self._scopes), **self._prompt}

    @abstractmethod
    async def _async_signed_in(self) -> ConfigFlowResult:
        """Return the step after a sign-in."""

    @override
    async def async_step_auth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Continue after the redirect, or sign in with the selected credentials."""
        if user_input is not None:
            return await super().async_step_auth(user_input)
        self._data[CONF_AUTH_IMPLEMENTATION] = self.flow_impl.domain
        if CONF_BRAND in self._merged_data:
            return await self._async_open_identity_provider()
        return await self.async_step_sign_in()

    async def async_step_sign_in(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show a form for the brand, and for what differs from the defaults."""
        if user_input is None:
            suggested = {
                CONF_REDIRECT_URI: self._redirect_uri,
                CONF_MORE: {CONF_SCOPES: self._scope_names},
            }
            return self._show_form("sign_in", SIGN_IN_SCHEMA, suggested)
        errors = {}
        if error := self._read_redirect_uri(user_input):
            errors[CONF_REDIRECT_URI] = error
        if error := self._read_scopes(user_input[CONF_MORE]):
            errors[CONF_MORE] = error
        if errors:
            return self._show_form("sign_in", SIGN_IN_SCHEMA, user_input, errors)
        self._data[CONF_BRAND] = user_input[CONF_BRAND]
        self._account_name = user_input[CONF_MORE].get(CONF_NAME, "").strip()
        return await self._async_open_identity_provider()

    async def async_step_redirect_uri(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show a form for another redirect URI, and sign in with it."""
        errors = {}
        if user_input is not None:
            error = self._read_redirect_uri(user_input)
            if error is None:
                return await self.async_step_pick_implementation()
            errors[CONF_REDIRECT_URI] = error
        suggested = user_input or {CONF_REDIRECT_URI: self._redirect_uri}
        return self._show_form("redirect_uri", REDIRECT_URI_SCHEMA, suggested, errors)

    async def async_step_choose_scopes(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show a form for the permissions to request, and sign in to grant them."""
        if user_input is None:
            return self._show_scopes()
        if error := self._read_scopes(user_input):
            return self._show_scopes({CONF_SCOPES: error})
        return await self._async_sign_in_again()

    def _show_scopes(self, errors: dict[str, str] | None = None) -> ConfigFlowResult:
        suggested = {CONF_SCOPES: self._scope_names}
        return self._show_form("choose_scopes", SCOPES_SCHEMA, suggested, errors)

    async def async_step_another_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Sign in with another account than the one that the browser is signed in with."""
        self._prompt = {"prompt": "login"}
        return await self._async_sign_in_again()

    async def _async_sign_in_again(self) -> ConfigFlowResult:
        """Sign in with the credentials of the entry, or of the sign-in before."""
        return await self.async_step_pick_implementation(
            {"implementation": self._merged_data[CONF_AUTH_IMPLEMENTATION]}
        )

    async def _async_open_identity_provider(self) -> ConfigFlowResult:
        """Sign in the way that the redirect URI requires."""
        self.flow_impl.bind(self._brand)
        redirect_uri = self._merged_data.get(CONF_REDIRECT_URI)
        self.flow_impl.custom_redirect_uri = redirect_uri
        if redirect_uri:
            return await self.async_step_paste_address()
        return await super().async_step_auth()

    @override
    async def async_step_authorize_rejected(
        self, data: None = None
    ) -> ConfigFlowResult:
        """Abort, or offer fewer permissions where the application is registered for fewer."""
        if self.external_data["error"] == "invalid_scope":
            return self._show_registered_scopes()
        return self._abort("access_denied")

    def _show_registered_scopes(self) -> ConfigFlowResult:
        """Suggest the permissions that more applications are registered for."""
        self._scopes = (*OPENID_SCOPES, *DATA_SCOPES)
        return self._show_scopes({"base": "invalid_scope"})

    @override
    async def async_step_creation(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        error = await self._async_exchange_code()
        if error in (CODE_REFUSED, *FINAL_ERRORS):
            return self._abort(error)
        if error:
            return self._show_form("creation", errors={"base": error})
        return await self._async_signed_in()

    async def async_step_paste_address(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the link to sign in, and a form for the address that it ends at."""
        if user_input is None:
            return await self._async_show_link()
        redirect_uri = self._merged_data[CONF_REDIRECT_URI]
        try:
            redirect = read_redirect(
                user_input[CONF_ADDRESS], redirect_uri, self._state
            )
        except PastedAddressError as err:
            if err.key == "invalid_scope":
                return self._show_registered_scopes()
            return await self._async_show_link(user_input, err.key)
        self.external_data = {
            "code": redirect.code,
            "state": {"redirect_uri": redirect_uri},
        }
        error = await self._async_exchange_code(redirect.scope)
        if error in FINAL_ERRORS:
            return self._abort(error)
        if error:
            return await self._async_show_link(user_input, error)
        return await self._async_signed_in()

    async def _async_show_link(
        self, suggested: Mapping[str, Any] | None = None, error: str | None = None
    ) -> ConfigFlowResult:
        url = URL(await self.async_generate_authorize_url())
        return self._show_form(
            "paste_address",
            ADDRESS_SCHEMA,
            suggested,
            {CONF_ADDRESS: error} if error else None,
            {
                "url": str(url.update_query(state=self._state)),
                "redirect_uri": self._merged_data[CONF_REDIRECT_URI],
            },
        )

    async def _async_exchange_code(self, redirect_scope: str = "") -> str | None:
        """Exchange the code for a token; return the error that prevents it."""
        try:
            response = await self.flow_impl.async_resolve_external_data(
                self.external_data
            )
        except AuthenticationError:
            return CODE_REFUSED
        except StellantisError as err:
            return err.key
        if "refresh_token" not in response:
            return NO_REFRESH_TOKEN
        self._token_response = response
        self._data |= {
            CONF_REQUESTED_SCOPES: list(self._scopes),
            CONF_SCOPES: granted_scopes(response.get("scope"), redirect_scope),
        }
        return None

    def _read_scopes(self, user_input: Mapping[str, Any]) -> str | None:
        """Set the scopes to request; return what is wrong with them."""
        chosen = [SCOPES[name] for name in user_input[CONF_SCOPES]]
        if not chosen:
            return "no_scopes"
        self._scopes = (*OPENID_SCOPES, *chosen)
        return None

    def _read_redirect_uri(self, user_input: Mapping[str, Any]) -> str | None:
        """Set the redirect URI, None for Home Assistant's; return what is wrong with it."""
        redirect_uri = user_input.get(CONF_REDIRECT_URI, "").strip()
        if redirect_uri in ("", own_redirect_uri(self.hass)):
            self._data[CONF_REDIRECT_URI] = None
        elif is_redirect_uri(redirect_uri):
            self._data[CONF_REDIRECT_URI] = redirect_uri
        else:
            return "not_an_address"
        return None

    @property
    def _redirect_uri(self) -> str:
        """Return the redirect URI that the application is registered with."""
        redirect_uri: str | None = self._merged_data.get(CONF_REDIRECT_URI)
        return redirect_uri or own_redirect_uri(self.hass)

    @property
    def _scope_names(self) -> list[str]:
        return [name for name, scope in SCOPES.items() if scope in self._scopes]

    def _show_form(
        self,
        step_id: str,
        schema: vol.Schema = EMPTY_SCHEMA,
        suggested: Mapping[str, Any] | None = None,
        errors: dict[str, str] | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=errors,
            description_placeholders=placeholders,
        )

    def _abort(self, reason: str) -> ConfigFlowResult:
        """Abort without a change; a sign-in that is needed is started again by the reload."""
        if self.source == SOURCE_REAUTH:
            self.hass.config_entries.async_schedule_reload(self._reauth_entry_id)
        return self.async_abort(reason=reason)

    @property
    def _entry(self) -> ConfigEntry | None:
        """Return the entry to update; None while one is added."""
        entry_id = self.context.get("entry_id", "")
        return self.hass.config_entries.async_get_entry(entry_id)

    @property
    def _merged_data(self) -> Mapping[str, Any]:
        """Return the data of the entry with the changes of this flow."""
        return {**(self._entry.data if self._entry else {}), **self._data}

    @property
    def _brand(self) -> Brand:
        return Brand(self._merged_data[CONF_BRAND])
