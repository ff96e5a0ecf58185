"""Tests of one exchange: certificates, hosts and sizes."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
import ipaddress
from pathlib import Path
import ssl

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
import pytest

from custom_components.stellantis_connect.api.client import StellantisClient
from custom_components.stellantis_connect.api.exceptions import (
    CertificateRejectedError,
    ServerError,
    UntrustedServerError,
)
from custom_components.stellantis_connect.api.models.brand import Hosts
from custom_components.stellantis_connect.api.rate_limit import RateLimiter

from .fake_server import (
    FakeClock,
    FakeServer,
    FakeTokens,
    ServerHosts,
    close_connection,
    respond,
)
from .recorded import load

STATUS = load("psa_ccc-status-bev-2023-04")

type Connect = Callable[[ssl.SSLContext], StellantisClient]


class Authority:
    """A certificate authority."""

    def __init__(self, folder: Path, name: str) -> None:
        """Initialize the authority with its own certificate."""
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        certificate = self._certificate(
            self._name,
            self._key.public_key(),
            x509.BasicConstraints(ca=True, path_length=0),
        )
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str) -> Path:
        """Return the file of a certificate for the loopback address, and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certificate(
            _name(name),
            key.public_key(),
            x509.BasicConstraints(ca=False, path_length=None),
        )
        file = self._folder / f"{name}.pem"
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return file

    def _certificate(
        self,
        subject: x509.Name,
        public_key: ec.EllipticCurvePublicKey,
        constraints: x509.BasicConstraints,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        own_key = self._key.public_key()
        return (
            x509.CertificateBuilder(
                issuer_name=self._name,
                subject_name=subject,
                public_key=public_key,
                serial_number=x509.random_serial_number(),
                not_valid_before=now - timedelta(days=1),
                not_valid_after=now + timedelta(days=1),
            )
            .add_extension(constraints, critical=True)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True,
                    key_cert_sign=constraints.ca,
                    crl_sign=constraints.ca,
                    content_commitment=False,
                    key_encipherment=False,
                    data_encipherment=False,
                    key_agreement=False,
                    encipher_only=False,
                    decipher_only=False,
                ),
                critical=True,
            )
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(own_key),
                critical=False,
            )
            .add_extension(
                x509.SubjectAlternativeName(
                    [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
                ),
                critical=False,
            )
            .sign(self._key, hashes.SHA256())
        )


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Return the platform's certificate authority."""
    return Authority(tmp_path, "authority")


@pytest.fixture
def trust(authority: Authority) -> ssl.SSLContext:
    """Return a context that trusts the server, without a client certificate."""
    return ssl.create_default_context(cafile=authority.file)


@pytest.fixture
async def connect(
    authority: Authority, server: FakeServer, session: aiohttp.ClientSession
) -> AsyncIterator[Connect]:
    """Return a function that creates clients of a server that requires client certificates."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(authority.issue("server"))
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.handle)
    server.respond_with(respond(STATUS))

    test_server = TestServer(application)
    clock = FakeClock()
    await test_server.start_server(ssl=context)
    hosts = ServerHosts(server=test_server.make_url("/"), certificate=True)
    yield lambda ssl_context: StellantisClient(
        session,
        FakeTokens("token"),
        hosts,
        "my-id",
        rate_limiter=RateLimiter(clock),
        ssl_context=ssl_context,
        clock=clock,
    )
    await test_server.close()


async def test_client_certificate_is_presented(
    connect: Connect, trust: ssl.SSLContext, authority: Authority
) -> None:
    """The server accepts it."""
    trust.load_cert_chain(authority.issue("client"))
    assert (await connect(trust).get_status("my-car")).electric


async def test_missing_certificate_raises_certificate_rejected(
    connect: Connect, trust: ssl.SSLContext
) -> None:
    """The server sends an alert or closes the connection."""
    with pytest.raises(CertificateRejectedError):
        await connect(trust).get_status("my-car")


async def test_unknown_certificate_raises_certificate_rejected(
    connect: Connect, trust: ssl.SSLContext, tmp_path: Path
) -> None:
    """Another authority issued it."""
    (tmp_path / "other").mkdir()
    trust.load_cert_chain(Authority(tmp_path / "other", "other").issue("client"))
    with pytest.raises(CertificateRejectedError):
        await connect(trust).get_status("my-car")


async def test_untrusted_server_raises_untrusted_server(connect: Connect) -> None:
    """The system trusts another authority."""
    with pytest.raises(UntrustedServerError):
        await connect(ssl.create_default_context()).get_status("my-car")


async def test_connection_closed_after_a_response_raises_server_error(
    connect: Connect, trust: ssl.SSLContext, authority: Authority, server: FakeServer
) -> None:
    """The certificate was accepted before."""
    trust.load_cert_chain(authority.issue("client"))
    client = connect(trust)
    await client.get_status("my-car")
    server.respond_with(close_connection)
    with pytest.raises(ServerError):
        await client.get_status("my-car")


async def test_connection_closed_without_certificates_raises_server_error(
    client: StellantisClient, hosts: Hosts, server: FakeServer
) -> None:
    """The host requires no client certificate."""
    server.respond_with(close_connection)
    with pytest.raises(ServerError):
        await client.get_status("my-car")
