"""Config flow: sign-in, client certificate, and a first request for the cars."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import chain, count
import re
from typing import Any, override

from probatio import Secret
import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlowContext,
    ConfigFlowResult,
    FlowType,
)
from homeassistant.const import CONF_TOKEN
from homeassistant.core import callback
from homeassistant.data_entry_flow import section
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import (
    FileSelector,
    FileSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .api.exceptions import (
    CertificateRejectedError,
    InvalidClientError,
    NoVehiclesError,
    StellantisError,
    UntrustedServerError,
)
from .api.models.vehicle import User
from .auth.certificate import CertificateError
from .auth.client import AccountSession, SignInSession, async_create_client
from .auth.session import async_create_session
from .auth.token import Token, account_ids
from .auth.upload import (
    CONF_CA_FILE,
    CONF_CERTIFICATE_FILE,
    CONF_KEY_FILE,
    CertificateUpload,
)
from .const import (
    CONF_ACCOUNT_IDS,
    CONF_CERTIFICATE,
    CONF_EXPECTED_SCOPES,
    CONF_REQUESTED_SCOPES,
    CONF_SCOPES,
    DOMAIN,
)
from .options_flow import StellantisOptionsFlow
from .polling.quota import async_get_quotas
from .runtime import StellantisConfigEntry
from .sign_in_flow import SignInFlow

CONF_AUTHORITY = "authority"
CONF_PASSPHRASE = "passphrase"

CERTIFICATE_FILES = FileSelector(
    FileSelectorConfig(accept=".pem,.crt,.cer,.der,.key,.p12,.pfx")
)
# The field that an error is about, where it is about one.
CERTIFICATE_ERROR_FIELDS: Mapping[str, str] = {
    "key_of_another_certificate": CONF_KEY_FILE,
    "no_certificate": CONF_CERTIFICATE_FILE,
    "no_private_key": CONF_KEY_FILE,
    "wrong_passphrase": CONF_PASSPHRASE,
}

# Shown above the form: the section that they are about is at its end.
AUTHORITY_ERRORS = ("not_a_ca", UntrustedServerError.key)


def certificate_schema(*, collapsed: bool) -> vol.Schema:
    """Return the schema of the form for a client certificate."""
    authority = vol.Schema({vol.Optional(CONF_CA_FILE): CERTIFICATE_FILES})
    return vol.Schema(
        {
            vol.Optional(CONF_CERTIFICATE_FILE): CERTIFICATE_FILES,
            vol.Optional(CONF_KEY_FILE): CERTIFICATE_FILES,
            vol.Optional(Secret(CONF_PASSPHRASE)): TextSelector(
                TextSelectorConfig(type=TextSelectorType.PASSWORD)
            ),
            vol.Required(CONF_AUTHORITY): section(authority, {"collapsed": collapsed}),
        }
    )


class StellantisConfigFlow(SignInFlow, domain=DOMAIN):
    """Add an account of one brand, sign in again, or reconfigure the connection."""

    VERSION = 1

    def __init__(self) -> None:
        """Initialize the flow."""
        super().__init__()
        self._other_entry: ConfigEntry | None = None
        self._upload = CertificateUpload()

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> StellantisOptionsFlow:
        return StellantisOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Start with the credentials: without any, the form would be shown twice."""
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
        """Show which account to sign in to, and sign in the same way as before."""
        if user_input is None:
            account = {"account": self._get_reauth_entry().title}
            return self._show_form("reauth_confirm", placeholders=account)
        return await self._async_sign_in_again()

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what can be reconfigured."""
        self._scopes = self._get_reconfigure_entry().data[CONF_REQUESTED_SCOPES]
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=[
                "choose_scopes",
                "certificate",
                "pick_implementation",
                "redirect_uri",
            ],
        )

    @override
    async def _async_signed_in(self) -> ConfigFlowResult:
        """Show that the account is set up, or continue with the certificate that is known."""
        ids = account_ids(self._brand, self._token_response or {}, User())
        if self._find_other_entry(ids):
            return await self.async_step_already_configured()
        if CONF_CERTIFICATE in self._merged_data:
            return await self.async_step_connect()
        return await self.async_step_certificate()

    def _find_other_entry(self, ids: Iterable[str]) -> bool:
        """Find the entry of an account that is added once more."""
        entries = () if self._entry else self._async_current_entries()
        same = (one for one in entries if {*ids} & {*one.data[CONF_ACCOUNT_IDS]})
        self._other_entry = next(same, None)
        return self._other_entry is not None

    async def async_step_certificate(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show a form for the client certificate, and check it; it may be left empty."""
        if user_input is None:
            return self._show_certificate()
        passphrase = user_input.pop(CONF_PASSPHRASE, "")
        file_ids = user_input | user_input.pop(CONF_AUTHORITY)
        if not file_ids:
            self._data[CONF_CERTIFICATE] = None
            return await self.async_step_connect()
        try:
            certificate = await self.hass.async_add_executor_job(
                self._upload.read, self.hass, file_ids, passphrase
            )
        except CertificateError as err:
            return self._show_certificate(err.key)
        self._data[CONF_CERTIFICATE] = asdict(certificate)
        return await self.async_step_connect()

    def _show_certificate(self, error: str | None = None) -> ConfigFlowResult:
        """Show the form with the files that were uploaded before."""
        field = CERTIFICATE_ERROR_FIELDS.get(error or "", "base")
        file_ids = self._upload.file_ids
        return self._show_form(
            "certificate",
            certificate_schema(collapsed=error not in AUTHORITY_ERRORS),
            {**file_ids, CONF_AUTHORITY: file_ids},
            {field: error} if error else None,
        )

    async def async_step_connect(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Request the account and its cars; a failure can be retried without a new sign-in."""
        try:
            user = await self._async_get_user()
        except (CertificateError, CertificateRejectedError) as err:
            return self._show_certificate(err.key)
        except InvalidClientError as err:
            return self._abort(err.key)
        except StellantisError as err:
            if isinstance(err, NoVehiclesError) and not self._entry:
                return await self.async_step_no_vehicles()
            return self._show_form("connect", errors={"base": err.key})
        except HomeAssistantError:
            return self.async_abort(reason="oauth_implementation_unavailable")
        return await self._async_finish(user)

    async def async_step_no_vehicles(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what can be done about an account without cars."""
        return self.async_show_menu(
            step_id="no_vehicles", menu_options=["connect", "another_account"]
        )

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
            return self._show_form("connect", errors={"base": "no_account_id"})
        # A permission that is left out in a sign-in is not expected any more.
        self._data[CONF_EXPECTED_SCOPES] = self._data[CONF_SCOPES]
        if entry:
            return self._update_sign_in(entry, response, ids)
        if self._find_other_entry(ids):
            return await self.async_step_already_configured()
        self._data |= {
            CONF_ACCOUNT_IDS: ids,
            CONF_TOKEN: asdict(Token.from_response(response)),
        }
        await self.async_set_unique_id(ids[0])
        return self.async_create_entry(title=self._title(user), data=self._data)

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
            CONF_TOKEN: asdict(Token.from_response(response, generation)),
        }
        return self.async_update_reload_and_abort(entry, data_updates=self._data)

    def _title(self, user: User) -> str:
        """Return an unused name of the account, which appears in the log."""
        label = self._account_name or self._brand.label
        if not self._account_name and (initials := _initials(user.email or "")):
            label += f" ({initials})"
        titles = {entry.title for entry in self._async_current_entries()}
        numbered = (f"{label} {number}" for number in count(2))
        return next(title for title in chain([label], numbered) if title not in titles)

    async def async_step_already_configured(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show what can be done instead of adding the account again."""
        assert self._other_entry
        return self.async_show_menu(
            step_id="already_configured",
            menu_options=["reconfigure_account", "another_account"],
            description_placeholders={"account": self._other_entry.title},
        )

    async def async_step_reconfigure_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Continue in a flow that reconfigures the account."""
        assert self._other_entry
        context = ConfigFlowContext(
            source=SOURCE_RECONFIGURE, entry_id=self._other_entry.entry_id
        )
        flow = await self.hass.config_entries.flow.async_init(DOMAIN, context=context)
        return self.async_abort(
            reason="already_configured",
            next_flow=(FlowType.CONFIG_FLOW, flow["flow_id"]),
        )


def _initials(email: str) -> str:
    """Return the first letters of the words of an e-mail's local part."""
    words = re.findall(r"[^\W\d_]+", email.partition("@")[0])
    return "".join(word[0].upper() for word in words)
