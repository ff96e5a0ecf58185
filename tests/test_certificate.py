"""Reading a client certificate out of what people upload."""

from collections.abc import Callable
from datetime import timedelta
import ssl

from cryptography.hazmat.primitives.serialization import Encoding
import pytest

from custom_components.stellantis_connect.certificate import (
    CertificateError,
    ClientCertificate,
    read_client_certificate,
)
from homeassistant.util import dt as dt_util

from .certificates import PASSPHRASE, Pair, make_pair

DAY = timedelta(days=1)


def read(
    *files: bytes, ca: bytes | None = None, passphrase: str = ""
) -> ClientCertificate:
    """Read uploaded files now."""
    return read_client_certificate(files, ca, passphrase, dt_util.utcnow())


@pytest.mark.parametrize(
    ("files_of", "passphrase"),
    [
        (lambda pair: [pair.certificate_file(), pair.key_file()], ""),
        (lambda pair: [pair.key_file(), pair.certificate_file()], ""),
        (lambda pair: [pair.certificate_file() + pair.key_file()], ""),
        (lambda pair: [pair.key_file() + pair.certificate_file()], ""),
        (
            lambda pair: [
                pair.certificate_file(),
                pair.key_file(passphrase=PASSPHRASE),
            ],
            PASSPHRASE,
        ),
        (
            lambda pair: [
                pair.certificate_file(Encoding.DER),
                pair.key_file(Encoding.DER),
            ],
            "",
        ),
        (
            lambda pair: [
                pair.certificate_file(Encoding.DER),
                pair.key_file(Encoding.DER, PASSPHRASE),
            ],
            PASSPHRASE,
        ),
        (lambda pair: [pair.pkcs12_file()], ""),
        (lambda pair: [pair.pkcs12_file(PASSPHRASE)], PASSPHRASE),
        (lambda pair: [pair.certificate_file(), pair.key_file()], "a needless one"),
    ],
    ids=[
        "two PEM files",
        "two PEM files, swapped",
        "one PEM file",
        "one PEM file, key first",
        "PEM, key with passphrase",
        "two DER files",
        "DER, key with passphrase",
        "PKCS#12",
        "PKCS#12 with passphrase",
        "needless passphrase",
    ],
)
def test_every_form_gives_the_same(
    files_of: Callable[[Pair], list[bytes]], passphrase: str
) -> None:
    """Whatever the form, a pair comes out whose key needs no passphrase, fit for TLS."""
    pair = make_pair()
    read_pair = read(*files_of(pair), passphrase=passphrase)
    assert read_pair.certificate == pair.certificate_file().decode()
    assert read_pair.private_key == pair.key_file().decode()
    assert read_pair.expires == pair.certificate.not_valid_after_utc
    assert isinstance(read_pair.ssl_context(), ssl.SSLContext)


def test_chain_follows_the_certificate() -> None:
    """Servers want the client's own certificate first."""
    pair, issuer = make_pair(), make_pair()
    chain = read(issuer.certificate_file() + pair.certificate_file(), pair.key_file())
    assert (
        chain.certificate
        == (pair.certificate_file() + issuer.certificate_file()).decode()
    )


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_own_ca_is_trusted_by_this_context_alone(encoding: Encoding) -> None:
    """A CA file is taken in either form, and added to a context that nobody else uses."""
    pair, ca = make_pair(), make_pair()
    certificate = read(pair.pkcs12_file(), ca=ca.certificate_file(encoding))
    assert certificate.ca == ca.certificate_file().decode()
    with_ca = certificate.ssl_context()
    without = ClientCertificate(certificate.certificate, certificate.private_key)
    assert (
        with_ca.cert_store_stats()["x509"]
        == without.ssl_context().cert_store_stats()["x509"] + 1
    )


class TestRefusals:
    """Each mistake has its own message."""

    @pytest.mark.parametrize(
        ("files", "passphrase", "key"),
        [
            ([b"holiday picture"], "", "not_a_certificate"),
            ([b""], "", "not_a_certificate"),
            (
                [b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"],
                "",
                "not_a_certificate",
            ),
            (
                [b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"],
                "",
                "not_a_certificate",
            ),
            ([make_pair().certificate_file()], "", "no_private_key"),
            ([make_pair().key_file()], "", "no_certificate"),
            (
                [make_pair().certificate_file(), make_pair().key_file()],
                "",
                "key_of_another_certificate",
            ),
            ([make_pair().key_file(passphrase=PASSPHRASE)], "", "wrong_passphrase"),
            ([make_pair().key_file(passphrase=PASSPHRASE)], "no", "wrong_passphrase"),
            ([make_pair().pkcs12_file(PASSPHRASE)], "", "wrong_passphrase"),
            ([make_pair().pkcs12_file(PASSPHRASE)], "no", "wrong_passphrase"),
            (
                [make_pair().key_file(Encoding.DER, PASSPHRASE)],
                "no",
                "wrong_passphrase",
            ),
        ],
    )
    def test_files(self, files: list[bytes], passphrase: str, key: str) -> None:
        """What is wrong with the files is named."""
        with pytest.raises(CertificateError) as caught:
            read(*files, passphrase=passphrase)
        assert caught.value.key == key

    @pytest.mark.parametrize(
        ("begins", "ends", "key"),
        [(-2, -1, "certificate_expired"), (1, 2, "certificate_not_yet_valid")],
    )
    def test_dates(self, begins: int, ends: int, key: str) -> None:
        """What is wrong with the dates is named."""
        now = dt_util.utcnow()
        pair = make_pair(now + begins * DAY, now + ends * DAY)
        with pytest.raises(CertificateError) as caught:
            read(pair.pkcs12_file())
        assert caught.value.key == key

    @pytest.mark.parametrize("ca", [b"no", b"-----BEGIN CERTIFICATE-----\nx"])
    def test_ca(self, ca: bytes) -> None:
        """A CA file that is none is named."""
        with pytest.raises(CertificateError) as caught:
            read(make_pair().pkcs12_file(), ca=ca)
        assert caught.value.key == "not_a_ca"


def test_nothing_of_it_is_shown() -> None:
    """A certificate that lands in a log line says nothing."""
    certificate = read(make_pair().pkcs12_file())
    assert "PRIVATE" not in f"{certificate!r} {certificate}"
