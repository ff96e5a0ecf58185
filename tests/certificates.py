"""Certificates as Stellantis hands them out, good ones and others."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from homeassistant.util import dt as dt_util

PASSPHRASE = "open sesame"
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Pair:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def certificate_file(self, encoding: Encoding = Encoding.PEM) -> bytes:
        """Return the certificate as a file."""
        return self.certificate.public_bytes(encoding)

    def key_file(
        self, encoding: Encoding = Encoding.PEM, passphrase: str = ""
    ) -> bytes:
        """Return the key as a file."""
        return self.key.private_bytes(
            encoding, PrivateFormat.PKCS8, _encryption(passphrase)
        )

    def pkcs12_file(self, passphrase: str = "") -> bytes:
        """Return both in one file."""
        return pkcs12.serialize_key_and_certificates(
            b"client", self.key, self.certificate, None, _encryption(passphrase)
        )


def make_pair(begins: datetime | None = None, ends: datetime | None = None) -> Pair:
    """Return a certificate that is valid from a year ago for two years, if not told otherwise."""
    now = dt_util.utcnow()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "MZPAB01234")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins or now - YEAR)
        .not_valid_after(ends or now + YEAR)
        .sign(key, hashes.SHA256())
    )
    return Pair(certificate, key)


def _encryption(passphrase: str) -> KeySerializationEncryption:
    if not passphrase:
        return NoEncryption()
    return BestAvailableEncryption(passphrase.encode())
