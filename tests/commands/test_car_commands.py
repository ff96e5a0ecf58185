"""Each command of each car: what the platform gets, what the car does, what Home Assistant shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from custom_components.stellantis_connect.commands.guards import WAKE_UP_INTERVAL
from custom_components.stellantis_connect.services import COMMAND_ACTIONS
from homeassistant.const import Platform
from homeassistant.exceptions import ServiceValidationError

from ..common import entity_ids
from ..harness import BATTERY, OLD_BATTERY, PETROL, PLUG_IN, Harness

COMMANDING = {
    Platform.BUTTON,
    Platform.LOCK,
    Platform.SELECT,
    Platform.SWITCH,
    Platform.TIME,
}
WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
CARS = (BATTERY, PLUG_IN, PETROL, OLD_BATTERY)
CONDITIONED = (BATTERY, PLUG_IN, OLD_BATTERY)

type Json = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A command, and what comes of it.

    Attributes:
        name: the key of the entity that gives it, or the action.
        service: of the entity; None where it is an action.
        body: what the platform gets.
        truth: how the car is then.
        shown: what entities show as soon as the command has returned.
        data: what the command is told.
        cars: which take the action; those that have the entity take its command.
    """

    name: str
    service: str | None
    body: Json
    truth: Json = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    data: Json = field(default_factory=dict)
    cars: tuple[str, ...] = CARS

    async def perform(self, harness: Harness, label: str) -> None:
        """Give the command."""
        if self.service:
            await harness.use(self.name, self.service, label, **self.data)
        else:
            await harness.act(self.name, label, **self.data)


def air(**told: object) -> Json:
    """Return what starts, stops or plans the preconditioning."""
    return {"preconditioning": {"airConditioning": told}}


def program(
    slot: int, start: str, *, enabled: bool, recurrence: str = "Daily"
) -> dict[str, object]:
    """Return a program of all days."""
    return {
        "slot": slot,
        "actionsType": "Set",
        "recurrence": recurrence,
        "enabled": enabled,
        "start": start,
        "occurence": {"day": WEEK},
    }


def program_cases(slot: int) -> list[Case]:
    """Return what a program's entities and actions do, from none to none."""
    switch, time = f"program_{slot}", f"program_{slot}_start"
    deletion = {"slot": slot, "actionsType": "Delete", "start": "PT0S"}
    return [
        Case(
            "set_preconditioning_program",
            None,
            air(programs=[program(slot, "PT18H5M", enabled=True, recurrence="None")]),
            {switch: ("PT18H5M", True)},
            {switch: "on", time: "18:05:00"},
            {"slot": slot, "start": "18:05", "recurring": False},
            CONDITIONED,
        ),
        Case(
            "delete_preconditioning_program",
            None,
            air(programs=[deletion]),
            {switch: ("PT0S", False)},
            {switch: "unknown", time: "unknown"},
            {"slot": slot},
            CONDITIONED,
        ),
        Case(
            time,
            "set_value",
            air(programs=[program(slot, "PT6H15M", enabled=False)]),
            {switch: ("PT6H15M", False)},
            {switch: "off", time: "06:15:00"},
            {"time": "06:15:00"},
        ),
        Case(
            switch,
            "turn_on",
            air(programs=[program(slot, "PT6H15M", enabled=True)]),
            {switch: ("PT6H15M", True)},
            {switch: "on"},
        ),
        Case(
            switch,
            "turn_off",
            air(programs=[program(slot, "PT6H15M", enabled=False)]),
            {switch: ("PT6H15M", False)},
            {switch: "off"},
        ),
    ]


CASES = [
    Case(
        "lock",
        "unlock",
        {"door": {"state": "Unlocked"}},
        {"locked": ["Unlocked"]},
        {"lock": "unlocked"},
    ),
    Case(
        "lock",
        "lock",
        {"door": {"state": "Locked"}},
        {"locked": ["Locked", "SuperLocked"]},
        {"lock": "locked"},
    ),
    Case("sound_horn", "press", {"horn": {"state": "Activated"}}, {"horns": 1}),
    Case(
        "flash_lights",
        "press",
        {"lights": {"on": True}},
        {"lights": True},
        {"light_up": "on"},
    ),
    Case(
        "light_up",
        "turn_off",
        {"lights": {"on": False}},
        {"lights": False},
        {"light_up": "off"},
    ),
    Case(
        "light_up",
        "turn_on",
        {"lights": {"on": True}},
        {"lights": True},
        {"light_up": "on"},
    ),
    Case("wake_up", "press", {"wakeUp": {"action": "WakeUp"}}),
    Case("wake_up", None, {"wakeUp": {"action": "WakeUp"}}, data={"force": True}),
    Case(
        "send_to_navigation",
        None,
        {
            "navigation": {
                "positions": [{"type": "Point", "coordinates": [2.2945, 48.8584]}]
            }
        },
        {"destinations": [[2.2945, 48.8584]]},
        data={"location": {"latitude": 48.8584, "longitude": 2.2945}},
        cars=(BATTERY,),
    ),
    Case(
        "precondition",
        "turn_on",
        air(immediate=True),
        {"preconditioning": "Enabled"},
        {"precondition": "on"},
    ),
    Case(
        "precondition",
        "turn_off",
        air(immediate=False),
        {"preconditioning": "Disabled"},
        {"precondition": "off"},
    ),
    *(case for slot in (1, 2, 3, 4) for case in program_cases(slot)),
    Case(
        "charge",
        "turn_on",
        {"charging": {"immediate": True}},
        {"charging": "InProgress"},
        {"charge": "on", "charging": "on"},
    ),
    Case(
        "charge",
        "turn_off",
        {"charging": {"immediate": False}},
        {"charging": "Stopped"},
        {"charge": "off", "charging": "off"},
    ),
    Case(
        "start_charge",
        "press",
        {"charging": {"immediate": True}},
        {"charging": "InProgress"},
        {"charging": "on"},
    ),
    Case(
        "charge_partially",
        "turn_on",
        {"charging": {"preferences": {"type": "Partial"}}},
        {"charge_type": "Partial"},
        {"charge_partially": "on"},
    ),
    Case(
        "charge_partially",
        "turn_off",
        {"charging": {"preferences": {"type": "Full"}}},
        {"charge_type": "Full"},
        {"charge_partially": "off"},
    ),
    Case(
        "charging_power_level",
        "select_option",
        {"charging": {"preferences": {"level": "Level2"}}},
        {"power_level": "Level2"},
        {"charging_power_level": "level_2"},
        {"option": "level_2"},
    ),
    Case(
        "charging_next_delayed_time",
        "set_value",
        {"charging": {"schedule": {"nextDelayedTime": "PT5H30M"}}},
        {"next_delayed_time": "PT5H30M"},
        {"charging_next_delayed_time": "05:30:00"},
        {"time": "05:30:00"},
    ),
    Case(
        "set_charging_schedule",
        None,
        {"charging": {"schedule": {"nextDelayedTime": "PT1H15M"}}},
        {"next_delayed_time": "PT1H15M"},
        {"charging_next_delayed_time": "01:15:00"},
        {"start": "01:15"},
        CONDITIONED,
    ),
    Case(
        "set_charging_schedule",
        None,
        {
            "charging": {
                "schedule": {
                    "programs": [
                        {
                            "enabled": True,
                            "start": "PT22H30M",
                            "end": "PT6H",
                            "occurence": {"day": ["Mon"]},
                        }
                    ]
                }
            }
        },
        {"charging_programs": ["PT22H30M"]},
        data={"programs": [{"start": "22:30", "end": "06:00", "days": ["monday"]}]},
        cars=(BATTERY,),
    ),
]


async def truth(harness: Harness, label: str) -> Json:
    """Return how a car really is, with its programs one by one."""
    told = await harness.truth(label)
    return dict(told) | {
        f"program_{one['slot']}": (one["start"], one["enabled"])
        for one in told.get("programs", ())
    }


def entities(harness: Harness, label: str) -> set[str]:
    """Return the keys of the entities that have a car do something."""
    ids = entity_ids(harness.hass, harness.entry, label)
    return {
        key
        for key, entity_id in ids.items()
        if entity_id.partition(".")[0] in COMMANDING and key != "refresh"
    }


@pytest.mark.parametrize("label", CARS)
async def test_is_carried_out(
    harness: Harness, label: str, subtests: pytest.Subtests
) -> None:
    """The car does what it is told, and all of that is seen when the action returns."""
    if label != PETROL:
        await harness.change(label, plugged=True, level=50, charging=False)
        await harness.refresh(label)
    offered = entities(harness, label)
    given = [
        case
        for case in CASES
        if (case.name in offered if case.service else label in case.cars)
    ]
    for case in given:
        with subtests.test(f"{case.name} {case.service or ''}"):
            if case.name == "wake_up" and not case.service:
                harness.freezer.tick(WAKE_UP_INTERVAL)
            told = harness.state("command", label).state
            await case.perform(harness, label)
            assert (await harness.sent())[-1] == case.body
            assert case.truth.items() <= (await truth(harness, label)).items()
            assert {
                key: harness.state(key, label).state for key in case.shown
            } == case.shown
            event = harness.state("command", label)
            assert event.state > told or told == "unknown"
            assert event.attributes["command"] == case.name
            assert event.attributes["event_type"] == "success"
            assert harness.state("last_command", label).state == "success"
    assert len(await harness.sent()) == len(given)
    assert offered <= {case.name for case in given}


def test_cases_have_all_that_can_be_asked_for() -> None:
    """No action is left out."""
    assert COMMAND_ACTIONS.keys() <= {case.name for case in CASES if not case.service}


@pytest.mark.parametrize("label", [PLUG_IN, PETROL, OLD_BATTERY])
async def test_what_a_car_does_not_do_is_not_sent(harness: Harness, label: str) -> None:
    """An action that a car does not carry out says so."""
    foreign = [case for case in CASES if not case.service and label not in case.cars]
    for case in foreign:
        with pytest.raises(ServiceValidationError) as refusal:
            await case.perform(harness, label)
        assert refusal.value.translation_key == "not_offered"
    assert await harness.sent() == []
