"""Two installations of Home Assistant that share an account, and so the monitors of its cars."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.stellantis_connect.push import monitors
from custom_components.stellantis_connect.push.store import push_store
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from ..harness import MINUTE, MOMENT
from .conftest import EXTERNAL_URL, AddInstallation, PushHarness

HOUR = timedelta(hours=1)
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


async def pass_time(installations: Sequence[PushHarness], span: timedelta) -> None:
    """Advance the time of all installations at once."""
    first, *others = installations
    first.freezer.tick(span)
    for one in others:
        async_fire_time_changed(one.hass)
    await first.pass_time(10 * MOMENT)
    await first.deliver()


@pytest.mark.parametrize("count", [2, 3])
async def test_lost_callbacks_leave_one_with_all_monitors(
    push_harness: PushHarness, add_installation: AddInstallation, count: int
) -> None:
    """If all create monitors at once, those with fewer leave them to the one with most."""
    installations = [push_harness]
    for _ in range(count - 1):
        installations.append(await add_installation())
        await start(installations[-1])
    await push_harness.fault("forget_callbacks")
    for one in installations:
        one.push.async_schedule_reconcile()
    await pass_time(installations, timedelta())
    found = [ids for one in installations for ids in one.monitor_ids().values()]
    assert {*map(len, found)} - {0, 5}
    for span in (HOUR, DAY - HOUR):
        await pass_time(installations, span)
    monitors = [one.monitor_ids() for one in installations]
    for label in monitors[0]:
        counts = sorted(len(one[label]) for one in monitors)
        assert counts == [0] * (count - 1) + [5]
    callbacks = [one.callback for one in installations]
    await pass_time(installations, DAY)
    assert [one.monitor_ids() for one in installations] == monitors
    assert [one.callback for one in installations] == callbacks


@pytest.fixture
async def copy(
    push_harness: PushHarness, add_installation: AddInstallation
) -> PushHarness:
    """Return an installation that was restored from a backup of the first one."""
    await push_harness.happen(locked=False)
    entry_id = push_harness.entry.entry_id
    state = await push_store(push_harness.hass, entry_id).async_load()
    assert state
    copy = await add_installation(entry_id)
    store = push_store(copy.hass, entry_id)
    await store.async_load()
    await store.async_save(state)
    return copy


@pytest.mark.parametrize("occasion", [check, restart])
async def test_copy_gets_a_callback_of_its_own(
    push_harness: PushHarness,
    copy: PushHarness,
    occasion: Callable[[PushHarness], Awaitable[None]],
) -> None:
    """The first one leaves the callback to it once both have replaced the URL of the other."""
    callback, monitors = push_harness.callback, push_harness.monitor_ids()
    await start(copy)
    assert copy.callbacks() == [copy.callback] == [callback]
    for harness in (push_harness, copy, push_harness, copy, push_harness):
        await occasion(harness)
    own = push_harness.callback
    for harness in (push_harness, copy):
        await change_url(harness)
        await occasion(harness)
    assert push_harness.callback == own
    assert copy.callback == callback
    assert push_harness.callbacks() == [callback, own]
    assert copy.monitor_ids() == monitors
    assert not any(push_harness.monitor_ids().values())
    assert "monitors_taken" in issue_keys(push_harness)
    await copy.happen(open=["Driver"])
    assert copy.state("opening_driver").state == "on"
    await remove(copy)
    assert push_harness.callbacks() == [own]
    await check(push_harness)
    assert {len(ids) for ids in push_harness.monitor_ids().values()} == {5}
    await push_harness.happen(open=[])
    assert push_harness.state("opening_driver").state == "off"


async def test_copy_that_ran_once_takes_nothing(
    push_harness: PushHarness, copy: PushHarness
) -> None:
    """The first one restores its URL, and its messages arrive again."""
    callback, monitors = push_harness.callback, push_harness.monitor_ids()
    await start(copy)
    await copy.hass.config_entries.async_unload(copy.entry.entry_id)
    await check(push_harness)
    assert push_harness.callbacks() == [push_harness.callback] == [callback]
    assert push_harness.monitor_ids() == monitors
    await push_harness.happen(open=["Driver"])
    assert push_harness.state("opening_driver").state == "on"


async def test_first_removed_leaves_the_callback_of_its_copy(
    push_harness: PushHarness, copy: PushHarness
) -> None:
    """Once each has its own."""
    await start(copy)
    for harness in (push_harness, copy, push_harness):
        await check(harness)
    assert len(copy.callbacks()) == 2
    await remove(push_harness)
    assert copy.callbacks() == [copy.callback]
    assert {len(ids) for ids in copy.monitor_ids().values()} == {5}


@pytest.mark.parametrize("url", ["https://new.example", EXTERNAL_URL])
async def test_url_set_before_a_crash_is_that_of_no_copy(
    push_harness: PushHarness, url: str
) -> None:
    """The URL that is set next, and those that follow, are those of the same callback."""
    callback, monitors = push_harness.callback, push_harness.monitor_ids()
    store = push_store(push_harness.hass, push_harness.entry.entry_id)
    stored = await store.async_load()
    assert stored
    await change_url(push_harness)
    entries, entry_id = push_harness.hass.config_entries, push_harness.entry.entry_id
    await entries.async_unload(entry_id)
    await store.async_save(replace(stored, received_at=dt_util.utcnow()))
    push_harness.hass.config.external_url = url
    await start(push_harness)
    for external_url in (EXTERNAL_URL, "https://new.example") * 2:
        await push_harness.hass.config.async_update(external_url=external_url)
        await push_harness.deliver()
    assert push_harness.callbacks() == [push_harness.callback] == [callback]
    assert push_harness.monitor_ids() == monitors


async def test_old_url_in_a_list_is_that_of_no_copy(push_harness: PushHarness) -> None:
    """The platform may confirm a URL, and still list the one before."""
    callback = push_harness.callback
    await push_harness.fault(
        "body", method="PUT", path="*/callbacks/*", value="{}", times=3
    )
    await change_url(push_harness)
    for _ in range(3):
        assert "127.0.0.1" in str(callback.webhook["target"])
        await check(push_harness)
    assert push_harness.callbacks() == [callback]
    assert "localhost" in str(callback.webhook["target"])
