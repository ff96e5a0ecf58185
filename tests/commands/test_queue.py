"""The way of a command: sent once, followed to its end, and told."""

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
import json
from pathlib import Path
from typing import Any, cast

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.stellantis_connect.api.models.remotes import (
    RemoteFailureCause,
    RemoteState,
    RemoteStatus,
)
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.auth.client import async_create_client
from custom_components.stellantis_connect.auth.session import FlowToken, Token
from custom_components.stellantis_connect.commands.queue import PATIENCE
from custom_components.stellantis_connect.const import ACTION_WAITS, CONF_WAKE_UP_GUARD
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import EVENT_LOGBOOK_ENTRY
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from simulator.application import Application

from ..conftest import new_token
from ..garage import requests
from ..household import BATTERY, MINUTE, PETROL, SECOND, Household
from ..person import control
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


def outcome(household: Household, label: str = BATTERY) -> Mapping[str, Any]:
    """Return what the event of a car's commands told last."""
    return household.state("command", label).attributes


async def taken(household: Household, action: Awaitable[object]) -> float:
    """Return how many seconds an action takes, whatever comes of it."""
    begun = household.hass.loop.time()
    with suppress(HomeAssistantError):
        await action
    return household.hass.loop.time() - begun


async def refused(household: Household, key: str, service: str) -> str:
    """Return why using an entity came to nothing."""
    with pytest.raises(HomeAssistantError) as refusal:
        await household.use(key, service)
    assert refusal.value.translation_key in TEXTS["exceptions"]
    return refusal.value.translation_key or ""


async def test_doing_it_again_is_no_failure(household: Household) -> None:
    """What was done before is told as such."""
    await household.use("lock", "lock")
    assert outcome(household)["event_type"] == "already_done"


class TestFailures:
    """A command that comes to nothing says why, and what to do."""

    def test_causes_are_those_of_the_specification(self) -> None:
        """None is missing, and none is made up."""
        assert sorted(RemoteFailureCause) == sorted(FAILURE_CAUSES)

    async def test_each_cause_has_its_sentence(self, household: Household) -> None:
        """The action fails with the sentence, the entity returns to the truth, nothing is pending."""
        for cause in RemoteFailureCause:
            await household.fault("remote_fails", message=cause.value)
            sentence = await refused(household, "precondition", "turn_on")
            assert sentence == f"remote_{cause.name.lower()}"
            assert (await household.sent())[-1] == ON
            state = household.state("precondition")
            assert (state.state, "assumed_state" in state.attributes) == ("off", False)
            assert outcome(household)["event_type"] == "failed"
            assert outcome(household)["reason"] == sentence
            assert household.car().commands.book.pending == ()

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
        self, household: Household, fault: dict[str, Any], problem: str
    ) -> None:
        """What the platform does not take is told at once."""
        await household.fault(method="POST", path="*/remotes", times=None, **fault)
        assert await refused(household, "sound_horn", "press") == problem
        assert outcome(household)["event_type"] == "not_sent"
        assert await household.sent() == []

    async def test_is_in_the_logbook(self, household: Household) -> None:
        """Whoever was not there when a command failed can read why it did."""
        entries = async_capture_events(household.hass, EVENT_LOGBOOK_ENTRY)
        await household.fault("remote_fails", message="DoorsOpen")
        await refused(household, "sound_horn", "press")
        [entry] = entries
        assert entry.data["message"] == (
            "Failed: A door, the bonnet or the boot is open. "
            "Close everything and try again."
        )

    async def test_right_withdrawn_meanwhile(self, household: Household) -> None:
        """The platform knows before Home Assistant does that a right is gone."""
        await household.fault("withdraw_scopes", scopes=[Scope.HORN], times=None)
        assert await refused(household, "sound_horn", "press") == "remote_forbidden"

    async def test_lost_sign_in(self, household: Household) -> None:
        """Nothing is sent, and Home Assistant asks for a new sign-in."""
        await household.use("sound_horn", "press")
        await household.fault("revoke_tokens")
        assert await refused(household, "sound_horn", "press") == "sign_in_needed"
        assert len(await household.sent()) == 1
        flows = household.entry.async_get_active_flows(household.hass, {SOURCE_REAUTH})
        assert any(flows)

    async def test_platform_out_of_reach(self, household: Household) -> None:
        """Where nothing can have been sent, that is what is said."""
        await household.fault("drop", path="*/callbacks", times=None)
        assert await refused(household, "sound_horn", "press") == "remote_not_sent"

    async def test_deep_sleep(self, household: Household) -> None:
        """The action returns within 90 s; after five minutes the car is said to sleep deeply."""
        await household.change(sleep="deep")
        begun = household.hass.loop.time()
        await household.use("precondition", "turn_on")
        assert household.hass.loop.time() - begun <= 90
        state = household.state("precondition")
        assert (state.state, state.attributes["assumed_state"]) == ("on", True)
        assert household.state("last_command").state == "waking_up_vehicle"

        await household.pass_time(PATIENCE - ACTION_WAITS + MINUTE, SECOND)
        assert household.state("precondition").state == "off"
        assert outcome(household)["event_type"] == "no_answer"
        assert outcome(household)["reason"] == "no_answer"
        assert len(await household.sent()) == 1

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
        household: Household,
        changes: dict[str, Any],
        application: dict[str, Any],
        cause: str,
        warning: str,
    ) -> None:
        """The platform warns, and then says that it does not wake the car."""
        await household.change(sleep="asleep", **changes)
        if application:
            await control(household.platform, "PATCH", "application", **application)
        assert await refused(household, "sound_horn", "press") == cause
        assert (await household.truth())["horns"] == 0
        assert warning in household.state("last_command").attributes["options"]


class TestOneAtATime:
    """A car takes one command after the other."""

    async def test_commands_wait_for_their_turn(self, household: Household) -> None:
        """All that is asked for at once is done, in the order of asking."""
        await household.done(
            asyncio.gather(
                household.use("lock", "unlock"),
                household.use("sound_horn", "press"),
                household.use("lock", "lock"),
            )
        )
        assert await household.sent() == [UNLOCK, HORN, LOCK]
        assert household.state("lock").state == "locked"
        assert (await household.truth())["horns"] == 1

    async def test_the_same_twice_is_one(self, household: Household) -> None:
        """Who presses twice, for lack of an answer, means it once."""
        await household.done(
            asyncio.gather(
                *(household.use("sound_horn", "press") for _ in range(3)),
                household.use("lock", "unlock"),
                household.use("lock", "unlock"),
            )
        )
        assert await household.sent() == [HORN, UNLOCK]

    async def test_cars_do_not_wait_for_each_other(self, household: Household) -> None:
        """A car in deep sleep holds up no other."""
        await household.change(sleep="deep")
        slow = asyncio.ensure_future(household.use("lock", "unlock"))
        await household.pass_time(SECOND)
        begun = household.hass.loop.time()
        await household.use("lock", "unlock", PETROL)
        assert household.hass.loop.time() - begun < 15
        await household.done(slow)

    async def test_what_waits_too_long_is_not_done_any_more(
        self, household: Household
    ) -> None:
        """Nobody wants a car unlocked long after having asked for it."""
        await household.change(sleep="deep")
        await household.done(
            asyncio.gather(
                household.use("sound_horn", "press"), household.use("lock", "unlock")
            )
        )
        await household.pass_time(PATIENCE - ACTION_WAITS + MINUTE, SECOND)
        assert await household.sent() == [HORN]
        assert outcome(household)["reason"] == "waited_too_long"


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
        self, household: Household, fault: dict[str, Any]
    ) -> None:
        """The platform, the identity provider or the car may hang: whoever waits for them is let go."""
        if fault.get("path") == "*/access_token":
            await household.fault("expire_tokens")
        await household.fault(**fault, seconds=3600, times=None)
        asked: list[Awaitable[object]] = [
            household.using("lock", "unlock"),
            household.using("sound_horn", "press"),
            household.using("lock", "lock"),
            household.using("refresh", "press"),
            household.acting("set_charging_schedule", start="01:15"),
            household.acting("wake_up"),
            household.acting("get_trips"),
        ]
        seconds = await household.done(
            asyncio.gather(*(taken(household, one) for one in asked))
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
    async def test_lost_answer(
        self, household: Household, fault: dict[str, Any]
    ) -> None:
        """A command whose answer was lost is found by its label, and followed."""
        await household.fault(method="POST", path="*/remotes", **fault)
        await household.use("sound_horn", "press")
        assert (await household.truth())["horns"] == 1
        assert len(await household.sent()) == 1
        assert outcome(household)["event_type"] == "success"

    async def test_lost_command(self, household: Household) -> None:
        """A command that may have arrived and does not show up is left to the person."""
        await household.fault("drop", method="POST", path="*/remotes")
        assert await refused(household, "sound_horn", "press") == "outcome_unknown"
        assert await household.sent() == []
        assert outcome(household)["event_type"] == "unconfirmed"

    async def test_lost_follow_ups(self, household: Household) -> None:
        """A platform that stumbles on the way does not end a command."""
        await household.fault(
            "error", status=500, method="GET", path="*/remotes/*", times=6
        )
        await household.use("sound_horn", "press")
        assert outcome(household)["event_type"] == "success"


class TestCallback:
    """The callback behind which the platform keeps the remotes."""

    async def callbacks(self, household: Household) -> list[str]:
        """Return the labels of all callbacks."""
        client = household.entry.runtime_data.client
        return [callback.label for callback in await client.get_callbacks()]

    async def test_is_made_when_it_is_needed(self, household: Household) -> None:
        """Whoever only looks has none; then there is one for all cars, and over restarts."""
        assert await self.callbacks(household) == []
        await household.use("sound_horn", "press")
        await household.use("sound_horn", "press", PETROL)
        await household.restart()
        await household.use("sound_horn", "press")
        assert len(await self.callbacks(household)) == 1

    async def test_is_made_anew(self, household: Household) -> None:
        """One that somebody has deleted is missed, and made again."""
        await household.use("sound_horn", "press")
        await household.fault("forget_callbacks")
        await household.use("sound_horn", "press")
        assert (await household.truth())["horns"] == 2

    async def test_can_receive_nothing(self, household: Household) -> None:
        """Its address is one that never exists."""
        await household.use("sound_horn", "press")
        [callback] = await household.entry.runtime_data.client.get_callbacks()
        assert callback.subscribe.target.endswith(".invalid/")

    async def test_is_found_though_its_making_was_not_answered(
        self, household: Household
    ) -> None:
        """It is not made twice either."""
        await household.fault("drop_after", method="POST", path="*/callbacks")
        await household.use("sound_horn", "press")
        assert len(await self.callbacks(household)) == 1

    async def test_is_made_though_its_making_was_lost(
        self, household: Household
    ) -> None:
        """Where it is not there, nothing was sent, and the next command makes it."""
        await household.fault("drop", method="POST", path="*/callbacks")
        assert await refused(household, "sound_horn", "press") == "remote_not_sent"
        await household.use("sound_horn", "press")
        assert len(await self.callbacks(household)) == 1

    async def test_goes_with_the_entry(self, household: Household) -> None:
        """A removed account leaves nothing behind; what others have made stays."""
        client = household.entry.runtime_data.client
        await household.use("sound_horn", "press")
        [ours] = await client.get_callbacks()
        await client.create_callback(replace(ours.subscribe, label="another"))
        await household.hass.config_entries.async_remove(household.entry.entry_id)
        token = FlowToken(cast(Token, await new_token(household.platform)))
        client = await async_create_client(
            household.hass, household.entry.data, token, Application().client_id
        )
        assert [one.label for one in await client.get_callbacks()] == ["another"]


class TestRestart:
    """Home Assistant may stop at any time."""

    async def test_goes_on_with_what_was_under_way(self, household: Household) -> None:
        """A pending command is shown at once after a restart, and followed to its end."""
        await household.change(sleep="asleep")
        action = asyncio.ensure_future(household.use("lock", "unlock"))
        await household.pass_time(5 * SECOND)
        await household.hass.config_entries.async_reload(household.entry.entry_id)
        await action
        assert household.state("lock").state == "unlocking"
        await household.pass_time(3 * MINUTE, SECOND)
        assert household.state("lock").state == "unlocked"
        assert outcome(household)["event_type"] == "success"
        assert len(await household.sent()) == 1

    async def test_stops_while_something_is_being_sent(
        self, household: Household
    ) -> None:
        """Whoever asked is let go, and what the platform then says is told after the restart."""
        await household.fault("delay", method="POST", path="*/remotes", seconds=5)
        await household.fault("error", status=403, method="POST", path="*/remotes")
        action = asyncio.ensure_future(household.using("sound_horn", "press"))
        await household.pass_time(SECOND)
        stop = household.hass.config_entries.async_unload(household.entry.entry_id)
        await household.done(asyncio.gather(stop, action))
        await household.hass.config_entries.async_setup(household.entry.entry_id)
        await household.pass_time(15 * SECOND)
        assert outcome(household)["reason"] == "remote_forbidden"
        assert household.car().commands.book.pending == ()

    async def test_tells_what_ended_meanwhile(
        self, household: Household, hass_storage: dict[str, Any]
    ) -> None:
        """What failed while nobody looked is told all the same."""
        await household.change(sleep="asleep", auxiliary=80)
        await household.fault("remote_fails", message="VehicleError")
        action = asyncio.ensure_future(household.use("lock", "unlock"))
        await household.pass_time(3 * SECOND)
        await household.hass.config_entries.async_unload(household.entry.entry_id)
        await action
        household.freezer.tick(timedelta(hours=1))
        await household.hass.config_entries.async_setup(household.entry.entry_id)
        await household.pass_time(20 * SECOND)
        assert household.state("lock").state == "locked"
        assert outcome(household)["reason"] in ("remote_vehicle_error", "no_answer")
        assert household.car().commands.book.pending == ()


async def test_end_that_is_told_twice_is_one(household: Household) -> None:
    """A message may arrive just as the platform is asked, which may take its time."""
    await household.fault("remote_hangs")
    await household.fault("delay", path="*/status", seconds=29)
    action = asyncio.ensure_future(household.using("sound_horn", "press"))
    await household.pass_time(5 * SECOND)
    car = household.car()
    [command] = car.commands.book.pending
    ends: list[object] = []
    car.async_add_listener(lambda: ends.append(car.data.commands.last))
    news = RemoteState(id=str(command.remote_id), status=RemoteStatus.SUCCESS)
    await household.done(
        asyncio.gather(*(car.commands.async_take_up(news) for _ in range(2)))
    )
    await household.done(action)
    assert len({id(end) for end in ends if end}) == 1
    assert outcome(household)["event_type"] == "success"


class TestGuards:
    """What is not done, for the car's sake."""

    async def test_weak_12_v_battery(self, household: Household) -> None:
        """A car with a weak 12 V battery is not woken unless somebody insists."""
        await household.change(auxiliary=49)
        await household.look()
        assert await refused(household, "wake_up", "press") == "auxiliary_battery_low"
        assert await household.sent() == []
        answer = await household.act("wake_up", force=True)
        assert answer == {"outcome": "success"}

    async def test_guard_is_an_option(self, household: Household) -> None:
        """Who does not want the guard goes without."""
        await household.change(auxiliary=49)
        await household.look()
        household.hass.config_entries.async_update_entry(
            household.entry, options={CONF_WAKE_UP_GUARD: False}
        )
        await household.use("wake_up", "press")
        assert len(await household.sent()) == 1

    async def test_wake_ups_are_counted(self, household: Household) -> None:
        """Each car that was asleep counts, whatever woke it; the count begins anew each month."""
        assert household.state("wake_ups").state == "0"
        for key in ("sound_horn", "wake_up"):
            await household.change(sleep="asleep")
            await household.use(key, "press")
        await household.change(sleep="awake")
        await household.use("sound_horn", "press")
        assert household.state("wake_ups").state == "2"
        await household.restart()
        assert household.state("wake_ups").state == "2"
        household.freezer.move_to("2026-04-01T05:00:00+00:00")
        await household.look()
        assert household.car().data.commands.wake_ups.of_this_month.count == 0

    async def test_used_up_wake_ups(
        self, household: Household, issue_registry: ir.IssueRegistry
    ) -> None:
        """Where the platform has said that the month's are used up, it is not asked again."""
        await household.change(sleep="asleep")
        await control(household.platform, "PATCH", "application", wake_ups_per_month=0)
        assert (
            await refused(household, "wake_up", "press")
            == "remote_too_many_wake_ups_over_month"
        )
        [issue] = [
            issue
            for (_, key), issue in issue_registry.issues.items()
            if key.startswith("wake_ups_exhausted")
        ]
        assert issue.translation_placeholders
        assert issue.translation_placeholders["vehicles"] == BATTERY
        assert await refused(household, "wake_up", "press") == "wake_ups_exhausted"
        assert len(await household.sent()) == 1

        await control(household.platform, "PATCH", "application", wake_ups_per_month=60)
        await household.act("wake_up", force=True)
        assert len(await household.sent()) == 2
        assert not [key for _, key in issue_registry.issues if "wake_ups" in key]


async def test_nobody_is_asked_while_nothing_is_pending(household: Household) -> None:
    """A command that has ended is not followed any more."""
    await household.use("sound_horn", "press")
    requests(household.platform)
    await household.pass_time(MINUTE, SECOND)
    assert requests(household.platform) == []


async def test_car_is_watched_for_what_comes_of_it(household: Household) -> None:
    """What a car does at a command may show only in its next status: that is not left for long."""
    assert household.car().update_interval == 30 * MINUTE
    await household.use("sound_horn", "press")
    await household.look()
    assert household.car().update_interval == 2 * MINUTE
    household.freezer.tick(11 * MINUTE)
    await household.look()
    assert household.car().update_interval == 30 * MINUTE
