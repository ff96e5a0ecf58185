"""TLS with client certificates: who is let in."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
import ssl

import aiohttp
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate
import pytest

from simulator import Simulator
from simulator.certificates import PASSPHRASE, Certificates, Pair, system_time

from .conftest import START


@pytest.fixture(scope="module")
def certificates() -> Certificates:
    """Return a set of certificates."""
    return Certificates(system_time())


@pytest.fixture
async def tls_simulator(socket_enabled: None) -> AsyncIterator[Simulator]:
    """Return a simulator that listens with TLS too."""
    simulator = Simulator(history=timedelta(days=1))
    await simulator.start(tls_port=0)
    yield simulator
    await simulator.stop()


def client_context(
    simulator: Simulator, pair: Pair | None, directory: Path
) -> ssl.SSLContext:
    """Return a strict client's context."""
    context = ssl.create_default_context(
        cadata=simulator.certificates.authority_pem.decode()
    )
    assert context.verify_flags & ssl.VERIFY_X509_STRICT
    if pair:
        file = directory / "pair.pem"
        file.write_bytes(pair.pem + pair.key_pem)
        context.load_cert_chain(file)
    return context


async def status(simulator: Simulator, context: ssl.SSLContext) -> int:
    """Ask for a token over TLS."""
    url = f"{simulator.tls_url}/_sim/token"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json={"brand": "opel"}, ssl=context) as answer,
    ):
        return answer.status


@pytest.mark.parametrize("name", ["client", "expiring"])
async def test_good_certificate_opens(
    tls_simulator: Simulator, tmp_path: Path, name: str
) -> None:
    """A certificate of the authority, within its dates, is let in by the strictest verification."""
    pair = getattr(tls_simulator.certificates, name)
    assert (
        await status(tls_simulator, client_context(tls_simulator, pair, tmp_path))
        == 200
    )


@pytest.mark.parametrize("name", [None, "expired", "early", "foreign"])
async def test_bad_certificate_does_not(
    tls_simulator: Simulator, tmp_path: Path, name: str | None
) -> None:
    """No certificate, one out of its dates, or a stranger's ends the connection."""
    pair = getattr(tls_simulator.certificates, name) if name else None
    with pytest.raises(aiohttp.ClientError):
        await status(tls_simulator, client_context(tls_simulator, pair, tmp_path))


async def test_plain_port_stays_open(tls_simulator: Simulator) -> None:
    """The host without client certificates serves the same platform."""
    async with (
        aiohttp.ClientSession(tls_simulator.url) as session,
        session.post("/_sim/token", json={"brand": "opel"}) as answer,
    ):
        assert answer.status == 200


def test_every_file_holds_what_its_name_says(
    certificates: Certificates, tmp_path: Path
) -> None:
    """PEM, DER and PKCS#12 hold one certificate with its key; the passphrase opens what is closed."""
    certificates.write(tmp_path)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    passphrase = files["passphrase.txt"]
    assert passphrase == PASSPHRASE.encode()
    certificate = load_pem_x509_certificate(files["client.pem"])
    assert load_der_x509_certificate(files["client.der"]) == certificate
    assert files["client-both.pem"] == files["client.pem"] + files["client-key.pem"]
    keys = [
        load_pem_private_key(files["client-key.pem"], None),
        load_der_private_key(files["client-key.der"], None),
        load_pem_private_key(files["client-key-encrypted.pem"], passphrase),
    ]
    assert all(key.public_key() == certificate.public_key() for key in keys)
    key, packed, (authority,) = pkcs12.load_key_and_certificates(
        files["client.p12"], passphrase
    )
    assert key is not None
    assert key.public_key() == certificate.public_key()
    assert packed == certificate
    assert authority == load_pem_x509_certificate(files["ca.pem"])
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_certificates_fit_a_simulated_present() -> None:
    """At a simulated present the good certificate is good, and the expiring one expires soon."""
    certificates = Certificates(START)
    client = certificates.client.certificate
    assert client.not_valid_before_utc < START < client.not_valid_after_utc
    assert client.not_valid_after_utc > system_time()
    left = certificates.expiring.certificate.not_valid_after_utc - START
    assert left == timedelta(days=10)
    assert certificates.expired.certificate.not_valid_after_utc < START
    assert certificates.early.certificate.not_valid_before_utc > START
