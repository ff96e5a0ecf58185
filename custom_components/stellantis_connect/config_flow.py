"""Enrolment: brand, sign-in, client certificate, and the proof that the platform answers."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import chain, count
import logging
import secrets
from typing import Any, override

import voluptuous as vol
from yarl import URL

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    ConfigEntry,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import CONF_TOKEN
from homeassistant.core import callback
from homeassistant.helpers.config_entry_oauth2_flow import AbstractOAuth2FlowHandler
from homeassistant.helpers.selector import (
    BooleanSelector,
    FileSelector,
    FileSelectorConfig,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.util import dt as dt_util

from .api.client import TokenSource
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
from .api.stellantis import StellantisClient
from .application_credentials import StellantisOAuth2Implementation
from .auth.certificate import (
    CertificateError,
    ClientCertificate,
    read_client_certificate,
)
from .auth.client import async_create_client
from .auth.redirect import PastedAddressError, is_redirect_uri, read_redirect
from .auth.session import (
    OPENID_SCOPES,
    FlowToken,
    account_ids,
    async_entry_tokens,
    named_scopes,
)
from .const import (
    CONF_ACCOUNT_IDS,
    CONF_BRAND,
    CONF_CERTIFICATE,
    CONF_EXPECTED_SCOPES,
    CONF_PUSH,
    CONF_REDIRECT_URI,
    CONF_REQUESTED_SCOPES,
    CONF_SCOPES,
    CONF_STATISTICS,
    CONF_WAKE_UP_GUARD,
    DOMAIN,
    Push,
)

_LOGGER = logging.getLogger(__name__)

CONF_AUTH_IMPLEMENTATION = "auth_implementation"
CONF_ADDRESS = "address"
CONF_CERTIFICATE_FILE = "certificate_file"
CONF_KEY_FILE = "key_file"
CONF_CA_FILE = "ca_file"
CONF_PASSPHRASE = "passphrase"

CERTIFICATE_FILES = ".pem,.crt,.cer,.der,.key,.p12,.pfx"
# By names, which can be keys of translations.
SCOPES: Mapping[str, Scope] = {scope.name.lower(): scope for scope in Scope}
DATA_SCOPES = [name for name, scope in SCOPES.items() if scope.startswith("data:")]

NOTHING_TO_FILL_IN = vol.Schema({})
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
    {vol.Required(CONF_ADDRESS): TextSelector(TextSelectorConfig(multiline=True))}
)
UPLOAD_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_CERTIFICATE_FILE): FileSelector(
            FileSelectorConfig(accept=CERTIFICATE_FILES)
        ),
        vol.Optional(CONF_KEY_FILE): FileSelector(
            FileSelectorConfig(accept=CERTIFICATE_FILES)
        ),
        vol.Optional(CONF_PASSPHRASE): TextSelector(
            TextSelectorConfig(type=TextSelectorType.PASSWORD)
        ),
        vol.Optional(CONF_CA_FILE): FileSelector(
            FileSelectorConfig(accept=CERTIFICATE_FILES)
        ),
    }
)
OPTIONS_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_PUSH, default=Push.AUTOMATIC): SelectSelector(
            SelectSelectorConfig(options=list(Push), translation_key=CONF_PUSH)
        ),
        vol.Required(CONF_WAKE_UP_GUARD, default=True): BooleanSelector(),
        vol.Required(CONF_STATISTICS, default=True): BooleanSelector(),
    }
)


class StellantisConfigFlow(AbstractOAuth2FlowHandler, domain=DOMAIN):
    """Enrol an owner's account at one brand, sign in again, or mend the connection."""

    DOMAIN = DOMAIN
    VERSION = 1

    flow_impl: StellantisOAuth2Implementation

    def __init__(self) -> None:
        """Start with nothing known."""
        super().__init__()
        self._data: dict[str, Any] = {}
        self._scopes: Iterable[str] = (*OPENID_SCOPES, *Scope)
        self._state = ""
        self._upload: dict[str, str] = {}
        self._files: dict[str, bytes] = {}

    @property
    @override
    def logger(self) -> logging.Logger:
        """Return the logger of this flow."""
        return _LOGGER

    @property
    @override
    def extra_authorize_data(self) -> dict[str, str]:
        """Return what is asked of the identity provider beside the code."""
        config = self.hass.config
        locale = "-".join(filter(None, (config.language, config.country)))
        return {"scope": " ".join(self._scopes), "locale": locale}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> StellantisOptionsFlow:
        """Return the flow for what is a preference."""
        return StellantisOptionsFlow()

    # Where a flow begins.

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the brand, which decides where to sign in."""
        if user_input is None:
            return self.async_show_form(step_id="user", data_schema=BRAND_SCHEMA)
        self._data = user_input
        return await self.async_step_pick_implementation()

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin to sign in again, asking for the same rights as before."""
        self._scopes = entry_data[CONF_REQUESTED_SCOPES]
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Tell why, before the browser leaves for the sign-in page."""
        entry = self._get_reauth_entry()
        if user_input is None:
            return self.async_show_form(
                step_id="reauth_confirm",
                data_schema=NOTHING_TO_FILL_IN,
                description_placeholders={"account": entry.title},
            )
        return await self.async_step_pick_implementation(
            {"implementation": entry.data[CONF_AUTH_IMPLEMENTATION]}
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what about the connection is to change."""
        self._scopes = self._get_reconfigure_entry().data[CONF_REQUESTED_SCOPES]
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["certificate", "pick_implementation"],
        )

    # Signing in, by one of two ways.

    @override
    async def async_step_auth(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take the browser's return, or ask in which way to sign in."""
        if user_input is not None:
            return await super().async_step_auth(user_input)
        self.flow_impl.bind(Brand(self._settled[CONF_BRAND]))
        return await self.async_step_sign_in()

    async def async_step_sign_in(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer the ways to sign in, and to ask for fewer rights before."""
        return self.async_show_menu(
            step_id="sign_in", menu_options=["redirect", "paste", "choose_scopes"]
        )

    async def async_step_choose_scopes(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which rights to ask for; an application may be registered for few."""
        if user_input is None:
            return self._show_scopes(list(SCOPES))
        if not user_input[CONF_SCOPES]:
            return self._show_scopes([], "no_scopes")
        chosen = (SCOPES[name] for name in user_input[CONF_SCOPES])
        self._scopes = (*OPENID_SCOPES, *chosen)
        return await self.async_step_sign_in()

    def _show_scopes(
        self, ticked: list[str], error: str | None = None
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id="choose_scopes",
            data_schema=self.add_suggested_values_to_schema(
                SCOPES_SCHEMA, {CONF_SCOPES: ticked}
            ),
            errors={"base": error} if error else None,
        )

    async def async_step_redirect(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Send the browser to the identity provider, from where it comes back by itself."""
        self.flow_impl.foreign_redirect_uri = self._data[CONF_REDIRECT_URI] = None
        return await super().async_step_auth()

    @override
    async def async_step_authorize_rejected(
        self, data: None = None
    ) -> ConfigFlowResult:
        """Say what the identity provider refused; fewer rights can be asked for at once."""
        if self.external_data["error"] == "invalid_scope":
            return self._show_scopes(DATA_SCOPES, "invalid_scope")
        return self._refuse("access_denied")

    @override
    async def async_step_creation(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Exchange the code that the browser brought for a token."""
        try:
            await self._exchange()
        except AuthenticationError:
            return self._refuse("code_refused")
        except InvalidClientError as err:
            return self._refuse(err.key)
        except StellantisError as err:
            return self._show_retry("creation", err.key)
        return await self._async_signed_in()

    async def async_step_paste(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the redirect URI with which the application is registered."""
        errors = {}
        if user_input is not None:
            redirect_uri = user_input[CONF_REDIRECT_URI].strip()
            if is_redirect_uri(redirect_uri):
                self._data[CONF_REDIRECT_URI] = redirect_uri
                return await self.async_step_paste_address()
            errors[CONF_REDIRECT_URI] = "not_an_address"
        return self.async_show_form(
            step_id="paste",
            data_schema=self.add_suggested_values_to_schema(
                REDIRECT_URI_SCHEMA, user_input or self._settled
            ),
            errors=errors,
        )

    async def async_step_paste_address(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the link to sign in, and take the address at which the browser ended."""
        if user_input is None:
            return await self._async_show_link()
        redirect_uri = self._data[CONF_REDIRECT_URI]
        address = user_input[CONF_ADDRESS]
        try:
            redirect = read_redirect(address, redirect_uri, self._state)
            self.external_data = {
                "code": redirect.code,
                "state": {"redirect_uri": redirect_uri},
            }
            await self._exchange(redirect.scope)
        except PastedAddressError as err:
            if err.key == "invalid_scope":
                return self._show_scopes(DATA_SCOPES, err.key)
            return await self._async_show_link(address, err.key)
        except AuthenticationError:
            return await self._async_show_link(address, "code_refused")
        except InvalidClientError as err:
            return self._refuse(err.key)
        except StellantisError as err:
            return await self._async_show_link(address, err.key)
        return await self._async_signed_in()

    async def _async_show_link(
        self, address: str = "", error: str | None = None
    ) -> ConfigFlowResult:
        self.flow_impl.foreign_redirect_uri = self._data[CONF_REDIRECT_URI]
        self._state = self._state or secrets.token_urlsafe()
        url = URL(await self.async_generate_authorize_url())
        return self.async_show_form(
            step_id="paste_address",
            data_schema=self.add_suggested_values_to_schema(
                ADDRESS_SCHEMA, {CONF_ADDRESS: address}
            ),
            description_placeholders={"url": str(url.update_query(state=self._state))},
            errors={CONF_ADDRESS: error} if error else None,
        )

    async def _exchange(self, redirected_scope: str = "") -> None:
        """Exchange the code for a token.

        Raises:
            StellantisError: the identity provider refused or did not answer.

        """
        token = await self.flow_impl.async_resolve_external_data(self.external_data)
        self._data |= {
            CONF_AUTH_IMPLEMENTATION: self.flow_impl.domain,
            CONF_TOKEN: token,
            CONF_REQUESTED_SCOPES: list(self._scopes),
            CONF_SCOPES: named_scopes(token.get("scope", ""), redirected_scope),
        }

    async def _async_signed_in(self) -> ConfigFlowResult:
        """Go on to the certificate, or past it where the entry has settled that."""
        if self._entry:
            return await self.async_step_connect()
        return await self.async_step_certificate()

    # The client certificate.

    async def async_step_certificate(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether the application has a client certificate."""
        return self.async_show_menu(
            step_id="certificate", menu_options=["upload", "no_certificate"]
        )

    async def async_step_no_certificate(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Use the host that asks for no client certificate."""
        self._data[CONF_CERTIFICATE] = None
        return await self.async_step_connect()

    async def async_step_upload(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take a certificate and its key, and check them before they are used."""
        if user_input is None:
            return self._show_upload()
        self._upload = user_input
        try:
            certificate = await self.hass.async_add_executor_job(
                self._read_certificate, user_input
            )
        except CertificateError as err:
            return self._show_upload(err.key)
        except ValueError:
            # Home Assistant does not know the upload any more.
            return self._show_upload("upload_again")
        self._data[CONF_CERTIFICATE] = asdict(certificate)
        return await self.async_step_connect()

    def _show_upload(self, error: str | None = None) -> ConfigFlowResult:
        """Ask for the files; those that were uploaded before are still there."""
        return self.async_show_form(
            step_id="upload",
            data_schema=self.add_suggested_values_to_schema(
                UPLOAD_SCHEMA,
                {
                    field: file_id
                    for field, file_id in self._upload.items()
                    if file_id in self._files
                },
            ),
            errors={"base": error} if error else None,
        )

    def _read_certificate(self, user_input: dict[str, Any]) -> ClientCertificate:
        """Read the uploaded files, which Home Assistant hands out only once."""

        def read(field: str) -> bytes | None:
            if not (file_id := user_input.get(field)):
                return None
            if file_id not in self._files:
                with process_uploaded_file(self.hass, file_id) as path:
                    self._files[file_id] = path.read_bytes()
            return self._files[file_id]

        return read_client_certificate(
            filter(None, map(read, (CONF_CERTIFICATE_FILE, CONF_KEY_FILE))),
            read(CONF_CA_FILE),
            user_input.get(CONF_PASSPHRASE, ""),
            dt_util.utcnow(),
        )

    # The proof, and the end.

    async def async_step_connect(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Prove that the platform lets this account at its cars.

        What fails here can be tried again without signing in anew.
        """
        try:
            client = await self._async_client()
            user = await client.get_user()
            vehicles = await client.get_vehicles()
            if not vehicles:
                return self._show_retry("connect", NoVehiclesError.key)
            if self._data.get(CONF_SCOPES) == []:
                self._data[CONF_SCOPES] = await client.find_scopes(vehicles[0].id)
        except CertificateRejectedError as err:
            return self._show_upload(err.key)
        except InvalidClientError as err:
            return self._refuse(err.key)
        except StellantisError as err:
            return self._show_retry("connect", err.key)
        return await self._async_finish(user)

    async def _async_client(self) -> StellantisClient:
        """Return a client for what is settled so far."""
        if token := self._data.get(CONF_TOKEN):
            tokens: TokenSource = FlowToken(token)
            client_id = self.flow_impl.client_id
        else:
            kept = await async_entry_tokens(self.hass, self._get_reconfigure_entry())
            tokens, client_id = kept, kept.client_id
        return await async_create_client(self.hass, self._settled, tokens, client_id)

    def _show_retry(self, step_id: str, error: str) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id, data_schema=NOTHING_TO_FILL_IN, errors={"base": error}
        )

    async def _async_finish(self, user: User) -> ConfigFlowResult:
        """Make an entry, or change the one that this flow is about."""
        brand = Brand(self._settled[CONF_BRAND])
        ids = account_ids(brand, self._settled[CONF_TOKEN], user)
        if entry := self._entry:
            known = entry.data[CONF_ACCOUNT_IDS]
            if not {*ids} & {*known}:
                return self._refuse("wrong_account")
            self._data[CONF_ACCOUNT_IDS] = [*dict.fromkeys([*known, *ids])]
            self._data[CONF_EXPECTED_SCOPES] = [
                scope
                for scope in self._settled[CONF_REQUESTED_SCOPES]
                if scope in self._settled[CONF_SCOPES]
                or scope in entry.data[CONF_EXPECTED_SCOPES]
            ]
            return self.async_update_reload_and_abort(entry, data_updates=self._data)
        for other in self._async_current_entries():
            if {*ids} & {*other.data[CONF_ACCOUNT_IDS]}:
                return self.async_abort(reason="already_configured")
        self._data[CONF_ACCOUNT_IDS] = ids
        self._data[CONF_EXPECTED_SCOPES] = self._data[CONF_SCOPES]
        await self.async_set_unique_id(ids[0])
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

    def _refuse(self, reason: str) -> ConfigFlowResult:
        """End without having changed anything.

        Home Assistant asks once for a sign-in that is needed; a reload has it ask again.
        """
        if self.source == SOURCE_REAUTH:
            entry = self._get_reauth_entry()
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return self.async_abort(reason=reason)

    @property
    def _entry(self) -> ConfigEntry | None:
        """Return the entry that is to change; none while one is being made."""
        match self.source:
            case "reauth":
                return self._get_reauth_entry()
            case "reconfigure":
                return self._get_reconfigure_entry()
        return None

    @property
    def _settled(self) -> Mapping[str, Any]:
        """Return what the entry will keep, as far as that is settled."""
        return {**(self._entry.data if self._entry else {}), **self._data}


class StellantisOptionsFlow(OptionsFlowWithReload):
    """What is a preference."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show all of them."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                OPTIONS_SCHEMA, self.config_entry.options
            ),
        )
