"""Tests that tokens, secrets and certificates are sent to the platform's hosts only."""

from collections.abc import AsyncIterator
import gzip
from socket import AddressFamily
import tracemalloc
from typing import override

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
import pytest
from yarl import URL

from custom_components.stellantis_connect.api.client import StellantisClient
from custom_components.stellantis_connect.api.exceptions import (
    InvalidResponseError,
    NotFoundError,
    ServerError,
    StellantisError,
)
from custom_components.stellantis_connect.api.identity import IdentityProvider
from custom_components.stellantis_connect.api.models.brand import Hosts
from custom_components.stellantis_connect.api.transport import MAX_SIZE, Transport

from .fake_server import FakeServer, Handler, respond

EVIL = "https://evil.example/connectedcar/v4/user/vehicles/my-car/trips"
LINKS = [
    f"{EVIL}?pageToken=b&client_id=theirs",
    "//evil.example/trips?pageToken=b",
    "https://api.groupe-psa.com@evil.example/?pageToken=b",
    "https://evil.example:8443/?pageToken=b#https://api.groupe-psa.com/",
    "file:///etc/passwd?pageToken=b",
    "../../../../../../oauth2/access_token?pageToken=b",
]


class FakeResolver(AbstractResolver):
    """A resolver that records the hosts; the server of the tests has none."""

    def __init__(self) -> None:
        """Initialize the resolver."""
        self.hosts: list[str] = []

    @override
    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AddressFamily.AF_INET
    ) -> list[ResolveResult]:
        """Record a host."""
        self.hosts.append(host)
        raise OSError

    @override
    async def close(self) -> None:
        """Close the resolver."""


@pytest.fixture
def resolver() -> FakeResolver:
    """Return the resolver of the session."""
    return FakeResolver()


@pytest.fixture
async def session(resolver: FakeResolver) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session."""
    connector = aiohttp.TCPConnector(resolver=resolver)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield session


@pytest.mark.parametrize("link", LINKS)
async def test_link_to_another_host_is_requested_from_the_own_one(
    client: StellantisClient, server: FakeServer, resolver: FakeResolver, link: str
) -> None:
    """Its query is used for the own path, with the own client id."""
    links = {"next": {"href": link}, "wayPoints": {"href": EVIL}}
    page = {"_links": links, "_embedded": {"trips": [{"id": "a", "_links": links}]}}
    server.respond_with(respond(page), respond({"total": 0}))
    await client.get_trips("my-car")
    assert resolver.hosts == []
    first, second = server.requests
    assert second.path == first.path
    assert dict(second.query) == {"client_id": "my-id", "pageToken": "b"}


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
async def test_redirect_is_not_followed(
    client: StellantisClient,
    session: aiohttp.ClientSession,
    hosts: Hosts,
    server: FakeServer,
    resolver: FakeResolver,
    status: int,
) -> None:
    """Neither by the API nor by the identity provider."""
    server.respond_with(respond("", status, {"Location": EVIL}))
    with pytest.raises(ServerError):
        await client.get_status("my-car")
    provider = IdentityProvider(session, hosts, "my-id", "my-secret")
    for request in (provider.token({"code": "c"}), provider.revoke("token")):
        with pytest.raises(ServerError):
            await request
    assert resolver.hosts == []


@pytest.mark.parametrize(
    "url", [EVIL, "http://api.groupe-psa.com", "https://api.groupe-psa.com:444"]
)
async def test_url_of_another_host_is_refused(
    session: aiohttp.ClientSession, resolver: FakeResolver, url: str
) -> None:
    """The scheme and the port count as well."""
    transport = Transport(session, URL("https://api.groupe-psa.com"))
    with pytest.raises(ValueError):
        await transport.send("status", "GET", URL(url))
    assert resolver.hosts == []


@pytest.mark.parametrize("part", ["../../../../x", "//evil.example", "a?b#c", "a/b"])
async def test_id_with_a_path_stays_one_part_of_the_path(
    client: StellantisClient, server: FakeServer, resolver: FakeResolver, part: str
) -> None:
    """An id is what the platform, or an action, says it is."""
    server.respond_with(respond({"code": 40404}, 404))
    with pytest.raises(NotFoundError):
        await client.get_way_points("my-car", part)
    (request,) = server.requests
    *parents, trip, last = request.rel_url.raw_parts
    assert parents[-2:] == ["my-car", "trips"]
    assert "/" not in trip
    assert last == "wayPoints"
    assert resolver.hosts == []


def compressed(size: int) -> Handler:
    """Return a handler that sends a compressed body."""
    body = gzip.compress(b'{"a": "' + b" " * size + b'"}')

    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    return handler


async def test_large_compressed_body_is_not_read_to_its_end(
    client: StellantisClient, server: FakeServer
) -> None:
    """It is cut at the size limit of the resource."""
    server.respond_with(compressed(100 * MAX_SIZE))
    tracemalloc.start()
    try:
        with pytest.raises(InvalidResponseError):
            await client.get_status("my-car")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 32 * MAX_SIZE


@pytest.mark.parametrize(
    ("resource", "size", "is_read"),
    [
        ("status", MAX_SIZE // 2, True),
        ("status", MAX_SIZE, False),
        ("telemetry", MAX_SIZE, True),
        ("telemetry", 8 * MAX_SIZE, False),
    ],
)
async def test_body_within_the_size_limit_of_its_resource_is_read(
    session: aiohttp.ClientSession,
    hosts: Hosts,
    server: FakeServer,
    resource: str,
    size: int,
    is_read: bool,
) -> None:
    """Pages of messages are larger than anything else."""
    server.respond_with(compressed(size))
    transport = Transport(session, hosts.api_url.origin())
    request = transport.send(resource, "GET", hosts.api_url)
    if is_read:
        assert len((await request).body) > size
    else:
        with pytest.raises(InvalidResponseError):
            await request


@pytest.mark.parametrize(
    "code",
    ["4" * 5000, f'"{"4" * 5000}"', "4.04e4", "1e400", "true", "[404]"],
    ids=["digits", "text", "float", "infinite", "boolean", "list"],
)
@pytest.mark.parametrize("status", [200, 404])
async def test_error_with_an_absurd_code_has_none(
    client: StellantisClient, server: FakeServer, status: int, code: str
) -> None:
    """The HTTP status decides."""
    server.respond_with(respond(f'{{"code": {code}}}', status))
    if status == 200:
        assert (await client.get_status("my-car")).updated_at is None
        return
    with pytest.raises(StellantisError) as caught:
        await client.get_status("my-car")
    assert caught.value.code is None
