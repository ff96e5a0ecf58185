"""Command queue: sending, following, outcomes, order and duplicates."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

import pytest

from custom_components.stellantis_connect.api.models.remotes import (
    RemoteFailureCause,
    RemoteState,
    RemoteStatus,
)
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.commands.queue import COMMAND_TIMEOUT
from custom_components.stellantis_connect.const import ACTION_TIMEOUT
from custom_components.stellantis_connect.polling.endpoints import Endpoint
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.exceptions import HomeAssistantError

from ..common import requested_paths
from ..harness import BATTERY, MINUTE, PETROL, SECOND, Harness
from ..simulator_client import control
from ..specification import FAILURE_CAUSES
from .common import HORN, LOCK, PRECONDITION, UNLOCK, WAKE_UP, error_of, outcome


async def duration(harness: Harness, action: Awaitable[object]) -> float:
    """Return how many seconds an action takes, whether it fails or not."""
    started_at = harness.hass.loop.time()
    with suppress(HomeAssistantError):
        await action
    return harness.hass.loop.time() - started_at


async def results(harness: Harness, *actions: Awaitable[object]) -> list[str | None]:
    """Return the translation keys of the errors of simultaneous actions, None for a success."""
    raised = await harness.done(asyncio.gather(*actions, return_exceptions=True))
    return [
        one.translation_key if isinstance(one, HomeAssistantError) else None
        for one in raised
    ]


async def test_command_that_was_done_before_succeeds(harness: Harness) -> None:
    """The outcome says that it was done already."""
    await harness.use("lock", "lock")
    assert outcome(harness)["event_type"] == "already_done"


class TestFailures:
    """A command that fails raises an error that says what to do."""

    def test_causes_are_those_of_specification(self) -> None:
        """None is missing."""
        assert sorted(RemoteFailureCause) == sorted(FAILURE_CAUSES)

    async def test_each_cause_raises_its_error(self, harness: Harness) -> None:
        """The entity shows the reported value, and nothing is pending."""
        for cause in RemoteFailureCause:
            await harness.fault("remote_fails", message=cause.value)
            error_key = await error_of(harness, "precondition", "turn_on")
            assert error_key == f"remote_{cause.name.lower()}"
            assert (await harness.sent())[-1] == PRECONDITION
            state = harness.state("precondition")
            assert (state.state, "assumed_state" in state.attributes) == ("off", False)
            assert outcome(harness)["event_type"] == "failed"
            assert outcome(harness)["reason"] == error_key
            assert harness.vehicle().commands.state.pending == ()

    @pytest.mark.parametrize(
        ("fault", "error_key"),
        [
            ({"kind": "error", "status": 403}, "remote_forbidden"),
            ({"kind": "error", "status": 400}, "remote_bad_request"),
            (
                {"kind": "error", "status": 429, "headers": {"Retry-After": "3600"}},
                "remote_quota_exceeded",
            ),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    async def test_refusal_of_platform_raises(
        self, harness: Harness, fault: dict[str, Any], error_key: str
    ) -> None:
        """A command that the platform does not accept fails at once."""
        await harness.fault(method="POST", path="*/remotes", times=None, **fault)
        assert await error_of(harness, "sound_horn", "press") == error_key
        assert outcome(harness)["event_type"] == "not_sent"
        assert await harness.sent() == []

    async def test_withdrawn_permission_raises(self, harness: Harness) -> None:
        """The platform knows first that a permission was withdrawn."""
        await harness.fault("withdraw_scopes", scopes=[Scope.HORN], times=None)
        assert await error_of(harness, "sound_horn", "press") == "remote_forbidden"

    async def test_revoked_sign_in_starts_reauthentication(
        self, harness: Harness
    ) -> None:
        """Nothing is sent."""
        await harness.use("sound_horn", "press")
        await harness.fault("revoke_tokens")
        assert await error_of(harness, "sound_horn", "press") == "remote_sign_in_needed"
        assert await harness.sent() == [HORN]
        flows = harness.entry.async_get_active_flows(harness.hass, {SOURCE_REAUTH})
        assert any(flows)

    async def test_unreachable_platform_raises_not_sent(self, harness: Harness) -> None:
        """Without a callback, nothing can have been sent."""
        await harness.fault("drop", path="*/callbacks", times=None)
        assert await error_of(harness, "sound_horn", "press") == "remote_server_error"

    async def test_deep_sleep_ends_after_five_minutes(self, harness: Harness) -> None:
        """The action returns within 90 s; the entity is assumed until the outcome."""
        await harness.change(sleep="deep")
        assert await duration(harness, harness.use("precondition", "turn_on")) <= 90
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
    async def test_car_that_is_not_woken_raises(
        self,
        harness: Harness,
        changes: dict[str, Any],
        application: dict[str, Any],
        cause: str,
        warning: str,
    ) -> None:
        """The platform warns, and then does not wake the car."""
        await harness.change(sleep="asleep", **changes)
        if application:
            await control(harness.simulator, "PATCH", "application", **application)
        assert await error_of(harness, "sound_horn", "press") == cause
        assert (await harness.truth())["horns"] == 0
        assert warning in harness.state("last_command").attributes["options"]


class TestOrder:
    """A car carries out one command after the other."""

    async def test_commands_are_sent_in_order(self, harness: Harness) -> None:
        """Simultaneous requests are all carried out."""
        await harness.done(
            asyncio.gather(
                harness.use("precondition", "turn_on"),
                harness.use("sound_horn", "press"),
                harness.use("lock", "unlock"),
            )
        )
        assert await harness.sent() == [PRECONDITION, HORN, UNLOCK]
        assert harness.state("lock").state == "unlocked"
        assert (await harness.truth())["horns"] == 1

    async def test_cars_do_not_wait_for_each_other(self, harness: Harness) -> None:
        """A car in deep sleep does not delay another."""
        await harness.change(sleep="deep")
        slow = asyncio.ensure_future(harness.use("lock", "unlock"))
        await harness.pass_time(SECOND)
        assert await duration(harness, harness.use("lock", "unlock", PETROL)) < 15
        await harness.done(slow)

    async def test_command_that_waits_too_long_is_not_sent(
        self, harness: Harness
    ) -> None:
        """Nobody wants a car unlocked long after the request."""
        await harness.change(sleep="deep")
        await results(
            harness,
            harness.using("sound_horn", "press"),
            harness.using("lock", "unlock"),
        )
        await harness.pass_time(COMMAND_TIMEOUT - ACTION_TIMEOUT + MINUTE, SECOND)
        assert await harness.sent() == [HORN]
        assert outcome(harness)["reason"] == "waited_too_long"

    async def test_queued_unlock_is_superseded_by_lock(self, harness: Harness) -> None:
        """The last person to act on the doors decides."""
        assert await results(
            harness,
            harness.using("sound_horn", "press"),
            harness.using("lock", "unlock"),
            harness.using("lock", "lock"),
        ) == [None, "command_superseded", None]
        assert await harness.sent() == [HORN, LOCK]
        assert harness.state("lock").state == "locked"

    async def test_unlock_in_check_is_superseded_by_lock(
        self, harness: Harness
    ) -> None:
        """A command is checked again after each request that precedes it."""
        await harness.fault("hold", car=BATTERY, endpoint="status")
        unlock = asyncio.ensure_future(harness.using("lock", "unlock"))
        await harness.pass_time(SECOND)
        lock = asyncio.ensure_future(harness.using("lock", "lock"))
        await harness.pass_time(SECOND)
        await harness.delete_faults()
        assert await results(harness, unlock, lock) == ["command_superseded", None]
        assert await harness.sent() == [LOCK]


class TestDuplicates:
    """A request that a pending command fulfills sends no other."""

    async def test_pending_command_is_not_sent_again(self, harness: Harness) -> None:
        """Impatient people press several times."""
        await harness.done(
            asyncio.gather(
                *(harness.use("sound_horn", "press") for _ in range(3)),
                harness.use("lock", "unlock"),
                harness.use("lock", "unlock"),
            )
        )
        assert await harness.sent() == [HORN, UNLOCK]

    async def test_press_during_conclusion_sends_again(self, harness: Harness) -> None:
        """A command that the car has carried out is not pending, although its status is awaited."""
        await harness.fault("hold", car=BATTERY, endpoint="status", times=None)
        first = asyncio.ensure_future(harness.using("sound_horn", "press"))
        await harness.pass_time(10 * SECOND)
        assert (await harness.truth())["horns"] == 1
        second = asyncio.ensure_future(harness.using("sound_horn", "press"))
        await harness.pass_time(SECOND)
        await harness.delete_faults()
        assert await results(harness, first, second) == [None, None]
        assert (await harness.truth())["horns"] == 2

    async def test_retry_during_conclusion_has_own_outcome(
        self, harness: Harness
    ) -> None:
        """Once the door is closed, the retry does not get the error of the first attempt."""
        await harness.use("lock", "unlock")
        await harness.fault("remote_fails", message="DoorsOpen")
        first = asyncio.ensure_future(harness.using("lock", "lock"))
        await harness.pass_time(3 * SECOND)
        await harness.fault("hold", car=BATTERY, endpoint="status", times=None)
        await harness.pass_time(5 * SECOND)
        second = asyncio.ensure_future(harness.using("lock", "lock"))
        await harness.pass_time(SECOND)
        assert harness.state("lock").state == "locking"
        await harness.delete_faults()
        assert await results(harness, first, second) == ["remote_doors_open", None]
        assert harness.state("lock").state == "locked"

    async def test_forced_wake_up_is_no_duplicate(self, harness: Harness) -> None:
        """The guard that refuses the first one does not concern the forced one."""
        await harness.change(auxiliary=49)
        await harness.refresh()
        assert await results(
            harness,
            harness.using("wake_up", "press"),
            harness.acting("wake_up", force=True),
        ) == ["auxiliary_battery_low", None]
        assert await harness.sent() == [WAKE_UP]


class TestTimeouts:
    """No action takes longer than 90 s."""

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
    async def test_action_returns_without_response(
        self, harness: Harness, fault: dict[str, Any]
    ) -> None:
        """The platform, the identity provider or the car may not respond."""
        if fault.get("path") == "*/access_token":
            await harness.fault("expire_tokens")
        await harness.fault(**fault, seconds=3600, times=None)
        actions: list[Awaitable[object]] = [
            harness.using("lock", "unlock"),
            harness.using("sound_horn", "press"),
            harness.using("lock", "lock"),
            harness.using("refresh", "press"),
            harness.acting("set_charging_schedule", start="01:15"),
            harness.acting("wake_up"),
            harness.acting("get_trips"),
        ]
        durations = await harness.done(
            asyncio.gather(*(duration(harness, one) for one in actions))
        )
        assert max(durations) <= 90


class TestLostRequests:
    """Nothing is sent twice."""

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
    async def test_lost_response_is_found_by_label(
        self, harness: Harness, fault: dict[str, Any]
    ) -> None:
        """The command is followed as if its response had arrived."""
        await harness.fault(method="POST", path="*/remotes", **fault)
        await harness.use("sound_horn", "press")
        assert (await harness.truth())["horns"] == 1
        assert await harness.sent() == [HORN]
        assert outcome(harness)["event_type"] == "success"

    async def test_lost_request_is_unconfirmed(self, harness: Harness) -> None:
        """Whether to send it again is left to the person."""
        await harness.fault("drop", method="POST", path="*/remotes")
        assert await error_of(harness, "sound_horn", "press") == "outcome_unknown"
        assert await harness.sent() == []
        assert outcome(harness)["event_type"] == "unconfirmed"

    async def test_failed_polls_are_repeated(self, harness: Harness) -> None:
        """A command is followed although the platform fails for some time."""
        await harness.fault(
            "error", status=500, method="GET", path="*/remotes/*", times=6
        )
        await harness.use("sound_horn", "press")
        assert outcome(harness)["event_type"] == "success"


async def test_outcome_that_arrives_twice_is_one(harness: Harness) -> None:
    """A message may arrive while the remote is polled."""
    await harness.fault("remote_hangs")
    await harness.fault("delay", path="*/status", seconds=29)
    action = asyncio.ensure_future(harness.using("sound_horn", "press"))
    await harness.pass_time(5 * SECOND)
    car = harness.car()
    [command] = harness.vehicle().commands.state.pending
    last: list[object] = []
    car.async_add_listener(lambda: last.append(car.data.commands.last))
    remote = RemoteState(id=str(command.remote_id), status=RemoteStatus.SUCCESS)
    for _ in range(2):
        harness.vehicle().commands.async_handle_remote(remote)
    await harness.done(action)
    assert len({id(one) for one in last if one}) == 1
    assert outcome(harness)["event_type"] == "success"


async def test_concluded_command_is_not_polled(harness: Harness) -> None:
    """Nothing is requested while nothing is pending."""
    await harness.use("sound_horn", "press")
    requested_paths(harness.simulator)
    await harness.pass_time(MINUTE, SECOND)
    assert requested_paths(harness.simulator) == []


async def test_car_is_polled_more_often_after_command(harness: Harness) -> None:
    """What a command led to may show only in the next status."""
    assert harness.car().fetches[Endpoint.STATUS].wait >= 30 * MINUTE
    await harness.use("sound_horn", "press")
    await harness.refresh()
    assert harness.car().fetches[Endpoint.STATUS].wait == 2 * MINUTE
    harness.freezer.tick(11 * MINUTE)
    await harness.refresh()
    assert harness.car().fetches[Endpoint.STATUS].wait >= 30 * MINUTE
