"""Tests of triggers, by automations in a running Home Assistant."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
import voluptuous as vol

from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.history.charging import Charge
from custom_components.stellantis_connect.history.records import (
    FetchedRecords,
    completed_charges,
)
from custom_components.stellantis_connect.models import VehicleState
from custom_components.stellantis_connect.polling.endpoints import Endpoint
from custom_components.stellantis_connect.trigger import TRIGGERS
from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.components.websocket_api.automation import (
    async_get_triggers_for_target,
)
from homeassistant.const import ATTR_DEVICE_ID, SERVICE_TURN_OFF
from homeassistant.core import CoreState, Event, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
    trigger,
)
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .harness import BATTERY, MINUTE, PETROL, SECOND, Harness
from .simulator_client import control

HOUR = timedelta(hours=1)
EVENT = "test_triggered"
ZONE = "zone.workshop"
PLACE = (48.9, 2.4)
CRITICAL = {"type": "EngineFailure", "severity": "Critical"}

TIMED = {"data_older_than"}

type Step = Callable[[Harness], Awaitable[object]]


def device_id(harness: Harness, label: str = BATTERY) -> str:
    """Return the device of a car."""
    [device] = [
        device
        for device in dr.async_entries_for_config_entry(
            dr.async_get(harness.hass), harness.entry.entry_id
        )
        if device.name == label
    ]
    return device.id


def automation(harness: Harness, key: str, options: Mapping[str, Any]) -> Any:
    """Return an automation that fires an event with the variables of a trigger."""
    return {
        "alias": key,
        "mode": "parallel",
        "triggers": {
            "trigger": f"{DOMAIN}.{key}",
            "target": {ATTR_DEVICE_ID: device_id(harness)},
            "options": options,
        },
        "actions": {"event": EVENT, "event_data": {"trigger": "{{ trigger }}"}},
    }


async def add_automations(
    harness: Harness, triggers: Mapping[str, Mapping[str, Any]]
) -> list[Event[Any]]:
    """Add automations with triggers; return the events that they will fire."""
    hass = harness.hass
    events = async_capture_events(hass, EVENT)
    config = [automation(harness, key, options) for key, options in triggers.items()]
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: config})
    await hass.async_block_till_done()
    return events


def fired(events: list[Event[Any]]) -> list[str]:
    """Return the keys of the triggers that fired."""
    platforms = [event.data["trigger"]["platform"] for event in events]
    return [platform.removeprefix(f"{DOMAIN}.") for platform in platforms]


def change(**changes: Any) -> Step:
    """Return a step that changes the car, and fetches its status."""

    async def step(harness: Harness) -> None:
        if changes:
            await harness.change(**changes)
        await harness.pass_time(3 * MINUTE, 3 * MINUTE)
        await harness.refresh()
        await harness.pass_time(3 * MINUTE, 3 * MINUTE)
        await harness.refresh()

    return step


async def fail_command(harness: Harness) -> None:
    """Send a command that a sleeping car does not carry out."""
    await harness.change(sleep="deep")
    await harness.use("lock", "lock")
    await harness.pass_time(10 * MINUTE, 30 * SECOND)


async def wait(harness: Harness) -> None:
    """Let the data of the car grow old."""
    await harness.pass_time(75 * MINUTE, 5 * MINUTE)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A happening that triggers."""

    step: Step
    before: Step = field(default=change())
    options: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, object] = field(default_factory=dict)


NEAR, FAR = [PLACE[1], PLACE[0]], [2.0, 48.0]
CASES: Mapping[str, Case] = {
    "alarm_triggered": Case(
        step=change(alarm="VolumetricBreakIn"),
        variables={"kind": "volumetric_break_in"},
    ),
    "alert_cleared": Case(
        before=change(alert=CRITICAL),
        step=change(clear_alert="EngineFailure"),
        options={"severity": []},
        variables={"alert": "Engine failed"},
    ),
    "alert_raised": Case(
        step=change(alert=CRITICAL),
        options={"severity": ["critical", "warning"]},
        variables={"alert": "Engine failed", "severity": "critical"},
    ),
    "arrived": Case(
        before=change(position=FAR),
        step=change(position=NEAR),
        options={"zone": ZONE},
        variables={"zone": ZONE, "zone_name": "Workshop"},
    ),
    "charged_to": Case(
        before=change(level=70, charging=True),
        step=change(level=81),
        options={"level": 80},
        variables={"start_level": 70, "unit": "%"},
    ),
    "charging_ended": Case(
        before=change(level=70, charging=True),
        step=change(charging=False),
        variables={"start_level": 70},
    ),
    "charging_started": Case(
        before=change(level=70, plugged=False),
        step=change(charging=True),
    ),
    "command_failed": Case(step=fail_command, variables={"command": "lock"}),
    "data_older_than": Case(step=wait, options={"duration": {"hours": 1}}),
    "left": Case(
        before=change(position=NEAR),
        step=change(position=FAR),
        options={"zone": ZONE},
        variables={"zone_name": "Workshop"},
    ),
    "plugged_in": Case(
        before=change(plugged=False), step=change(plugged=True, level=50)
    ),
    "range_below": Case(
        before=change(level=80),
        step=change(level=10),
        options={"range": 60, "unit": "mi"},
        variables={"unit": "mi"},
    ),
    "trip_ended": Case(
        before=change(trip="seaside"),
        step=change(trip="stop"),
        variables={"name": BATTERY},
    ),
    "trip_started": Case(step=change(trip="seaside"), variables={"name": BATTERY}),
    "unplugged": Case(before=change(plugged=True), step=change(plugged=False)),
}


def add_zone(hass: HomeAssistant) -> None:
    """Add a zone."""
    latitude, longitude = PLACE
    attributes = {"latitude": latitude, "longitude": longitude, "radius": 100}
    hass.states.async_set(ZONE, "0", {**attributes, "friendly_name": "Workshop"})


@pytest.fixture(autouse=True)
async def _zone(hass: HomeAssistant) -> AsyncIterator[None]:
    """Add a zone; end the automations after the test."""
    add_zone(hass)
    yield
    if hass.services.has_service(AUTOMATION, SERVICE_TURN_OFF):
        await hass.services.async_call(
            AUTOMATION, SERVICE_TURN_OFF, {"entity_id": "all"}, blocking=True
        )


def test_trigger_has_a_case() -> None:
    """Each trigger is tested."""
    assert CASES.keys() == TRIGGERS.keys()


@pytest.mark.parametrize("key", CASES)
async def test_trigger_fires_once(harness: Harness, key: str) -> None:
    """It neither fires for what was before, nor again after a reload of the entry."""
    case = CASES[key]
    await case.before(harness)
    events = await add_automations(harness, {key: case.options})
    await change()(harness)
    assert not fired(events)
    await case.step(harness)
    assert fired(events) == [key]
    variables = events[0].data["trigger"]
    assert variables[ATTR_DEVICE_ID] == device_id(harness)
    assert variables["name"] == BATTERY
    assert case.variables.items() <= variables.items()
    await harness.restart()
    await harness.pass_time(MINUTE, 15 * SECOND)
    assert fired(events) == [key]


async def test_trigger_fires_for_what_happened_while_the_entry_was_unloaded(
    harness: Harness,
) -> None:
    """The last known value is kept."""
    await harness.change(plugged=False)
    await harness.refresh()
    events = await add_automations(harness, {"plugged_in": {}})
    path = f"vehicles/{harness.car().vehicle.id}"
    await harness.hass.config_entries.async_unload(harness.entry.entry_id)
    await control(harness.simulator, "PATCH", path, plugged=True)
    await harness.hass.config_entries.async_setup(harness.entry.entry_id)
    await harness.refresh()
    await harness.hass.async_block_till_done()
    assert fired(events) == ["plugged_in"]


async def test_trigger_fires_for_what_happened_while_home_assistant_was_down(
    harness: Harness,
) -> None:
    """Nothing is fetched before automations have started."""
    hass = harness.hass
    await harness.change(plugged=False)
    await harness.refresh()
    path = f"vehicles/{harness.car().vehicle.id}"
    await hass.config_entries.async_unload(harness.entry.entry_id)
    await control(harness.simulator, "PATCH", path, plugged=True)
    hass.set_state(CoreState.starting)
    await hass.config_entries.async_setup(harness.entry.entry_id)
    await harness.pass_time(HOUR, MINUTE)
    hass.set_state(CoreState.running)
    events = await add_automations(harness, {"plugged_in": {}})
    await harness.pass_time(MINUTE, 10 * SECOND)
    assert fired(events) == ["plugged_in"]


async def test_trigger_needs_no_enabled_entity(harness: Harness) -> None:
    """Its endpoint is polled for the trigger alone."""
    hass = harness.hass
    await harness.pass_time(3 * MINUTE, 3 * MINUTE)
    await hass.config_entries.async_unload(harness.entry.entry_id)
    for entity in er.async_entries_for_config_entry(
        registry := er.async_get(hass), harness.entry.entry_id
    ):
        registry.async_update_entity(
            entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER
        )
    await hass.config_entries.async_setup(harness.entry.entry_id)
    assert not {*harness.car().async_contexts()} & {Endpoint.ALERTS}
    events = await add_automations(harness, {"alert_raised": {}})
    assert Endpoint.ALERTS in {*harness.car().async_contexts()}
    await change(alert=CRITICAL)(harness)
    assert fired(events) == ["alert_raised"]


async def test_trigger_of_a_removed_automation_leaves_no_listener(
    harness: Harness,
) -> None:
    """Each trigger is detached from the coordinator."""
    hass = harness.hass
    await harness.hass.async_block_till_done()
    before = len([*harness.car().async_contexts()])
    await add_automations(harness, {key: case.options for key, case in CASES.items()})
    assert len([*harness.car().async_contexts()]) == before + len(CASES)
    await hass.services.async_call(
        AUTOMATION, SERVICE_TURN_OFF, {"entity_id": "all"}, blocking=True
    )
    assert len([*harness.car().async_contexts()]) == before


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("plugged_in", {"plugged": True}),
        ("charged_to", {"auxiliary": 95}),
        ("range_below", {"auxiliary": 5}),
        ("alert_raised", {"alert": {"type": "RiskOfIce", "severity": "Information"}}),
        ("data_older_than", {"auxiliary": 50}),
    ],
)
async def test_trigger_ignores_other_changes(
    harness: Harness, key: str, changes: Mapping[str, object]
) -> None:
    """Neither the 12 V battery nor what has not changed triggers."""
    await change(plugged=True, level=50, charging=True)(harness)
    events = await add_automations(harness, {key: CASES[key].options})
    await change(**changes)(harness)
    assert not fired(events)


async def test_charge_that_is_completed_does_not_trigger_again(
    harness: Harness,
) -> None:
    """A charge of which statuses were missed may turn out to be two."""
    events = await add_automations(harness, {"charged_to": {"level": 75}})
    now = dt_util.utcnow()
    missed = Charge(
        started_at=now - timedelta(hours=9), ended_at=now, start_level=40, end_level=90
    )
    parts = [
        replace(missed, ended_at=now - timedelta(hours=7), end_level=60),
        replace(missed, started_at=now - timedelta(hours=2), start_level=60),
    ]
    found = [replace(part, observed=False) for part in parts]
    completed = [*completed_charges([missed], found)]
    assert len(completed) == len(parts)
    for charges in ([missed], completed):
        harness.car().async_merge(FetchedRecords(kind="charges", records=charges))
        await harness.hass.async_block_till_done()
        assert fired(events) == ["charged_to"]


async def test_trigger_waits_for_a_known_value(harness: Harness) -> None:
    """A value that was not known has not changed."""
    await change(plugged=True)(harness)
    car = harness.car()
    known, unknown = car.data, VehicleState()
    car.async_update_state(unknown)
    triggers = {key: CASES[key].options for key in (*TRIGGERS.keys() - TIMED,)}
    events = await add_automations(
        harness, {**triggers, "data_older_than": {"duration": {"seconds": 1}}}
    )
    stopped = replace(known, stopped_at=dt_util.utcnow())
    for state in (known, unknown, known, stopped):
        car.async_update_state(state)
    await harness.hass.async_block_till_done()
    assert not fired(events)


async def test_trigger_keeps_its_listener_while_the_account_is_updated(
    harness: Harness,
) -> None:
    """The coordinator of the car is the same."""
    events = await add_automations(harness, {"plugged_in": {}})
    before = len([*harness.car().async_contexts()])
    harness.entry.runtime_data.account.async_update_listeners()
    assert len([*harness.car().async_contexts()]) == before
    assert not fired(events)


async def test_low_range_triggers_again_after_it_was_clearly_higher(
    harness: Harness,
) -> None:
    """The range of a parked car varies with the temperature."""
    await change(level=50)(harness)
    limit = harness.car().data.status.electric
    assert limit and limit.autonomy
    options = {"range": limit.autonomy}
    events = await add_automations(harness, {"range_below": options})
    for level, count in ((49, 1), (51, 1), (49, 1), (60, 1), (49, 2)):
        await change(level=level)(harness)
        assert len(fired(events)) == count


async def test_trigger_of_another_device_is_invalid(harness: Harness) -> None:
    """The device must be a car."""
    [account] = [
        device.id
        for device in dr.async_entries_for_config_entry(
            dr.async_get(harness.hass), harness.entry.entry_id
        )
        if device.entry_type
    ]
    for device in ("unknown", account):
        target = {ATTR_DEVICE_ID: device}
        config = [{"platform": f"{DOMAIN}.plugged_in", "target": target}]
        with pytest.raises(vol.Invalid, match="is not a car"):
            await trigger.async_validate_trigger_config(harness.hass, config)


async def test_trigger_of_an_area_or_a_label_is_about_its_cars(
    harness: Harness,
) -> None:
    """A target may also be an entity of a car, or its label."""
    hass = harness.hass
    await harness.change(plugged=False)
    await harness.refresh()
    area = ar.async_get(hass).async_create("Garage")
    for device in dr.async_entries_for_config_entry(
        registry := dr.async_get(hass), harness.entry.entry_id
    ):
        if device.name == BATTERY or device.entry_type:
            registry.async_update_device(device.id, area_id=area.id)
    events = async_capture_events(hass, EVENT)
    config = [
        automation(harness, "plugged_in", {}) | {"alias": alias}
        for alias in ("area", "entity", "label", "nothing")
    ]
    label = lr.async_get(hass).async_create("Electric")
    er.async_get(hass).async_update_entity(
        harness.entity_id("plugged"), labels={label.label_id}
    )
    config[0]["triggers"]["target"] = {"area_id": area.id}
    config[1]["triggers"]["target"] = {"entity_id": harness.entity_id("battery_level")}
    config[2]["triggers"]["target"] = {"label_id": label.label_id}
    config[3]["triggers"]["target"] = {"label_id": "none"}
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: config})
    await hass.async_block_till_done()
    await change(plugged=True, level=50)(harness)
    assert fired(events) == ["plugged_in"] * 3
    assert {one.data["trigger"][ATTR_DEVICE_ID] for one in events} == {
        device_id(harness)
    }


async def test_trigger_follows_the_cars_of_an_area(harness: Harness) -> None:
    """A car may be moved to the area, and out of it, at any time."""
    hass = harness.hass
    area = ar.async_get(hass).async_create("Garage")
    events = async_capture_events(hass, EVENT)
    config = automation(harness, "plugged_in", {})
    config["triggers"]["target"] = {"area_id": area.id}
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: config})
    for area_id, count in ((None, 0), (area.id, 1), (None, 1)):
        await change(plugged=False)(harness)
        dr.async_get(hass).async_update_device(device_id(harness), area_id=area_id)
        await hass.async_block_till_done()
        await change(plugged=True, level=50)(harness)
        assert len(fired(events)) == count


@pytest.mark.parametrize(
    ("label", "offered"), [(BATTERY, True), (PETROL, False), (None, None)]
)
async def test_editor_offers_the_triggers_that_a_car_can_have(
    harness: Harness, label: str | None, offered: bool | None
) -> None:
    """They are offered for the device of a car, and none for that of the account."""
    hass = harness.hass
    assert await async_setup_component(hass, AUTOMATION, {})
    await hass.async_block_till_done()
    device = device_id(harness, label or "Peugeot account")
    found = await async_get_triggers_for_target(hass, {ATTR_DEVICE_ID: [device]}, True)
    keys = {one.removeprefix(f"{DOMAIN}.") for one in found if DOMAIN in one}
    electric = {"plugged_in", "unplugged", "charged_to"}
    electric |= {"charging_started", "charging_ended"}
    expected = {None: set(), True: {*TRIGGERS}, False: TRIGGERS.keys() - electric}
    assert keys == expected[offered]


async def test_trigger_is_described_for_the_editor(harness: Harness) -> None:
    """The fields of the form are the options."""
    assert await async_setup_component(harness.hass, AUTOMATION, {})
    await harness.hass.async_block_till_done()
    descriptions = await trigger.async_get_all_descriptions(harness.hass)
    for key, cls in TRIGGERS.items():
        description = descriptions[f"{DOMAIN}.{key}"]
        assert description
        assert description["target"]
        options = {str(option) for option in cls.options_schema}
        assert description.get("fields", {}).keys() == options
