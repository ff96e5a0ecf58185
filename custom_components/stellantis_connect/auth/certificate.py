"""The client certificate of an application: read, checked, and put to use.

Everything here computes or touches files: call it in the executor.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
import ssl
from tempfile import NamedTemporaryFile

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
    pkcs12,
)

from homeassistant.util.ssl import SSL_ALPN_HTTP11, create_client_context

PEM_MARK = b"-----BEGIN "
PEM_CERTIFICATE_MARK = b"-----BEGIN CERTIFICATE-----"
PEM_KEY_MARK = b"PRIVATE KEY-----"
# RFC 7292: a PKCS#12 file is a sequence that begins with the version, 3.
PKCS12_VERSION = b"\x02\x01\x03"


class CertificateError(Exception):
    """Uploaded files are not a client certificate; `key` names the reason."""

    def __init__(self, key: str) -> None:
        """Keep the reason as the flow's error key."""
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, repr=False)
class ClientCertificate:
    """A certificate with its chain, its private key without passphrase, and a CA; all PEM."""

    certificate: str
    private_key: str
    ca: str | None = None

    @property
    def expires(self) -> datetime:
        """Return the moment after which no server accepts the certificate."""
        return x509.load_pem_x509_certificate(
            self.certificate.encode()
        ).not_valid_after_utc

    def ssl_context(self) -> ssl.SSLContext:
        """Return a TLS context of its own; the usual ones are shared by all of Home Assistant."""
        context = create_client_context(alpn_protocols=SSL_ALPN_HTTP11)
        with NamedTemporaryFile() as file:
            file.write(f"{self.certificate}\n{self.private_key}".encode())
            file.flush()
            context.load_cert_chain(file.name)
        if self.ca:
            context.load_verify_locations(cadata=self.ca)
        return context


def read_client_certificate(
    files: Iterable[bytes], ca_file: bytes | None, passphrase: str, now: datetime
) -> ClientCertificate:
    """Find a certificate and its key in uploaded PEM, DER or PKCS#12 files.

    Raises:
        CertificateError: with the reason why they cannot be used.

    """
    certificates: list[x509.Certificate] = []
    keys: list[PrivateKeyTypes] = []
    for file in files:
        found_certificates, found_keys = _read(file, passphrase)
        certificates += found_certificates
        keys += found_keys
    if not certificates:
        raise CertificateError("no_certificate")
    if not keys:
        raise CertificateError("no_private_key")
    leaf, key = _pair(certificates, keys)
    if leaf.not_valid_after_utc <= now:
        raise CertificateError("certificate_expired")
    if leaf.not_valid_before_utc > now:
        raise CertificateError("certificate_not_yet_valid")
    chain = [leaf, *(other for other in certificates if other != leaf)]
    return ClientCertificate(
        certificate=_as_pem(chain),
        private_key=key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ).decode(),
        ca=_as_pem(_read_ca(ca_file)) if ca_file else None,
    )


def _read(
    file: bytes, passphrase: str
) -> tuple[Sequence[x509.Certificate], Sequence[PrivateKeyTypes]]:
    """Return the certificates and private keys of one file."""
    if PEM_MARK in file:
        return (
            _pem_certificates(file) if PEM_CERTIFICATE_MARK in file else [],
            [_private_key(file, passphrase)] if PEM_KEY_MARK in file else [],
        )
    if PKCS12_VERSION in file[:10]:
        return _pkcs12(file, passphrase)
    try:
        return [x509.load_der_x509_certificate(file)], []
    except ValueError:
        return [], [_private_key(file, passphrase)]


def _pem_certificates(file: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(file)
    except ValueError as err:
        raise CertificateError("not_a_certificate") from err


def _pkcs12(
    file: bytes, passphrase: str
) -> tuple[Sequence[x509.Certificate], Sequence[PrivateKeyTypes]]:
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(
            file, passphrase.encode() or None
        )
    except ValueError as err:
        raise CertificateError("wrong_passphrase") from err
    return [c for c in (certificate, *chain) if c], [key] if key else []


def _private_key(file: bytes, passphrase: str) -> PrivateKeyTypes:
    load = load_pem_private_key if PEM_MARK in file else load_der_private_key
    try:
        return load(file, None)
    except TypeError:
        # Encrypted, which the library tells by this type of error alone.
        try:
            return load(file, passphrase.encode() or b"\0")
        except ValueError as err:
            raise CertificateError("wrong_passphrase") from err
    except ValueError as err:
        raise CertificateError("not_a_certificate") from err


def _pair(
    certificates: Sequence[x509.Certificate], keys: Sequence[PrivateKeyTypes]
) -> tuple[x509.Certificate, PrivateKeyTypes]:
    """Return the certificate and the key that belong together."""
    for key in keys:
        public = _fingerprint(key)
        for certificate in certificates:
            if _fingerprint(certificate) == public:
                return certificate, key
    raise CertificateError("key_of_another_certificate")


def _fingerprint(holder: x509.Certificate | PrivateKeyTypes) -> bytes:
    return holder.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )


def _read_ca(file: bytes) -> Sequence[x509.Certificate]:
    try:
        if PEM_MARK in file:
            return x509.load_pem_x509_certificates(file)
        return [x509.load_der_x509_certificate(file)]
    except ValueError as err:
        raise CertificateError("not_a_ca") from err


def _as_pem(certificates: Iterable[x509.Certificate]) -> str:
    return "".join(c.public_bytes(Encoding.PEM).decode() for c in certificates)
