"""Reading a client certificate out of what people upload."""

from collections.abc import Callable
import ssl

import pytest

from custom_components.stellantis_connect.auth.certificate import (
    CertificateError,
    ClientCertificate,
    read_client_certificate,
)
from homeassistant.util import dt as dt_util
from simulator.certificates import PASSPHRASE, Certificates

type Files = Callable[[Certificates], list[bytes]]


@pytest.fixture(scope="module")
def certificates() -> Certificates:
    """Return certificates as Stellantis hands them out, good ones and others."""
    return Certificates(dt_util.utcnow())


def read(
    files: list[bytes], ca: bytes | None = None, passphrase: str = ""
) -> ClientCertificate:
    """Read uploaded files now."""
    return read_client_certificate(files, ca, passphrase, dt_util.utcnow())


def pkcs12(certificates: Certificates) -> bytes:
    """Return the client's certificate with its chain in one file."""
    return certificates.client.pkcs12(certificates.authority.pair.certificate)


@pytest.mark.parametrize(
    ("files", "passphrase"),
    [
        (lambda them: [them.client.pem, them.client.key_pem], ""),
        (lambda them: [them.client.key_pem, them.client.pem], ""),
        (lambda them: [them.client.pem + them.client.key_pem], ""),
        (lambda them: [them.client.key_pem + them.client.pem], ""),
        (lambda them: [them.client.pem, them.client.encrypted_key_pem()], PASSPHRASE),
        (lambda them: [them.client.pem + them.client.encrypted_key_pem()], PASSPHRASE),
        (lambda them: [them.client.der, them.client.key_der], ""),
        (lambda them: [them.client.der, them.client.key_pem], ""),
        (lambda them: [pkcs12(them)], PASSPHRASE),
        (lambda them: [them.client.pem, them.client.key_pem], "a needless one"),
    ],
    ids=[
        "two PEM files",
        "two PEM files, swapped",
        "one PEM file",
        "one PEM file, key first",
        "key with passphrase",
        "one PEM file with passphrase",
        "two DER files",
        "DER and PEM",
        "PKCS#12",
        "needless passphrase",
    ],
)
def test_every_form_gives_the_same(
    certificates: Certificates, files: Files, passphrase: str
) -> None:
    """Whatever the form, a pair comes out whose key needs no passphrase, fit for TLS."""
    client = read(files(certificates), passphrase=passphrase)
    assert client.certificate.startswith(certificates.client.pem.decode())
    assert client.private_key == certificates.client.key_pem.decode()
    assert client.expires == certificates.client.certificate.not_valid_after_utc
    assert isinstance(client.ssl_context(), ssl.SSLContext)


def test_chain_follows_the_certificate(certificates: Certificates) -> None:
    """Servers want the client's own certificate first, in whichever order it came."""
    pair = certificates.client
    chain = read([certificates.authority_pem + pair.pem, pair.key_pem])
    assert chain.certificate == (pair.pem + certificates.authority_pem).decode()
    assert read([pkcs12(certificates)], passphrase=PASSPHRASE) == chain


@pytest.mark.parametrize(
    "ca_of",
    [lambda them: them.authority.pair.pem, lambda them: them.authority.pair.der],
    ids=["PEM", "DER"],
)
def test_own_ca_is_trusted_by_this_context_alone(
    certificates: Certificates, ca_of: Callable[[Certificates], bytes]
) -> None:
    """A CA file is taken in either form, and added to a context that nobody else uses."""
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
        (lambda them: [b"holiday picture"], "", "not_a_certificate"),
        (lambda them: [b""], "", "not_a_certificate"),
        (lambda them: [b"-----BEGIN CERTIFICATE-----\nx"], "", "not_a_certificate"),
        (lambda them: [b"-----BEGIN PRIVATE KEY-----\nx"], "", "not_a_certificate"),
        (lambda them: [them.client.pem], "", "no_private_key"),
        (lambda them: [them.client.key_pem], "", "no_certificate"),
        (
            lambda them: [them.client.pem, them.foreign.key_pem],
            "",
            "key_of_another_certificate",
        ),
        (lambda them: [them.client.encrypted_key_pem()], "", "wrong_passphrase"),
        (lambda them: [them.client.encrypted_key_pem()], "no", "wrong_passphrase"),
        (lambda them: [pkcs12(them)], "", "wrong_passphrase"),
        (lambda them: [pkcs12(them)], "no", "wrong_passphrase"),
        (
            lambda them: [them.expired.pem, them.expired.key_pem],
            "",
            "certificate_expired",
        ),
        (
            lambda them: [them.early.pem, them.early.key_pem],
            "",
            "certificate_not_yet_valid",
        ),
    ],
)
def test_each_mistake_has_its_own_message(
    certificates: Certificates, files: Files, passphrase: str, key: str
) -> None:
    """What is wrong with the files is named."""
    with pytest.raises(CertificateError) as caught:
        read(files(certificates), passphrase=passphrase)
    assert caught.value.key == key


@pytest.mark.parametrize("ca", [b"no", b"-----BEGIN CERTIFICATE-----\nx"])
def test_wrong_ca_is_named(certificates: Certificates, ca: bytes) -> None:
    """A CA file that is none is told apart from the rest."""
    files = [certificates.client.pem, certificates.client.key_pem]
    with pytest.raises(CertificateError) as caught:
        read(files, ca)
    assert caught.value.key == "not_a_ca"


def test_nothing_of_it_is_shown(certificates: Certificates) -> None:
    """A certificate that lands in a log line says nothing."""
    client = read([certificates.client.pem, certificates.client.key_pem])
    assert "PRIVATE" not in f"{client!r} {client}"
