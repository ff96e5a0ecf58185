"""Preconditioning programs: the car's own, switched and moved from Home Assistant."""

import asyncio
from typing import Any

import pytest

from homeassistant.exceptions import ServiceValidationError

from ..common import entity_ids
from ..harness import BATTERY, OLD_BATTERY, PETROL, Harness

WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def programs(*settings: dict[str, Any]) -> dict[str, Any]:
    """Return what the car gets."""
    return {"preconditioning": {"airConditioning": {"programs": [*settings]}}}


async def test_are_switched_as_they_are(harness: Harness) -> None:
    """A program that is switched off keeps its start and its days; the others stay untouched."""
    before = (await harness.truth())["programs"]
    assert harness.state("program_1").state == "on"
    assert harness.state("program_1_start").state == "07:10:00"
    await harness.use("program_1", "turn_off")
    after = (await harness.truth())["programs"]
    assert after == [{**before[0], "enabled": False}, *before[1:]]
    assert harness.state("program_1").state == "off"
    assert harness.state("program_1_start").state == "07:10:00"


async def test_are_moved_as_they_are(harness: Harness) -> None:
    """A program with another start keeps its days, and runs or not as before."""
    before = (await harness.truth())["programs"]
    await harness.use("program_1_start", "set_value", time="06:45:30")
    after = (await harness.truth())["programs"]
    assert after == [{**before[0], "start": "PT6H45M"}, *before[1:]]
    assert harness.state("program_1_start").state == "06:45:00"


async def test_new_one_begins_with_its_start(harness: Harness) -> None:
    """A program that is not set cannot be switched on; with a start it can."""
    assert harness.state("program_2").state == "unknown"
    with pytest.raises(ServiceValidationError) as refusal:
        await harness.use("program_2", "turn_on")
    assert refusal.value.translation_key == "program_not_set"
    assert await harness.sent() == []

    await harness.use("program_2_start", "set_value", time="17:30:00")
    assert harness.state("program_2").state == "off"
    await harness.use("program_2", "turn_on")
    assert harness.state("program_2").state == "on"
    [new] = [one for one in (await harness.truth())["programs"] if one["slot"] == 2]
    assert new == {
        "slot": 2,
        "enabled": True,
        "start": "PT17H30M",
        "days": WEEK,
        "recurrence": "Daily",
    }


async def test_changes_add_up(harness: Harness) -> None:
    """What is changed while another change is under way takes that along."""
    await harness.done(
        asyncio.gather(
            harness.use("program_1_start", "set_value", time="05:00:00"),
            harness.use("program_1", "turn_off"),
        )
    )
    program = (await harness.truth())["programs"][0]
    assert (program["start"], program["enabled"]) == ("PT5H", False)


async def test_are_those_that_a_car_has_room_for(harness: Harness) -> None:
    """A car without preconditioning has no programs."""
    for label, count in ((BATTERY, 4), (OLD_BATTERY, 4), (PETROL, 0)):
        ids = entity_ids(harness.hass, harness.entry, label)
        assert sum(key.startswith("program_") for key in ids) == 2 * count


class TestActions:
    """Programs set by automations."""

    async def test_set(self, harness: Harness) -> None:
        """All of a program can be set at once; the others stay as they are."""
        before = (await harness.truth())["programs"]
        answer = await harness.act(
            "set_preconditioning_program",
            slot=3,
            start="18:05",
            days=["monday", "friday"],
            enabled=False,
            recurring=False,
        )
        assert answer == {"outcome": "success"}
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
    async def test_every_day(self, harness: Harness, days: dict[str, Any]) -> None:
        """Without days, a program is for all of them."""
        await harness.act("set_preconditioning_program", slot=3, start="8:00", **days)
        [body] = await harness.sent()
        [program] = body["preconditioning"]["airConditioning"]["programs"]
        assert program["occurence"]["day"] == WEEK

    async def test_delete(self, harness: Harness) -> None:
        """A program is deleted, and the others stay as they are."""
        await harness.act("set_preconditioning_program", slot=2, start="08:00")
        before = (await harness.truth())["programs"]
        await harness.act("delete_preconditioning_program", slot=1)
        after = (await harness.truth())["programs"]
        assert after[0]["enabled"] is False
        assert after[1:] == before[1:]
        assert harness.state("program_1").state == "unknown"
        assert harness.state("program_2").state == "on"
