"""Preconditioning programs: the car's own, switched and moved from Home Assistant."""

import asyncio
from typing import Any

import pytest

from homeassistant.exceptions import ServiceValidationError

from ..garage import entity_ids
from ..household import BATTERY, OLD_BATTERY, PETROL, Household

WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def programs(*settings: dict[str, Any]) -> dict[str, Any]:
    """Return what the car gets."""
    return {"preconditioning": {"airConditioning": {"programs": [*settings]}}}


async def test_are_switched_as_they_are(household: Household) -> None:
    """A program that is switched off keeps its start and its days; the others stay untouched."""
    before = (await household.truth())["programs"]
    assert household.state("program_1").state == "on"
    assert household.state("program_1_start").state == "07:10:00"
    await household.use("program_1", "turn_off")
    after = (await household.truth())["programs"]
    assert after == [{**before[0], "enabled": False}, *before[1:]]
    assert household.state("program_1").state == "off"
    assert household.state("program_1_start").state == "07:10:00"


async def test_are_moved_as_they_are(household: Household) -> None:
    """A program with another start keeps its days, and runs or not as before."""
    before = (await household.truth())["programs"]
    await household.use("program_1_start", "set_value", time="06:45:30")
    after = (await household.truth())["programs"]
    assert after == [{**before[0], "start": "PT6H45M"}, *before[1:]]
    assert household.state("program_1_start").state == "06:45:00"


async def test_new_one_begins_with_its_start(household: Household) -> None:
    """A program that is not set cannot be switched on; with a start it can."""
    assert household.state("program_2").state == "unknown"
    with pytest.raises(ServiceValidationError) as refusal:
        await household.use("program_2", "turn_on")
    assert refusal.value.translation_key == "program_not_set"
    assert await household.sent() == []

    await household.use("program_2_start", "set_value", time="17:30:00")
    assert household.state("program_2").state == "off"
    await household.use("program_2", "turn_on")
    assert household.state("program_2").state == "on"
    [new] = [one for one in (await household.truth())["programs"] if one["slot"] == 2]
    assert new == {
        "slot": 2,
        "enabled": True,
        "start": "PT17H30M",
        "days": WEEK,
        "recurrence": "Daily",
    }


async def test_changes_add_up(household: Household) -> None:
    """What is changed while another change is under way takes that along."""
    await household.done(
        asyncio.gather(
            household.use("program_1_start", "set_value", time="05:00:00"),
            household.use("program_1", "turn_off"),
        )
    )
    program = (await household.truth())["programs"][0]
    assert (program["start"], program["enabled"]) == ("PT5H", False)


async def test_are_those_that_a_car_has_room_for(household: Household) -> None:
    """A car without preconditioning has no programs."""
    for label, count in ((BATTERY, 4), (OLD_BATTERY, 4), (PETROL, 0)):
        ids = entity_ids(household.hass, household.entry, label)
        assert sum(key.startswith("program_") for key in ids) == 2 * count


class TestActions:
    """Programs set by automations."""

    async def test_set(self, household: Household) -> None:
        """All of a program can be set at once; the others stay as they are."""
        before = (await household.truth())["programs"]
        answer = await household.act(
            "set_preconditioning_program",
            slot=3,
            start="18:05",
            days=["monday", "friday"],
            enabled=False,
            repeated=False,
        )
        assert answer == {"outcome": "success"}
        assert await household.sent() == [
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
        after = (await household.truth())["programs"]
        assert [one for one in after if one["slot"] != 3] == [
            one for one in before if one["slot"] != 3
        ]

    @pytest.mark.parametrize("days", [{}, {"days": []}])
    async def test_every_day(self, household: Household, days: dict[str, Any]) -> None:
        """Without days, a program is for all of them."""
        await household.act("set_preconditioning_program", slot=3, start="8:00", **days)
        [body] = await household.sent()
        [program] = body["preconditioning"]["airConditioning"]["programs"]
        assert program["occurence"]["day"] == WEEK

    async def test_delete(self, household: Household) -> None:
        """A program is deleted, and the others stay as they are."""
        await household.act("set_preconditioning_program", slot=2, start="08:00")
        before = (await household.truth())["programs"]
        await household.act("delete_preconditioning_program", slot=1)
        after = (await household.truth())["programs"]
        assert after[0]["enabled"] is False
        assert after[1:] == before[1:]
        assert household.state("program_1").state == "unknown"
        assert household.state("program_2").state == "on"
