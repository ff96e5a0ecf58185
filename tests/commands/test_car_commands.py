"""Each command of each car: its body, its effect, and the states after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from custom_components.stellantis_connect.commands.guards import WAKE_UP_INTERVAL
from custom_components.stellantis_connect.services.commands import COMMAND_ACTIONS
from homeassistant.const import Platform
from homeassistant.exceptions import ServiceValidationError

from ..common import entity_ids
from ..harness import BATTERY, OLD_BATTERY, PETROL, PLUG_IN, Harness

COMMAND_PLATFORMS = {
    Platform.BUTTON,
    Platform.LOCK,
    Platform.SELECT,
    Platform.SWITCH,
    Platform.TIME,
}
WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
CARS = (BATTERY, PLUG_IN, PETROL, OLD_BATTERY)
WITH_PRECONDITIONING = (BATTERY, PLUG_IN, OLD_BATTERY)

type Json = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """A command, and its effect.

    Attributes:
        name: the key of the entity that sends it, or the action.
        service: the service of the entity; None for an action.
        body: what the platform receives.
        truth: the car afterwards.
        states: the states of entities when the command returns.
        data: the data of the service or action.
        cars: the cars that support the action.
    """

    name: str
    service: str | None
    body: Json
    truth: Json = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    data: Json = field(default_factory=dict)
    cars: tuple[str, ...] = CARS

    async def perform(self, harness: Harness, label: str) -> None:
        """Send the command."""
        if self.service:
            await harness.use(self.name, self.service, label, **self.data)
        else:
            await harness.act(self.name, label, **self.data)


def air_conditioning(**settings: object) -> Json:
    """Return the body of a command about the preconditioning."""
    return {"preconditioning": {"airConditioning": settings}}


def program(
    slot: int, start: str, *, enabled: bool, recurrence: str = "Daily"
) -> dict[str, object]:
    """Return a daily program."""
    return {
        "slot": slot,
        "actionsType": "Set",
        "recurrence": recurrence,
        "enabled": enabled,
        "start": start,
        "occurence": {"day": WEEK},
    }


def program_cases(slot: int) -> list[Case]:
    """Return the cases of a program, from unset to unset."""
    switch, time = f"program_{slot}", f"program_{slot}_start"
    deletion = {"slot": slot, "actionsType": "Delete", "start": "PT0S"}

    def once(start: str, *, enabled: bool) -> Json:
        setting = program(slot, start, enabled=enabled, recurrence="None")
        return air_conditioning(programs=[setting])

    return [
        Case(
            "set_preconditioning_program",
            None,
            once("PT18H5M", enabled=True),
            {switch: ("PT18H5M", True)},
            {switch: "on", time: "18:05:00"},
            {"slot": slot, "start": "18:05", "recurring": False},
            WITH_PRECONDITIONING,
        ),
        Case(
            time,
            "set_value",
            once("PT6H15M", enabled=True),
            {switch: ("PT6H15M", True)},
            {switch: "on", time: "06:15:00"},
            {"time": "06:15:00"},
        ),
        Case(
            switch,
            "turn_off",
            once("PT6H15M", enabled=False),
            {switch: ("PT6H15M", False)},
            {switch: "off"},
        ),
        Case(
            switch,
            "turn_on",
            once("PT6H15M", enabled=True),
            {switch: ("PT6H15M", True)},
            {switch: "on"},
        ),
        Case(
            "delete_preconditioning_program",
            None,
            air_conditioning(programs=[deletion]),
            {switch: ("PT0S", False)},
            {},
            {"slot": slot},
            WITH_PRECONDITIONING,
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
        air_conditioning(immediate=True),
        {"preconditioning": "Enabled"},
        {"precondition": "on"},
    ),
    Case(
        "precondition",
        "turn_off",
        air_conditioning(immediate=False),
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
        WITH_PRECONDITIONING,
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

# Buttons that the car gets nothing of.
LOCAL = {"refresh", "reset_battery_capacity"}


async def truth(harness: Harness, label: str) -> Json:
    """Return a car with each of its programs."""
    car = await harness.truth(label)
    return dict(car) | {
        f"program_{one['slot']}": (one["start"], one["enabled"])
        for one in car.get("programs", ())
    }


def entities(harness: Harness, label: str) -> set[str]:
    """Return the keys of the entities that send commands."""
    ids = entity_ids(harness.hass, harness.entry, label)
    return {
        key
        for key, entity_id in ids.items()
        if entity_id.partition(".")[0] in COMMAND_PLATFORMS and key not in LOCAL
    }


@pytest.mark.parametrize("label", CARS)
async def test_command_is_carried_out(
    harness: Harness, label: str, subtests: pytest.Subtests
) -> None:
    """The car does it, and the states are right when the command returns."""
    if label != PETROL:
        await harness.change(label, plugged=True, level=50, charging=False)
        await harness.refresh(label)
    supported = entities(harness, label)
    cases = [
        case
        for case in CASES
        if (case.name in supported if case.service else label in case.cars)
    ]
    for case in cases:
        with subtests.test(f"{case.name} {case.service or ''}"):
            if case.name == "wake_up" and not case.service:
                harness.freezer.tick(WAKE_UP_INTERVAL)
            previous = harness.state("command", label).state
            await case.perform(harness, label)
            assert (await harness.sent())[-1] == case.body
            assert case.truth.items() <= (await truth(harness, label)).items()
            assert {
                key: harness.state(key, label).state for key in case.states
            } == case.states
            event = harness.state("command", label)
            assert event.state > previous or previous == "unknown"
            last = harness.vehicle(label).commands.state.last
            assert last and last.name == case.name
            assert event.attributes["command"] == last.action.key
            assert event.attributes["event_type"] == "success"
            assert harness.state("last_command", label).state == "success"
    assert len(await harness.sent()) == len(cases)
    assert supported <= {case.name for case in cases}


def test_cases_include_every_action() -> None:
    """No action is missing."""
    assert COMMAND_ACTIONS.keys() <= {case.name for case in CASES if not case.service}


@pytest.mark.parametrize("label", [PLUG_IN, PETROL, OLD_BATTERY])
async def test_unsupported_action_raises(harness: Harness, label: str) -> None:
    """Nothing is sent to a car that does not support an action."""
    unsupported = [
        case for case in CASES if not case.service and label not in case.cars
    ]
    for case in unsupported:
        with pytest.raises(ServiceValidationError) as raised:
            await case.perform(harness, label)
        assert raised.value.translation_key == "not_offered"
    assert await harness.sent() == []
