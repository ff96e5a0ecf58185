"""The forms of a request to the webhook: what is accepted, and what is rejected."""

from collections import Counter
from collections.abc import Sequence
import json
import random
from typing import Any, cast

from aiohttp.web import Request
import pytest

from custom_components.stellantis_connect.api.models.messages import Message
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.vehicle import Vehicle
from custom_components.stellantis_connect.push.merge import (
    outdated_endpoints,
    read_message,
)
from custom_components.stellantis_connect.push.monitors import ENTERED
from custom_components.stellantis_connect.push.webhook import (
    MAX_SIZE,
    SECRET_HEADER,
    RejectedRequestError,
    async_read_messages,
)
from custom_components.stellantis_connect.push.zones import Zone
from homeassistant.util.aiohttp import MockRequest

SECRET = "the-secret"
ZONE = Zone("zone.home", 2.0, 48.0, 1)
SENT = [{"key": "secret", "value": SECRET}]
MESSAGE: dict[str, Any] = {
    "callbackId": "callback",
    "attributes": SENT,
    "type": "Monitor",
    "date": "2026-03-18T05:00:00Z",
    "monitorEvent": {
        "monitorId": "monitor",
        "values": [{"data": "vehicle.doorsState.opening", "value": {"type": "string"}}],
        "extensions": [
            {
                "type": "vehicle.status",
                "body": [
                    {
                        "status": {
                            "updatedAt": "2026-03-18T05:00:00Z",
                            "kinetic": {"moving": True},
                            "energies": [{"type": "Electric", "level": 50}],
                        }
                    }
                ],
            },
            {"type": "vehicle.alerts", "body": [{"alerts": [{"id": "1"}]}]},
            {
                "type": "vehicle.position",
                "body": [{"position": {"geometry": {"coordinates": [2.0, 48.0, 10]}}}],
            },
        ],
    },
    "remoteEvent": {
        "remoteActionId": "remote",
        "eventStatus": {"type": "Done", "status": "Success"},
    },
}
FORGED = {**MESSAGE, "attributes": [{"key": "secret", "value": "guessed"}]}


async def read(body: bytes, **headers: str) -> int:
    """Return how many messages of a request are accepted."""
    request = MockRequest(body, "test", "POST", headers=headers)
    return len(await async_read_messages(cast(Request, request), SECRET))


JSON = {"Content-Type": "application/json; charset=utf-8"}
WITH_SECRET = {**JSON, SECRET_HEADER: SECRET}


@pytest.mark.parametrize(
    ("content", "headers", "count"),
    [
        (MESSAGE, JSON, 1),
        (FORGED, WITH_SECRET, 1),
        ([MESSAGE] * 100, JSON, 100),
        ([{}], WITH_SECRET, 1),
    ],
    ids=["body", "header", "batch", "list"],
)
async def test_request_with_secret_is_accepted(
    content: object, headers: dict[str, str], count: int
) -> None:
    """The secret is in a header or, as in batches, in each body."""
    assert await read(json.dumps(content).encode(), **headers) == count


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (json.dumps(MESSAGE).encode(), {"Content-Type": "text/plain"}, 415),
        (json.dumps(MESSAGE).encode(), {}, 415),
        (json.dumps(FORGED).encode(), JSON, 401),
        (json.dumps([MESSAGE, FORGED]).encode(), JSON, 401),
        (json.dumps(MESSAGE).encode(), {**JSON, SECRET_HEADER: "guessed"}, 401),
        (json.dumps(MESSAGE).encode(), {**JSON, SECRET_HEADER: "é\udcff"}, 401),
        (b"{}", JSON, 401),
        (b'{"attributes": [1, {}, {"key": "secret", "value": 1}]}', JSON, 401),
        (json.dumps({"attributes": [{}] * 20 + SENT}).encode(), JSON, 401),
        (json.dumps([MESSAGE] * 101).encode(), WITH_SECRET, 400),
        (b"[]", WITH_SECRET, 400),
        (b"[[]]", WITH_SECRET, 400),
        (b'"text"', WITH_SECRET, 400),
        (json.dumps(MESSAGE).encode()[:-1], WITH_SECRET, 400),
        (b"[" * 100_000, WITH_SECRET, 400),
        (b"", WITH_SECRET, 400),
        (b" " * (MAX_SIZE + 1), WITH_SECRET, 413),
        (b"{}", {**WITH_SECRET, "Content-Length": "9" * 5000}, 413),
    ],
    ids=range(18),
)
async def test_request_of_another_form_is_rejected(
    body: bytes, headers: dict[str, str], status: int
) -> None:
    """Each has its status."""
    with pytest.raises(RejectedRequestError) as error:
        await read(body, **headers)
    assert error.value.status == status


VALUES: Sequence[Any] = (
    *(None, True, -1, 1e308, float("nan"), float("-inf"), 10**30, 10**400),
    *(
        "",
        "x" * 50,
        "\ud800",
        "\0",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
    ),
    *([], {}, [{}], [[[[{"a": [{}]}]]]]),
)
# In place of a piece of JSON.
PIECES = (
    *(b"1e999", b"-0", b"NaN", b"1E-400", b"9" * 5000, b"[" * 300, b'{"a":' * 300),
    *(b'"date":1,"date":[],', b'"attributes":null,', b'"\\u0000"', b"\xff\xfe", b"\0"),
)
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-7")


def mutated(value: Any, chance: random.Random) -> Any:
    """Return a JSON value with some parts replaced by others."""
    if chance.random() < 0.06:
        return chance.choice(VALUES)
    if isinstance(value, dict):
        return {key: mutated(one, chance) for key, one in value.items()}
    if isinstance(value, list):
        return [mutated(one, chance) for one in value] * chance.choice([1, 1, 1, 2])
    return value


def random_body(chance: random.Random) -> bytes:
    """Return a damaged message or a batch of them."""
    content: Any = mutated(MESSAGE, chance)
    if chance.random() < 0.3:
        content = [content, *(mutated(MESSAGE, chance) for _ in range(2))]
    body = json.dumps(content).encode(chance.choice(ENCODINGS), errors="surrogatepass")
    if chance.random() < 0.2:
        start = chance.randrange(len(body))
        end = start + chance.choice([0, 0, 1, 5, 50])
        body = body[:start] + chance.choice(PIECES) + body[end:]
    if chance.random() < 0.2:
        damaged = bytearray(body)
        for _ in range(chance.randrange(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        body = bytes(damaged[: chance.randrange(1, len(damaged) + 1)])
    return body


async def test_random_bodies_raise_nothing_else_and_log_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """10,000 damaged bodies, with the secret in a header or in the body, are read or rejected."""
    chance = random.Random(12)
    accepted: Counter[bool] = Counter()
    vehicle = Vehicle(id="1")
    for _ in range(10_000):
        has_header = chance.random() < 0.5
        headers = WITH_SECRET if has_header else JSON
        request = MockRequest(random_body(chance), "test", "POST", headers=headers)
        try:
            messages = await async_read_messages(cast(Request, request), SECRET)
        except RejectedRequestError:
            continue
        accepted[has_header] += len(messages)
        for raw in messages:
            message = Message.from_json(raw)
            read_message(message, vehicle, Status(), ENTERED, [ZONE])
            assert [*outdated_endpoints(message)] == []
    assert min(accepted.values()) > 1500
    assert not caplog.records
