"""Commands that are not sent: to the doors of a moving car, and too many wake-ups."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.stellantis_connect.commands.guards import (
    DEFAULT_WAKE_UP_BUDGET,
    WAKE_UP_INTERVAL,
)
from custom_components.stellantis_connect.commands.models import DAY, WakeUps
from custom_components.stellantis_connect.const import CONF_WAKE_UP_GUARD
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from ..harness import BATTERY, PETROL, SECOND, Harness
from ..simulator_client import control
from .common import HORN, LOCK, UNLOCK, WAKE_UP, error_of, outcome


class TestDoors:
    """Locking and unlocking take a current status that says that the car is parked."""

    @pytest.mark.parametrize("service", ["lock", "unlock"])
    async def test_moving_car_is_refused(self, harness: Harness, service: str) -> None:
        """A car that has moved off since the last poll is neither locked nor unlocked."""
        await harness.change(trip="start")
        assert await error_of(harness, "lock", service) == "vehicle_drives"
        assert await harness.sent() == []
        assert outcome(harness)["event_type"] == "not_sent"

    @pytest.mark.parametrize(
        "fault",
        [
            {"kind": "error", "status": 500},
            {"kind": "error", "status": 404, "code": 40400},
            {"kind": "error", "status": 403},
            {"kind": "drop"},
            {"kind": "body", "value": "{}", "content_type": "application/json"},
            {"kind": "stale_data", "seconds": 180},
        ],
        ids=lambda fault: f"{fault['kind']} {fault.get('status', '')}",
    )
    @pytest.mark.parametrize("service", ["lock", "unlock"])
    async def test_failed_or_outdated_status_is_refused(
        self, harness: Harness, service: str, fault: dict[str, Any]
    ) -> None:
        """A check that cannot be made is not passed."""
        await harness.change(trip="start")
        await harness.fault(**fault, car=BATTERY, endpoint="status", times=None)
        assert await error_of(harness, "lock", service) == "status_unavailable"
        assert await harness.sent() == []

    async def test_one_outdated_status_is_fetched_again(self, harness: Harness) -> None:
        """Another back end has the current one."""
        await harness.fault("stale_data", car=BATTERY, endpoint="status", seconds=180)
        await harness.use("lock", "unlock")
        assert await harness.sent() == [UNLOCK]

    async def test_limit_of_plan_is_refused(self, harness: Harness) -> None:
        """The error says why the status cannot be fetched."""
        headers = {"Retry-After": "3600"}
        await harness.fault(
            "error", car=BATTERY, endpoint="status", status=429, headers=headers
        )
        assert await error_of(harness, "lock", "unlock") == "remote_quota_exceeded"
        assert await harness.sent() == []

    async def test_parked_car_without_movement_is_unlocked(
        self, harness: Harness
    ) -> None:
        """Cars that report no movement are taken as parked."""
        await harness.fault(
            "remove", car=BATTERY, endpoint="status", key="kinetic", times=None
        )
        await harness.use("lock", "unlock")
        assert await harness.sent() == [UNLOCK]

    @pytest.mark.parametrize("missing", ["ignition", "powertrain"])
    async def test_running_car_without_movement_is_refused(
        self, harness: Harness, missing: str
    ) -> None:
        """Unless their ignition or powertrain is on."""
        await harness.change(trip="start")
        for key in ("kinetic", missing):
            await harness.fault(
                "remove", car=BATTERY, endpoint="status", key=key, times=None
            )
        assert await error_of(harness, "lock", "unlock") == "vehicle_drives"
        assert await harness.sent() == []

    @pytest.mark.parametrize(
        "created_at", [None, timedelta(hours=2)], ids=["undated", "future"]
    )
    async def test_car_moving_at_a_time_that_makes_no_sense_is_refused(
        self, harness: Harness, created_at: timedelta | None
    ) -> None:
        """Only an outdated claim to move is ignored."""
        for key in ("ignition", "powertrain"):
            await harness.fault(
                "remove", car=BATTERY, endpoint="status", key=key, times=None
            )
        kinetic: dict[str, Any] = {"moving": True}
        if created_at:
            kinetic["createdAt"] = (dt_util.utcnow() + created_at).isoformat()
        await harness.fault(
            "set_value",
            car=BATTERY,
            endpoint="status",
            key="kinetic",
            value=kinetic,
            times=None,
        )
        assert await error_of(harness, "lock", "unlock") == "vehicle_drives"
        assert await harness.sent() == []

    async def test_horn_takes_no_status(self, harness: Harness) -> None:
        """Other commands are sent without one."""
        await harness.fault(
            "error", car=BATTERY, endpoint="status", status=500, times=None
        )
        await harness.use("sound_horn", "press")
        assert await harness.sent() == [HORN]

    async def test_status_is_fetched_for_each_command(self, harness: Harness) -> None:
        """A car may move off between two commands."""
        await harness.use("lock", "unlock")
        await harness.change(trip="start")
        assert await error_of(harness, "lock", "lock") == "vehicle_drives"
        assert await harness.sent() == [UNLOCK]
        await harness.change(trip="stop")
        await harness.use("lock", "lock")
        assert await harness.sent() == [UNLOCK, LOCK]


class TestWakeUps:
    """Wake-ups drain the 12 V battery, and are limited in a month."""

    async def test_low_battery_is_refused_unless_forced(self, harness: Harness) -> None:
        """A car with a low 12 V battery is woken only by force."""
        await harness.change(auxiliary=49)
        await harness.refresh()
        assert await error_of(harness, "wake_up", "press") == "auxiliary_battery_low"
        assert await harness.sent() == []
        response = await harness.act("wake_up", force=True)
        assert response == {"outcome": "success"}

    async def test_low_battery_without_guard_is_woken(self, harness: Harness) -> None:
        """The guard is an option."""
        await harness.change(auxiliary=49)
        await harness.refresh()
        harness.hass.config_entries.async_update_entry(
            harness.entry, options={CONF_WAKE_UP_GUARD: False}
        )
        await harness.use("wake_up", "press")
        assert await harness.sent() == [WAKE_UP]

    async def test_second_within_interval_is_refused(self, harness: Harness) -> None:
        """One car is woken once in 15 minutes, by force too; another is not affected."""
        await harness.use("wake_up", "press")
        assert await error_of(harness, "wake_up", "press") == "wake_up_too_soon"
        with pytest.raises(HomeAssistantError) as raised:
            await harness.act("wake_up", force=True)
        assert raised.value.translation_key == "wake_up_too_soon"
        await harness.use("wake_up", "press", PETROL)
        harness.freezer.tick(WAKE_UP_INTERVAL)
        await harness.act("wake_up", force=True)
        assert await harness.sent() == [WAKE_UP] * 3

    async def test_interval_survives_restart(self, harness: Harness) -> None:
        """A restart does not allow another wake-up."""
        await harness.use("wake_up", "press")
        await harness.restart()
        assert await error_of(harness, "wake_up", "press") == "wake_up_too_soon"

    def test_wake_up_of_future_does_not_block(self) -> None:
        """It was recorded while the clock was ahead."""
        wake_ups = WakeUps(requested=(dt_util.utcnow() + timedelta(hours=3),))
        assert wake_ups.requested_within(WAKE_UP_INTERVAL) == 0
        assert wake_ups.with_request(dt_util.utcnow()).requested_within(DAY) == 1

    async def test_refused_by_platform_does_not_count(self, harness: Harness) -> None:
        """A wake-up that was not sent can be tried again."""
        await harness.fault("error", method="POST", path="*/remotes", status=403)
        assert await error_of(harness, "wake_up", "press") == "remote_forbidden"
        await harness.use("wake_up", "press")
        assert await harness.sent() == [WAKE_UP]

    @pytest.mark.parametrize(
        ("limit", "budget"), [(None, DEFAULT_WAKE_UP_BUDGET), (150, 3), (20, 1)]
    )
    async def test_daily_budget_is_not_exceeded(
        self,
        harness: Harness,
        monkeypatch: pytest.MonkeyPatch,
        limit: int | None,
        budget: int,
    ) -> None:
        """All cars share a budget within the reserve of the API plan."""
        limiter = type(harness.car().quota.rate_limiter)
        monkeypatch.setattr(limiter, "limit", limit)
        for number in range(budget):
            harness.freezer.tick(WAKE_UP_INTERVAL)
            await harness.use("wake_up", "press", (BATTERY, PETROL)[number % 2])
        harness.freezer.tick(WAKE_UP_INTERVAL)
        assert await error_of(harness, "wake_up", "press") == "wake_up_budget_exceeded"
        assert await harness.sent() == [WAKE_UP] * budget

    async def test_forty_requests_at_once_send_one(self, harness: Harness) -> None:
        """An automation that loops does not use up the plan."""
        await harness.use("wake_up", "press")
        for _ in range(39):
            assert await error_of(harness, "wake_up", "press") == "wake_up_too_soon"
        assert await harness.sent() == [WAKE_UP]

    async def test_wake_ups_of_month_are_counted(self, harness: Harness) -> None:
        """Each command that wakes the car counts until the end of the month."""
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

    async def test_exhausted_wake_ups_are_refused_unless_forced(
        self, harness: Harness, issue_registry: ir.IssueRegistry
    ) -> None:
        """Once the platform has refused one, no more are sent that month, and an issue says so."""
        await harness.change(sleep="asleep")
        await control(harness.simulator, "PATCH", "application", wake_ups_per_month=0)
        assert (
            await error_of(harness, "wake_up", "press")
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
        assert await error_of(harness, "wake_up", "press") == "wake_ups_exhausted"
        assert await harness.sent() == [WAKE_UP]

        await control(harness.simulator, "PATCH", "application", wake_ups_per_month=60)
        harness.freezer.tick(WAKE_UP_INTERVAL)
        await harness.change(sleep="asleep")
        await harness.act("wake_up", force=True)
        await harness.pass_time(SECOND)
        assert await harness.sent() == [WAKE_UP] * 2
        assert not [key for _, key in issue_registry.issues if "wake_ups" in key]
