"""Brands, and the URLs of their hosts."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self, override
import unicodedata

from yarl import URL


class Brand(StrEnum):
    """A brand of cars."""

    label: str
    """The name of the brand."""
    realm: str
    """Value of the header `x-introspect-realm`."""
    domain: str
    """The domain of the identity provider."""

    PEUGEOT = "peugeot", "Peugeot", "clientsB2CPeugeot", "peugeot.com"
    CITROEN = "citroen", "Citroën", "clientsB2CCitroen", "citroen.com"
    DS = "ds", "DS", "clientsB2CDS", "driveds.com"
    OPEL = "opel", "Opel", "clientsB2COpel", "opel.com"
    VAUXHALL = "vauxhall", "Vauxhall", "clientsB2CVauxhall", "vauxhall.co.uk"

    def __new__(
        cls, value: str, label: str = "", realm: str = "", domain: str = ""
    ) -> Self:
        """Create a member with its attributes."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.realm = realm
        member.domain = domain
        return member

    @classmethod
    @override
    def _missing_(cls, value: object) -> Self | None:
        """Return the brand for a label in any case, or for its first letter."""
        name = _plain(str(value))
        return next((brand for brand in cls if name in (brand, brand[0])), None)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@dataclass(frozen=True)
class Hosts:
    """The URLs of a brand; tests and `scripts/develop` replace the first two properties.

    Attributes:
        brand: selects the identity provider.
        certificate: whether requests to the API present a client certificate.
    """

    brand: Brand
    certificate: bool = False

    @property
    def identity_provider_url(self) -> URL:
        """Return the URL of the identity provider."""
        return URL(f"https://idpcvs.{self.brand.domain}")

    @property
    def api_url(self) -> URL:
        """Return the URL of the API."""
        host = "api-cert" if self.certificate else "api"
        return URL(f"https://{host}.groupe-psa.com/connectedcar/v4")

    @property
    def authorize_url(self) -> URL:
        """Return the URL where an owner signs in."""
        return self._oauth2_url / "authorize"

    @property
    def token_url(self) -> URL:
        """Return the URL of access tokens."""
        return self._oauth2_url / "access_token"

    @property
    def revoke_url(self) -> URL:
        """Return the URL that revokes tokens."""
        return self._oauth2_url / "token" / "revoke"

    @property
    def _oauth2_url(self) -> URL:
        return self.identity_provider_url / "am" / "oauth2"
