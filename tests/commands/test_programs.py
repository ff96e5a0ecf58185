"""Preconditioning programs of a car."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
import json
from typing import Any

import pytest

from custom_components.stellantis_connect.api.models.energy import (
    ChargingPowerLevel,
    ChargingType,
)
from custom_components.stellantis_connect.api.models.position import Position
from custom_components.stellantis_connect.api.models.program import Day, Program
from custom_components.stellantis_connect.api.models.remote_actions import (
    AirConditioning,
    ChargingPreference,
    ChargingPrograms,
    DelayedCharging,
    Door,
    Horn,
    ImmediateCharging,
    Lights,
    Navigation,
    RemoteAction,
    WakeUp,
)
from custom_components.stellantis_connect.api.models.remotes import RemoteStatus
from custom_components.stellantis_connect.commands.models import Command, CommandState
from custom_components.stellantis_connect.commands.programs import (
    enable_program,
    time_of_day,
)
from custom_components.stellantis_connect.models import VehicleState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..common import entity_ids
from ..harness import BATTERY, OLD_BATTERY, PETROL, SECOND, Harness

WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def programs(*settings: dict[str, Any]) -> dict[str, Any]:
    """Return the body that sets programs."""
    return {"preconditioning": {"airConditioning": {"programs": [*settings]}}}


async def test_disabled_program_keeps_its_settings(harness: Harness) -> None:
    """Its start, its days and the other programs stay."""
    before = (await harness.truth())["programs"]
    assert harness.state("program_1").state == "on"
    assert harness.state("program_1_start").state == "07:10:00"
    await harness.use("program_1", "turn_off")
    after = (await harness.truth())["programs"]
    assert after == [{**before[0], "enabled": False}, *before[1:]]
    assert harness.state("program_1").state == "off"
    assert harness.state("program_1_start").state == "07:10:00"


async def test_program_with_other_start_keeps_its_settings(harness: Harness) -> None:
    """Its days stay, and whether it is enabled."""
    before = (await harness.truth())["programs"]
    await harness.use("program_1_start", "set_value", time="06:45:30")
    after = (await harness.truth())["programs"]
    assert after == [{**before[0], "start": "PT6H45M"}, *before[1:]]
    assert harness.state("program_1_start").state == "06:45:00"


async def test_program_being_deleted_cannot_be_enabled(harness: Harness) -> None:
    """There is nothing left to enable."""
    await harness.change(sleep="asleep")
    deletion = asyncio.ensure_future(
        harness.act("delete_preconditioning_program", slot=1)
    )
    await harness.pass_time(SECOND)
    with pytest.raises(HomeAssistantError) as refusal:
        await harness.using("program_1", "turn_on")
    assert refusal.value.translation_key == "program_not_set"
    await deletion


async def test_deleted_program_has_no_entities(harness: Harness) -> None:
    """They come back once it is set again; those of other programs stay."""
    await harness.act("set_preconditioning_program", slot=2, start="08:00")
    await harness.act("delete_preconditioning_program", slot=1)
    await harness.hass.async_block_till_done()
    ids = entity_ids(harness.hass, harness.entry, BATTERY)
    assert {key for key in ids if key.startswith("program_")} == {
        "program_2",
        "program_2_start",
    }
    await harness.act("set_preconditioning_program", slot=1, start="17:30")
    await harness.hass.async_block_till_done()
    assert harness.state("program_1").state == "on"
    assert harness.state("program_1_start").state == "17:30:00"


async def test_simultaneous_changes_are_combined(harness: Harness) -> None:
    """A change contains those that are pending."""
    await harness.done(
        asyncio.gather(
            harness.use("program_1_start", "set_value", time="05:00:00"),
            harness.use("program_1", "turn_off"),
        )
    )
    program = (await harness.truth())["programs"][0]
    assert (program["start"], program["enabled"]) == ("PT5H", False)


async def test_car_has_entities_for_its_programs(harness: Harness) -> None:
    """A program has entities once it is set; a car without preconditioning has none."""
    for label, count in ((BATTERY, 1), (OLD_BATTERY, 0), (PETROL, 0)):
        ids = entity_ids(harness.hass, harness.entry, label)
        assert sum(key.startswith("program_") for key in ids) == 2 * count
    await harness.act("set_preconditioning_program", slot=3, start="18:05")
    assert harness.state("program_3").state == "on"
    assert harness.state("program_3_start").state == "18:05:00"


class TestActions:
    """Actions that set and delete programs."""

    async def test_set_program_changes_that_program_alone(
        self, harness: Harness
    ) -> None:
        """All settings of a program are set at once."""
        before = (await harness.truth())["programs"]
        response = await harness.act(
            "set_preconditioning_program",
            slot=3,
            start="18:05",
            days=["monday", "friday"],
            enabled=False,
            recurring=False,
        )
        assert response == {"outcome": "success"}
        assert await harness.sent() == [
            programs(
                {
                    "slot": 3,
                    "actionsType": "Set",
                    "recurrence": "None",
                    "enabled": False,
                    "start": "PT18H5M",
                    "occurence": {"day": ["Mon", "Fri"]},
                }
            )
        ]
        after = (await harness.truth())["programs"]
        assert [one for one in after if one["slot"] != 3] == [
            one for one in before if one["slot"] != 3
        ]

    @pytest.mark.parametrize("days", [{}, {"days": []}])
    async def test_program_without_days_is_daily(
        self, harness: Harness, days: dict[str, Any]
    ) -> None:
        """No days mean every day."""
        await harness.act("set_preconditioning_program", slot=3, start="8:00", **days)
        [body] = await harness.sent()
        [program] = body["preconditioning"]["airConditioning"]["programs"]
        assert program["occurence"]["day"] == WEEK

    async def test_delete_program_deletes_that_program_alone(
        self, harness: Harness
    ) -> None:
        """The other programs stay."""
        await harness.act("set_preconditioning_program", slot=2, start="08:00")
        before = (await harness.truth())["programs"]
        await harness.act("delete_preconditioning_program", slot=1)
        after = (await harness.truth())["programs"]
        assert after[0]["enabled"] is False
        assert after[1:] == before[1:]
        assert harness.state("program_2").state == "on"


def pending(*actions: RemoteAction) -> VehicleState:
    """Return a car with pending commands."""
    commands = tuple(
        Command(
            label=str(number),
            name="test",
            value=None,
            action=action,
            requested_at=dt_util.utcnow(),
        )
        for number, action in enumerate(actions)
    )
    return VehicleState(commands=CommandState(pending=commands))


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        (timedelta(hours=7, minutes=5), time(7, 5)),
        (timedelta(hours=34), None),
        (datetime(2026, 3, 18, 7, 5, tzinfo=UTC), time(0, 5)),
        (None, None),
    ],
)
async def test_time_of_day_is_local(
    hass: HomeAssistant,
    reported: timedelta | datetime | None,
    expected: time | None,
) -> None:
    """Cars report a duration, the specification has a time."""
    assert time_of_day(reported) == expected


class TestPending:
    """Changes of programs that have pending commands."""

    def test_deletion_leaves_nothing_to_enable(self) -> None:
        """The latest command of a slot counts, and other slots do not."""
        start = timedelta(hours=7)
        state = pending(
            AirConditioning(programs=(Program(slot=1, start=start),)),
            AirConditioning(deleted_slots=(1,)),
            AirConditioning(immediate=True),
            Horn(),
            AirConditioning(programs=(Program(slot=2, start=start),)),
        )
        assert enable_program(state, 1, True) is None
        action = enable_program(state, 2, True)
        assert action and action.programs == (
            Program(slot=2, start=start, enabled=True),
        )

    def test_failed_command_is_not_expected(self) -> None:
        """It is pending until the status after it is fetched."""
        state = pending(
            AirConditioning(programs=(Program(slot=1, start=timedelta(hours=7)),))
        )
        [command] = state.commands.pending
        failed = replace(command, stage=RemoteStatus.FAILED)
        state = replace(state, commands=state.commands.with_pending(failed))
        assert enable_program(state, 1, True) is None


@pytest.mark.parametrize(
    "action",
    [
        AirConditioning(immediate=True, deleted_slots=(1, 2)),
        AirConditioning(programs=(Program(slot=4, start=timedelta(hours=7)),)),
        ChargingPreference(ChargingType.PARTIAL),
        ChargingPreference(ChargingPowerLevel.LEVEL_2),
        ChargingPrograms((Program(start=timedelta(), days=frozenset(Day)),)),
        DelayedCharging(timedelta(hours=5, minutes=30)),
        Door(locked=False),
        Horn(activated=False),
        ImmediateCharging(True),
        Lights(on=False),
        Navigation((Position(latitude=48.8, longitude=2.3),)),
        WakeUp(),
    ],
    ids=repr,
)
def test_stored_command_keeps_its_action(action: RemoteAction) -> None:
    """Each action is restored with its type."""
    command = Command(
        label="1",
        name="test",
        value=None,
        action=action,
        requested_at=dt_util.utcnow(),
    )
    assert Command.from_dict(json.loads(json.dumps(command.to_dict()))) == command
