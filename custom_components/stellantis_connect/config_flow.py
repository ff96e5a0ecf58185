"""Config flow: brand, sign-in, client certificate, and a first request for the cars."""

from collections.abc import Iterable, Mapping
from itertools import chain, count
import logging
import secrets
from typing import Any, override

# Not in voluptuous: validation errors do not show the value of such a key.
from probatio import Secret
import voluptuous as vol
from yarl import URL

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import CONF_TOKEN
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.config_entry_oauth2_flow import AbstractOAuth2FlowHandler
from homeassistant.helpers.selector import (
    FileSelector,
    FileSelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .api.exceptions import (
    AuthenticationError,
    CertificateRejectedError,
    InvalidClientError,
    NoVehiclesError,
    StellantisError,
)
from .api.models.brand import Brand
from .api.models.scope import Scope
from .api.models.vehicle import User
from .auth.certificate import CertificateError
from .auth.client import AccountSession, SignInSession, async_create_client
from .auth.implementation import StellantisOAuth2Implementation
from .auth.redirect import PastedAddressError, is_redirect_uri, read_redirect
from .auth.session import async_create_session
from .auth.token import OPENID_SCOPES, Token, account_ids, granted_scopes
from .auth.upload import (
    CONF_CA_FILE,
    CONF_CERTIFICATE_FILE,
    CONF_KEY_FILE,
    CertificateUpload,
)
from .const import (
    CONF_ACCOUNT_IDS,
    CONF_BRAND,
    CONF_CERTIFICATE,
    CONF_EXPECTED_SCOPES,
    CONF_REDIRECT_URI,
    CONF_REQUESTED_SCOPES,
    CONF_SCOPES,
    DOMAIN,
)
from .options_flow import StellantisOptionsFlow
from .polling.quota import async_get_quotas
from .runtime import StellantisConfigEntry

_LOGGER = logging.getLogger(__name__)

CONF_AUTH_IMPLEMENTATION = "auth_implementation"
CONF_ADDRESS = "address"
CONF_PASSPHRASE = "passphrase"

# Errors of the token request; the last two cannot be solved in the flow.
CODE_REFUSED = "code_refused"
NO_REFRESH_TOKEN = "no_refresh_token"
FINAL_ERRORS = (InvalidClientError.key, NO_REFRESH_TOKEN)

CERTIFICATE_FILES = ".pem,.crt,.cer,.der,.key,.p12,.pfx"
# By name, which is a valid translation key.
SCOPES: Mapping[str, Scope] = {scope.name.lower(): scope for scope in Scope}
DATA_SCOPES = [name for name, scope in SCOPES.items() if scope.startswith("data:")]

EMPTY_SCHEMA = vol.Schema({})
BRAND_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_BRAND): SelectSelector(
            SelectSelectorConfig(options=list(Brand), translation_key=CONF_BRAND)
        )
    }
)
SCOPES_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_SCOPES): SelectSelector(
            SelectSelectorConfig(
                options=list(SCOPES),
                multiple=True,
                mode=SelectSelectorMode.LIST,
                translation_key="scope",
            )
        )
    }
)
REDIRECT_URI_SCHEMA = vol.Schema({vol.Required(CONF_REDIRECT_URI): TextSelector()})
ADDRESS_SCHEMA = vol.Schema(
    {
        vol.Required(Secret(CONF_ADDRESS)): TextSelector(
            TextSelectorConfig(multiline=True)
        )
    }
)
UPLOAD_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_CERTIFICATE_FILE): FileSelector(
            FileSelectorConfig(accept=CERTIFICATE_FILES)
        ),
        vol.Optional(CONF_KEY_FILE): FileSelector(
            FileSelectorConfig(accept=CERTIFICATE_FILES)
        ),
        vol.Optional(Secret(CONF_PASSPHRASE)): TextSelector(
            TextSelectorConfig(type=TextSelectorType.PASSWORD)
        ),
        vol.Optional(CONF_CA_FILE): FileSelector(
            FileSelectorConfig(accept=CERTIFICATE_FILES)
        ),
    }
)


class StellantisConfigFlow(AbstractOAuth2FlowHandler, domain=DOMAIN):
    """Add an account of one brand, sign in again, or reconfigure the connection."""

    DOMAIN = DOMAIN
    VERSION = 1

    flow_impl: StellantisOAuth2Implementation

    def __init__(self) -> None:
        """Initialize the flow."""
        super().__init__()
        self._data: dict[str, Any] = {}
        self._token_response: dict[str, Any] | None = None
        self._scopes: Iterable[str] = (*OPENID_SCOPES, *Scope)
        self._state = ""
        self._upload = CertificateUpload()

    @property
    @override
    def logger(self) -> logging.Logger:
        """Return the logger of this flow."""
        return _LOGGER

    @property
    @override
    def extra_authorize_data(self) -> dict[str, str]:
        """Return the additional parameters of the authorization request."""
        return {"scope": " ".join(self._scopes)}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> StellantisOptionsFlow:
        """Return the options flow."""
        return StellantisOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the brands, each of which has its own identity provider."""
        if user_input is None:
            return self._show_form("user", BRAND_SCHEMA)
        self._data = user_input
        return await self.async_step_pick_implementation()

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Start to sign in again with the same permissions as before."""
        self._scopes = entry_data[CONF_REQUESTED_SCOPES]
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show which account to sign in to, and go on with the credentials of the entry."""
        entry = self._get_reauth_entry()
        if user_input is None:
            return self._show_form(
                "reauth_confirm", placeholders={"account": entry.title}
            )
        return await self.async_step_pick_implementation(
            {"implementation": entry.data[CONF_AUTH_IMPLEMENTATION]}
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what can be reconfigured."""
        self._scopes = self._get_reconfigure_entry().data[CONF_REQUESTED_SCOPES]
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["certificate", "pick_implementation"],
        )

    @override
    async def async_step_auth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Continue after the redirect, or show the ways to sign in."""
        if user_input is not None:
            return await super().async_step_auth(user_input)
        self.flow_impl.bind(self._brand)
        return await self.async_step_sign_in()

    async def async_step_sign_in(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the ways to sign in."""
        return self.async_show_menu(
            step_id="sign_in", menu_options=["redirect", "paste", "choose_scopes"]
        )

    async def async_step_choose_scopes(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the permissions to request; an application may be registered for fewer."""
        if user_input is None:
            return self._show_scopes(list(SCOPES))
        if not user_input[CONF_SCOPES]:
            return self._show_scopes([], "no_scopes")
        chosen = (SCOPES[name] for name in user_input[CONF_SCOPES])
        self._scopes = (*OPENID_SCOPES, *chosen)
        return await self.async_step_sign_in()

    def _show_scopes(
        self, names: list[str], error: str | None = None
    ) -> ConfigFlowResult:
        return self._show_form(
            "choose_scopes", SCOPES_SCHEMA, {CONF_SCOPES: names}, error
        )

    async def async_step_redirect(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Open the identity provider, which redirects the browser to Home Assistant."""
        self.flow_impl.custom_redirect_uri = self._data[CONF_REDIRECT_URI] = None
        return await super().async_step_auth()

    @override
    async def async_step_authorize_rejected(
        self, data: None = None
    ) -> ConfigFlowResult:
        """Abort, or offer fewer permissions where the application is registered for fewer."""
        if self.external_data["error"] == "invalid_scope":
            return self._show_scopes(DATA_SCOPES, "invalid_scope")
        return self._abort("access_denied")

    @override
    async def async_step_creation(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Exchange the code of the redirect for a token."""
        error = await self._async_exchange_code()
        if error in (CODE_REFUSED, *FINAL_ERRORS):
            return self._abort(error)
        if error:
            return self._show_form("creation", error=error)
        return await self._async_signed_in()

    async def async_step_paste(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show a form for the redirect URI that the application is registered with."""
        error = None
        if user_input is not None:
            redirect_uri = user_input[CONF_REDIRECT_URI].strip()
            if is_redirect_uri(redirect_uri):
                self._data[CONF_REDIRECT_URI] = redirect_uri
                return await self.async_step_paste_address()
            error = "not_an_address"
        suggested = user_input or self._merged_data
        return self._show_form("paste", REDIRECT_URI_SCHEMA, suggested, error)

    async def async_step_paste_address(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the link to sign in, and a form for the address that it ends at."""
        if user_input is None:
            return await self._async_show_link()
        redirect_uri = self._data[CONF_REDIRECT_URI]
        address = user_input[CONF_ADDRESS]
        try:
            redirect = read_redirect(address, redirect_uri, self._state)
        except PastedAddressError as err:
            if err.key == "invalid_scope":
                return self._show_scopes(DATA_SCOPES, err.key)
            return await self._async_show_link(address, err.key)
        self.external_data = {
            "code": redirect.code,
            "state": {"redirect_uri": redirect_uri},
        }
        error = await self._async_exchange_code(redirect.scope)
        if error in FINAL_ERRORS:
            return self._abort(error)
        if error:
            return await self._async_show_link(address, error)
        return await self._async_signed_in()

    async def _async_show_link(
        self, address: str = "", error: str | None = None
    ) -> ConfigFlowResult:
        self.flow_impl.custom_redirect_uri = self._data[CONF_REDIRECT_URI]
        self._state = self._state or secrets.token_urlsafe()
        url = URL(await self.async_generate_authorize_url())
        return self._show_form(
            "paste_address",
            ADDRESS_SCHEMA,
            {CONF_ADDRESS: address},
            error,
            {
                "url": str(url.update_query(state=self._state)),
                "redirect_uri": self._data[CONF_REDIRECT_URI],
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
            CONF_AUTH_IMPLEMENTATION: self.flow_impl.domain,
            CONF_REQUESTED_SCOPES: list(self._scopes),
            CONF_SCOPES: granted_scopes(response.get("scope"), redirect_scope),
        }
        return None

    async def _async_signed_in(self) -> ConfigFlowResult:
        """Continue with the certificate of the entry, or with the form for it."""
        if self._entry:
            return await self.async_step_connect()
        return await self.async_step_certificate()

    async def async_step_certificate(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show whether to upload a client certificate."""
        return self.async_show_menu(
            step_id="certificate", menu_options=["upload", "no_certificate"]
        )

    async def async_step_no_certificate(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Use the host that requires no client certificate."""
        self._data[CONF_CERTIFICATE] = None
        return await self.async_step_connect()

    async def async_step_upload(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show a form for the client certificate, and check it."""
        if user_input is None:
            return self._show_upload()
        passphrase = user_input.pop(CONF_PASSPHRASE, "")
        try:
            certificate = await self.hass.async_add_executor_job(
                self._upload.read, self.hass, user_input, passphrase
            )
        except CertificateError as err:
            return self._show_upload(err.key)
        self._data[CONF_CERTIFICATE] = certificate.as_dict()
        return await self.async_step_connect()

    def _show_upload(self, error: str | None = None) -> ConfigFlowResult:
        """Show the form with the files that were uploaded before."""
        return self._show_form("upload", UPLOAD_SCHEMA, self._upload.file_ids, error)

    async def async_step_connect(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Request the account and its cars; a failure can be retried without a new sign-in."""
        try:
            user = await self._async_get_user()
        except (CertificateError, CertificateRejectedError) as err:
            return self._show_upload(err.key)
        except InvalidClientError as err:
            return self._abort(err.key)
        except StellantisError as err:
            return self._show_form("connect", error=err.key)
        except HomeAssistantError:
            return self.async_abort(reason="oauth_implementation_unavailable")
        return await self._async_finish(user)

    async def _async_get_user(self) -> User:
        """Return the user, once the API has responded with cars."""
        if self._token_response:
            access_token = self._token_response["access_token"]
            return await self._async_request(
                SignInSession(access_token, self.flow_impl.client_id)
            )
        entry: StellantisConfigEntry = self._get_reconfigure_entry()
        async with entry.setup_lock:
            # Two sessions would spend each other's refresh token.
            if entry.state is ConfigEntryState.LOADED:
                session = entry.runtime_data.session
            else:
                session = await async_create_session(self.hass, entry)
            return await self._async_request(session)

    async def _async_request(self, session: AccountSession) -> User:
        quota = (await async_get_quotas(self.hass)).of(session.client_id)
        client = await async_create_client(
            self.hass, self._merged_data, session, quota.rate_limiter
        )
        user = await client.get_user()
        vehicles = await client.get_vehicles()
        if not vehicles:
            raise NoVehiclesError("vehicles")
        if self._data.get(CONF_SCOPES) == []:
            self._data[CONF_SCOPES] = await client.find_scopes(vehicles[0].id)
        return user

    async def _async_finish(self, user: User) -> ConfigFlowResult:
        """Create an entry, or update the one of this flow."""
        entry = self._entry
        if entry and not self._token_response:
            return self.async_update_reload_and_abort(entry, data_updates=self._data)
        response = self._token_response or {}
        ids = account_ids(self._brand, response, user)
        if not ids:
            return self._show_form("connect", error="no_account_id")
        if entry:
            return self._update_sign_in(entry, response, ids)
        for other in self._async_current_entries():
            if {*ids} & {*other.data[CONF_ACCOUNT_IDS]}:
                return self.async_abort(reason="already_configured")
        self._data |= {
            CONF_ACCOUNT_IDS: ids,
            CONF_EXPECTED_SCOPES: self._data[CONF_SCOPES],
            CONF_TOKEN: Token.from_response(response).as_dict(),
        }
        await self.async_set_unique_id(ids[0])
        return self.async_create_entry(title=self._unused_title, data=self._data)

    def _update_sign_in(
        self, entry: ConfigEntry, response: Mapping[str, Any], ids: list[str]
    ) -> ConfigFlowResult:
        """Update an entry after a sign-in with the same account."""
        known_ids = entry.data[CONF_ACCOUNT_IDS]
        if not {*ids} & {*known_ids}:
            return self._abort("wrong_account")
        generation = entry.data[CONF_TOKEN].get("generation", 0) + 1
        self._data |= {
            CONF_ACCOUNT_IDS: [*dict.fromkeys([*known_ids, *ids])],
            CONF_EXPECTED_SCOPES: [
                scope
                for scope in self._data[CONF_REQUESTED_SCOPES]
                if scope in self._data[CONF_SCOPES]
                or scope in entry.data[CONF_EXPECTED_SCOPES]
            ],
            CONF_TOKEN: Token.from_response(response, generation).as_dict(),
        }
        return self.async_update_reload_and_abort(entry, data_updates=self._data)

    @property
    def _unused_title(self) -> str:
        """Return the brand, with a number from its second account on; it appears in the log."""
        titles = {entry.title for entry in self._async_current_entries()}
        label = self._brand.label
        numbered = (f"{label} ({number})" for number in count(2))
        return next(title for title in chain([label], numbered) if title not in titles)

    def _show_form(
        self,
        step_id: str,
        schema: vol.Schema = EMPTY_SCHEMA,
        suggested: Mapping[str, Any] | None = None,
        error: str | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors={"base": error} if error else None,
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
