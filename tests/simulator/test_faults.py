"""The faults that can be added to requests."""

import asyncio
from datetime import timedelta
import json
import math
from typing import Any

import aiohttp
import pytest

from .client import Client
from .test_identity_provider import REALM, code_form, decide, request, token


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (
            {"status": 500, "code": 50038, "message": "CVS error/user-vins"},
            {"code": 50038},
        ),
        ({"status": 404, "code": 40400}, {"code": 40400}),
        (
            {"status": 401, "form": "gateway", "message": "Not registered to plan"},
            {"httpCode": "401"},
        ),
        (
            {"status": 400, "form": "oauth", "message": "invalid_grant"},
            {"error": "invalid_grant"},
        ),
    ],
)
async def test_error_fault_has_the_requested_status_and_form(
    client: Client, fault: dict[str, object], expected: dict[str, object]
) -> None:
    """The next request succeeds."""
    await client.fault(kind="error", **fault)
    response = await client.call("GET", "/user")
    assert response.status == fault["status"]
    assert expected.items() <= response.body.items()
    assert (await client.call("GET", "/user")).status == 200


async def test_error_fault_of_a_proxy_has_html_and_headers(client: Client) -> None:
    """Retry-After can have any value."""
    await client.fault(
        kind="error", status=502, form="html", headers={"Retry-After": "soon"}
    )
    async with client.session.get("/connectedcar/v4/user") as response:
        assert response.status == 502
        assert response.content_type == "text/html"
        assert response.headers["Retry-After"] == "soon"


@pytest.mark.parametrize(
    ("match", "strikes"),
    [
        ({"path": "*/status"}, True),
        ({"path": "*/trips*"}, False),
        ({"method": "GET"}, True),
        ({"method": "POST"}, False),
        ({"brand": "peugeot"}, True),
        ({"brand": "opel"}, False),
        ({"times": 0}, False),
    ],
)
async def test_fault_applies_to_matching_requests_only(
    client: Client, match: dict[str, object], strikes: bool
) -> None:
    """Method, path, brand, and count are matched."""
    path = f"{await client.car()}/status"
    await client.fault(kind="error", status=503, **match)
    assert ((await client.call("GET", path)).status == 503) is strikes


async def test_fault_applies_until_its_count_or_its_deletion(client: Client) -> None:
    """Faults are listed with their remaining count."""
    await client.fault(kind="error", times=2)
    await client.fault(kind="error", path="*/user", times=None)
    assert [(await client.call("GET", "/user/vehicles")).status for _ in range(3)] == [
        500,
        500,
        200,
    ]
    assert (await client.call("GET", "/user")).status == 500
    async with client.session.get("/_sim/faults") as response:
        listed = (await response.json())["faults"]
    assert [fault["times"] for fault in listed] == [0, None]
    async with client.session.delete("/_sim/faults", params={"id": listed[1]["id"]}):
        assert (await client.call("GET", "/user")).status == 200
    async with client.session.delete("/_sim/faults") as response:
        assert response.status == 204


TWICE = 2
"""How often a request must be dropped: aiohttp retries it once."""


@pytest.mark.parametrize(("kind", "counted"), [("drop", 0), ("drop_after", TWICE)])
async def test_drop_fault_closes_the_connection_before_or_after_the_effect(
    client: Client, kind: str, counted: int
) -> None:
    """The quota shows whether the request had an effect."""
    limits = client.simulator.backend.quota.limits
    await client.fault(kind=kind, times=TWICE)
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.call("GET", "/user")
    headers = client.simulator.backend.quota.headers()
    assert int(headers["X-RateLimit-Remaining-1"]) == limits.per_day - counted
    statuses = [entry.status for entry in client.simulator.backend.log]
    assert statuses == [None] * TWICE


async def test_lost_response_of_token_refresh_invalidates_the_token(
    client: Client,
) -> None:
    """The new refresh token is lost."""
    session = client.session
    _, first = await token(
        session, code_form((await decide(session, request()))["code"])
    )
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    await client.fault(kind="drop_after", path="*/access_token")
    with pytest.raises(aiohttp.ClientConnectionError):
        await token(session, form, query=REALM)
    assert (await token(session, form, query=REALM))[1]["error"] == "invalid_grant"


async def test_lost_request_of_token_refresh_keeps_the_token(client: Client) -> None:
    """The refresh token is valid."""
    session = client.session
    _, first = await token(
        session, code_form((await decide(session, request()))["code"])
    )
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    await client.fault(kind="drop", path="*/access_token")
    with pytest.raises(aiohttp.ClientConnectionError):
        await token(session, form, query=REALM)
    assert (await token(session, form, query=REALM))[0] == 200


async def test_delay_fault_delays_its_own_request_only(client: Client) -> None:
    """The control interface responds meanwhile."""
    await client.fault(kind="delay", seconds=3600)
    slow = asyncio.ensure_future(client.call("GET", "/user"))
    async with client.session.get("/_sim/log") as response:
        assert response.status == 200
    assert not slow.done()
    async with client.session.delete("/_sim/faults"):
        assert (await slow).status == 200


async def test_delay_after_fault_delays_the_response(client: Client) -> None:
    """The refresh token is invalid already."""
    session = client.session
    _, first = await token(
        session, code_form((await decide(session, request()))["code"])
    )
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    await client.fault(kind="delay_after", seconds=0.01)
    assert (await token(session, form, query=REALM))[0] == 200
    await client.fault(kind="delay", seconds=0.01)
    assert (await token(session, form, query=REALM))[0] == 400


async def test_truncate_fault_returns_invalid_json(client: Client) -> None:
    """The body ends in the middle."""
    await client.fault(kind="truncate")
    with pytest.raises(json.JSONDecodeError):
        await client.call("GET", "/user")


async def test_mistype_fault_changes_types_of_values(client: Client) -> None:
    """Those of one key or of all."""
    path = f"{await client.car()}/status"
    whole = await client.get(path)
    await client.fault(kind="mistype", key="energies")
    partly = await client.get(path)
    assert {name for name in whole if whole[name] != partly[name]} == {"energies"}
    await client.fault(kind="mistype")
    _differs(whole, await client.get(path))


def _differs(right: Any, wrong: Any) -> None:
    """Check that two bodies have one shape and no leaf of the same type."""
    if isinstance(right, dict):
        for name, value in right.items():
            _differs(value, wrong[name])
    elif isinstance(right, list):
        for one, other in zip(right, wrong, strict=True):
            _differs(one, other)
    else:
        assert type(right) is not type(wrong)


async def test_empty_fault_removes_items_of_a_collection(client: Client) -> None:
    """Other responses are unchanged."""
    await client.fault(kind="empty")
    page = await client.get("/user/vehicles")
    assert (page["_embedded"]["vehicles"], page["total"]) == ([], 0)
    await client.fault(kind="empty")
    assert await client.get(f"{await client.car()}/maintenance")


async def test_several_faults_apply_to_one_request(client: Client) -> None:
    """The first one is the outermost."""
    await client.fault(kind="drop_after", times=TWICE)
    await client.fault(kind="error", status=500, times=TWICE)
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.call("GET", "/user")
    assert (await client.call("GET", "/user")).status == 200


@pytest.mark.parametrize("brand", [{}, {"brand": "peugeot"}])
async def test_expire_tokens_fault_invalidates_access_tokens(
    client: Client, brand: dict[str, str]
) -> None:
    """Refresh tokens stay valid."""
    session = client.session
    _, first = await token(
        session, code_form((await decide(session, request()))["code"])
    )
    await client.fault(kind="expire_tokens", **brand)
    assert (await client.call("GET", "/user")).status == 401
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    assert (await token(session, form, query=REALM))[0] == 200


async def test_revoke_tokens_fault_invalidates_all_tokens_of_a_brand(
    client: Client,
) -> None:
    """Those of another brand stay valid."""
    session = client.session
    _, first = await token(
        session, code_form((await decide(session, request()))["code"])
    )
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    await client.fault(kind="revoke_tokens", brand="opel")
    assert (await client.call("GET", "/user")).status == 200
    await client.fault(kind="revoke_tokens", brand="peugeot")
    assert (await client.call("GET", "/user")).status == 401
    assert (await token(session, form, query=REALM))[0] == 400


async def test_withdraw_scopes_fault_removes_scopes_until_its_deletion(
    client: Client,
) -> None:
    """The API and token responses lack them."""
    path = f"{await client.car()}/trips"
    await client.fault(kind="withdraw_scopes", scopes=["data:trip"], times=None)
    assert (await client.call("GET", path)).status == 403
    async with client.session.post(
        "/_sim/token", json={"brand": "peugeot"}
    ) as response:
        assert "data:trip" not in (await response.json())["scope"]
    async with client.session.delete("/_sim/faults"):
        assert (await client.call("GET", path)).status == 200


async def test_stale_data_fault_returns_older_status(client: Client) -> None:
    """The next response is current."""
    path = f"{await client.car()}/status"
    await client.patch(path.removesuffix("/status"), odometer=50_000)
    client.simulator.clock.advance(timedelta(minutes=5))
    await client.patch(path.removesuffix("/status"), odometer=50_001)
    await client.fault(kind="stale_data", seconds=60, path="*/status")
    responses = [await client.get(path) for _ in range(2)]
    assert [one["odometer"]["mileage"] for one in responses] == [50_000, 50_001]
    assert responses[0]["createdAt"] < responses[1]["createdAt"]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "earthquake"},
        {"kind": "error", "status": "bad"},
        {"kind": "drop", "where": "here"},
        [],
    ],
)
async def test_invalid_fault_is_refused(client: Client, fault: object) -> None:
    """The response is a 400."""
    async with client.session.post("/_sim/faults", json=fault) as response:
        assert response.status == 400


async def test_hold_lasts_until_the_fault_is_deleted(client: Client) -> None:
    """A held request is handled when the fault is deleted, not before."""
    held = await client.fault(kind="hold", path="*/user")
    pending = asyncio.ensure_future(client.call("GET", "/user"))
    assert (await client.call("GET", "/user/vehicles")).status == 200
    assert not pending.done()
    async with client.session.delete("/_sim/faults", params={"id": held}):
        assert (await pending).status == 200


@pytest.mark.parametrize("value", [None, math.nan, 10**400, [1, 2], "text"])
async def test_set_value_replaces_each_field_of_a_name(
    client: Client, value: object
) -> None:
    """A field has any value that is wanted, those that JSON does not allow included."""
    path = f"{await client.car()}/status"
    await client.fault(kind="set_value", key="mileage", value=value)
    odometer = (await client.get(path))["odometer"]
    assert repr(odometer["mileage"]) == repr(value)


async def test_remove_leaves_a_field_out(client: Client) -> None:
    """A response lacks the field."""
    path = f"{await client.car()}/status"
    await client.fault(kind="remove", key="odometer")
    assert "odometer" not in await client.get(path)
    assert "odometer" in await client.get(path)


async def test_links_lead_to_another_host(client: Client) -> None:
    """All addresses of a response, and one more link, lead elsewhere."""
    await client.fault(kind="links", value="https://evil.example/x", key="next")
    page = await client.get("/user/vehicles", extension="pictures")
    assert page["_links"]["next"]["href"] == "https://evil.example/x"
    assert page["_links"]["self"]["href"].startswith("https://evil.example/connected")
    [picture, *_] = page["_embedded"]["vehicles"][0]["_embedded"]["extension"][
        "pictures"
    ]
    assert picture.startswith("https://evil.example/pictures/")


async def test_redirect_and_body_replace_the_response(client: Client) -> None:
    """A response leads elsewhere, or has a body of any media type."""
    await client.fault(kind="redirect", value="http://evil.example/")
    async with client.session.get("/pictures/a/001.png", allow_redirects=False) as one:
        assert (one.status, one.headers["Location"]) == (302, "http://evil.example/")
    await client.fault(kind="body", value="<svg/>", content_type="image/svg+xml")
    async with client.session.get("/pictures/a/001.png") as other:
        assert (other.content_type, await other.text()) == ("image/svg+xml", "<svg/>")


async def test_interrupt_closes_the_connection_within_the_body(client: Client) -> None:
    """The headers promise more than arrives."""
    await client.fault(kind="interrupt", times=TWICE)
    with pytest.raises(aiohttp.ClientPayloadError):
        await client.call("GET", "/user")


async def test_huge_body_is_small_on_the_wire(client: Client) -> None:
    """Compression hides a body's size."""
    await client.fault(kind="huge", size=1_000_000)
    async with client.session.get("/connectedcar/v4/user") as response:
        assert len(await response.read()) > 900_000
        assert int(response.headers["Content-Length"]) < 10_000
