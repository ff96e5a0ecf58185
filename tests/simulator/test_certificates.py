"""TLS with client certificates."""

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
    """Return a simulator with TLS, too."""
    simulator = Simulator(history=timedelta(days=1))
    await simulator.start(tls_port=0)
    yield simulator
    await simulator.stop()


def client_context(
    simulator: Simulator, pair: Pair | None, directory: Path
) -> ssl.SSLContext:
    """Return the TLS context of a strict client."""
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
    """Return the status of a token request over TLS."""
    url = f"{simulator.tls_url}/_sim/token"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json={"brand": "opel"}, ssl=context) as response,
    ):
        return response.status


@pytest.mark.parametrize("name", ["client", "expiring"])
async def test_valid_certificate_is_accepted(
    tls_simulator: Simulator, tmp_path: Path, name: str
) -> None:
    """The verification is strict."""
    pair = getattr(tls_simulator.certificates, name)
    assert (
        await status(tls_simulator, client_context(tls_simulator, pair, tmp_path))
        == 200
    )


@pytest.mark.parametrize("name", [None, "expired", "early", "foreign"])
async def test_missing_or_invalid_certificate_is_refused(
    tls_simulator: Simulator, tmp_path: Path, name: str | None
) -> None:
    """The connection is closed."""
    pair = getattr(tls_simulator.certificates, name) if name else None
    with pytest.raises(aiohttp.ClientError):
        await status(tls_simulator, client_context(tls_simulator, pair, tmp_path))


async def test_host_without_client_certificates_is_available(
    tls_simulator: Simulator,
) -> None:
    """It accepts the same requests."""
    async with (
        aiohttp.ClientSession(tls_simulator.url) as session,
        session.post("/_sim/token", json={"brand": "opel"}) as response,
    ):
        assert response.status == 200


def test_certificate_files_contain_the_same_certificate_and_key(
    certificates: Certificates, tmp_path: Path
) -> None:
    """The passphrase decrypts the encrypted files, which only their owner can read."""
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


def test_certificates_at_a_simulated_time_are_valid() -> None:
    """The expiring certificate is valid for ten more days."""
    certificates = Certificates(START)
    client = certificates.client.certificate
    assert client.not_valid_before_utc < START < client.not_valid_after_utc
    assert client.not_valid_after_utc > system_time()
    left = certificates.expiring.certificate.not_valid_after_utc - START
    assert left == timedelta(days=10)
    assert certificates.expired.certificate.not_valid_after_utc < START
    assert certificates.early.certificate.not_valid_before_utc > START
