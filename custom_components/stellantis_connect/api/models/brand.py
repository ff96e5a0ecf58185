"""The brands, and where their hosts are."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self, override
import unicodedata

from yarl import URL


class Brand(StrEnum):
    """A brand of cars, with an identity provider of its own."""

    label: str
    """The brand as it writes itself."""
    realm: str
    """Value of the header `x-introspect-realm`."""
    domain: str
    """The internet domain under which the identity provider lies."""

    PEUGEOT = "peugeot", "Peugeot", "clientsB2CPeugeot", "peugeot.com"
    CITROEN = "citroen", "Citroën", "clientsB2CCitroen", "citroen.com"
    DS = "ds", "DS", "clientsB2CDS", "driveds.com"
    OPEL = "opel", "Opel", "clientsB2COpel", "opel.com"
    VAUXHALL = "vauxhall", "Vauxhall", "clientsB2CVauxhall", "vauxhall.co.uk"

    def __new__(
        cls, value: str, label: str = "", realm: str = "", domain: str = ""
    ) -> Self:
        """Make a member out of its row."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.realm = realm
        member.domain = domain
        return member

    @classmethod
    @override
    def _missing_(cls, value: object) -> Self | None:
        """Recognise what the API calls a brand: its label in any case, or its first letter."""
        name = _plain(str(value))
        return next((brand for brand in cls if name in (brand, brand[0])), None)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@dataclass(frozen=True)
class Hosts:
    """The hosts of a brand.

    Attributes:
        brand: whose identity provider it is.
        host: a development host that stands in for all others, if given.
        certificate: whether requests to the API present a client certificate.
        certificate_host: a development host that wants to see one, if given.
    """

    brand: Brand
    host: URL | None = None
    certificate: bool = False
    certificate_host: URL | None = None

    @property
    def authorize_url(self) -> URL:
        """Where a person signs in and consents."""
        return self._identity_provider / "authorize"

    @property
    def token_url(self) -> URL:
        """Where codes and refresh tokens are exchanged for access tokens."""
        return self._identity_provider / "access_token"

    @property
    def revoke_url(self) -> URL:
        """Where tokens are revoked."""
        return self._identity_provider / "token" / "revoke"

    @property
    def api_url(self) -> URL:
        """The root of the API."""
        return self._api_host / "connectedcar" / "v4"

    @property
    def _identity_provider(self) -> URL:
        host = (
            self.host / "idp" / self.brand
            if self.host
            else URL(f"https://idpcvs.{self.brand.domain}")
        )
        return host / "am" / "oauth2"

    @property
    def _api_host(self) -> URL:
        if self.certificate:
            stand_in = self.certificate_host or self.host
            return stand_in or URL("https://api-cert.groupe-psa.com")
        return self.host or URL("https://api.groupe-psa.com")
