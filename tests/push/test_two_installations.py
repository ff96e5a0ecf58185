"""Two installations of Home Assistant that share an account, and so the monitors of its cars."""

from datetime import timedelta

import pytest

from custom_components.stellantis_connect.push import monitors
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.helpers import issue_registry as ir

from ..harness import MINUTE, SECOND
from .conftest import PushHarness

DAY = timedelta(days=1)


def issue_keys(harness: PushHarness) -> set[str | None]:
    """Return the keys of the issues."""
    return {one.translation_key for one in ir.async_get(harness.hass).issues.values()}


async def start(harness: PushHarness) -> None:
    """Set up an account."""
    await harness.hass.config_entries.async_setup(harness.entry.entry_id)
    await harness.hass.async_block_till_done()
    await harness.pass_time(MINUTE, MINUTE)


async def remove(harness: PushHarness) -> None:
    """Remove an account."""
    await harness.hass.config_entries.async_remove(harness.entry.entry_id)


async def reason_of_test(harness: PushHarness) -> str | None:
    """Return the reason with which a test message ends."""
    flows = harness.hass.config_entries.options
    flow = await flows.async_init(harness.entry.entry_id)
    flow = await flows.async_configure(
        flow["flow_id"], {"next_step_id": "test_message"}
    )
    await harness.deliver()
    flow = await flows.async_configure(flow["flow_id"])
    return flow.get("reason")


@pytest.fixture
async def both(
    push_harness: PushHarness, second: PushHarness, monkeypatch: pytest.MonkeyPatch
) -> tuple[PushHarness, PushHarness]:
    """Return two installations that need two monitors per car each."""
    monkeypatch.setattr(monitors, "GROUPS", monitors.GROUPS[:2])
    for harness in (push_harness, second):
        harness.hass.config_entries.async_update_entry(
            harness.entry, options={"zones": []}
        )
    await push_harness.restart()
    await start(second)
    return push_harness, second


async def check(harness: PushHarness) -> None:
    """Check the monitors daily."""
    await harness.pass_time(DAY, DAY)
    await harness.deliver()


async def change_url(harness: PushHarness) -> None:
    """Change the external URL of one."""
    await harness.hass.config.async_update(external_url="https://new.example")
    await harness.deliver()


async def restart(harness: PushHarness) -> None:
    """Restart one."""
    await harness.restart()
    await harness.pass_time(MINUTE, MINUTE)


async def test_each_receives_messages_and_keeps_its_monitors(
    both: tuple[PushHarness, PushHarness],
) -> None:
    """Whatever one does, the callback and the monitors of the other stay."""
    first, second = both
    for action in (check, change_url, restart):
        for harness, other in ((first, second), (second, first)):
            before = other.callback, other.monitor_ids()
            await action(harness)
            assert (other.callback, other.monitor_ids()) == before
            assert {len(ids) for ids in before[1].values()} == {2}
    for doors in (["Driver"], []):
        await first.happen(open=doors)
        for harness in both:
            assert harness.state("opening_driver").state == ("on" if doors else "off")
            assert harness.push.inbox.counts.unknown == 0
    received = [harness.push.inbox.counts.received for harness in both]
    await second.use("sound_horn", "press")
    assert first.push.inbox.counts.received == received[0]
    assert second.push.inbox.counts.received > received[1]
    before = second.callback, second.monitor_ids()
    await remove(first)
    assert second.callbacks() == [before[0]]
    assert second.monitor_ids() == before[1]
    await second.happen(open=["Driver"])
    assert second.state("opening_driver").state == "on"


async def test_without_place_the_second_polls_and_says_so(
    push_harness: PushHarness, second: PushHarness
) -> None:
    """The first has all five monitors of each car; the second gets them once it is removed."""
    before = push_harness.callback, push_harness.monitor_ids()
    await start(second)
    await check(second)
    assert (push_harness.callback, push_harness.monitor_ids()) == before
    assert not any(second.monitor_ids().values())
    assert not second.push.is_working
    assert "monitors_taken" in issue_keys(second)
    assert "monitors_taken" not in issue_keys(push_harness)
    assert await reason_of_test(second) == "monitors_taken"
    await push_harness.happen(open=["Driver"])
    assert push_harness.state("opening_driver").state == "on"
    assert second.state("opening_driver").state == "off"
    await second.pass_time(timedelta(minutes=35), 5 * MINUTE)
    assert second.state("opening_driver").state == "on"
    await remove(push_harness)
    await check(second)
    assert {len(ids) for ids in second.monitor_ids().values()} == {5}
    assert "monitors_taken" not in issue_keys(second)
    await second.happen(open=[])
    assert second.state("opening_driver").state == "off"


async def test_disabled_installation_leaves_its_monitors_to_the_other(
    push_harness: PushHarness, second: PushHarness
) -> None:
    """Once it is enabled again, it polls."""
    await start(second)
    entries, entry_id = push_harness.hass.config_entries, push_harness.entry.entry_id
    await entries.async_set_disabled_by(entry_id, ConfigEntryDisabler.USER)
    await check(second)
    assert second.callbacks() == [second.callback]
    before = second.monitor_ids()
    assert {len(ids) for ids in before.values()} == {5}
    await entries.async_set_disabled_by(entry_id, None)
    await push_harness.pass_time(MINUTE, MINUTE)
    assert second.monitor_ids() == before
    assert not push_harness.push.is_working


async def test_lost_callbacks_leave_one_with_all_monitors(
    push_harness: PushHarness, second: PushHarness
) -> None:
    """If both create monitors at once, the one with more gets the rest at its next check."""
    await start(second)
    await push_harness.fault("forget_callbacks")
    for harness in (push_harness, second):
        harness.push.async_schedule_reconcile()
    await push_harness.pass_time(2 * SECOND)
    assert {len(ids) for ids in push_harness.monitor_ids().values()} != {0, 5}
    for harness in (push_harness, second):
        harness.push.async_schedule_reconcile()
        await harness.deliver()
    first_ids, second_ids = push_harness.monitor_ids(), second.monitor_ids()
    for label, ids in first_ids.items():
        assert {len(ids), len(second_ids[label])} == {0, 5}
