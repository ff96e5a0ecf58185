"""Where the brands' hosts are."""

import pytest

from custom_components.stellantis_connect.api.models.brand import Brand, Hosts
from custom_components.stellantis_connect.api.models.scope import Scope

HOSTS = {
    Brand.PEUGEOT: ("idpcvs.peugeot.com", "clientsB2CPeugeot"),
    Brand.CITROEN: ("idpcvs.citroen.com", "clientsB2CCitroen"),
    Brand.DS: ("idpcvs.driveds.com", "clientsB2CDS"),
    Brand.OPEL: ("idpcvs.opel.com", "clientsB2COpel"),
    Brand.VAUXHALL: ("idpcvs.vauxhall.co.uk", "clientsB2CVauxhall"),
}


@pytest.mark.parametrize("brand", Brand)
def test_each_brand_has_an_identity_provider_and_a_realm(brand: Brand) -> None:
    """Beneath its own domain."""
    host, realm = HOSTS[brand]
    platform = Hosts(brand)
    root = f"https://{host}/am/oauth2"
    assert brand.realm == realm
    assert str(platform.authorize_url) == f"{root}/authorize"
    assert str(platform.token_url) == f"{root}/access_token"
    assert str(platform.revoke_url) == f"{root}/token/revoke"


def test_labels() -> None:
    """As the brands write themselves; the values are plain."""
    assert [brand.label for brand in Brand] == [
        "Peugeot",
        "Citroën",
        "DS",
        "Opel",
        "Vauxhall",
    ]
    assert list(Brand) == ["peugeot", "citroen", "ds", "opel", "vauxhall"]


@pytest.mark.parametrize(
    ("certificate", "host"),
    [(True, "api-cert.groupe-psa.com"), (False, "api.groupe-psa.com")],
)
def test_api_has_a_host_for_client_certificates(certificate: bool, host: str) -> None:
    """And one without."""
    platform = Hosts(Brand.OPEL, certificate=certificate)
    assert str(platform.api_url) == f"https://{host}/connectedcar/v4"


def test_scopes_are_those_of_data_and_remotes() -> None:
    """Five are of data, and seven of remotes."""
    assert len([scope for scope in Scope if scope.startswith("data:")]) == 5
    assert len([scope for scope in Scope if scope.endswith(":write")]) == 7
    assert len(Scope) == 12
