"""Tests of the tools for language models."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.stellantis_connect import llm as tools
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.models import VehicleState
from homeassistant.components import conversation
from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import Context
from homeassistant.helpers import device_registry as dr, entity_registry as er, llm
from homeassistant.setup import async_setup_component

from .harness import BATTERY, MINUTE, PETROL, Harness

CONTEXT = llm.LLMContext(
    platform="test",
    context=Context(),
    language="en",
    assistant=conversation.DOMAIN,
    device_id=None,
)


@pytest.fixture
async def exposed(harness: Harness) -> Harness:
    """Return people who have exposed one car without its position."""
    hass = harness.hass
    for component in ("homeassistant", "conversation", "llm"):
        assert await async_setup_component(hass, component, {})
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, harness.entry.entry_id):
        async_expose_entity(hass, conversation.DOMAIN, entity.entity_id, False)
    expose(harness, "battery_level")
    return harness


def expose(harness: Harness, key: str) -> None:
    """Expose an entity to Assist."""
    async_expose_entity(harness.hass, conversation.DOMAIN, harness.entity_id(key), True)


async def call(harness: Harness, name: str, **arguments: Any) -> Any:
    """Return the result of a tool."""
    api = await llm.async_get_api(harness.hass, llm.LLM_API_ASSIST, CONTEXT)
    tool_input = llm.ToolInput(f"{DOMAIN}__{name}", arguments)
    return (await api.async_call_tool(tool_input)).data


async def test_tools_are_read_only_and_named_after_the_integration(
    exposed: Harness,
) -> None:
    """None of them controls a car."""
    api = await llm.async_get_api(exposed.hass, llm.LLM_API_ASSIST, CONTEXT)
    own = [tool for tool in api.tools if tool.integration == DOMAIN]
    assert len(own) == 3
    for tool in own:
        assert tool.name.startswith(f"{DOMAIN}__")
        assert tool.annotations.read_only
        assert not tool.annotations.destructive


async def test_status_has_the_state_and_its_age_of_exposed_cars(
    exposed: Harness,
) -> None:
    """The position needs the device tracker to be exposed."""
    await exposed.change(level=60, plugged=True, locked=True)
    await exposed.refresh()
    await exposed.pass_time(10 * MINUTE, 10 * MINUTE)
    status = await call(exposed, "get_car_status")
    assert status.keys() == {BATTERY}
    assert status[BATTERY]["battery_level"] == 60
    assert status[BATTERY]["plugged_in"] is True
    assert status[BATTERY]["locked"] is True
    assert status[BATTERY]["data_age_minutes"] == 10
    assert "latitude" not in status[BATTERY]
    expose(exposed, "position")
    position = exposed.car().data.status.last_position
    exposed.hass.states.async_set(
        "zone.garage",
        "0",
        {
            "latitude": position.latitude,
            "longitude": position.longitude,
            "radius": 50,
            "friendly_name": "Garage",
        },
    )
    status = await call(exposed, "get_car_status", car=BATTERY.upper())
    assert status[BATTERY]["zone"] == "Garage"
    assert status[BATTERY]["latitude"] == position.latitude
    # A model does not always know the name of the car.
    assert (await call(exposed, "get_car_status", car=PETROL)).keys() == {BATTERY}


async def test_status_without_data_has_no_age(exposed: Harness) -> None:
    """Nothing is made up."""
    expose(exposed, "position")
    exposed.car().async_update_state(VehicleState())
    status = await call(exposed, "get_car_status")
    assert status == {BATTERY: {"activity": "parked"}}


async def test_history_has_trips_and_charges_of_the_range(exposed: Harness) -> None:
    """Positions of trips need the device tracker to be exposed."""
    history = (await call(exposed, "get_car_history"))[BATTERY]
    assert history["trips"]
    assert history["trips"][0]["distance"] > 0
    assert "position" not in history["trips"][0]
    assert history["charges"] is not None
    expose(exposed, "position")
    history = (await call(exposed, "get_car_history"))[BATTERY]
    assert "position" in history["trips"][0]
    history = (
        await call(
            exposed,
            "get_car_history",
            start="2020-01-01T00:00:00",
            end="2020-02-01T00:00:00",
        )
    )[BATTERY]
    assert history == {"trips": [], "charges": []}


async def test_explanation_has_what_is_missing(exposed: Harness) -> None:
    """What is available is left out."""
    explanation = (await call(exposed, "explain_missing_data"))[BATTERY]
    assert "battery_level" not in explanation
    assert explanation
    assert all(isinstance(text, str) for text in explanation.values())


async def test_no_tool_without_an_exposed_car(exposed: Harness) -> None:
    """Neither is there one for another API, nor for a car without a device."""
    hass = exposed.hass
    unknown = replace(CONTEXT, assistant="")
    assert tools.async_get_tools(hass, unknown, llm.LLM_API_ASSIST) is None
    assert tools.async_get_tools(hass, CONTEXT, "other") is None
    registry = dr.async_get(hass)
    [device] = [
        device
        for device in dr.async_entries_for_config_entry(
            registry, exposed.entry.entry_id
        )
        if device.name == BATTERY
    ]
    registry.async_remove_device(device.id)
    assert tools.async_get_tools(hass, CONTEXT, llm.LLM_API_ASSIST) is None
