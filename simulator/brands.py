"""The five brands, each with its own identity provider."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Brand:
    """A brand, the realm of its identity provider, and how its cars' VINs begin."""

    name: str
    label: str
    realm: str
    vin_prefix: str


BRANDS = {
    brand.name: brand
    for brand in (
        Brand("peugeot", "Peugeot", "clientsB2CPeugeot", "VR3"),
        Brand("citroen", "Citroën", "clientsB2CCitroen", "VR7"),
        Brand("ds", "DS", "clientsB2CDS", "VR1"),
        Brand("opel", "Opel", "clientsB2COpel", "VXK"),
        Brand("vauxhall", "Vauxhall", "clientsB2CVauxhall", "W0V"),
    )
}
