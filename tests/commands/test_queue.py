"""The way of a command: sent once, followed to its end, and told."""

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.stellantis_connect.api.models.remotes import (
    RemoteFailureCause,
    RemoteState,
    RemoteStatus,
)
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.rate_limit import RateLimiter
from custom_components.stellantis_connect.auth.client import (
    SignInSession,
    async_create_client,
)
from custom_components.stellantis_connect.commands.guards import WAKE_UP_INTERVAL
from custom_components.stellantis_connect.commands.queue import COMMAND_TIMEOUT
from custom_components.stellantis_connect.const import (
    ACTION_TIMEOUT,
    CONF_WAKE_UP_GUARD,
)
from custom_components.stellantis_connect.polling.endpoints import Endpoint
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import EVENT_LOGBOOK_ENTRY
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from simulator.application import Application

from ..common import requested_paths
from ..conftest import new_token
from ..harness import BATTERY, MINUTE, PETROL, SECOND, Harness
from ..simulator_client import control
from ..specification import FAILURE_CAUSES

TEXTS = json.loads(
    (
        Path(__file__).parents[2]
        / "custom_components/stellantis_connect/translations/en.json"
    ).read_text()
)
HORN = {"horn": {"state": "Activated"}}
LOCK = {"door": {"state": "Locked"}}
UNLOCK = {"door": {"state": "Unlocked"}}
ON = {"preconditioning": {"airConditioning": {"immediate": True}}}


def outcome(harness: Harness, label: str = BATTERY) -> Mapping[str, Any]:
    """Return what the event of a car's commands told last."""
    return harness.state("command", label).attributes


async def taken(harness: Harness, action: Awaitable[object]) -> float:
    """Return how many seconds an action takes, whatever comes of it."""
    begun = harness.hass.loop.time()
    with suppress(HomeAssistantError):
        await action
    return harness.hass.loop.time() - begun


async def refused(harness: Harness, key: str, service: str) -> str:
    """Return why using an entity came to nothing."""
    with pytest.raises(HomeAssistantError) as refusal:
        await harness.use(key, service)
    assert refusal.value.translation_key in TEXTS["exceptions"]
    return refusal.value.translation_key or ""


async def test_doing_it_again_is_no_failure(harness: Harness) -> None:
    """What was done before is told as such."""
    await harness.use("lock", "lock")
    assert outcome(harness)["event_type"] == "already_done"


class TestFailures:
    """A command that comes to nothing says why, and what to do."""

    def test_causes_are_those_of_the_specification(self) -> None:
        """None is missing, and none is made up."""
        assert sorted(RemoteFailureCause) == sorted(FAILURE_CAUSES)

    async def test_each_cause_has_its_sentence(self, harness: Harness) -> None:
        """The action fails with the sentence, the entity returns to the truth, nothing is pending."""
        for cause in RemoteFailureCause:
            await harness.fault("remote_fails", message=cause.value)
            sentence = await refused(harness, "precondition", "turn_on")
            assert sentence == f"remote_{cause.name.lower()}"
            assert (await harness.sent())[-1] == ON
            state = harness.state("precondition")
            assert (state.state, "assumed_state" in state.attributes) == ("off", False)
            assert outcome(harness)["event_type"] == "failed"
            assert outcome(harness)["reason"] == sentence
            assert harness.vehicle().commands.state.pending == ()

    @pytest.mark.parametrize(
        ("fault", "problem"),
        [
            ({"kind": "error", "status": 403}, "remote_forbidden"),
            ({"kind": "error", "status": 400}, "bad_request"),
            (
                {"kind": "error", "status": 429, "headers": {"Retry-After": "3600"}},
                "remote_quota_exceeded",
            ),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    async def test_platform_refuses(
        self, harness: Harness, fault: dict[str, Any], problem: str
    ) -> None:
        """What the platform does not take is told at once."""
        await harness.fault(method="POST", path="*/remotes", times=None, **fault)
        assert await refused(harness, "sound_horn", "press") == problem
        assert outcome(harness)["event_type"] == "not_sent"
        assert await harness.sent() == []

    async def test_is_in_the_logbook(self, harness: Harness) -> None:
        """Whoever was not there when a command failed can read why it did."""
        entries = async_capture_events(harness.hass, EVENT_LOGBOOK_ENTRY)
        await harness.fault("remote_fails", message="DoorsOpen")
        await refused(harness, "sound_horn", "press")
        [entry] = entries
        assert entry.data["message"] == (
            "Failed: A door, the bonnet or the boot is open. "
            "Close everything and try again."
        )

    async def test_right_withdrawn_meanwhile(self, harness: Harness) -> None:
        """The platform knows before Home Assistant does that a right is gone."""
        await harness.fault("withdraw_scopes", scopes=[Scope.HORN], times=None)
        assert await refused(harness, "sound_horn", "press") == "remote_forbidden"

    async def test_lost_sign_in(self, harness: Harness) -> None:
        """Nothing is sent, and Home Assistant asks for a new sign-in."""
        await harness.use("sound_horn", "press")
        await harness.fault("revoke_tokens")
        assert await refused(harness, "sound_horn", "press") == "sign_in_needed"
        assert len(await harness.sent()) == 1
        flows = harness.entry.async_get_active_flows(harness.hass, {SOURCE_REAUTH})
        assert any(flows)

    async def test_platform_out_of_reach(self, harness: Harness) -> None:
        """Where nothing can have been sent, that is what is said."""
        await harness.fault("drop", path="*/callbacks", times=None)
        assert await refused(harness, "sound_horn", "press") == "remote_not_sent"

    async def test_deep_sleep(self, harness: Harness) -> None:
        """The action returns within 90 s; after five minutes the car is said to sleep deeply."""
        await harness.change(sleep="deep")
        begun = harness.hass.loop.time()
        await harness.use("precondition", "turn_on")
        assert harness.hass.loop.time() - begun <= 90
        state = harness.state("precondition")
        assert (state.state, state.attributes["assumed_state"]) == ("on", True)
        assert harness.state("last_command").state == "waking_up_vehicle"

        await harness.pass_time(COMMAND_TIMEOUT - ACTION_TIMEOUT + MINUTE, SECOND)
        assert harness.state("precondition").state == "off"
        assert outcome(harness)["event_type"] == "no_answer"
        assert outcome(harness)["reason"] == "no_answer"
        assert len(await harness.sent()) == 1

    @pytest.mark.parametrize(
        ("changes", "application", "cause", "warning"),
        [
            (
                {"auxiliary": 35},
                {},
                "remote_not_possible_due_to_vehicle_battery_level",
                "vehicle_battery_charge_too_low",
            ),
            (
                {},
                {"wake_ups_per_month": 0},
                "remote_too_many_wake_ups_over_month",
                "too_many_wake_ups_over_month",
            ),
        ],
        ids=["12 V battery", "wake-ups of the month"],
    )
    async def test_car_is_not_woken(
        self,
        harness: Harness,
        changes: dict[str, Any],
        application: dict[str, Any],
        cause: str,
        warning: str,
    ) -> None:
        """The platform warns, and then says that it does not wake the car."""
        await harness.change(sleep="asleep", **changes)
        if application:
            await control(harness.simulator, "PATCH", "application", **application)
        assert await refused(harness, "sound_horn", "press") == cause
        assert (await harness.truth())["horns"] == 0
        assert warning in harness.state("last_command").attributes["options"]


class TestOneAtATime:
    """A car takes one command after the other."""

    async def test_commands_wait_for_their_turn(self, harness: Harness) -> None:
        """All that is asked for at once is done, in the order of asking."""
        await harness.done(
            asyncio.gather(
                harness.use("precondition", "turn_on"),
                harness.use("sound_horn", "press"),
                harness.use("lock", "unlock"),
            )
        )
        assert await harness.sent() == [ON, HORN, UNLOCK]
        assert harness.state("lock").state == "unlocked"
        assert (await harness.truth())["horns"] == 1

    async def test_the_same_twice_is_one(self, harness: Harness) -> None:
        """Who presses twice, for lack of an answer, means it once."""
        await harness.done(
            asyncio.gather(
                *(harness.use("sound_horn", "press") for _ in range(3)),
                harness.use("lock", "unlock"),
                harness.use("lock", "unlock"),
            )
        )
        assert await harness.sent() == [HORN, UNLOCK]

    async def test_cars_do_not_wait_for_each_other(self, harness: Harness) -> None:
        """A car in deep sleep holds up no other."""
        await harness.change(sleep="deep")
        slow = asyncio.ensure_future(harness.use("lock", "unlock"))
        await harness.pass_time(SECOND)
        begun = harness.hass.loop.time()
        await harness.use("lock", "unlock", PETROL)
        assert harness.hass.loop.time() - begun < 15
        await harness.done(slow)

    async def test_what_waits_too_long_is_not_done_any_more(
        self, harness: Harness
    ) -> None:
        """Nobody wants a car unlocked long after having asked for it."""
        await harness.change(sleep="deep")
        await harness.done(
            asyncio.gather(
                harness.use("sound_horn", "press"), harness.use("lock", "unlock")
            )
        )
        await harness.pass_time(COMMAND_TIMEOUT - ACTION_TIMEOUT + MINUTE, SECOND)
        assert await harness.sent() == [HORN]
        assert outcome(harness)["reason"] == "waited_too_long"


class TestPatience:
    """Nobody waits for more than 90 s."""

    @pytest.mark.parametrize(
        "fault",
        [
            {"kind": "delay", "path": "/connectedcar/*"},
            {"kind": "delay_after", "path": "/connectedcar/*"},
            {"kind": "delay", "path": "*/access_token"},
            {"kind": "delay", "path": "*/status"},
            {"kind": "delay", "path": "*/callbacks"},
            {"kind": "drop", "path": "*"},
            {"kind": "remote_hangs"},
        ],
        ids=lambda fault: " ".join(fault.values()),
    )
    async def test_whatever_does_not_answer(
        self, harness: Harness, fault: dict[str, Any]
    ) -> None:
        """The platform, the identity provider or the car may hang: whoever waits for them is let go."""
        if fault.get("path") == "*/access_token":
            await harness.fault("expire_tokens")
        await harness.fault(**fault, seconds=3600, times=None)
        asked: list[Awaitable[object]] = [
            harness.using("lock", "unlock"),
            harness.using("sound_horn", "press"),
            harness.using("lock", "lock"),
            harness.using("refresh", "press"),
            harness.acting("set_charging_schedule", start="01:15"),
            harness.acting("wake_up"),
            harness.acting("get_trips"),
        ]
        seconds = await harness.done(
            asyncio.gather(*(taken(harness, one) for one in asked))
        )
        assert max(seconds) <= 90


class TestNeverTwice:
    """Whatever is lost on the way, nothing is sent again."""

    @pytest.mark.parametrize(
        "fault",
        [
            {"kind": "drop_after"},
            {"kind": "truncate"},
            {"kind": "empty"},
            {"kind": "delay_after", "seconds": 0.01},
        ],
        ids=lambda fault: fault["kind"],
    )
    async def test_lost_answer(self, harness: Harness, fault: dict[str, Any]) -> None:
        """A command whose answer was lost is found by its label, and followed."""
        await harness.fault(method="POST", path="*/remotes", **fault)
        await harness.use("sound_horn", "press")
        assert (await harness.truth())["horns"] == 1
        assert len(await harness.sent()) == 1
        assert outcome(harness)["event_type"] == "success"

    async def test_lost_command(self, harness: Harness) -> None:
        """A command that may have arrived and does not show up is left to the person."""
        await harness.fault("drop", method="POST", path="*/remotes")
        assert await refused(harness, "sound_horn", "press") == "outcome_unknown"
        assert await harness.sent() == []
        assert outcome(harness)["event_type"] == "unconfirmed"

    async def test_lost_follow_ups(self, harness: Harness) -> None:
        """A platform that stumbles on the way does not end a command."""
        await harness.fault(
            "error", status=500, method="GET", path="*/remotes/*", times=6
        )
        await harness.use("sound_horn", "press")
        assert outcome(harness)["event_type"] == "success"


class TestCallback:
    """The callback behind which the platform keeps the remotes."""

    async def callbacks(self, harness: Harness) -> list[str]:
        """Return the labels of all callbacks."""
        client = harness.entry.runtime_data.account.client
        return [callback.label for callback in await client.get_callbacks()]

    async def test_is_made_when_it_is_needed(self, harness: Harness) -> None:
        """Whoever only looks has none; then there is one for all cars, and over restarts."""
        assert await self.callbacks(harness) == []
        await harness.use("sound_horn", "press")
        await harness.use("sound_horn", "press", PETROL)
        await harness.restart()
        await harness.use("sound_horn", "press")
        assert len(await self.callbacks(harness)) == 1

    async def test_is_made_anew(self, harness: Harness) -> None:
        """One that somebody has deleted is missed, and made again."""
        await harness.use("sound_horn", "press")
        await harness.fault("forget_callbacks")
        await harness.use("sound_horn", "press")
        assert (await harness.truth())["horns"] == 2

    async def test_can_receive_nothing(self, harness: Harness) -> None:
        """Its address is one that never exists."""
        await harness.use("sound_horn", "press")
        [callback] = await harness.entry.runtime_data.account.client.get_callbacks()
        assert callback.subscribe.target.endswith(".invalid/")

    async def test_is_found_though_its_making_was_not_answered(
        self, harness: Harness
    ) -> None:
        """It is not made twice either."""
        await harness.fault("drop_after", method="POST", path="*/callbacks")
        await harness.use("sound_horn", "press")
        assert len(await self.callbacks(harness)) == 1

    async def test_is_made_though_its_making_was_lost(self, harness: Harness) -> None:
        """Where it is not there, nothing was sent, and the next command makes it."""
        await harness.fault("drop", method="POST", path="*/callbacks")
        assert await refused(harness, "sound_horn", "press") == "remote_not_sent"
        await harness.use("sound_horn", "press")
        assert len(await self.callbacks(harness)) == 1

    async def test_goes_with_the_entry(self, harness: Harness) -> None:
        """A removed account leaves nothing behind; what others have made stays."""
        client = harness.entry.runtime_data.account.client
        await harness.use("sound_horn", "press")
        [ours] = await client.get_callbacks()
        await client.create_callback(replace(ours.subscribe, label="another"))
        await harness.hass.config_entries.async_remove(harness.entry.entry_id)
        token = await new_token(harness.simulator)
        client = await async_create_client(
            harness.hass,
            harness.entry.data,
            SignInSession(token["access_token"], Application().client_id),
            RateLimiter(),
        )
        assert [one.label for one in await client.get_callbacks()] == ["another"]


class TestRestart:
    """Home Assistant may stop at any time."""

    async def test_goes_on_with_what_was_under_way(self, harness: Harness) -> None:
        """A pending command is shown at once after a restart, and followed to its end."""
        await harness.change(sleep="asleep")
        action = asyncio.ensure_future(harness.use("lock", "unlock"))
        await harness.pass_time(5 * SECOND)
        await harness.hass.config_entries.async_reload(harness.entry.entry_id)
        await action
        assert harness.state("lock").state == "unlocking"
        await harness.pass_time(3 * MINUTE, SECOND)
        assert harness.state("lock").state == "unlocked"
        assert outcome(harness)["event_type"] == "success"
        assert len(await harness.sent()) == 1

    async def test_stops_while_something_is_being_sent(self, harness: Harness) -> None:
        """The response arrives after the run has ended; the next run cannot find the remote."""
        await harness.fault("delay", method="POST", path="*/remotes", seconds=5)
        await harness.fault("error", status=403, method="POST", path="*/remotes")
        action = asyncio.ensure_future(harness.using("sound_horn", "press"))
        await harness.pass_time(SECOND)
        stop = harness.hass.config_entries.async_unload(harness.entry.entry_id)
        await harness.done(asyncio.gather(stop, action))
        await harness.hass.config_entries.async_setup(harness.entry.entry_id)
        await harness.pass_time(60 * SECOND, SECOND)
        assert outcome(harness)["reason"] == "outcome_unknown"
        assert harness.vehicle().commands.state.pending == ()

    async def test_tells_what_ended_meanwhile(
        self, harness: Harness, hass_storage: dict[str, Any]
    ) -> None:
        """What failed while nobody looked is told all the same."""
        await harness.change(sleep="asleep", auxiliary=80)
        await harness.fault("remote_fails", message="VehicleError")
        action = asyncio.ensure_future(harness.use("lock", "unlock"))
        await harness.pass_time(3 * SECOND)
        await harness.hass.config_entries.async_unload(harness.entry.entry_id)
        await action
        harness.freezer.tick(timedelta(hours=1))
        await harness.hass.config_entries.async_setup(harness.entry.entry_id)
        await harness.pass_time(20 * SECOND)
        assert harness.state("lock").state == "locked"
        assert outcome(harness)["reason"] in ("remote_vehicle_error", "no_answer")
        assert harness.vehicle().commands.state.pending == ()


async def test_end_that_is_told_twice_is_one(harness: Harness) -> None:
    """A message may arrive just as the platform is asked, which may take its time."""
    await harness.fault("remote_hangs")
    await harness.fault("delay", path="*/status", seconds=29)
    action = asyncio.ensure_future(harness.using("sound_horn", "press"))
    await harness.pass_time(5 * SECOND)
    car = harness.car()
    [command] = harness.vehicle().commands.state.pending
    ends: list[object] = []
    car.async_add_listener(lambda: ends.append(car.data.commands.last))
    news = RemoteState(id=str(command.remote_id), status=RemoteStatus.SUCCESS)
    for _ in range(2):
        harness.vehicle().commands.async_handle_remote(news)
    await harness.done(action)
    assert len({id(end) for end in ends if end}) == 1
    assert outcome(harness)["event_type"] == "success"


class TestGuards:
    """What is not done, for the car's sake."""

    async def test_weak_12_v_battery(self, harness: Harness) -> None:
        """A car with a weak 12 V battery is not woken unless somebody insists."""
        await harness.change(auxiliary=49)
        await harness.refresh()
        assert await refused(harness, "wake_up", "press") == "auxiliary_battery_low"
        assert await harness.sent() == []
        answer = await harness.act("wake_up", force=True)
        assert answer == {"outcome": "success"}

    async def test_guard_is_an_option(self, harness: Harness) -> None:
        """Who does not want the guard goes without."""
        await harness.change(auxiliary=49)
        await harness.refresh()
        harness.hass.config_entries.async_update_entry(
            harness.entry, options={CONF_WAKE_UP_GUARD: False}
        )
        await harness.use("wake_up", "press")
        assert len(await harness.sent()) == 1

    async def test_wake_ups_are_counted(self, harness: Harness) -> None:
        """Each car that was asleep counts, whatever woke it; the count begins anew each month."""
        assert harness.state("wake_ups").state == "0"
        for key in ("sound_horn", "wake_up"):
            await harness.change(sleep="asleep")
            await harness.use(key, "press")
        await harness.change(sleep="awake")
        await harness.use("sound_horn", "press")
        assert harness.state("wake_ups").state == "2"
        await harness.restart()
        assert harness.state("wake_ups").state == "2"
        harness.freezer.move_to("2026-04-01T05:00:00+00:00")
        await harness.refresh()
        assert harness.car().data.commands.wake_ups.of_this_month.count == 0

    async def test_used_up_wake_ups(
        self, harness: Harness, issue_registry: ir.IssueRegistry
    ) -> None:
        """Where the platform has said that the month's are used up, it is not asked again."""
        await harness.change(sleep="asleep")
        await control(harness.simulator, "PATCH", "application", wake_ups_per_month=0)
        assert (
            await refused(harness, "wake_up", "press")
            == "remote_too_many_wake_ups_over_month"
        )
        [issue] = [
            issue
            for (_, key), issue in issue_registry.issues.items()
            if key.startswith("wake_ups_exhausted")
        ]
        assert issue.translation_placeholders
        assert issue.translation_placeholders["vehicles"] == BATTERY
        harness.freezer.tick(WAKE_UP_INTERVAL)
        assert await refused(harness, "wake_up", "press") == "wake_ups_exhausted"
        assert len(await harness.sent()) == 1

        await control(harness.simulator, "PATCH", "application", wake_ups_per_month=60)
        harness.freezer.tick(WAKE_UP_INTERVAL)
        await harness.act("wake_up", force=True)
        assert len(await harness.sent()) == 2
        assert not [key for _, key in issue_registry.issues if "wake_ups" in key]


async def test_nobody_is_asked_while_nothing_is_pending(harness: Harness) -> None:
    """A command that has ended is not followed any more."""
    await harness.use("sound_horn", "press")
    requested_paths(harness.simulator)
    await harness.pass_time(MINUTE, SECOND)
    assert requested_paths(harness.simulator) == []


async def test_car_is_watched_for_what_comes_of_it(harness: Harness) -> None:
    """What a car does at a command may show only in its next status: that is not left for long."""
    assert harness.car().fetches[Endpoint.STATUS].wait == 30 * MINUTE
    await harness.use("sound_horn", "press")
    await harness.refresh()
    assert harness.car().fetches[Endpoint.STATUS].wait == 2 * MINUTE
    harness.freezer.tick(11 * MINUTE)
    await harness.refresh()
    assert harness.car().fetches[Endpoint.STATUS].wait == 30 * MINUTE
