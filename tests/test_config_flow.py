"""Enrolment, as a person goes through it in the browser."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import NoReturn

from aiohttp import web
from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
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
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_USER, ConfigFlowResult
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
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
REDIRECT_URI = "mymap://oauth2redirect/fr"

type Browser = TestClient[web.Request, web.Application]
type Upload = Callable[[bytes], Awaitable[str]]
type Choose = Callable[..., Awaitable[ConfigFlowResult]]


@pytest.fixture
def choose(hass: HomeAssistant) -> Choose:
    """Return how a person answers a step: with a menu's option, or with a form's fields."""

    async def choose(
        step: ConfigFlowResult, option: str | None = None, **fields: object
    ) -> ConfigFlowResult:
        answer = {"next_step_id": option} if option else fields
        return await hass.config_entries.flow.async_configure(step["flow_id"], answer)

    return choose


@pytest.fixture
async def home_assistant(hass_client_no_auth: ClientSessionGenerator) -> Browser:
    """Return Home Assistant, as the browser reaches it."""
    return await hass_client_no_auth()


@pytest.fixture
async def ways(hass: HomeAssistant, choose: Choose) -> ConfigFlowResult:
    """Return the step that offers the ways to sign in, after the brand was chosen."""
    form = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert form["step_id"] == "user"
    menu = await choose(form, brand=Brand.PEUGEOT)
    assert (menu["type"], menu["step_id"]) == (FlowResultType.MENU, "sign_in")
    return menu


async def come_back(
    hass: HomeAssistant, home_assistant: Browser, step: ConfigFlowResult, url: URL
) -> ConfigFlowResult:
    """Let the browser return from the identity provider, and the flow go on."""
    assert (await home_assistant.get(url.path_qs)).status == 200
    return await hass.config_entries.flow.async_configure(step["flow_id"])


@pytest.fixture
async def signed_in(
    hass: HomeAssistant,
    home_assistant: Browser,
    ways: ConfigFlowResult,
    choose: Choose,
) -> ConfigFlowResult:
    """Return the step after a sign-in by redirect."""
    step = await choose(ways, "redirect")
    assert step["type"] is FlowResultType.EXTERNAL_STEP
    return await come_back(hass, home_assistant, step, await sign_in(step["url"]))


def placeholders_of(step: ConfigFlowResult) -> Mapping[str, str]:
    """Return what a step's text tells."""
    return step["description_placeholders"] or {}


def link_in(step: ConfigFlowResult) -> str:
    """Return the link that a step shows."""
    return placeholders_of(step)["url"]


def error_of(step: ConfigFlowResult) -> str:
    """Return the error that a form shows."""
    assert step["type"] is FlowResultType.FORM
    (error,) = (step["errors"] or {}).values()
    return error


class TestRedirect:
    """The browser goes to the identity provider and comes back by itself."""

    async def test_brand_sign_in_certificate_done(
        self, hass: HomeAssistant, signed_in: ConfigFlowResult, choose: Choose
    ) -> None:
        """Four steps lead from the brand to the cars."""
        assert signed_in["step_id"] == "certificate"
        done = await choose(signed_in, "no_certificate")
        assert done["type"] is FlowResultType.CREATE_ENTRY
        assert done["title"] == "Peugeot"
        entry = done["result"]
        assert entry.data[CONF_SCOPES] == list(Scope)
        assert entry.data[CONF_TOKEN]["refresh_token"]
        await hass.async_block_till_done()
        assert len(entry.runtime_data.account.vehicles) == 4
        assert hass.states.get("sensor.compact_electric_battery")

    async def test_authorization_request_says_all_that_is_asked_for(
        self, ways: ConfigFlowResult, choose: Choose, hass: HomeAssistant
    ) -> None:
        """All scopes by spaces, PKCE, the language, a signed state."""
        hass.config.country = "FR"
        step = await choose(ways, "redirect")
        query = URL(step["url"]).query
        assert query["scope"].split() == ["openid", "profile", *Scope]
        assert query["code_challenge_method"] == "S256"
        assert query["locale"] == "en-FR"
        assert query["response_type"] == "code"
        assert query["state"]

    async def test_declined_consent(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        ways: ConfigFlowResult,
        choose: Choose,
    ) -> None:
        """Who declines is told that nothing was set up."""
        step = await choose(ways, "redirect")
        url = await sign_in(step["url"], decline=True)
        end = await come_back(hass, home_assistant, step, url)
        assert (end["type"], end["reason"]) == (FlowResultType.ABORT, "access_denied")

    async def test_forged_state_goes_nowhere(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        ways: ConfigFlowResult,
        choose: Choose,
    ) -> None:
        """Home Assistant refuses a state that it has not signed, and the flow stays where it is."""
        step = await choose(ways, "redirect")
        url = (await sign_in(step["url"])).update_query(state="forged")
        assert (await home_assistant.get(url.path_qs)).status == 400
        (flow,) = hass.config_entries.flow.async_progress()
        assert flow["step_id"] == "auth"

    async def test_replayed_redirect_changes_nothing(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        ways: ConfigFlowResult,
        choose: Choose,
    ) -> None:
        """A second return of the browser does not disturb the flow that went on."""
        step = await choose(ways, "redirect")
        url = await sign_in(step["url"])
        menu = await come_back(hass, home_assistant, step, url)
        assert (await home_assistant.get(url.path_qs)).status == 400
        done = await choose(menu, "no_certificate")
        assert done["type"] is FlowResultType.CREATE_ENTRY

    async def test_used_code(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        ways: ConfigFlowResult,
        choose: Choose,
        connected_simulator: Simulator,
    ) -> None:
        """A code that the identity provider has seen before needs a new sign-in."""
        step = await choose(ways, "redirect")
        url = await sign_in(step["url"])
        connected_simulator.clock.advance(timedelta(minutes=5))
        end = await come_back(hass, home_assistant, step, url)
        assert (end["type"], end["reason"]) == (FlowResultType.ABORT, "code_refused")

    async def test_wrong_secret(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        ways: ConfigFlowResult,
        choose: Choose,
        connected_simulator: Simulator,
    ) -> None:
        """The credentials are named as what is wrong."""
        connected_simulator.backend.application.client_secret = "another one"
        step = await choose(ways, "redirect")
        url = await sign_in(step["url"])
        end = await come_back(hass, home_assistant, step, url)
        assert end["reason"] == "invalid_client"

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            ({"kind": "error", "status": 503, "form": "api"}, "outage"),
            ({"kind": "error", "status": 502, "form": "html"}, "outage"),
            ({"kind": "drop"}, "outage"),
            ({"kind": "truncate"}, "nonsense_answer"),
            ({"kind": "error", "status": 429, "form": "api"}, "quota_exceeded"),
        ],
    )
    async def test_token_is_asked_for_again(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        ways: ConfigFlowResult,
        choose: Choose,
        connected_simulator: Simulator,
        fault: dict[str, object],
        error: str,
    ) -> None:
        """An identity provider in trouble does not cost the sign-in."""
        await control(connected_simulator, "POST", "faults", **fault, path=TOKEN)
        step = await choose(ways, "redirect")
        url = await sign_in(step["url"])
        form = await come_back(hass, home_assistant, step, url)
        assert (form["step_id"], error_of(form)) == ("creation", error)

    async def test_credentials_that_are_out_of_reach(
        self, hass: HomeAssistant, choose: Choose
    ) -> None:
        """Where Home Assistant cannot give the credentials now, it says so."""

        async def unavailable(hass: HomeAssistant, domain: str) -> NoReturn:
            raise ImplementationUnavailableError

        async_add_implementation_provider(hass, "application_credentials", unavailable)
        form = await hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_USER}
        )
        end = await choose(form, brand=Brand.DS)
        assert end["reason"] == "oauth_implementation_unavailable"


class TestProof:
    """Before there is an entry, the platform must show the cars."""

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            ({"kind": "error", "status": 500, "form": "api"}, "outage"),
            ({"kind": "error", "status": 502, "form": "html"}, "outage"),
            ({"kind": "drop"}, "outage"),
            ({"kind": "truncate"}, "nonsense_answer"),
            ({"kind": "empty"}, "no_vehicles"),
            ({"kind": "error", "status": 404, "form": "api"}, "no_vehicles"),
            ({"kind": "error", "status": 403, "form": "api"}, "forbidden"),
            (
                {
                    "kind": "error",
                    "status": 401,
                    "form": "gateway",
                    "message": "Cannot pass the security checks",
                },
                "sign_in_needed",
            ),
        ],
    )
    async def test_platform_in_trouble_costs_no_sign_in(
        self,
        signed_in: ConfigFlowResult,
        choose: Choose,
        connected_simulator: Simulator,
        fault: dict[str, object],
        error: str,
    ) -> None:
        """What failed is said, and submitting again goes on from there."""
        await control(
            connected_simulator, "POST", "faults", **fault, path=VEHICLES, times=None
        )
        form = await choose(signed_in, "no_certificate")
        assert (form["step_id"], error_of(form)) == ("connect", error)
        await control(connected_simulator, "DELETE", "faults")
        assert (await choose(form))["type"] is FlowResultType.CREATE_ENTRY

    async def test_application_without_plan(
        self,
        signed_in: ConfigFlowResult,
        choose: Choose,
        connected_simulator: Simulator,
    ) -> None:
        """The missing plan is named."""
        await control(connected_simulator, "PATCH", "application", plan=False)
        form = await choose(signed_in, "no_certificate")
        assert error_of(form) == "not_registered_to_plan"

    async def test_client_that_the_api_does_not_know(
        self,
        signed_in: ConfigFlowResult,
        choose: Choose,
        connected_simulator: Simulator,
    ) -> None:
        """No second try helps, so none is offered."""
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
        end = await choose(signed_in, "no_certificate")
        assert end["reason"] == "invalid_client"

    async def test_account_without_cars(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        ways: ConfigFlowResult,
        choose: Choose,
    ) -> None:
        """An account without cars is told what to check."""
        step = await choose(ways, "redirect")
        url = await sign_in(step["url"], email="nocars@example.com")
        menu = await come_back(hass, home_assistant, step, url)
        form = await choose(menu, "no_certificate")
        assert error_of(form) == "no_vehicles"

    async def test_account_that_is_set_up_already(
        self,
        hass: HomeAssistant,
        setup_integration: SetupIntegration,
        signed_in: ConfigFlowResult,
        choose: Choose,
    ) -> None:
        """One account makes one entry."""
        await setup_integration()
        end = await choose(signed_in, "no_certificate")
        assert end["reason"] == "already_configured"

    @pytest.mark.parametrize(
        ("brand", "email", "title"),
        [
            (Brand.OPEL, "dev@example.com", "Peugeot"),
            (Brand.PEUGEOT, "second@example.com", "Peugeot (2)"),
        ],
    )
    async def test_accounts_side_by_side(
        self,
        hass: HomeAssistant,
        setup_integration: SetupIntegration,
        signed_in: ConfigFlowResult,
        choose: Choose,
        brand: Brand,
        email: str,
        title: str,
    ) -> None:
        """Another brand with the same e-mail, or another account of the same brand, is welcome."""
        await setup_integration(brand, email=email)
        done = await choose(signed_in, "no_certificate")
        assert done["title"] == title
        await hass.async_block_till_done()


class TestPaste:
    """The application is registered for another redirect URI, and the person pastes its address."""

    @pytest.fixture
    async def link(self, ways: ConfigFlowResult, choose: Choose) -> ConfigFlowResult:
        """Return the step that shows the link."""
        form = await choose(ways, "paste")
        return await choose(form, redirect_uri=f" {REDIRECT_URI} ")

    async def test_address_leads_to_the_cars(
        self, hass: HomeAssistant, link: ConfigFlowResult, choose: Choose
    ) -> None:
        """The pasted address does what the redirect does."""
        url = await sign_in(link_in(link))
        menu = await choose(link, address=str(url))
        done = await choose(menu, "no_certificate")
        assert done["data"][CONF_REDIRECT_URI] == REDIRECT_URI
        await hass.async_block_till_done()

    @pytest.mark.parametrize(
        ("address", "error"),
        [
            ("", "no_code"),
            (f"{REDIRECT_URI}?code=1&state=another", "other_state"),
            ("https://example.com/?code=1&state=another", "other_redirect_uri"),
            ("a code that nobody gave", "code_refused"),
        ],
    )
    async def test_wrong_address_is_told_and_can_be_mended(
        self,
        hass: HomeAssistant,
        link: ConfigFlowResult,
        choose: Choose,
        address: str,
        error: str,
    ) -> None:
        """After a mistake the link still works."""
        form = await choose(link, address=address)
        assert error_of(form) == error
        url = await sign_in(link_in(form))
        assert (await choose(form, address=str(url)))["step_id"] == "certificate"

    async def test_declined_consent(
        self, link: ConfigFlowResult, choose: Choose
    ) -> None:
        """Who declined can still accept."""
        url = await sign_in(link_in(link), decline=True)
        assert error_of(await choose(link, address=str(url))) == "access_denied"

    async def test_redirect_uri_must_be_an_address(
        self, ways: ConfigFlowResult, choose: Choose
    ) -> None:
        """A word is not a redirect URI."""
        form = await choose(ways, "paste")
        assert error_of(await choose(form, redirect_uri="myapp")) == "not_an_address"

    async def test_identity_provider_in_trouble(
        self, link: ConfigFlowResult, choose: Choose, connected_simulator: Simulator
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
        url = await sign_in(link_in(link))
        form = await choose(link, address=str(url))
        assert error_of(form) == "outage"
        assert form["data_schema"]
        (field,) = form["data_schema"].schema
        kept = field.description["suggested_value"]
        assert (await choose(form, address=kept))["step_id"] == "certificate"

    async def test_wrong_secret(
        self, link: ConfigFlowResult, choose: Choose, connected_simulator: Simulator
    ) -> None:
        """The credentials are named as what is wrong, not the address."""
        connected_simulator.backend.application.client_secret = "another one"
        url = await sign_in(link_in(link))
        assert (await choose(link, address=str(url)))["reason"] == "invalid_client"


class TestScopes:
    """What is asked for, and what is granted."""

    async def test_application_registered_for_fewer(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        ways: ConfigFlowResult,
        choose: Choose,
        connected_simulator: Simulator,
    ) -> None:
        """The refusal is explained, and the data alone are offered."""
        few = [scope for scope in Scope if scope.startswith("data:")]
        await control(
            connected_simulator,
            "PATCH",
            "application",
            scopes=["openid", "profile", *few],
        )
        step = await choose(ways, "redirect")
        async with home_assistant.session.get(
            step["url"], allow_redirects=False
        ) as answer:
            url = URL(answer.headers["Location"])
        form = await come_back(hass, home_assistant, step, url)
        assert (form["step_id"], error_of(form)) == ("choose_scopes", "invalid_scope")
        menu = await choose(form, scopes=[scope.name.lower() for scope in few])
        step = await choose(menu, "redirect")
        url = await sign_in(step["url"])
        menu = await come_back(hass, home_assistant, step, url)
        done = await choose(menu, "no_certificate")
        assert done["data"][CONF_SCOPES] == few
        assert done["data"][CONF_REQUESTED_SCOPES] == ["openid", "profile", *few]
        await hass.async_block_till_done()

    async def test_rights_are_chosen_before_signing_in(
        self, ways: ConfigFlowResult, choose: Choose
    ) -> None:
        """Who wants to share little asks for little; nothing at all is no choice."""
        form = await choose(ways, "choose_scopes")
        assert error_of(await choose(form, scopes=[])) == "no_scopes"
        menu = await choose(form, scopes=["telemetry"])
        step = await choose(menu, "redirect")
        assert URL(step["url"]).query["scope"] == "openid profile data:telemetry"

    async def test_refusal_of_a_pasted_address(
        self, ways: ConfigFlowResult, choose: Choose
    ) -> None:
        """The refusal is understood when it is pasted, too."""
        form = await choose(ways, "paste")
        form = await choose(form, redirect_uri=REDIRECT_URI)
        state = URL(link_in(form)).query["state"]
        address = f"{REDIRECT_URI}?error=invalid_scope&state={state}"
        form = await choose(form, address=address)
        assert (form["step_id"], error_of(form)) == ("choose_scopes", "invalid_scope")

    async def test_silent_identity_provider(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        ways: ConfigFlowResult,
        choose: Choose,
        connected_simulator: Simulator,
    ) -> None:
        """Where nothing names the rights, those count that the platform lets through."""
        await control(
            connected_simulator, "PATCH", "application", announce_scopes=False
        )
        step = await choose(ways, "redirect")
        url = await sign_in(step["url"], untick=[Scope.TRIP, Scope.POSITION])
        menu = await come_back(hass, home_assistant, step, url)
        done = await choose(menu, "no_certificate")
        assert {*Scope} - {*done["data"][CONF_SCOPES]} == {Scope.TRIP, Scope.POSITION}
        await hass.async_block_till_done()


class TestCertificate:
    """The client certificate is uploaded, checked, and shown to the platform."""

    @pytest.fixture
    def upload(self, hass_client: ClientSessionGenerator) -> Upload:
        """Return how a person uploads a file."""

        async def upload(content: bytes) -> str:
            client = await hass_client()
            answer = await client.post("/api/file_upload", data={"file": content})
            return str((await answer.json())["file_id"])

        return upload

    @pytest.fixture
    async def form(
        self, signed_in: ConfigFlowResult, choose: Choose
    ) -> ConfigFlowResult:
        """Return the step that takes the files."""
        return await choose(signed_in, "upload")

    async def test_platform_is_reached_with_it(
        self,
        hass: HomeAssistant,
        form: ConfigFlowResult,
        choose: Choose,
        upload: Upload,
        connected_simulator: Simulator,
    ) -> None:
        """The entry talks to the host that asks for certificates; the passphrase is not kept."""
        certificates = connected_simulator.certificates
        pkcs12 = certificates.client.pkcs12(certificates.authority.pair.certificate)
        done = await choose(
            form,
            certificate_file=await upload(pkcs12),
            passphrase=PASSPHRASE,
            ca_file=await upload(certificates.authority_pem),
        )
        assert done["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()
        assert len(done["result"].runtime_data.account.vehicles) == 4
        assert PASSPHRASE not in str(done["data"])

    async def test_two_files(
        self,
        hass: HomeAssistant,
        form: ConfigFlowResult,
        choose: Choose,
        upload: Upload,
        connected_simulator: Simulator,
    ) -> None:
        """Certificate and key may come apart."""
        certificates = connected_simulator.certificates
        done = await choose(
            form,
            certificate_file=await upload(certificates.client.pem),
            key_file=await upload(certificates.client.key_pem),
            ca_file=await upload(certificates.authority_pem),
        )
        assert done["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()

    async def test_certificate_that_the_platform_does_not_know(
        self,
        hass: HomeAssistant,
        form: ConfigFlowResult,
        choose: Choose,
        upload: Upload,
        connected_simulator: Simulator,
    ) -> None:
        """The dropped connection is told as what it is, and another certificate can follow."""
        certificates = connected_simulator.certificates
        ca_file = await upload(certificates.authority_pem)
        again = await choose(
            form,
            certificate_file=await upload(
                certificates.foreign.pem + certificates.foreign.key_pem
            ),
            ca_file=ca_file,
        )
        assert error_of(again) == "certificate_rejected"
        done = await choose(
            again,
            certificate_file=await upload(
                certificates.client.pem + certificates.client.key_pem
            ),
            ca_file=ca_file,
        )
        assert done["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()

    async def test_passphrase_can_be_mended_without_a_second_upload(
        self,
        hass: HomeAssistant,
        form: ConfigFlowResult,
        choose: Choose,
        upload: Upload,
        connected_simulator: Simulator,
    ) -> None:
        """Home Assistant hands a file out once; the flow keeps it."""
        certificates = connected_simulator.certificates
        files = {
            "certificate_file": await upload(certificates.client.pem),
            "key_file": await upload(certificates.client.encrypted_key_pem()),
            "ca_file": await upload(certificates.authority_pem),
        }
        again = await choose(form, **files, passphrase="wrong")
        assert error_of(again) == "wrong_passphrase"
        assert again["data_schema"]
        offered = {
            str(field): (field.description or {}).get("suggested_value")
            for field in again["data_schema"].schema
        }
        assert offered == {**files, "passphrase": None}
        done = await choose(again, **files, passphrase=PASSPHRASE)
        assert done["type"] is FlowResultType.CREATE_ENTRY
        await hass.async_block_till_done()

    async def test_file_that_is_gone(
        self, form: ConfigFlowResult, choose: Choose
    ) -> None:
        """An upload that Home Assistant has forgotten is asked for again."""
        again = await choose(form, certificate_file="0" * 32)
        assert error_of(again) == "upload_again"


class TestSigningInAgain:
    """The sign-in has ended, and the owner renews it."""

    @pytest.fixture
    async def entry(self, setup_integration: SetupIntegration) -> MockConfigEntry:
        """Return an account that is set up."""
        return await setup_integration()

    @pytest.fixture
    async def ways_again(
        self, hass: HomeAssistant, entry: MockConfigEntry, choose: Choose
    ) -> ConfigFlowResult:
        """Return the ways to sign in, after Home Assistant has said that it is needed."""
        form = await entry.start_reauth_flow(hass)
        assert form["step_id"] == "reauth_confirm"
        assert placeholders_of(form)["account"] == "Peugeot"
        return await choose(form)

    async def test_platform_asks_for_it(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        connected_simulator: Simulator,
    ) -> None:
        """When the owner has withdrawn access, Home Assistant asks for a sign-in by itself."""
        await control(connected_simulator, "POST", "faults", kind="revoke_tokens")
        (car, *_) = entry.runtime_data.account.vehicles.values()
        await car.async_refresh()
        (flow,) = hass.config_entries.flow.async_progress()
        assert flow["context"]["source"] == SOURCE_REAUTH

    async def test_same_account(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        entry: MockConfigEntry,
        ways_again: ConfigFlowResult,
        choose: Choose,
    ) -> None:
        """The entry gets the new token and keeps all else."""
        before = dict(entry.data)
        step = await choose(ways_again, "redirect")
        end = await come_back(hass, home_assistant, step, await sign_in(step["url"]))
        assert end["reason"] == "reauth_successful"
        await hass.async_block_till_done()
        assert entry.data[CONF_TOKEN] != before[CONF_TOKEN]
        assert entry.data[CONF_ACCOUNT_IDS] == before[CONF_ACCOUNT_IDS]

    async def test_pasted_address(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        ways_again: ConfigFlowResult,
        choose: Choose,
    ) -> None:
        """The other way works here as well."""
        form = await choose(ways_again, "paste")
        form = await choose(form, redirect_uri=REDIRECT_URI)
        url = await sign_in(link_in(form))
        end = await choose(form, address=str(url))
        assert end["reason"] == "reauth_successful"
        await hass.async_block_till_done()

    async def test_another_account(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        entry: MockConfigEntry,
        ways_again: ConfigFlowResult,
        choose: Choose,
    ) -> None:
        """Another account does not slip into the entry."""
        token = entry.data[CONF_TOKEN]
        step = await choose(ways_again, "redirect")
        url = await sign_in(step["url"], email="second@example.com")
        end = await come_back(hass, home_assistant, step, url)
        assert end["reason"] == "wrong_account"
        assert entry.data[CONF_TOKEN] == token
        await hass.async_block_till_done()

    async def test_offered_anew_after_a_refusal(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        ways_again: ConfigFlowResult,
        choose: Choose,
        connected_simulator: Simulator,
    ) -> None:
        """A sign-in that is needed does not fall into oblivion when the owner declines."""
        await control(connected_simulator, "POST", "faults", kind="revoke_tokens")
        step = await choose(ways_again, "redirect")
        url = await sign_in(step["url"], decline=True)
        end = await come_back(hass, home_assistant, step, url)
        assert end["reason"] == "access_denied"
        await hass.async_block_till_done()
        (flow,) = hass.config_entries.flow.async_progress()
        assert flow["context"]["source"] == SOURCE_REAUTH

    async def test_fewer_rights_than_before(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        entry: MockConfigEntry,
        ways_again: ConfigFlowResult,
        choose: Choose,
        issue_registry: ir.IssueRegistry,
    ) -> None:
        """A right that was left out this time is told as a repair, which leads to signing in."""
        step = await choose(ways_again, "redirect")
        url = await sign_in(step["url"], untick=[Scope.POSITION])
        await come_back(hass, home_assistant, step, url)
        await hass.async_block_till_done()
        assert hass.states.get("device_tracker.compact_electric") is None
        issue = issue_registry.async_get_issue(
            DOMAIN, f"scopes_withdrawn_{entry.entry_id}"
        )
        assert issue
        assert issue.translation_placeholders
        assert issue.translation_placeholders["scopes"] == "Position"

    async def test_rights_that_come_back(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        create_config_entry: CreateConfigEntry,
        choose: Choose,
        issue_registry: ir.IssueRegistry,
    ) -> None:
        """With the right the entities appear, and the repair goes."""
        fewer = [scope for scope in Scope if scope is not Scope.POSITION]
        entry = await create_config_entry(scopes=fewer)
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
        menu = await choose(await entry.start_reauth_flow(hass))
        step = await choose(menu, "redirect")
        await come_back(hass, home_assistant, step, await sign_in(step["url"]))
        await hass.async_block_till_done()
        assert hass.states.get("device_tracker.compact_electric")
        assert issue_registry.async_get_issue(DOMAIN, issue_id) is None


class TestReconfiguration:
    """The connection changes; entities and their history stay."""

    @pytest.fixture
    async def entry(self, setup_integration: SetupIntegration) -> MockConfigEntry:
        """Return an account that is set up."""
        return await setup_integration()

    @pytest.fixture
    async def menu(
        self, hass: HomeAssistant, entry: MockConfigEntry
    ) -> ConfigFlowResult:
        """Return what can be changed."""
        return await entry.start_reconfigure_flow(hass)

    async def test_without_certificate(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        menu: ConfigFlowResult,
        choose: Choose,
        connected_simulator: Simulator,
    ) -> None:
        """The certificate is settled anew with the token that is there."""
        menu = await choose(menu, "certificate")
        end = await choose(menu, "no_certificate")
        assert end["reason"] == "reconfigure_successful"
        await hass.async_block_till_done()
        assert entry.data[CONF_CERTIFICATE] is None

    async def test_other_credentials(
        self,
        hass: HomeAssistant,
        home_assistant: Browser,
        entry: MockConfigEntry,
        menu: ConfigFlowResult,
        choose: Choose,
        connected_simulator: Simulator,
        entity_registry: er.EntityRegistry,
    ) -> None:
        """Another application takes over the account and its entities."""
        connected_simulator.backend.application.client_id = "new-client"
        await async_import_client_credential(
            hass,
            DOMAIN,
            ClientCredential("new-client", "simulated-secret", "New"),
            "new_application",
        )
        before = {entity.unique_id for entity in entities_of(entity_registry, entry)}
        form = await choose(menu, "pick_implementation")
        ways = await choose(form, implementation="new_application")
        step = await choose(ways, "redirect")
        end = await come_back(hass, home_assistant, step, await sign_in(step["url"]))
        assert end["reason"] == "reconfigure_successful"
        await hass.async_block_till_done()
        assert entry.data["auth_implementation"] == "new_application"
        after = {entity.unique_id for entity in entities_of(entity_registry, entry)}
        assert after == before


def entities_of(
    registry: er.EntityRegistry, entry: MockConfigEntry
) -> list[er.RegistryEntry]:
    """Return an entry's entities."""
    return er.async_entries_for_config_entry(registry, entry.entry_id)


async def test_preferences_are_kept(
    hass: HomeAssistant, setup_integration: SetupIntegration
) -> None:
    """What is a preference is changed without signing in."""
    entry = await setup_integration()
    form = await hass.config_entries.options.async_init(entry.entry_id)
    wanted = {"push": "off", "statistics": False, "wake_up_guard": False}
    await hass.config_entries.options.async_configure(form["flow_id"], wanted)
    await hass.async_block_till_done()
    assert entry.options == wanted
