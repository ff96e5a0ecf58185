"""Tests of the client certificate."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import ssl

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
import pytest

from custom_components.stellantis_connect.auth.certificate import (
    CertificateError,
    ClientCertificate,
    certificate_expiration,
    read_client_certificate,
)
from custom_components.stellantis_connect.const import CONF_CERTIFICATE
from homeassistant.util import dt as dt_util
from simulator.certificates import PASSPHRASE, Certificates

FIXTURES = Path(__file__).parent / "fixtures"
DAY = timedelta(days=1)

type Files = Callable[[Certificates], list[bytes]]


@pytest.fixture(scope="module")
def certificates() -> Certificates:
    """Return a set of client certificates."""
    return Certificates(dt_util.utcnow())


def read(
    files: list[bytes], ca: bytes | None = None, passphrase: str = ""
) -> ClientCertificate:
    """Return the certificate of uploaded files."""
    return read_client_certificate(files, ca, passphrase, dt_util.utcnow())


def pkcs12(certificates: Certificates) -> bytes:
    """Return the certificate with its chain as PKCS#12."""
    return certificates.client.pkcs12(certificates.authority.pair.certificate)


@pytest.mark.parametrize(
    ("files", "passphrase"),
    [
        (lambda pairs: [pairs.client.pem, pairs.client.key_pem], ""),
        (lambda pairs: [pairs.client.key_pem, pairs.client.pem], ""),
        (lambda pairs: [pairs.client.pem + pairs.client.key_pem], ""),
        (lambda pairs: [pairs.client.key_pem + pairs.client.pem], ""),
        (
            lambda pairs: [pairs.client.pem, pairs.client.encrypted_key_pem()],
            PASSPHRASE,
        ),
        (
            lambda pairs: [pairs.client.pem + pairs.client.encrypted_key_pem()],
            PASSPHRASE,
        ),
        (lambda pairs: [pairs.client.der, pairs.client.key_der], ""),
        (lambda pairs: [pairs.client.der, pairs.client.key_pem], ""),
        (lambda pairs: [pkcs12(pairs)], PASSPHRASE),
        (lambda pairs: [pairs.client.pem, pairs.client.key_pem], "not needed"),
    ],
    ids=[
        "two PEM files",
        "two PEM files, key first",
        "one PEM file",
        "one PEM file, key first",
        "key with passphrase",
        "one PEM file with passphrase",
        "two DER files",
        "DER and PEM",
        "PKCS#12",
        "passphrase not needed",
    ],
)
def test_read_any_format_returns_same_certificate(
    certificates: Certificates, files: Files, passphrase: str
) -> None:
    """The key has no passphrase any more, and TLS accepts both."""
    client = read(files(certificates), passphrase=passphrase)
    assert client.certificate.startswith(certificates.client.pem.decode())
    assert client.private_key == certificates.client.key_pem.decode()
    assert client.expires == certificates.client.certificate.not_valid_after_utc
    assert isinstance(client.ssl_context(), ssl.SSLContext)


def test_read_chain_starts_with_client_certificate(certificates: Certificates) -> None:
    """TLS requires this order."""
    pair = certificates.client
    chain = read([certificates.authority_pem + pair.pem, pair.key_pem])
    assert chain.certificate == (pair.pem + certificates.authority_pem).decode()
    assert read([pkcs12(certificates)], passphrase=PASSPHRASE) == chain


@pytest.mark.parametrize(
    "ca_of",
    [lambda pairs: pairs.authority.pair.pem, lambda pairs: pairs.authority.pair.der],
    ids=["PEM", "DER"],
)
def test_ssl_context_ca_is_trusted_by_this_context_only(
    certificates: Certificates, ca_of: Callable[[Certificates], bytes]
) -> None:
    """A CA in either format is added to a context that is not shared."""
    files = [certificates.client.pem, certificates.client.key_pem]
    with_ca = read(files, ca_of(certificates))
    assert with_ca.ca == certificates.authority_pem.decode()

    def trusted(client: ClientCertificate) -> int:
        return client.ssl_context().cert_store_stats()["x509"]

    assert trusted(with_ca) == trusted(read(files)) + 1
    assert trusted(read(files)) == trusted(read(files))


@pytest.mark.parametrize(
    ("files", "passphrase", "key"),
    [
        (lambda pairs: [b"another file"], "", "not_a_certificate"),
        (lambda pairs: [b""], "", "not_a_certificate"),
        (lambda pairs: [b"-----BEGIN CERTIFICATE-----\nx"], "", "not_a_certificate"),
        (lambda pairs: [b"-----BEGIN PRIVATE KEY-----\nx"], "", "not_a_certificate"),
        (lambda pairs: [pairs.client.pem], "", "no_private_key"),
        (lambda pairs: [pairs.client.key_pem], "", "no_certificate"),
        (
            lambda pairs: [pairs.client.pem, pairs.foreign.key_pem],
            "",
            "key_of_another_certificate",
        ),
        (lambda pairs: [pairs.client.encrypted_key_pem()], "", "wrong_passphrase"),
        (lambda pairs: [pairs.client.encrypted_key_pem()], "no", "wrong_passphrase"),
        (lambda pairs: [pkcs12(pairs)], "", "wrong_passphrase"),
        (lambda pairs: [pkcs12(pairs)], "no", "wrong_passphrase"),
        (
            lambda pairs: [pairs.expired.pem, pairs.expired.key_pem],
            "",
            "certificate_expired",
        ),
        (
            lambda pairs: [pairs.early.pem, pairs.early.key_pem],
            "",
            "certificate_not_yet_valid",
        ),
    ],
)
def test_read_invalid_files_raises_reason(
    certificates: Certificates, files: Files, passphrase: str, key: str
) -> None:
    """Each mistake has its own error."""
    with pytest.raises(CertificateError) as raised:
        read(files(certificates), passphrase=passphrase)
    assert raised.value.key == key


@pytest.mark.parametrize("ca", [b"no", b"-----BEGIN CERTIFICATE-----\nx"])
def test_read_invalid_ca_raises_reason(certificates: Certificates, ca: bytes) -> None:
    """An invalid CA has its own error."""
    files = [certificates.client.pem, certificates.client.key_pem]
    with pytest.raises(CertificateError) as raised:
        read(files, ca)
    assert raised.value.key == "not_a_ca"


def test_certificate_in_log_shows_nothing(certificates: Certificates) -> None:
    """A certificate has no text."""
    client = read([certificates.client.pem, certificates.client.key_pem])
    assert "PRIVATE" not in f"{client!r} {client}"


def self_signed(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey,
) -> bytes:
    """Return a certificate with its key as PEM."""
    now = dt_util.utcnow()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
    )
    is_eddsa = isinstance(key, ed25519.Ed25519PrivateKey)
    certificate = builder.sign(key, None if is_eddsa else SHA256())
    return certificate.public_bytes(Encoding.PEM) + key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, 2048),
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP384R1()),
        ec.generate_private_key(ec.SECP521R1()),
        ed25519.Ed25519PrivateKey.generate(),
    ],
    ids=["RSA", "P-256", "P-384", "P-521", "Ed25519"],
)
def test_read_supported_key_returns_certificate(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey,
) -> None:
    """TLS servers accept these keys."""
    assert read([self_signed(key)]).ssl_context()


@pytest.mark.parametrize(
    "file",
    [
        self_signed(rsa.generate_private_key(65537, 1024)),
        self_signed(ec.generate_private_key(ec.BrainpoolP256R1())),
        self_signed(ec.generate_private_key(ec.SECP256K1())),
        (FIXTURES / "rsa_pss.pem").read_bytes(),
        (FIXTURES / "explicit_curve.pem").read_bytes(),
    ],
    ids=["RSA 1024", "brainpool", "secp256k1", "RSA-PSS", "explicit curve"],
)
def test_read_unsupported_key_raises_reason(file: bytes) -> None:
    """TLS servers refuse these keys, some of them only in the handshake."""
    with pytest.raises(CertificateError) as raised:
        read([file])
    assert raised.value.key == "certificate_unusable"


def test_read_unsupported_key_in_chain_raises_reason(
    certificates: Certificates,
) -> None:
    """OpenSSL refuses the chain."""
    client = certificates.client
    weak = self_signed(rsa.generate_private_key(65537, 1024))
    with pytest.raises(CertificateError) as raised:
        read([client.pem, client.key_pem, weak])
    assert raised.value.key == "certificate_unusable"


def test_read_unsupported_certificate_raises_reason(certificates: Certificates) -> None:
    """A certificate whose key cannot be read belongs to no key."""
    file = (FIXTURES / "explicit_curve.pem").read_bytes()
    certificate = file[: file.index(b"-----BEGIN EC")]
    with pytest.raises(CertificateError) as raised:
        read([certificate, certificates.client.key_pem])
    assert raised.value.key == "key_of_another_certificate"


@pytest.mark.parametrize(
    "stored",
    [
        {},
        [],
        "damaged",
        {"certificate": "damaged"},
        {"certificate": 1, "private_key": 2},
        {"certificate": "damaged", "private_key": "damaged"},
    ],
)
async def test_stored_certificate_damaged_raises_reason(stored: object) -> None:
    """Only CertificateError is raised, whatever the config entry holds."""
    with pytest.raises(CertificateError) as raised:
        certificate_expiration({CONF_CERTIFICATE: stored})
    assert raised.value.key == "certificate_unusable"


def test_ssl_context_damaged_raises_reason(certificates: Certificates) -> None:
    """Only CertificateError is raised, whatever the config entry holds."""
    client = read([certificates.client.pem, certificates.client.key_pem])
    for damaged in (
        replace(client, certificate="damaged"),
        replace(client, private_key="damaged"),
        replace(client, ca="damaged"),
    ):
        with pytest.raises(CertificateError) as raised:
            damaged.ssl_context()
        assert raised.value.key == "certificate_unusable"
