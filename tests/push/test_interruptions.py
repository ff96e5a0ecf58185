"""Reconciliation that fails, or that is interrupted, in each of its requests."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from ..harness import MINUTE, MOMENT, SECOND
from .conftest import EXTERNAL_URL, PushHarness
from .test_push import ALL, CARS

NEW_URL = "https://new.example"

FAULTS: tuple[Mapping[str, Any], ...] = (
    {"kind": "error", "status": 429, "headers": {"Retry-After": "60"}},
    {"kind": "error", "status": 500, "times": 2},
)


async def lose_callbacks(harness: PushHarness) -> None:
    """Let the callback be created."""
    await harness.fault("forget_callbacks")


async def change_url(harness: PushHarness) -> None:
    """Let the callback be updated."""
    config = harness.hass.config
    config.external_url = EXTERNAL_URL if config.external_url == NEW_URL else NEW_URL


async def pause_monitors(harness: PushHarness) -> None:
    """Let monitors be resumed."""
    for monitor in harness.monitors().values():
        monitor.status = "Paused"


async def fail_monitors(harness: PushHarness) -> None:
    """Let monitors be deleted and created."""
    await harness.fault("fail_monitors")


async def reload(harness: PushHarness) -> None:
    """Reload the account."""
    await harness.hass.config_entries.async_reload(harness.entry.entry_id)


async def change_url_now(harness: PushHarness) -> None:
    """Change the URL, which Home Assistant reports."""
    await change_url(harness)
    url = harness.hass.config.external_url
    await harness.hass.config.async_update(external_url=url)


type Step = Callable[[PushHarness], Awaitable[None]]


def check(harness: PushHarness) -> None:
    """Check that there is one callback with all monitors, and that they are known."""
    assert harness.callbacks() == [harness.callback]
    assert harness.callback.status == "Running"
    is_new = harness.hass.config.external_url == NEW_URL
    host = "localhost" if is_new else "127.0.0.1"
    assert host in str(harness.callback.webhook["target"])
    found = harness.simulator.backend.subscriptions.monitors()
    assert {one.status for one in found} == {"Running"}
    assert {one.id for one in found} == {*harness.push.registry.monitors}
    assert len(found) == len(ALL) * len(CARS)
    assert len(harness.push.registry.complete) == len(CARS)
    assert not harness.push.issues


@pytest.mark.parametrize(
    ("prepare", "method", "path"),
    [
        (change_url, "GET", "*/user/callbacks"),
        (lose_callbacks, "POST", "*/user/callbacks"),
        (change_url, "PUT", "*/user/callbacks/*"),
        (change_url, "GET", "*/monitors"),
        (lose_callbacks, "POST", "*/monitors"),
        (pause_monitors, "PUT", "*/monitors/*/status"),
        (fail_monitors, "DELETE", "*/monitors/*"),
    ],
)
async def test_each_request_may_fail_or_be_interrupted(
    push_harness: PushHarness, prepare: Step, method: str, path: str
) -> None:
    """Some minutes later, the callback and all monitors are as they should be."""
    for fault in FAULTS:
        await prepare(push_harness)
        await push_harness.fault(**fault, method=method, path=path)
        push_harness.push.async_schedule_reconcile()
        await push_harness.pass_time(2 * SECOND)
        await push_harness.pass_time(5 * MINUTE, MINUTE)
        await push_harness.delete_faults()
        check(push_harness)
    for interrupt in (reload, change_url_now, lose_callbacks):
        await prepare(push_harness)
        # It is carried out, but the response is missing.
        await push_harness.fault("hold_after", method=method, path=path)
        push_harness.push.async_schedule_reconcile()
        await push_harness.pass_time(MOMENT)
        interruption = asyncio.ensure_future(interrupt(push_harness))
        await push_harness.pass_time(MOMENT)
        await push_harness.delete_faults()
        await push_harness.pass_time(MOMENT)
        await interruption
        await push_harness.pass_time(2 * MINUTE, MINUTE)
        check(push_harness)
