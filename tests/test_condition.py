"""Tests of conditions, by automations in a running Home Assistant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
import voluptuous as vol

from custom_components.stellantis_connect.condition import CONDITIONS
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.models import VehicleState
from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import condition
from homeassistant.setup import async_setup_component

from .harness import MINUTE, Harness
from .test_trigger import FAR, NEAR, ZONE, add_zone, device_id

CHECK = "test_check"
EVENT = "test_met"
HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Changes of the car by which a condition is met, and is not."""

    met: Mapping[str, Any]
    not_met: Mapping[str, Any]
    options: Mapping[str, Any]


CASES: Mapping[str, Case] = {
    "is_charging": Case(
        met={"level": 50, "charging": True}, not_met={"charging": False}, options={}
    ),
    "is_in_zone": Case(
        met={"position": NEAR}, not_met={"position": FAR}, options={"zone": ZONE}
    ),
    "is_locked": Case(met={"locked": True}, not_met={"locked": False}, options={}),
    "is_plugged_in": Case(
        met={"plugged": True}, not_met={"plugged": False}, options={}
    ),
}


async def add_automation(
    harness: Harness, key: str, options: Mapping[str, Any]
) -> list[Any]:
    """Add an automation with a condition; return the events that it will fire."""
    add_zone(harness.hass)
    config = {
        "triggers": {"trigger": "event", "event_type": CHECK},
        "conditions": {
            "condition": f"{DOMAIN}.{key}",
            "target": {ATTR_DEVICE_ID: [device_id(harness)]},
            "options": options,
        },
        "actions": {"event": EVENT},
    }
    assert await async_setup_component(harness.hass, AUTOMATION, {AUTOMATION: config})
    await harness.hass.async_block_till_done()
    return async_capture_events(harness.hass, EVENT)


async def is_met(hass: HomeAssistant, events: list[Any]) -> bool:
    """Return whether the automation runs."""
    before = len(events)
    hass.bus.async_fire(CHECK)
    await hass.async_block_till_done()
    return len(events) > before


@pytest.mark.parametrize("key", CASES)
async def test_condition_is_met_as_the_car_is(harness: Harness, key: str) -> None:
    """It is not met while the entry is not set up."""
    case = CASES[key]
    events = await add_automation(harness, key, case.options)
    for changes, expected in ((case.met, True), (case.not_met, False)):
        await harness.pass_time(MINUTE, MINUTE)
        await harness.change(**changes)
        await harness.refresh()
        assert await is_met(harness.hass, events) is expected
    await harness.change(**case.met)
    await harness.refresh()
    assert await is_met(harness.hass, events)
    await harness.hass.config_entries.async_unload(harness.entry.entry_id)
    assert not await is_met(harness.hass, events)


async def test_has_data_newer_than_is_met_until_the_data_is_older(
    harness: Harness,
) -> None:
    """The time of the car's last data counts."""
    options = {"duration": {"hours": 1}}
    events = await add_automation(harness, "has_data_newer_than", options)
    assert await is_met(harness.hass, events)
    await harness.pass_time(HOUR + MINUTE, HOUR + MINUTE)
    assert not await is_met(harness.hass, events)


async def test_condition_is_not_met_by_an_unknown_value(harness: Harness) -> None:
    """The car does not report whether it is plugged in."""
    events = await add_automation(harness, "is_plugged_in", {})
    harness.car().async_update_state(VehicleState())
    assert not await is_met(harness.hass, events)


async def test_condition_lets_the_car_be_polled_until_it_is_unloaded(
    harness: Harness,
) -> None:
    """It needs no enabled entity."""
    target = {ATTR_DEVICE_ID: device_id(harness)}
    config = {"condition": f"{DOMAIN}.is_locked", "target": target}
    validated = await condition.async_validate_condition_config(harness.hass, config)
    before = len([*harness.car().async_contexts()])
    checker = await condition.async_from_config(harness.hass, validated)
    assert len([*harness.car().async_contexts()]) == before + 1
    await harness.change(locked=True)
    await harness.refresh()
    checker.async_unload()
    assert len([*harness.car().async_contexts()]) == before


async def test_condition_without_cars_is_not_met(hass: HomeAssistant) -> None:
    """The area of the target has none."""
    config = {"condition": f"{DOMAIN}.is_locked", "target": {"area_id": "empty"}}
    validated = await condition.async_validate_condition_config(hass, config)
    checker = await condition.async_from_config(hass, validated)
    assert checker.async_check() is False


async def test_condition_of_another_device_is_invalid(hass: HomeAssistant) -> None:
    """The device must be a car."""
    target = {ATTR_DEVICE_ID: "unknown"}
    config = {"condition": f"{DOMAIN}.is_locked", "target": target}
    with pytest.raises(vol.Invalid, match="is not a car"):
        await condition.async_validate_condition_config(hass, config)


async def test_condition_is_described_for_the_editor(harness: Harness) -> None:
    """The fields of the form are the options."""
    assert await async_setup_component(harness.hass, AUTOMATION, {})
    await harness.hass.async_block_till_done()
    descriptions = await condition.async_get_all_descriptions(harness.hass)
    for key, cls in CONDITIONS.items():
        description = descriptions[f"{DOMAIN}.{key}"]
        assert description
        assert description["target"]
        options = {str(option) for option in cls.options_schema}
        assert description.get("fields", {}).keys() == options
