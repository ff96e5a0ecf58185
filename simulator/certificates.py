"""A certificate authority, and the client certificates that it issues.

The certificates satisfy a strict verification (RFC 5280: key usage, key identifiers), which Python 3.13 and
later make by default.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
import ssl
import tempfile
import time

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSPHRASE = "simulated-passphrase"
DAY = timedelta(days=1)
YEAR = 365 * DAY
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def system_time() -> datetime:
    """Return the time that TLS verifies with, which no test can hold still."""
    return datetime.fromtimestamp(time.clock_gettime(time.CLOCK_REALTIME), UTC)


@dataclass(frozen=True)
class Pair:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """Return the certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        """Return the certificate as DER."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def key_pem(self) -> bytes:
        """Return the key as PEM, unencrypted."""
        return self._key(Encoding.PEM)

    @property
    def key_der(self) -> bytes:
        """Return the key as DER, unencrypted."""
        return self._key(Encoding.DER)

    def encrypted_key_pem(self, passphrase: str = PASSPHRASE) -> bytes:
        """Return the key as PEM behind a passphrase."""
        return self._key(Encoding.PEM, passphrase)

    def pkcs12(
        self, authority: x509.Certificate, passphrase: str = PASSPHRASE
    ) -> bytes:
        """Return certificate, key and authority in one file behind a passphrase."""
        encryption = BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(
            b"client", self.key, self.certificate, [authority], encryption
        )

    def _key(self, encoding: Encoding, passphrase: str | None = None) -> bytes:
        encryption = (
            BestAvailableEncryption(passphrase.encode())
            if passphrase
            else NoEncryption()
        )
        return self.key.private_bytes(encoding, PrivateFormat.PKCS8, encryption)


class Authority:
    """A certificate authority."""

    def __init__(
        self, since: datetime, until: datetime, common_name: str = "Simulated Authority"
    ) -> None:
        """Initialize the authority with its certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        builder = (
            _builder(name, name, key.public_key(), since, until)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()),
                critical=False,
            )
        )
        self.pair = Pair(builder.sign(key, SHA256()), key)

    def issue(
        self,
        common_name: str,
        since: datetime,
        until: datetime,
        hosts: Iterable[str] = (),
    ) -> Pair:
        """Return a client's certificate, or, with hosts, a server's."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(
                    NameOID.ORGANIZATIONAL_UNIT_NAME, "Programs Partners"
                ),
                x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            ]
        )
        names = [_general_name(host) for host in hosts]
        usage = (
            ExtendedKeyUsageOID.SERVER_AUTH
            if names
            else ExtendedKeyUsageOID.CLIENT_AUTH
        )
        issuer = self.pair.certificate
        builder = (
            _builder(subject, issuer.subject, key.public_key(), since, until)
            .add_extension(
                x509.BasicConstraints(ca=False, path_length=None), critical=True
            )
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    self.pair.key.public_key()
                ),
                critical=False,
            )
        )
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName(names), critical=False
            )
        return Pair(builder.sign(self.pair.key, SHA256()), key)


class Certificates:
    """Client certificates of an application, valid and invalid ones."""

    def __init__(self, now: datetime) -> None:
        """Initialize authorities whose certificates are valid at a simulated and at the real present."""
        self._since = min(now, system_time()) - DAY
        self._until = max(now, system_time()) + YEAR
        self._present = now
        self.authority = Authority(self._since - 2 * YEAR, self._until + YEAR)
        self._foreign = Authority(self._since, self._until, "Foreign Authority")

    def issue(self, since: datetime, until: datetime) -> Pair:
        """Return a client certificate of any life."""
        return self.authority.issue("MZPSIM00", since, until)

    @cached_property
    def client(self) -> Pair:
        """Return the application's certificate."""
        return self.issue(self._since, self._until)

    @cached_property
    def expiring(self) -> Pair:
        """Return a certificate that expires in ten days."""
        return self.issue(self._since, self._present + 10 * DAY)

    @cached_property
    def expired(self) -> Pair:
        """Return an expired certificate."""
        return self.issue(self._since - YEAR, self._since)

    @cached_property
    def early(self) -> Pair:
        """Return a certificate that is not valid yet."""
        return self.issue(self._until, self._until + YEAR)

    @cached_property
    def foreign(self) -> Pair:
        """Return a certificate of an unknown authority."""
        return self._foreign.issue("MZPSIM00", self._since, self._until)

    @property
    def authority_pem(self) -> bytes:
        """Return the authority's certificate as PEM."""
        return self.authority.pair.pem

    def files(self) -> Mapping[str, bytes]:
        """Return the contents of the set's files by their names."""
        client, authority = self.client, self.authority.pair.certificate
        files = {
            "ca.pem": self.authority_pem,
            "client-both.pem": client.pem + client.key_pem,
            "client.der": client.der,
            "client-key.der": client.key_der,
            "client-key-encrypted.pem": client.encrypted_key_pem(),
            "client.p12": client.pkcs12(authority),
            "passphrase.txt": PASSPHRASE.encode(),
        }
        for name in ("client", "expiring", "expired", "early", "foreign"):
            pair: Pair = getattr(self, name)
            files |= {f"{name}.pem": pair.pem, f"{name}-key.pem": pair.key_pem}
        return files

    def write(self, directory: Path) -> None:
        """Write the certificates, readable by their owner alone."""
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in self.files().items():
            path = directory / name
            path.touch(mode=0o600)
            path.write_bytes(content)

    def server_context(self, host: str) -> ssl.SSLContext:
        """Return what a server needs that takes only clients with a certificate."""
        pair = self.authority.issue(
            "simulator", self._since, self._until, {*LOCAL_HOSTS, host}
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=self.authority_pem.decode())
        with tempfile.NamedTemporaryFile() as file:
            file.write(pair.pem + pair.key_pem)
            file.flush()
            context.load_cert_chain(file.name)
        return context


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    since: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
