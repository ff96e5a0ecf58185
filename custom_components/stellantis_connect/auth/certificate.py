"""The client certificate of an application.

Everything here computes or reads files: run it in the executor.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
import ssl
from tempfile import NamedTemporaryFile
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
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
from cryptography.x509.oid import PublicKeyAlgorithmOID

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.ssl import SSL_ALPN_HTTP11, create_client_context

from ..const import CONF_CERTIFICATE, DOMAIN
from ..storage import StorageFormat

PEM_MARK = b"-----BEGIN "
PEM_CERTIFICATE_MARK = b"-----BEGIN CERTIFICATE-----"
PEM_KEY_MARK = b"PRIVATE KEY-----"
# RFC 7292: a PKCS#12 file is a sequence that begins with the version, 3.
PKCS12_VERSION = b"\x02\x01\x03"

MIN_RSA_BITS = 2048
CURVES = ("secp256r1", "secp384r1", "secp521r1")


class CertificateError(HomeAssistantError):
    """A client certificate cannot be used.

    Attributes:
        key: the translation key of the reason.
    """

    def __init__(self, key: str) -> None:
        """Initialize the error."""
        super().__init__(translation_domain=DOMAIN, translation_key=key)
        self.key = key


@dataclass(frozen=True, repr=False)
class ClientCertificate:
    """A certificate with its chain, its private key without passphrase, and a CA; all PEM."""

    certificate: str
    private_key: str
    ca: str | None = None

    @property
    def expires(self) -> datetime:
        """Return when the certificate expires.

        Raises:
            CertificateError: it is not a certificate.

        """
        try:
            certificate = x509.load_pem_x509_certificate(self.certificate.encode())
        except ValueError as err:
            raise CertificateError("certificate_unusable") from err
        return certificate.not_valid_after_utc

    def ssl_context(self) -> ssl.SSLContext:
        """Return a new TLS context: Home Assistant's own ones are shared.

        Raises:
            CertificateError: OpenSSL refuses the certificate, the key or the CA.

        """
        context = create_client_context(alpn_protocols=SSL_ALPN_HTTP11)
        try:
            with NamedTemporaryFile() as file:
                file.write(f"{self.certificate}\n{self.private_key}".encode())
                file.flush()
                context.load_cert_chain(file.name)
            if self.ca:
                context.load_verify_locations(cadata=self.ca)
        except ssl.SSLError as err:
            raise CertificateError("certificate_unusable") from err
        return context


CERTIFICATE_FORMAT = StorageFormat(ClientCertificate)


def stored_certificate(data: Mapping[str, Any]) -> ClientCertificate | None:
    """Return the certificate that a config entry keeps, if it keeps one.

    Raises:
        CertificateError: the data are not a certificate.

    """
    if data[CONF_CERTIFICATE] is None:
        return None
    try:
        return CERTIFICATE_FORMAT.decode(data[CONF_CERTIFICATE])
    except (AttributeError, LookupError, TypeError, ValueError) as err:
        raise CertificateError("certificate_unusable") from err


def certificate_expiration(data: Mapping[str, Any]) -> datetime | None:
    """Return when the certificate of a config entry expires; None without one.

    Raises:
        CertificateError: the data are not a certificate.

    """
    certificate = stored_certificate(data)
    return certificate.expires if certificate else None


def read_client_certificate(
    files: Iterable[bytes], ca_file: bytes | None, passphrase: str, now: datetime
) -> ClientCertificate:
    """Return the certificate and its key from uploaded PEM, DER or PKCS#12 files.

    Raises:
        CertificateError: they cannot be used.

    """
    certificates: list[x509.Certificate] = []
    keys: list[PrivateKeyTypes] = []
    for file in files:
        try:
            file_certificates, file_keys = _read(file, passphrase)
        except UnsupportedAlgorithm as err:
            raise CertificateError("certificate_unusable") from err
        certificates += file_certificates
        keys += file_keys
    if not certificates:
        raise CertificateError("no_certificate")
    if not keys:
        raise CertificateError("no_private_key")
    leaf, key = _pair(certificates, keys)
    if not _is_accepted_by_tls(leaf):
        raise CertificateError("certificate_unusable")
    if leaf.not_valid_after_utc <= now:
        raise CertificateError("certificate_expired")
    if leaf.not_valid_before_utc > now:
        raise CertificateError("certificate_not_yet_valid")
    chain = [leaf, *(other for other in certificates if other != leaf)]
    client_certificate = ClientCertificate(
        certificate=_as_pem(chain),
        private_key=key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ).decode(),
        ca=_as_pem(_read_ca(ca_file)) if ca_file else None,
    )
    client_certificate.ssl_context()
    return client_certificate


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
        # The library raises this for an encrypted key alone.
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
        public_key = _public_key(key)
        for certificate in certificates:
            if _public_key(certificate) == public_key:
                return certificate, key
    raise CertificateError("key_of_another_certificate")


def _public_key(holder: x509.Certificate | PrivateKeyTypes) -> bytes | None:
    """Return the public key; None if the library does not support it."""
    try:
        public_key = holder.public_key()
    except UnsupportedAlgorithm:
        return None
    return public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _is_accepted_by_tls(certificate: x509.Certificate) -> bool:
    """Return whether servers accept the type of key, which OpenSSL does not check before."""
    match certificate.public_key():
        case RSAPublicKey(key_size=bits):
            oid = certificate.public_key_algorithm_oid
            is_pss = oid != PublicKeyAlgorithmOID.RSAES_PKCS1_v1_5
            return bits >= MIN_RSA_BITS and not is_pss
        case EllipticCurvePublicKey(curve=curve):
            return curve.name in CURVES
        case public_key:
            return isinstance(public_key, Ed25519PublicKey | Ed448PublicKey)


def _read_ca(file: bytes) -> Sequence[x509.Certificate]:
    try:
        if PEM_MARK in file:
            return x509.load_pem_x509_certificates(file)
        return [x509.load_der_x509_certificate(file)]
    except ValueError as err:
        raise CertificateError("not_a_ca") from err


def _as_pem(certificates: Iterable[x509.Certificate]) -> str:
    return "".join(c.public_bytes(Encoding.PEM).decode() for c in certificates)
