"""Tests of the config flow."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from aiohttp import web
from aiohttp.test_utils import TestClient
from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
import voluptuous as vol
from yarl import URL

from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.const import (
    CONF_ACCOUNT_IDS,
    CONF_CERTIFICATE,
    CONF_EXPECTED_SCOPES,
    CONF_REDIRECT_URI,
    CONF_REQUESTED_SCOPES,
    CONF_SCOPES,
    DOMAIN,
)
from homeassistant.components.application_credentials import (
    ClientCredential,
    async_import_client_credential,
)
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
    FlowType,
)
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData, section
from homeassistant.exceptions import ImplementationUnavailableError
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.helpers.config_entry_oauth2_flow import (
    async_add_implementation_provider,
)
from simulator.certificates import PASSPHRASE
from simulator.server import Simulator

from .conftest import CreateConfigEntry, SetupIntegration
from .simulator_client import control, sign_in

pytestmark = pytest.mark.usefixtures("current_request_with_host", "connected_simulator")

VEHICLES = "*/user/vehicles"
TOKEN = "*/access_token"
NO_REFRESH_TOKEN = [
    {"kind": "remove", "key": "refresh_token"},
    {"kind": "set_value", "key": "refresh_token", "value": None},
    {"kind": "set_value", "key": "refresh_token", "value": ""},
    {"kind": "mistype", "key": "refresh_token"},
]
REDIRECT_URI = "mymap://oauth2redirect/fr"
NO_CERTIFICATE: Mapping[str, object] = {"authority": {}}

type Browser = TestClient[web.Request, web.Application]
type Upload = Callable[[bytes], Awaitable[str]]
type Configure = Callable[..., Awaitable[ConfigFlowResult]]


@pytest.fixture
def configure(hass: HomeAssistant) -> Configure:
    """Return a function that submits a menu option, or the fields of a form."""

    async def configure(
        step: ConfigFlowResult, option: str | None = None, **fields: object
    ) -> ConfigFlowResult:
        user_input = {"next_step_id": option} if option else fields
        return await hass.config_entries.flow.async_configure(
            step["flow_id"], user_input
        )

    return configure


@pytest.fixture
async def browser(hass_client_no_auth: ClientSessionGenerator) -> Browser:
    """Return a browser at Home Assistant."""
    return await hass_client_no_auth()


@pytest.fixture
async def sign_in_form(hass: HomeAssistant) -> ConfigFlowResult:
    """Return the form to sign in."""
    form = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "sign_in")
    return form


async def complete_redirect(
    hass: HomeAssistant, browser: Browser, step: ConfigFlowResult, url: URL
) -> ConfigFlowResult:
    """Return the step after the browser was redirected to Home Assistant."""
    assert (await browser.get(url.path_qs)).status == 200
    return await hass.config_entries.flow.async_configure(step["flow_id"])


@pytest.fixture
async def certificate_form(
    hass: HomeAssistant,
    browser: Browser,
    sign_in_form: ConfigFlowResult,
    configure: Configure,
) -> ConfigFlowResult:
    """Return the menu after a sign-in by redirect."""
    step = await configure(sign_in_form, **sign_in_input())
    assert step["type"] is FlowResultType.EXTERNAL_STEP
    return await complete_redirect(hass, browser, step, await sign_in(step["url"]))


@pytest.fixture
def upload(hass_client: ClientSessionGenerator) -> Upload:
    """Return a function that uploads a file."""

    async def upload(content: bytes) -> str:
        client = await hass_client()
        response = await client.post("/api/file_upload", data={"file": content})
        return str((await response.json())["file_id"])

    return upload


def sign_in_input(
    brand: Brand = Brand.PEUGEOT,
    scopes: Iterable[Scope] = Scope,
    name: str = "",
    **fields: str,
) -> Mapping[str, object]:
    """Return the input of the form to sign in."""
    names = [scope.name.lower() for scope in scopes]
    return {"brand": brand, "more": {"scopes": names, "name": name}, **fields}


def placeholders(step: ConfigFlowResult) -> Mapping[str, str]:
    """Return the placeholders of a step's text."""
    return step["description_placeholders"] or {}


def link_of(step: ConfigFlowResult) -> str:
    """Return the link that a step shows."""
    return placeholders(step)["url"]


def suggested_values(step: ConfigFlowResult) -> Mapping[str, object]:
    """Return the values that a form suggests, also those of its sections."""
    assert step["data_schema"]
    return suggested_of(step["data_schema"])


def suggested_of(schema: vol.Schema) -> Mapping[str, object]:
    """Return the values that a schema suggests."""
    values = {}
    for field, selector in schema.schema.items():
        if isinstance(selector, section):
            values[str(field)] = suggested_of(selector.schema)
        elif field.description:
            values[str(field)] = field.description["suggested_value"]
    return values


def error_of(step: ConfigFlowResult) -> str:
    """Return the error that a form shows."""
    assert step["type"] is FlowResultType.FORM
    (error,) = (step["errors"] or {}).values()
    return error


class TestRedirect:
    """Sign in by redirect."""

    async def test_redirect_complete_creates_entry(
        self,
        hass: HomeAssistant,
        certificate_form: ConfigFlowResult,
        configure: Configure,
    ) -> None:
        """Brand, sign-in and certificate lead to the cars."""
        assert certificate_form["step_id"] == "certificate"
        created = await configure(certificate_form, **NO_CERTIFICATE)
        assert created["type"] is FlowResultType.CREATE_ENTRY
        assert created["title"] == "Peugeot (D)"
        entry = created["result"]
        assert entry.data[CONF_SCOPES] == list(Scope)
        assert entry.data[CONF_TOKEN]["refresh_token"]
        await hass.async_block_till_done()
        assert len(entry.runtime_data.account.vehicles) == 4
        assert hass.states.get("sensor.compact_electric_battery")

    async def test_redirect_request_holds_all_parameters(
        self, sign_in_form: ConfigFlowResult, configure: Configure, hass: HomeAssistant
    ) -> None:
        """It holds all scopes, PKCE, the locale and a state."""
        hass.config.country = "FR"
        step = await configure(sign_in_form, **sign_in_input())
        query = URL(step["url"]).query
        assert query["scope"].split() == ["openid", "profile", *Scope]
        assert query["code_challenge_method"] == "S256"
        assert query["locale"] == "en-FR"
        assert query["response_type"] == "code"
        assert query["state"]

    @pytest.mark.parametrize(
        ("language", "country", "locale"),
        [
            ("en", "FR", "en-FR"),
            ("en-GB", "GB", "en-GB"),
            ("en-GB", "FR", "en-FR"),
            ("pt-BR", None, "pt-BR"),
            ("zh-Hans", "CN", "zh-CN"),
            ("es-419", None, "es"),
            ("de", None, "de"),
        ],
    )
    async def test_redirect_locale_is_language_and_country(
        self,
        hass: HomeAssistant,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
        language: str,
        country: str | None,
        locale: str,
    ) -> None:
        """The locale is a BCP 47 tag with at most one country."""
        hass.config.language = language
        hass.config.country = country
        step = await configure(sign_in_form, **sign_in_input())
        assert URL(step["url"]).query["locale"] == locale

    @pytest.mark.parametrize("fault", NO_REFRESH_TOKEN)
    async def test_redirect_without_refresh_token_aborts(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
        fault: dict[str, object],
    ) -> None:
        """The entry would work for an hour only."""
        await control(connected_simulator, "POST", "faults", **fault, path=TOKEN)
        step = await configure(sign_in_form, **sign_in_input())
        url = await sign_in(step["url"])
        aborted = await complete_redirect(hass, browser, step, url)
        assert aborted["reason"] == "no_refresh_token"

    async def test_redirect_declined_aborts(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
    ) -> None:
        """Nothing is set up."""
        step = await configure(sign_in_form, **sign_in_input())
        url = await sign_in(step["url"], decline=True)
        aborted = await complete_redirect(hass, browser, step, url)
        assert (aborted["type"], aborted["reason"]) == (
            FlowResultType.ABORT,
            "access_denied",
        )

    async def test_redirect_state_forged_is_refused(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
    ) -> None:
        """Home Assistant refuses a state that it has not signed."""
        step = await configure(sign_in_form, **sign_in_input())
        url = (await sign_in(step["url"])).update_query(state="forged")
        assert (await browser.get(url.path_qs)).status == 400
        (flow,) = hass.config_entries.flow.async_progress()
        assert flow["step_id"] == "auth"

    async def test_redirect_repeated_changes_nothing(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
    ) -> None:
        """A second redirect does not disturb the flow."""
        step = await configure(sign_in_form, **sign_in_input())
        url = await sign_in(step["url"])
        menu = await complete_redirect(hass, browser, step, url)
        assert (await browser.get(url.path_qs)).status == 400
        created = await configure(menu, **NO_CERTIFICATE)
        assert created["type"] is FlowResultType.CREATE_ENTRY

    async def test_redirect_code_expired_aborts(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
    ) -> None:
        """An expired code requires a new sign-in."""
        step = await configure(sign_in_form, **sign_in_input())
        url = await sign_in(step["url"])
        connected_simulator.clock.advance(timedelta(minutes=5))
        aborted = await complete_redirect(hass, browser, step, url)
        assert (aborted["type"], aborted["reason"]) == (
            FlowResultType.ABORT,
            "code_refused",
        )

    async def test_redirect_secret_wrong_aborts(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
    ) -> None:
        """The error names the credentials."""
        connected_simulator.backend.application.client_secret = "another one"
        step = await configure(sign_in_form, **sign_in_input())
        url = await sign_in(step["url"])
        aborted = await complete_redirect(hass, browser, step, url)
        assert aborted["reason"] == "invalid_client"

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            ({"kind": "error", "status": 503, "form": "api"}, "server_error"),
            ({"kind": "error", "status": 502, "form": "html"}, "server_error"),
            ({"kind": "drop"}, "server_error"),
            ({"kind": "truncate"}, "invalid_response"),
            ({"kind": "error", "status": 429, "form": "api"}, "quota_exceeded"),
        ],
    )
    async def test_redirect_token_request_fails_can_be_retried(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
        fault: dict[str, object],
        error: str,
    ) -> None:
        """The error is shown with a form to retry."""
        await control(connected_simulator, "POST", "faults", **fault, path=TOKEN)
        step = await configure(sign_in_form, **sign_in_input())
        url = await sign_in(step["url"])
        form = await complete_redirect(hass, browser, step, url)
        assert (form["step_id"], error_of(form)) == ("creation", error)

    async def test_redirect_credentials_unavailable_aborts(
        self, hass: HomeAssistant
    ) -> None:
        """The flow aborts with a reason."""

        async def unavailable(hass: HomeAssistant, domain: str) -> NoReturn:
            raise ImplementationUnavailableError

        async_add_implementation_provider(hass, "application_credentials", unavailable)
        aborted = await hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_USER}
        )
        assert aborted["reason"] == "oauth_implementation_unavailable"


class TestConnect:
    """The first requests to the API."""

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            ({"kind": "error", "status": 500, "form": "api"}, "server_error"),
            ({"kind": "error", "status": 502, "form": "html"}, "server_error"),
            ({"kind": "drop"}, "server_error"),
            ({"kind": "truncate"}, "invalid_response"),
            ({"kind": "error", "status": 403, "form": "api"}, "forbidden"),
            (
                {
                    "kind": "error",
                    "status": 401,
                    "form": "gateway",
                    "message": "Cannot pass the security checks",
                },
                "server_error",
            ),
        ],
    )
    async def test_connect_request_fails_can_be_retried(
        self,
        certificate_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
        fault: dict[str, object],
        error: str,
    ) -> None:
        """The error is shown, and can be retried without a new sign-in."""
        await control(
            connected_simulator, "POST", "faults", **fault, path=VEHICLES, times=None
        )
        form = await configure(certificate_form, **NO_CERTIFICATE)
        assert (form["step_id"], error_of(form)) == ("connect", error)
        await control(connected_simulator, "DELETE", "faults")
        assert (await configure(form))["type"] is FlowResultType.CREATE_ENTRY

    @pytest.mark.parametrize("key", ["lastPosition", "alerts", "status", "trips"])
    async def test_connect_optional_endpoint_fails_creates_entry(
        self,
        hass: HomeAssistant,
        certificate_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
        key: str,
    ) -> None:
        """Only the account and its cars are required."""
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="error",
            status=500,
            path=f"*/{key}",
            times=None,
        )
        created = await configure(certificate_form, **NO_CERTIFICATE)
        assert created["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()

    @pytest.mark.parametrize("withheld", ["sub", "id_token"])
    async def test_connect_without_account_id_can_be_retried(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
        withheld: str,
    ) -> None:
        """Neither the ID token nor the user identifies the account."""
        await control(
            connected_simulator, "PATCH", "application", withheld_claims=["sub"]
        )
        if withheld == "id_token":
            await control(
                connected_simulator,
                "POST",
                "faults",
                kind="remove",
                key="id_token",
                path=TOKEN,
            )
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="remove",
            key="email",
            path="*/user",
            times=None,
        )
        step = await configure(sign_in_form, **sign_in_input())
        url = await sign_in(step["url"])
        menu = await complete_redirect(hass, browser, step, url)
        form = await configure(menu, **NO_CERTIFICATE)
        assert (form["step_id"], error_of(form)) == ("connect", "no_account_id")
        await control(connected_simulator, "DELETE", "faults")
        assert (await configure(form))["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()

    async def test_connect_without_plan_shows_error(
        self,
        certificate_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
    ) -> None:
        """The error names the missing plan."""
        await control(connected_simulator, "PATCH", "application", plan=False)
        form = await configure(certificate_form, **NO_CERTIFICATE)
        assert error_of(form) == "not_registered_to_plan"

    async def test_connect_client_unknown_aborts(
        self,
        certificate_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
    ) -> None:
        """A retry would not help."""
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="error",
            status=401,
            form="gateway",
            message="Invalid client id or secret",
            path=VEHICLES,
        )
        aborted = await configure(certificate_form, **NO_CERTIFICATE)
        assert aborted["reason"] == "invalid_client"

    @pytest.mark.parametrize(
        "fault", [{"kind": "empty"}, {"kind": "error", "status": 404, "form": "api"}]
    )
    async def test_connect_without_cars_can_be_retried(
        self,
        hass: HomeAssistant,
        certificate_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
        fault: dict[str, object],
    ) -> None:
        """Cars can be missing during an outage."""
        await control(
            connected_simulator, "POST", "faults", **fault, path=VEHICLES, times=None
        )
        menu = await configure(certificate_form, **NO_CERTIFICATE)
        assert (menu["type"], menu["step_id"]) == (FlowResultType.MENU, "no_vehicles")
        menu = await configure(menu, "connect")
        assert menu["step_id"] == "no_vehicles"
        await control(connected_simulator, "DELETE", "faults")
        created = await configure(menu, "connect")
        assert created["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()

    async def test_connect_without_cars_continues_with_another_account(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
    ) -> None:
        """The identity provider shows the form to sign in, and the certificate is kept."""
        step = await configure(sign_in_form, **sign_in_input())
        assert "prompt" not in URL(step["url"]).query
        url = await sign_in(step["url"], email="nocars@example.com")
        form = await complete_redirect(hass, browser, step, url)
        menu = await configure(form, **NO_CERTIFICATE)
        step = await configure(menu, "another_account")
        assert URL(step["url"]).query["prompt"] == "login"
        url = await sign_in(step["url"])
        created = await complete_redirect(hass, browser, step, url)
        assert created["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()

    async def test_connect_reconfigured_without_cars_shows_error(
        self,
        setup_integration: SetupIntegration,
        configure: Configure,
        hass: HomeAssistant,
        connected_simulator: Simulator,
    ) -> None:
        """An entry belongs to one account."""
        entry = await setup_integration()
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="empty",
            path=VEHICLES,
            times=None,
        )
        form = await configure(await entry.start_reconfigure_flow(hass), "certificate")
        form = await configure(form, **NO_CERTIFICATE)
        assert (form["step_id"], error_of(form)) == ("connect", "no_vehicles")

    async def test_connect_account_known_continues_in_reconfiguration(
        self,
        hass: HomeAssistant,
        browser: Browser,
        setup_integration: SetupIntegration,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
    ) -> None:
        """The step after the sign-in shows that the account is set up."""
        entry = await setup_integration()
        step = await configure(sign_in_form, **sign_in_input())
        url = await sign_in(step["url"])
        menu = await complete_redirect(hass, browser, step, url)
        assert menu["step_id"] == "already_configured"
        assert placeholders(menu)["account"] == "Peugeot"
        aborted = await configure(menu, "reconfigure_account")
        assert aborted["reason"] == "already_configured"
        flow_type, flow_id = aborted["next_flow"]
        flow = hass.config_entries.flow.async_get(flow_id)
        assert flow_type is FlowType.CONFIG_FLOW
        assert flow["step_id"] == "reconfigure"
        assert flow["context"]["entry_id"] == entry.entry_id

    async def test_connect_account_known_by_email_adds_another(
        self,
        hass: HomeAssistant,
        browser: Browser,
        setup_integration: SetupIntegration,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
    ) -> None:
        """An account without a subject is known after the first request."""
        await setup_integration()
        await control(
            connected_simulator, "PATCH", "application", withheld_claims=["sub"]
        )
        step = await configure(sign_in_form, **sign_in_input())
        url = await sign_in(step["url"])
        form = await complete_redirect(hass, browser, step, url)
        menu = await configure(form, **NO_CERTIFICATE)
        assert menu["step_id"] == "already_configured"
        step = await configure(menu, "another_account")
        url = await sign_in(step["url"], email="second@example.com")
        created = await complete_redirect(hass, browser, step, url)
        assert created["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()

    @pytest.mark.parametrize(
        ("brand", "email", "title"),
        [
            (Brand.OPEL, "dev@example.com", "Peugeot (D)"),
            (Brand.PEUGEOT, "second@example.com", "Peugeot (D) 2"),
        ],
    )
    async def test_connect_another_account_creates_entry(
        self,
        hass: HomeAssistant,
        setup_integration: SetupIntegration,
        certificate_form: ConfigFlowResult,
        configure: Configure,
        brand: Brand,
        email: str,
        title: str,
    ) -> None:
        """Another brand with the same e-mail, and another account of the same brand, are added."""
        entry = await setup_integration(brand, email=email)
        hass.config_entries.async_update_entry(entry, title=f"{brand.label} (D)")
        created = await configure(certificate_form, **NO_CERTIFICATE)
        assert created["title"] == title
        await hass.async_block_till_done()

    @pytest.mark.parametrize(
        ("email", "name", "title"),
        [
            ("dev@example.com", " Family ", "Family"),
            ("dev@example.com", "", "Peugeot (D)"),
            ("jane.doe-42@example.com", "", "Peugeot (JD)"),
            ("élodie_d@example.com", "", "Peugeot (ÉD)"),
            ("42@example.com", "", "Peugeot"),
            (None, "", "Peugeot"),
        ],
    )
    async def test_connect_account_is_named_by_owner_or_initials(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
        email: str | None,
        name: str,
        title: str,
    ) -> None:
        """The name contains no more of the e-mail."""
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="set_value",
            key="email",
            value=email,
            path="*/user",
            times=None,
        )
        step = await configure(sign_in_form, **sign_in_input(name=name))
        url = await sign_in(step["url"])
        form = await complete_redirect(hass, browser, step, url)
        created = await configure(form, **NO_CERTIFICATE)
        assert created["title"] == title
        await hass.async_block_till_done()


class TestPaste:
    """Sign in with another redirect URI."""

    @pytest.fixture
    async def link(
        self, sign_in_form: ConfigFlowResult, configure: Configure
    ) -> ConfigFlowResult:
        """Return the form that shows the link."""
        fields = sign_in_input(redirect_uri=f" {REDIRECT_URI} ")
        return await configure(sign_in_form, **fields)

    async def test_paste_address_creates_entry(
        self, hass: HomeAssistant, link: ConfigFlowResult, configure: Configure
    ) -> None:
        """The pasted address carries the code."""
        url = await sign_in(link_of(link))
        menu = await configure(link, address=str(url))
        created = await configure(menu, **NO_CERTIFICATE)
        assert created["data"][CONF_REDIRECT_URI] == REDIRECT_URI
        await hass.async_block_till_done()

    @pytest.mark.parametrize(
        ("address", "error"),
        [
            ("", "no_code"),
            (f"{REDIRECT_URI}?code=1&state=another", "other_state"),
            ("https://example.com/?code=1&state=another", "other_redirect_uri"),
            ("unknown code", "code_refused"),
        ],
    )
    async def test_paste_address_wrong_shows_error(
        self,
        hass: HomeAssistant,
        link: ConfigFlowResult,
        configure: Configure,
        address: str,
        error: str,
    ) -> None:
        """The error is shown, and the link still works."""
        form = await configure(link, address=address)
        assert error_of(form) == error
        url = await sign_in(link_of(form))
        assert (await configure(form, address=str(url)))["step_id"] == "certificate"

    async def test_paste_declined_can_be_accepted(
        self, link: ConfigFlowResult, configure: Configure
    ) -> None:
        """The owner can still accept."""
        url = await sign_in(link_of(link), decline=True)
        assert error_of(await configure(link, address=str(url))) == "access_denied"

    async def test_paste_redirect_uri_invalid_shows_error(
        self, sign_in_form: ConfigFlowResult, configure: Configure
    ) -> None:
        """The error is shown."""
        fields = sign_in_input(redirect_uri="myapp")
        form = await configure(sign_in_form, **fields)
        assert form["errors"] == {"redirect_uri": "not_an_address"}
        assert suggested_values(form)["redirect_uri"] == "myapp"

    async def test_paste_token_request_fails_can_be_retried(
        self,
        link: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
    ) -> None:
        """The same address can be submitted again."""
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="error",
            status=503,
            form="html",
            path=TOKEN,
        )
        url = await sign_in(link_of(link))
        form = await configure(link, address=str(url))
        assert error_of(form) == "server_error"
        suggested = suggested_values(form)
        assert (await configure(form, **suggested))["step_id"] == "certificate"

    @pytest.mark.parametrize("fault", NO_REFRESH_TOKEN)
    async def test_paste_without_refresh_token_aborts(
        self,
        link: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
        fault: dict[str, object],
    ) -> None:
        """The entry would work for an hour only."""
        await control(connected_simulator, "POST", "faults", **fault, path=TOKEN)
        url = await sign_in(link_of(link))
        aborted = await configure(link, address=str(url))
        assert aborted["reason"] == "no_refresh_token"

    async def test_paste_secret_wrong_aborts(
        self,
        link: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
    ) -> None:
        """The error names the credentials, not the address."""
        connected_simulator.backend.application.client_secret = "another one"
        url = await sign_in(link_of(link))
        assert (await configure(link, address=str(url)))["reason"] == "invalid_client"


class TestScopes:
    """Requested and granted permissions."""

    async def test_scopes_not_registered_suggests_data_scopes(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
    ) -> None:
        """The data scopes are suggested."""
        registered = [scope for scope in Scope if scope.startswith("data:")]
        await control(
            connected_simulator,
            "PATCH",
            "application",
            scopes=["openid", "profile", *registered],
        )
        step = await configure(sign_in_form, **sign_in_input())
        async with browser.session.get(step["url"], allow_redirects=False) as response:
            url = URL(response.headers["Location"])
        form = await complete_redirect(hass, browser, step, url)
        assert (form["step_id"], error_of(form)) == ("choose_scopes", "invalid_scope")
        step = await configure(form, **suggested_values(form))
        url = await sign_in(step["url"])
        menu = await complete_redirect(hass, browser, step, url)
        created = await configure(menu, **NO_CERTIFICATE)
        assert created["data"][CONF_SCOPES] == registered
        assert created["data"][CONF_REQUESTED_SCOPES] == [
            "openid",
            "profile",
            *registered,
        ]
        await hass.async_block_till_done()

    async def test_scopes_chosen_are_requested(
        self, sign_in_form: ConfigFlowResult, configure: Configure
    ) -> None:
        """Only the chosen scopes are requested, and at least one."""
        form = await configure(sign_in_form, **sign_in_input(scopes=[]))
        assert form["errors"] == {"more": "no_scopes"}
        step = await configure(form, **sign_in_input(scopes=[Scope.TELEMETRY]))
        assert URL(step["url"]).query["scope"] == "openid profile data:telemetry"

    async def test_scopes_not_registered_pasted_suggests_data_scopes(
        self, sign_in_form: ConfigFlowResult, configure: Configure
    ) -> None:
        """The data scopes are suggested."""
        fields = sign_in_input(redirect_uri=REDIRECT_URI)
        form = await configure(sign_in_form, **fields)
        state = URL(link_of(form)).query["state"]
        address = f"{REDIRECT_URI}?error=invalid_scope&state={state}"
        form = await configure(form, address=address)
        assert (form["step_id"], error_of(form)) == ("choose_scopes", "invalid_scope")

    async def test_scopes_unnamed_are_found(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
    ) -> None:
        """Without named scopes, those count that the API allows."""
        await control(
            connected_simulator, "PATCH", "application", announce_scopes=False
        )
        step = await configure(sign_in_form, **sign_in_input())
        url = await sign_in(step["url"], untick=[Scope.TRIP, Scope.POSITION])
        menu = await complete_redirect(hass, browser, step, url)
        created = await configure(menu, **NO_CERTIFICATE)
        assert {*Scope} - {*created["data"][CONF_SCOPES]} == {
            Scope.TRIP,
            Scope.POSITION,
        }
        await hass.async_block_till_done()

    @pytest.mark.parametrize(
        ("scope", "scopes"),
        [
            (None, list(Scope)),
            (42, list(Scope)),
            ([], list(Scope)),
            (["openid", "data:trip"], [Scope.TRIP]),
        ],
    )
    async def test_scopes_of_any_type_are_read_or_found(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
        scope: object,
        scopes: list[Scope],
    ) -> None:
        """A response that names no scope does not fail."""
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="set_value",
            key="scope",
            value=scope,
            path=TOKEN,
        )
        step = await configure(sign_in_form, **sign_in_input())
        url = await sign_in(step["url"])
        menu = await complete_redirect(hass, browser, step, url)
        created = await configure(menu, **NO_CERTIFICATE)
        assert created["data"][CONF_SCOPES] == scopes
        await hass.async_block_till_done()

    @pytest.mark.parametrize(
        ("endpoint", "status"), [("lastPosition", 406), ("alerts", 500)]
    )
    async def test_scopes_unnamed_endpoint_fails_counts_as_granted(
        self,
        hass: HomeAssistant,
        browser: Browser,
        sign_in_form: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
        endpoint: str,
        status: int,
    ) -> None:
        """An endpoint that fails does not block the flow."""
        await control(
            connected_simulator, "PATCH", "application", announce_scopes=False
        )
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="error",
            status=status,
            path=f"*/{endpoint}",
            times=None,
        )
        step = await configure(sign_in_form, **sign_in_input())
        url = await sign_in(step["url"])
        menu = await complete_redirect(hass, browser, step, url)
        created = await configure(menu, **NO_CERTIFICATE)
        assert created["data"][CONF_SCOPES] == list(Scope)
        await hass.async_block_till_done()


class TestCertificate:
    """The client certificate."""

    @pytest.fixture
    def form(self, certificate_form: ConfigFlowResult) -> ConfigFlowResult:
        """Return the form for the certificate."""
        return certificate_form

    async def test_certificate_valid_creates_entry(
        self,
        hass: HomeAssistant,
        form: ConfigFlowResult,
        configure: Configure,
        upload: Upload,
        connected_simulator: Simulator,
    ) -> None:
        """The host that requires certificates responds; the passphrase is not stored."""
        certificates = connected_simulator.certificates
        pkcs12 = certificates.client.pkcs12(certificates.authority.pair.certificate)
        created = await configure(
            form,
            certificate_file=await upload(pkcs12),
            passphrase=PASSPHRASE,
            authority={"ca_file": await upload(certificates.authority_pem)},
        )
        assert created["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()
        assert len(created["result"].runtime_data.account.vehicles) == 4
        assert PASSPHRASE not in str(created["data"])

    async def test_certificate_in_two_files_creates_entry(
        self,
        hass: HomeAssistant,
        form: ConfigFlowResult,
        configure: Configure,
        upload: Upload,
        connected_simulator: Simulator,
    ) -> None:
        """Certificate and key are in two files."""
        certificates = connected_simulator.certificates
        created = await configure(
            form,
            certificate_file=await upload(certificates.client.pem),
            key_file=await upload(certificates.client.key_pem),
            authority={"ca_file": await upload(certificates.authority_pem)},
        )
        assert created["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()

    async def test_certificate_unknown_shows_error(
        self,
        hass: HomeAssistant,
        form: ConfigFlowResult,
        configure: Configure,
        upload: Upload,
        connected_simulator: Simulator,
    ) -> None:
        """The error is shown, and another certificate can be uploaded."""
        certificates = connected_simulator.certificates
        authority = {"ca_file": await upload(certificates.authority_pem)}
        next_form = await configure(
            form,
            certificate_file=await upload(
                certificates.foreign.pem + certificates.foreign.key_pem
            ),
            authority=authority,
        )
        assert error_of(next_form) == "certificate_rejected"
        created = await configure(
            next_form,
            certificate_file=await upload(
                certificates.client.pem + certificates.client.key_pem
            ),
            authority=authority,
        )
        assert created["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()

    async def test_certificate_authority_untrusted_expands_section(
        self,
        form: ConfigFlowResult,
        configure: Configure,
        upload: Upload,
        connected_simulator: Simulator,
    ) -> None:
        """The error differs from that of a client certificate that is refused."""
        client = connected_simulator.certificates.client
        files = {"certificate_file": await upload(client.pem + client.key_pem)}
        for authority, error in (
            ({}, "server_untrusted"),
            ({"ca_file": await upload(b"text")}, "not_a_ca"),
        ):
            form = await configure(form, **files, authority=authority)
            assert form["errors"] == {"base": error}
            assert suggested_values(form) == {**files, "authority": authority}
            assert form["data_schema"]
            assert form["data_schema"].schema["authority"].options == {
                "collapsed": False
            }

    async def test_certificate_passphrase_wrong_keeps_files(
        self,
        hass: HomeAssistant,
        form: ConfigFlowResult,
        configure: Configure,
        upload: Upload,
        connected_simulator: Simulator,
    ) -> None:
        """The files need not be uploaded again."""
        certificates = connected_simulator.certificates
        files = {
            "certificate_file": await upload(certificates.client.pem),
            "key_file": await upload(certificates.client.encrypted_key_pem()),
            "authority": {"ca_file": await upload(certificates.authority_pem)},
        }
        next_form = await configure(form, **files, passphrase="wrong")
        assert next_form["errors"] == {"passphrase": "wrong_passphrase"}
        assert suggested_values(next_form) == files
        created = await configure(next_form, **files, passphrase=PASSPHRASE)
        assert created["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()

    async def test_certificate_upload_removed_shows_error(
        self, form: ConfigFlowResult, configure: Configure
    ) -> None:
        """The error is shown."""
        next_form = await configure(form, certificate_file="0" * 32, **NO_CERTIFICATE)
        assert error_of(next_form) == "upload_again"

    async def test_certificate_key_unsupported_shows_error(
        self, form: ConfigFlowResult, configure: Configure, upload: Upload
    ) -> None:
        """A key that TLS servers refuse is found before it is used."""
        content = (Path(__file__).parent / "auth/fixtures/rsa_pss.pem").read_bytes()
        next_form = await configure(
            form, certificate_file=await upload(content), **NO_CERTIFICATE
        )
        assert error_of(next_form) == "certificate_unusable"

    async def test_certificate_passphrase_invalid_is_not_shown(
        self,
        form: ConfigFlowResult,
        configure: Configure,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """A validation error does not contain the passphrase."""
        with pytest.raises(InvalidData) as raised:
            await configure(form, certificate_file="0", passphrase=[PASSPHRASE])
        shown = f"{raised.value!r} {raised.value} {raised.value.schema_errors}"
        assert PASSPHRASE not in shown + caplog.text


class TestReauth:
    """Sign in again."""

    @pytest.fixture
    async def init_integration(
        self, setup_integration: SetupIntegration
    ) -> MockConfigEntry:
        """Return an account that is set up."""
        return await setup_integration()

    @pytest.fixture
    async def reauth_step(
        self,
        hass: HomeAssistant,
        init_integration: MockConfigEntry,
        configure: Configure,
    ) -> ConfigFlowResult:
        """Return the step to sign in again, the same way as before."""
        form = await init_integration.start_reauth_flow(hass)
        assert form["step_id"] == "reauth_confirm"
        assert placeholders(form)["account"] == "Peugeot"
        return await configure(form)

    async def test_reauth_access_withdrawn_is_started(
        self,
        hass: HomeAssistant,
        init_integration: MockConfigEntry,
        connected_simulator: Simulator,
    ) -> None:
        """Home Assistant starts the flow."""
        await control(connected_simulator, "POST", "faults", kind="revoke_tokens")
        (car, *_) = init_integration.runtime_data.account.vehicles.values()
        await car.async_refresh()
        (flow,) = hass.config_entries.flow.async_progress()
        assert flow["context"]["source"] == SOURCE_REAUTH

    async def test_reauth_same_account_updates_token(
        self,
        hass: HomeAssistant,
        browser: Browser,
        init_integration: MockConfigEntry,
        reauth_step: ConfigFlowResult,
        configure: Configure,
    ) -> None:
        """The entry gets the new token."""
        before = dict(init_integration.data)
        aborted = await complete_redirect(
            hass, browser, reauth_step, await sign_in(reauth_step["url"])
        )
        assert aborted["reason"] == "reauth_successful"
        await hass.async_block_till_done()
        assert init_integration.data[CONF_TOKEN] != before[CONF_TOKEN]
        assert init_integration.data[CONF_ACCOUNT_IDS] == before[CONF_ACCOUNT_IDS]

    @pytest.fixture
    async def reauth_link(
        self,
        hass: HomeAssistant,
        init_integration: MockConfigEntry,
        configure: Configure,
    ) -> ConfigFlowResult:
        """Return the form that shows the link, for an account that signed in with one."""
        data = {**init_integration.data, CONF_REDIRECT_URI: REDIRECT_URI}
        hass.config_entries.async_update_entry(init_integration, data=data)
        form = await configure(await init_integration.start_reauth_flow(hass))
        assert form["step_id"] == "paste_address"
        return form

    async def test_reauth_pasted_address_updates_token(
        self,
        hass: HomeAssistant,
        reauth_link: ConfigFlowResult,
        configure: Configure,
    ) -> None:
        """The entry gets the new token."""
        form = reauth_link
        url = await sign_in(link_of(form))
        aborted = await configure(form, address=str(url))
        assert aborted["reason"] == "reauth_successful"
        await hass.async_block_till_done()

    async def test_reauth_refresh_meanwhile_keeps_new_token_and_scopes(
        self,
        hass: HomeAssistant,
        init_integration: MockConfigEntry,
        reauth_link: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
    ) -> None:
        """The session refreshes the old token while the flow is open."""
        form = reauth_link
        url = await sign_in(link_of(form), untick=[Scope.POSITION])
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="error",
            path=VEHICLES,
            times=None,
        )
        form = await configure(form, address=str(url))
        assert form["step_id"] == "connect"
        await control(connected_simulator, "DELETE", "faults")
        session = init_integration.runtime_data.session
        old = init_integration.data[CONF_TOKEN]["access_token"]
        refreshed = await session.async_get_access_token(rejected=old)
        assert init_integration.data[CONF_TOKEN]["access_token"] == refreshed
        assert (await configure(form))["reason"] == "reauth_successful"
        await hass.async_block_till_done()
        token = init_integration.data[CONF_TOKEN]
        assert token["access_token"] != refreshed
        assert token == init_integration.runtime_data.session.token
        assert Scope.POSITION not in init_integration.data[CONF_SCOPES]

    async def test_reauth_certificate_damaged_shows_form(
        self,
        hass: HomeAssistant,
        browser: Browser,
        create_config_entry: CreateConfigEntry,
        configure: Configure,
    ) -> None:
        """The flow continues with another certificate."""
        entry = await create_config_entry()
        data = {**entry.data, CONF_CERTIFICATE: {"certificate": "damaged"}}
        hass.config_entries.async_update_entry(entry, data=data)
        step = await configure(await entry.start_reauth_flow(hass))
        url = await sign_in(step["url"])
        form = await complete_redirect(hass, browser, step, url)
        assert form["step_id"] == "certificate"
        assert error_of(form) == "certificate_unusable"

    async def test_reauth_another_account_aborts(
        self,
        hass: HomeAssistant,
        browser: Browser,
        init_integration: MockConfigEntry,
        reauth_step: ConfigFlowResult,
        configure: Configure,
    ) -> None:
        """The entry keeps its token."""
        token = init_integration.data[CONF_TOKEN]
        url = await sign_in(reauth_step["url"], email="second@example.com")
        aborted = await complete_redirect(hass, browser, reauth_step, url)
        assert aborted["reason"] == "wrong_account"
        assert init_integration.data[CONF_TOKEN] == token
        await hass.async_block_till_done()

    async def test_reauth_declined_is_started_again(
        self,
        hass: HomeAssistant,
        browser: Browser,
        reauth_step: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
    ) -> None:
        """The flow is started again."""
        await control(connected_simulator, "POST", "faults", kind="revoke_tokens")
        url = await sign_in(reauth_step["url"], decline=True)
        aborted = await complete_redirect(hass, browser, reauth_step, url)
        assert aborted["reason"] == "access_denied"
        await hass.async_block_till_done()
        (flow,) = hass.config_entries.flow.async_progress()
        assert flow["context"]["source"] == SOURCE_REAUTH

    async def test_reauth_fewer_scopes_creates_no_issue(
        self,
        hass: HomeAssistant,
        browser: Browser,
        init_integration: MockConfigEntry,
        reauth_step: ConfigFlowResult,
        issue_registry: ir.IssueRegistry,
    ) -> None:
        """The entities are removed; the owner left the permission out."""
        url = await sign_in(reauth_step["url"], untick=[Scope.POSITION])
        await complete_redirect(hass, browser, reauth_step, url)
        await hass.async_block_till_done()
        assert hass.states.get("device_tracker.compact_electric") is None
        assert Scope.POSITION in init_integration.data[CONF_REQUESTED_SCOPES]
        assert not issue_registry.issues

    async def test_reauth_more_scopes_deletes_issue(
        self,
        hass: HomeAssistant,
        browser: Browser,
        create_config_entry: CreateConfigEntry,
        configure: Configure,
        issue_registry: ir.IssueRegistry,
    ) -> None:
        """The entities are added, and the issue is deleted."""
        granted = [scope for scope in Scope if scope is not Scope.POSITION]
        entry = await create_config_entry(scopes=granted)
        hass.config_entries.async_update_entry(
            entry,
            data={
                **entry.data,
                CONF_EXPECTED_SCOPES: [*Scope],
                CONF_REQUESTED_SCOPES: ["openid", *Scope],
            },
        )
        await hass.config_entries.async_setup(entry.entry_id)
        issue_id = f"scopes_withdrawn_{entry.entry_id}"
        assert issue_registry.async_get_issue(DOMAIN, issue_id)
        assert hass.states.get("device_tracker.compact_electric") is None
        step = await configure(await entry.start_reauth_flow(hass))
        await complete_redirect(hass, browser, step, await sign_in(step["url"]))
        await hass.async_block_till_done()
        assert hass.states.get("device_tracker.compact_electric")
        assert issue_registry.async_get_issue(DOMAIN, issue_id) is None


class TestReconfigure:
    """Reconfigure the connection."""

    @pytest.fixture
    async def init_integration(
        self, setup_integration: SetupIntegration
    ) -> MockConfigEntry:
        """Return an account that is set up."""
        return await setup_integration()

    @pytest.fixture
    async def menu(
        self, hass: HomeAssistant, init_integration: MockConfigEntry
    ) -> ConfigFlowResult:
        """Return the menu."""
        return await init_integration.start_reconfigure_flow(hass)

    async def test_reconfigure_without_certificate_updates_entry(
        self,
        hass: HomeAssistant,
        init_integration: MockConfigEntry,
        menu: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
    ) -> None:
        """The entry keeps its token."""
        form = await configure(menu, "certificate")
        aborted = await configure(form, **NO_CERTIFICATE)
        assert aborted["reason"] == "reconfigure_successful"
        await hass.async_block_till_done()
        assert init_integration.data[CONF_CERTIFICATE] is None

    async def test_reconfigure_ends_pending_reauth(
        self,
        hass: HomeAssistant,
        init_integration: MockConfigEntry,
        configure: Configure,
    ) -> None:
        """Once requests succeed again, nobody needs to sign in."""
        await init_integration.start_reauth_flow(hass)
        menu = await init_integration.start_reconfigure_flow(hass)
        form = await configure(menu, "certificate")
        await configure(form, **NO_CERTIFICATE)
        await hass.async_block_till_done()
        assert init_integration.state is ConfigEntryState.LOADED
        assert not hass.config_entries.flow.async_progress()

    async def test_reconfigure_not_loaded_refreshes_token(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        create_config_entry: CreateConfigEntry,
        configure: Configure,
    ) -> None:
        """The flow refreshes a token that has expired meanwhile."""
        entry = await create_config_entry()
        old = entry.data[CONF_TOKEN]
        freezer.tick(7200)
        form = await configure(await entry.start_reconfigure_flow(hass), "certificate")
        aborted = await configure(form, **NO_CERTIFICATE)
        assert aborted["reason"] == "reconfigure_successful"
        await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.LOADED
        assert entry.data[CONF_TOKEN]["refresh_token"] != old["refresh_token"]

    async def test_reconfigure_without_credentials_aborts(
        self,
        hass: HomeAssistant,
        create_config_entry: CreateConfigEntry,
        configure: Configure,
    ) -> None:
        """The token cannot be refreshed without the client."""
        entry = await create_config_entry()
        data = {**entry.data, "auth_implementation": "removed"}
        hass.config_entries.async_update_entry(entry, data=data)
        form = await configure(await entry.start_reconfigure_flow(hass), "certificate")
        aborted = await configure(form, **NO_CERTIFICATE)
        assert aborted["reason"] == "oauth_implementation_unavailable"

    async def test_reconfigure_other_credentials_keeps_entities(
        self,
        hass: HomeAssistant,
        browser: Browser,
        init_integration: MockConfigEntry,
        menu: ConfigFlowResult,
        configure: Configure,
        connected_simulator: Simulator,
        entity_registry: er.EntityRegistry,
    ) -> None:
        """The entities stay."""
        connected_simulator.backend.application.client_id = "new-client"
        await async_import_client_credential(
            hass,
            DOMAIN,
            ClientCredential("new-client", "simulated-secret", "New"),
            "new_application",
        )
        before = {
            entity.unique_id
            for entity in entities_of(entity_registry, init_integration)
        }
        form = await configure(menu, "pick_implementation")
        step = await configure(form, implementation="new_application")
        aborted = await complete_redirect(
            hass, browser, step, await sign_in(step["url"])
        )
        assert aborted["reason"] == "reconfigure_successful"
        await hass.async_block_till_done()
        assert init_integration.data["auth_implementation"] == "new_application"
        after = {
            entity.unique_id
            for entity in entities_of(entity_registry, init_integration)
        }
        assert after == before

    async def test_reconfigure_more_scopes_adds_entities(
        self,
        hass: HomeAssistant,
        browser: Browser,
        setup_integration: SetupIntegration,
        configure: Configure,
    ) -> None:
        """The permissions of the entry are suggested."""
        granted = [scope for scope in Scope if scope is not Scope.POSITION]
        entry = await setup_integration(scopes=granted)
        assert hass.states.get("device_tracker.compact_electric") is None
        menu = await entry.start_reconfigure_flow(hass)
        form = await configure(menu, "choose_scopes")
        names = suggested_values(form)["scopes"]
        assert names == [scope.name.lower() for scope in granted]
        assert error_of(await configure(form, scopes=[])) == "no_scopes"
        step = await configure(form, scopes=[scope.name.lower() for scope in Scope])
        url = await sign_in(step["url"])
        aborted = await complete_redirect(hass, browser, step, url)
        assert aborted["reason"] == "reconfigure_successful"
        await hass.async_block_till_done()
        assert hass.states.get("device_tracker.compact_electric")

    async def test_reconfigure_fewer_scopes_creates_no_issue(
        self,
        hass: HomeAssistant,
        browser: Browser,
        init_integration: MockConfigEntry,
        menu: ConfigFlowResult,
        configure: Configure,
        issue_registry: ir.IssueRegistry,
    ) -> None:
        """The owner left permissions out."""
        form = await configure(menu, "choose_scopes")
        step = await configure(form, scopes=["telemetry"])
        url = await sign_in(step["url"])
        await complete_redirect(hass, browser, step, url)
        await hass.async_block_till_done()
        assert init_integration.data[CONF_SCOPES] == [Scope.TELEMETRY]
        assert not issue_registry.issues

    async def test_reconfigure_redirect_uri_changes_sign_in(
        self,
        hass: HomeAssistant,
        browser: Browser,
        init_integration: MockConfigEntry,
        menu: ConfigFlowResult,
        configure: Configure,
    ) -> None:
        """Home Assistant's redirect URI leads back to the redirect."""
        form = await configure(menu, "redirect_uri")
        own = suggested_values(form)["redirect_uri"]
        assert own == "https://example.com/auth/external/callback"
        form = await configure(form, redirect_uri="myapp")
        assert form["errors"] == {"redirect_uri": "not_an_address"}
        form = await configure(form, redirect_uri=REDIRECT_URI)
        url = await sign_in(link_of(form))
        aborted = await configure(form, address=str(url))
        assert aborted["reason"] == "reconfigure_successful"
        await hass.async_block_till_done()
        assert init_integration.data[CONF_REDIRECT_URI] == REDIRECT_URI
        menu = await init_integration.start_reconfigure_flow(hass)
        form = await configure(menu, "redirect_uri")
        assert suggested_values(form)["redirect_uri"] == REDIRECT_URI
        step = await configure(form, redirect_uri=own)
        url = await sign_in(step["url"])
        await complete_redirect(hass, browser, step, url)
        await hass.async_block_till_done()
        assert init_integration.data[CONF_REDIRECT_URI] is None


def entities_of(
    registry: er.EntityRegistry, entry: MockConfigEntry
) -> list[er.RegistryEntry]:
    """Return the entities of an entry."""
    return er.async_entries_for_config_entry(registry, entry.entry_id)


async def test_options_submitted_are_stored(
    hass: HomeAssistant, setup_integration: SetupIntegration
) -> None:
    """Options are stored."""
    entry = await setup_integration()
    flows = hass.config_entries.options
    menu = await flows.async_init(entry.entry_id)
    assert menu["menu_options"] == ["preferences", "charging_costs", "test_message"]
    form = await flows.async_configure(menu["flow_id"], {"next_step_id": "preferences"})
    options = {
        "max_stop": 15,
        "push": "off",
        "statistics": False,
        "wake_up_guard": False,
        "zones": ["zone.home"],
    }
    too_many = {**options, "zones": [f"zone.home_{number}" for number in range(4)]}
    form = await flows.async_configure(form["flow_id"], too_many)
    assert form["errors"] == {"zones": "too_many_zones"}
    await flows.async_configure(form["flow_id"], options)
    await hass.async_block_till_done()
    assert entry.options == options


@pytest.mark.parametrize(
    ("prices", "errors"),
    [
        ({"home_price": 0.3}, {}),
        ({"home_price_entity": "sensor.price", "elsewhere": "same"}, {}),
        ({"home_price_entity": "input_number.price", "elsewhere": "free"}, {}),
        (
            {"home_price": 0.3, "home_price_entity": "sensor.price"},
            {"home_price_entity": "two_prices"},
        ),
        ({"home_price_entity": "sensor.power"}, {"home_price_entity": "not_a_price"}),
        ({"elsewhere": "other"}, {"elsewhere": "no_price"}),
        ({"elsewhere": "other", "elsewhere_price": 0.6}, {}),
        (
            {"elsewhere": "other", "elsewhere_price_entity": "sensor.power"},
            {"elsewhere_price_entity": "not_a_price"},
        ),
    ],
)
async def test_options_of_prices_are_stored_beside_the_others(
    hass: HomeAssistant,
    create_config_entry: CreateConfigEntry,
    prices: dict[str, object],
    errors: dict[str, str],
) -> None:
    """Only what can be a price is."""
    hass.states.async_set("sensor.price", "30", {"unit_of_measurement": "ct/kWh"})
    hass.states.async_set("sensor.power", "30", {"unit_of_measurement": "kW"})
    hass.states.async_set("input_number.price", "0.3")
    entry = await create_config_entry()
    hass.config_entries.async_update_entry(entry, options={"push": "off"})
    flows = hass.config_entries.options
    menu = await flows.async_init(entry.entry_id)
    assert menu["menu_options"] == ["preferences", "charging_costs"]
    form = await flows.async_configure(
        menu["flow_id"], {"next_step_id": "charging_costs"}
    )
    values = {"elsewhere": "unknown", "charge_years": 5, **prices}
    result = await flows.async_configure(form["flow_id"], values)
    assert (result.get("errors") or {}) == errors
    if not errors:
        assert entry.options == {"push": "off", **values}
        # Saving sets the account up.
        await hass.async_block_till_done()
        await hass.config_entries.async_unload(entry.entry_id)
