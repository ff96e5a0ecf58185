"""Tests of blueprints: each is imported, set up as an automation, and run to its action."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
import shutil
from typing import Any
from urllib.parse import quote

import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.stellantis_connect.const import DOMAIN
from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.components.persistent_notification import (
    DOMAIN as PERSISTENT_NOTIFICATION,
    Notification,
    UpdateType,
    async_register_callback,
)
from homeassistant.const import SERVICE_TURN_OFF
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.loader import async_get_integration
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict

from .harness import BATTERY, MINUTE, SECOND, Harness
from .test_trigger import CRITICAL, FAR, HOUR, NEAR, ZONE, add_zone, change, device_id

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLUEPRINTS = ROOT / "blueprints/automation" / DOMAIN
PATHS = {path.stem: path for path in sorted(BLUEPRINTS.glob("*.yaml"))}
EVENT = "test_run"
NOTIFY = [
    {
        "event": EVENT,
        "event_data": {
            "level": "{{ level | default }}",
            "alert": "{{ alert | default }}",
        },
    }
]
CALENDAR = "calendar.work"
MOVING = "binary_sensor.moving"
WAKE_UPS = "sensor.wake_ups"
PRICE = "sensor.price"
TEMPERATURE = "sensor.temperature"


@pytest.fixture(autouse=True)
async def _automations(hass: HomeAssistant) -> AsyncIterator[None]:
    """Install the blueprints; end the automations after the test."""
    folder = Path(hass.config.path("blueprints", AUTOMATION, DOMAIN))
    await hass.async_add_executor_job(shutil.copytree, BLUEPRINTS, folder)
    add_zone(hass)
    yield
    if hass.services.has_service(AUTOMATION, SERVICE_TURN_OFF):
        await hass.services.async_call(
            AUTOMATION, SERVICE_TURN_OFF, {"entity_id": "all"}, blocking=True
        )


async def add_automation(
    harness: Harness, name: str, **inputs: object
) -> list[Event[Any]]:
    """Add an automation of a blueprint; return the events that it will fire."""
    hass = harness.hass
    events = async_capture_events(hass, EVENT)
    use = {"path": f"{DOMAIN}/{name}.yaml", "input": inputs}
    config = {AUTOMATION: {"alias": name, "use_blueprint": use}}
    assert await async_setup_component(hass, AUTOMATION, config)
    await hass.async_block_till_done()
    assert hass.states.is_state(f"{AUTOMATION}.{name}", "on")
    return events


async def pass_until(harness: Harness, clock: str) -> None:
    """Let the time pass until an hour and a minute of the day."""
    while dt_util.now().strftime("%H:%M") != clock:
        await harness.pass_time(MINUTE, MINUTE)
    await harness.pass_time(30 * SECOND, 10 * SECOND)


@pytest.mark.parametrize("name", PATHS)
async def test_blueprint_is_valid(hass: HomeAssistant, name: str) -> None:
    """Home Assistant imports it, from where the file is in the repository."""
    data = await hass.async_add_executor_job(load_yaml_dict, str(PATHS[name]))
    blueprint = Blueprint(
        data, expected_domain=AUTOMATION, schema=AUTOMATION_BLUEPRINT_SCHEMA
    )
    assert blueprint.validate() is None
    repository = (await async_get_integration(hass, DOMAIN)).documentation
    file = PATHS[name].relative_to(ROOT)
    assert blueprint.metadata["source_url"] == f"{repository}/blob/main/{file}"


@pytest.mark.parametrize("name", PATHS)
def test_blueprint_is_imported_by_a_link(name: str) -> None:
    """The README has a link for each."""
    metadata = load_yaml_dict(str(PATHS[name]))["blueprint"]
    url = quote(metadata["source_url"], safe="")
    link = "https://my.home-assistant.io/redirect/blueprint_import/?blueprint_url="
    assert f"[{metadata['name']}]({link}{url})" in README.read_text()


type Setup = Callable[[Harness], Mapping[str, object]]
type Step = Callable[[Harness], Awaitable[object]]

CASES: Mapping[str, tuple[Step, Setup, Step, Mapping[str, object], str]] = {
    "arrived_or_left": (
        change(position=FAR),
        lambda harness: {"zone": ZONE, "event": "arrived"},
        change(position=NEAR),
        {},
        f"{BATTERY} has arrived at Workshop.",
    ),
    "charged_to_level": (
        change(level=70, charging=True),
        lambda harness: {"level": 80},
        change(level=85),
        {"level": 85},
        f"{BATTERY} is charged to 85%.",
    ),
    "critical_alert": (
        change(),
        lambda harness: {},
        change(alert=CRITICAL),
        {"alert": "Engine failed"},
        f"{BATTERY}: Engine failed",
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_blueprint_with_a_trigger_runs_its_actions(
    harness: Harness, name: str
) -> None:
    """The actions get the documented variables."""
    before, setup, step, variables, _ = CASES[name]
    await before(harness)
    inputs = {"car": device_id(harness), "actions": NOTIFY, **setup(harness)}
    events = await add_automation(harness, name, **inputs)
    await step(harness)
    assert len(events) == 1
    assert variables.items() <= events[0].data.items()


@pytest.mark.parametrize("name", CASES)
async def test_blueprint_with_a_trigger_notifies_by_default(
    harness: Harness, name: str
) -> None:
    """The car alone has to be selected."""
    before, setup, step, _, message = CASES[name]
    await async_setup_component(harness.hass, PERSISTENT_NOTIFICATION, {})
    await before(harness)
    messages: list[str] = []

    @callback
    def note(kind: UpdateType, notifications: Mapping[str, Notification]) -> None:
        messages.extend(one["message"] for one in notifications.values())

    async_register_callback(harness.hass, note)
    await add_automation(harness, name, car=device_id(harness), **setup(harness))
    await step(harness)
    assert messages == [message]


async def test_left_event_of_arrived_or_left_ignores_an_arrival(
    harness: Harness,
) -> None:
    """The owner selects one of both."""
    await change(position=FAR)(harness)
    events = await add_automation(
        harness,
        "arrived_or_left",
        car=device_id(harness),
        zone=ZONE,
        event="left",
        actions=NOTIFY,
    )
    await change(position=NEAR)(harness)
    assert not events
    await change(position=FAR)(harness)
    assert len(events) == 1


async def test_left_open_or_unlocked_runs_once_after_the_duration(
    harness: Harness,
) -> None:
    """A driving car is not left, even if it has been unlocked since before the trip."""
    await change(locked=True, open=[])(harness)
    harness.hass.states.async_set(MOVING, "on")
    events = await add_automation(
        harness,
        "left_open_or_unlocked",
        lock=harness.entity_id("lock"),
        openings=harness.entity_id("any_opening"),
        moving=MOVING,
        duration={"minutes": 5},
        actions=NOTIFY,
    )
    await change(locked=False, open=["Trunk"])(harness)
    await harness.pass_time(6 * MINUTE, MINUTE)
    assert not events
    harness.hass.states.async_set(MOVING, "off")
    await harness.pass_time(4 * MINUTE, MINUTE)
    assert not events
    await harness.pass_time(10 * MINUTE, MINUTE)
    assert len(events) == 1


@pytest.mark.parametrize(("plugged", "runs"), [(False, 1), (True, 0)])
async def test_plug_in_reminder_runs_for_a_car_at_home(
    harness: Harness, plugged: bool, runs: int
) -> None:
    """It runs at the time, if the car is not plugged in and its battery is low."""
    hass = harness.hass
    position = harness.car().data.status.last_position
    home = {"latitude": position.latitude, "longitude": position.longitude}
    hass.states.async_set("zone.home", "0", {**home, "radius": 100})
    await change(level=30, plugged=plugged)(harness)
    events = await add_automation(
        harness,
        "plug_in_reminder",
        car=device_id(harness),
        battery=harness.entity_id("battery_level"),
        time=f"{dt_util.now():%H}:15:00",
        level=50,
        actions=NOTIFY,
    )
    await pass_until(harness, f"{dt_util.now():%H}:15")
    assert len(events) == runs


async def test_scheduled_wake_up_wakes_a_charging_car(harness: Harness) -> None:
    """It ends with the budget."""
    await change(level=30, charging=True, sleep="asleep")(harness)
    harness.hass.states.async_set(WAKE_UPS, "0")
    await add_automation(
        harness,
        "scheduled_wake_up",
        car=device_id(harness),
        wake_ups=WAKE_UPS,
        budget=1,
        hours=1,
    )
    await harness.pass_time(HOUR + 5 * MINUTE, MINUTE)
    assert await harness.sent() == [{"wakeUp": {"action": "WakeUp"}}]
    harness.hass.states.async_set(WAKE_UPS, "1")
    await harness.pass_time(HOUR, MINUTE)
    assert len(await harness.sent()) == 1


async def add_charge_by_price(harness: Harness, **levels: float) -> None:
    """Add the automation that charges by price, with limits of the price and the level."""
    await add_automation(
        harness,
        "charge_by_price",
        car=device_id(harness),
        charging=harness.entity_id("charge"),
        battery=harness.entity_id("battery_level"),
        price=PRICE,
        **levels,
    )


async def test_charge_by_price_starts_and_stops_the_charging(harness: Harness) -> None:
    """The car charges while the price is low."""
    hass = harness.hass
    await change(level=50, charging=True)(harness)
    hass.states.async_set(PRICE, "0.1")
    await add_charge_by_price(harness, limit=0.2, minimum=20)
    hass.states.async_set(PRICE, "0.3")
    await harness.pass_time(2 * MINUTE, SECOND)
    assert len(await harness.sent()) == 1
    await harness.refresh()
    hass.states.async_set(PRICE, "0.15")
    await harness.pass_time(2 * MINUTE, SECOND)
    stop, start = await harness.sent()
    assert stop["charging"]["immediate"] is False
    assert start["charging"]["immediate"] is True


async def test_charge_by_price_does_not_start_at_the_maximum(harness: Harness) -> None:
    """Each attempt would wake up the car."""
    hass = harness.hass
    await change(level=85, plugged=True)(harness)
    hass.states.async_set(PRICE, "0.3")
    await add_charge_by_price(harness, maximum=80)
    hass.states.async_set(PRICE, "0.1")
    await harness.pass_time(2 * MINUTE, SECOND)
    assert not await harness.sent()


@pytest.mark.parametrize("source", ["weekday", "calendar"])
async def test_warm_before_departure_starts_preconditioning(
    harness: Harness, source: str
) -> None:
    """It starts at the time or before the event, if it is cold outside."""
    hass = harness.hass
    hass.states.async_set(TEMPERATURE, "2")
    now = dt_util.now()
    start = (now + 30 * MINUTE).replace(second=0, tzinfo=None)
    hass.states.async_set(CALENDAR, "off", {"start_time": f"{start}"})
    await add_automation(
        harness,
        "warm_before_departure",
        preconditioning=harness.entity_id("precondition"),
        temperature=TEMPERATURE,
        time=f"{now + 15 * MINUTE:%H:%M}:00",
        **(
            {"weekdays": [f"{now:%a}".lower()]}
            if source == "weekday"
            else {"calendar": [CALENDAR]}
        ),
    )
    await harness.pass_time(14 * MINUTE, MINUTE)
    assert not await harness.sent()
    await harness.pass_time(2 * MINUTE, 10 * SECOND)
    [sent] = await harness.sent()
    assert sent["preconditioning"]["airConditioning"]["immediate"] is True


def test_each_blueprint_is_run() -> None:
    """No blueprint is untested."""
    source = Path(__file__).read_text()
    assert all(f'"{name}"' in source for name in PATHS)
