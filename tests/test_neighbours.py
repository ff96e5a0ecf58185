"""What other systems read of a car and send to it: the tables of docs/neighbours.md."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
import re
from typing import Any
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from homeassistant.components.alexa import SMART_HOME_SCHEMA
from homeassistant.components.alexa.entities import async_get_entities
from homeassistant.components.alexa.smart_home import (
    AlexaConfig,
    async_handle_message as async_handle_alexa,
)
from homeassistant.components.google_assistant import GOOGLE_ASSISTANT_SCHEMA
from homeassistant.components.google_assistant.http import GoogleConfig
from homeassistant.components.google_assistant.smart_home import (
    async_handle_message as async_handle_google,
)
from homeassistant.components.homekit import type_locks, type_sensors, type_switches
from homeassistant.components.homekit.accessories import HomeDriver, get_accessory
from homeassistant.components.homekit.iidmanager import AccessoryIIDStorage
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from .harness import MINUTE, SECOND, Harness

DOCUMENT = Path(__file__).parents[1] / "docs" / "neighbours.md"
PIN = "1234"
LOCK = {"door": {"state": "Locked"}}
UNLOCK = {"door": {"state": "Unlocked"}}
PRECONDITION = {"preconditioning": {"airConditioning": {"immediate": True}}}

ACCESSORIES = {
    "HomeKit lock": type_locks.Lock,
    "HomeKit switch": type_switches.Switch,
    "HomeKit sensor": type_sensors.BinarySensor,
    "HomeKit temperature sensor": type_sensors.TemperatureSensor,
}

type Body = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A row of the document's tables."""

    field: str
    entity_id: str
    reads: str


def _tables() -> Iterator[tuple[str, list[Row]]]:
    for chapter in DOCUMENT.read_text().split("\n## ")[1:]:
        rows = re.findall(
            r"^\| (.+?) \| `(\w+\.my_car\w*)` \| (.+?) \|$", chapter, re.MULTILINE
        )
        yield (
            chapter.partition("\n")[0],
            [
                Row(field, entity.replace("my_car", "compact_electric"), reads)
                for field, entity, reads in rows
            ],
        )


TABLES = dict(_tables())


CHARGING_STATUSES = {"disconnected": "A", "connected": "B", "charging": "C"}


def read_number(state: Body, unit: str) -> float:
    """Return a number; the other system converts no units."""
    assert state["attributes"]["unit_of_measurement"] == unit
    return float(state["state"])


def read_boolean(state: Body) -> bool:
    """Return whether something is on."""
    return {"on": True, "off": False}[state["state"]]


def read_time(state: Body) -> datetime:
    """Return a time with its time zone."""
    time = datetime.fromisoformat(state["state"])
    assert time.tzinfo
    return time


def read_total(state: Body) -> float:
    """Return an energy that only grows."""
    assert state["attributes"]["device_class"] == "energy"
    assert state["attributes"]["state_class"] == "total_increasing"
    return read_number(state, "kWh")


READERS: Mapping[str, Callable[[Body], object]] = {
    "number in %": lambda state: read_number(state, "%"),
    "number in km": lambda state: read_number(state, "km"),
    "number in kWh": lambda state: read_number(state, "kWh"),
    "power in kW": lambda state: read_number(state, "kW"),
    "total in kWh": read_total,
    "charging status": lambda state: CHARGING_STATUSES[state["state"]],
    "on or off": read_boolean,
    "time": read_time,
}
SERVICES = {"switch": "turn_on", "button": "press"}


@pytest.fixture
async def charging_car(harness: Harness) -> Harness:
    """Return a car that charges, and whose doors are unlocked."""
    await harness.change(level=60, plugged=True, charging=True, locked=False)
    await harness.refresh()
    # The power follows from what the car gains.
    harness.freezer.tick(20 * MINUTE)
    await harness.change(level=64)
    await harness.refresh()
    await harness.hass.async_block_till_done()
    return harness


@pytest.mark.parametrize(
    "system", ["evcc", "EV Smart Charging", "Predbat", "EMHASS", "Energy dashboard"]
)
async def test_values_of_a_car_are_read(system: str, charging_car: Harness) -> None:
    """Test that another system reads a value that it knows of each entity."""
    read = {
        row.field: READERS[row.reads](state.as_dict())
        for row in TABLES[system]
        if row.reads in READERS
        and (state := charging_car.hass.states.get(row.entity_id))
    }
    assert None not in read.values()
    assert len(read) == sum(row.reads not in SERVICES for row in TABLES[system])


@pytest.mark.parametrize("system", ["evcc", "EV Smart Charging", "EMHASS"])
async def test_controls_of_a_car_send_a_command(system: str, harness: Harness) -> None:
    """Test that each control that another system uses ends in the car."""
    await harness.change(level=60, plugged=True, charging=False)
    await harness.refresh()
    controls = [row for row in TABLES[system] if row.reads in SERVICES]
    for row in controls:
        await harness.done(
            harness.hass.services.async_call(
                row.reads,
                SERVICES[row.reads],
                {"entity_id": row.entity_id},
                blocking=True,
            )
        )
    assert len(await harness.sent()) == len(controls) > 0


@pytest.mark.parametrize(
    ("changes", "status", "is_charging"),
    [
        ({"plugged": False, "charging": False}, "A", False),
        ({"plugged": True, "charging": False}, "B", False),
        ({"plugged": True, "charging": True}, "C", True),
    ],
)
async def test_charging_status_is_one_that_charge_controllers_know(
    changes: Body,
    status: str,
    is_charging: bool,
    harness: Harness,
) -> None:
    """Test the status that charge controllers read, and the sensors that agree with it."""
    await harness.change(**changes)
    await harness.refresh()
    await harness.hass.async_block_till_done()

    assert CHARGING_STATUSES[harness.state("charging_state").state] == status
    assert (harness.state("charging").state == "on") is is_charging
    assert (harness.state("charge").state == "on") is is_charging


async def test_energy_dashboard_accepts_energy_and_power(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    harness: Harness,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Test that the energy dashboard finds no fault with the sensors of the car."""
    assert await async_setup_component(hass, "energy", {})
    energy, power = (row.entity_id for row in TABLES["Energy dashboard"])
    websocket = await hass_ws_client()
    await websocket.send_json_auto_id(
        {
            "type": "energy/save_prefs",
            "device_consumption": [{"stat_consumption": energy, "stat_rate": power}],
        }
    )
    assert (await websocket.receive_json())["success"]
    await websocket.send_json_auto_id({"type": "energy/validate"})
    result = (await websocket.receive_json())["result"]

    issues = [
        issue["type"] for device in result["device_consumption"] for issue in device
    ]
    # Statistics are compiled only every five minutes.
    assert set(issues) <= {"statistics_not_defined"}


@pytest.fixture
async def homekit(hass: HomeAssistant) -> AsyncIterator[HomeDriver]:
    """Return the driver of HomeKit accessories without a network."""
    storage = AccessoryIIDStorage(hass, "")
    await storage.async_initialize()
    with (
        patch("pyhap.accessory_driver.AsyncZeroconf"),
        patch("pyhap.accessory_driver.HAPServer"),
    ):
        yield HomeDriver(
            hass,
            "",
            "Bridge",
            "Bridge",
            storage,
            pincode=b"123-45-678",
            address="127.0.0.1",
            loop=hass.loop,
        )


async def test_homekit_accessories_have_their_types(
    harness: Harness, homekit: HomeDriver
) -> None:
    """Test which accessories HomeKit makes of the entities."""
    for row in TABLES["HomeKit"]:
        state = harness.hass.states.get(row.entity_id)
        assert state
        accessory = get_accessory(harness.hass, homekit, state, 2, {})
        assert isinstance(accessory, ACCESSORIES[row.reads])


async def test_homekit_lock_locks_the_car(
    hass: HomeAssistant, harness: Harness, homekit: HomeDriver
) -> None:
    """Test that a person locks the car in the Home app."""
    await harness.change(locked=False)
    await harness.refresh()
    lock = get_accessory(hass, homekit, harness.state("lock"), 2, {})
    assert isinstance(lock, type_locks.Lock)
    lock.run()

    lock.char_target_state.client_update_value(1)
    await harness.pass_time(15 * SECOND)

    assert await harness.sent() == [LOCK]
    assert lock.char_current_state.value == 1


@dataclass(frozen=True)
class Google:
    """Google Assistant, as a person uses it."""

    harness: Harness
    config: GoogleConfig
    user: MockUser

    async def send(self, intent: str, **payload: object) -> Body:
        """Return the payload of the response to an intent."""
        request = {"intent": f"action.devices.{intent}", "payload": payload}
        message = {"requestId": "1", "inputs": [request]}
        response: Mapping[str, Body] = await self.harness.done(
            async_handle_google(
                self.harness.hass,
                self.config,
                "agent",
                self.user.id,
                message,
                "cloud",
            )
        )
        return response["payload"]


@pytest.fixture
async def google(harness: Harness, hass_admin_user: MockUser) -> Google:
    """Return Google Assistant, with a PIN for what needs one."""
    assert await async_setup_component(harness.hass, "homeassistant", {})
    options = {
        "project_id": "test",
        "exposed_domains": ["binary_sensor", "lock", "sensor", "switch"],
        "secure_devices_pin": PIN,
    }
    config = GoogleConfig(harness.hass, GOOGLE_ASSISTANT_SCHEMA(options))
    await config.async_initialize()
    return Google(harness, config, hass_admin_user)


async def test_google_devices_have_their_types(
    harness: Harness, google: Google
) -> None:
    """Test which devices Google Assistant makes of the entities."""
    payload = await google.send("SYNC")
    types = {device["id"]: device["type"] for device in payload["devices"]}
    for row in TABLES["Google Assistant"]:
        assert row.reads == f"Google `{types[row.entity_id]}`"


@pytest.mark.parametrize(
    ("challenge", "status", "sent"),
    [({}, "ERROR", []), ({"challenge": {"pin": PIN}}, "SUCCESS", [UNLOCK])],
)
async def test_google_unlocks_only_with_the_pin(
    challenge: Body,
    status: str,
    sent: list[Body],
    harness: Harness,
    google: Google,
) -> None:
    """Test that a voice without the PIN unlocks no car."""
    execution = {
        "command": "action.devices.commands.LockUnlock",
        "params": {"lock": False},
        **challenge,
    }
    device = {"id": harness.entity_id("lock")}
    payload = await google.send(
        "EXECUTE", commands=[{"devices": [device], "execution": [execution]}]
    )
    await harness.pass_time(15 * SECOND)

    assert [command["status"] for command in payload["commands"]] == [status]
    assert await harness.sent() == sent


@pytest.fixture
async def alexa(hass: HomeAssistant, harness: Harness) -> AlexaConfig:
    """Return the configuration of Alexa."""
    assert await async_setup_component(hass, "homeassistant", {})
    config = AlexaConfig(hass, SMART_HOME_SCHEMA({}))
    await config.async_initialize()
    return config


async def test_alexa_devices_have_their_categories(
    hass: HomeAssistant, alexa: AlexaConfig
) -> None:
    """Test which devices Alexa makes of the entities."""
    entities = {entity.entity_id: entity for entity in async_get_entities(hass, alexa)}
    for row in TABLES["Alexa"]:
        [category] = entities[row.entity_id].display_categories() or []
        assert row.reads == f"Alexa `{category}`"


@pytest.mark.parametrize(
    ("key", "interface", "directive", "sent"),
    [
        ("lock", "LockController", "Lock", LOCK),
        ("precondition", "PowerController", "TurnOn", PRECONDITION),
    ],
)
async def test_alexa_command_reaches_the_car(
    key: str,
    interface: str,
    directive: str,
    sent: Body,
    harness: Harness,
    alexa: AlexaConfig,
) -> None:
    """Test that a directive of Alexa ends in the car."""
    await harness.change(locked=False)
    await harness.refresh()
    header = {
        "namespace": f"Alexa.{interface}",
        "name": directive,
        "messageId": "1",
        "correlationToken": "1",
        "payloadVersion": "3",
    }
    endpoint = {"endpointId": harness.entity_id(key).replace(".", "#"), "scope": {}}
    response = await harness.done(
        async_handle_alexa(
            harness.hass,
            alexa,
            {"directive": {"header": header, "endpoint": endpoint, "payload": {}}},
        )
    )
    await harness.pass_time(15 * SECOND)

    assert response["event"]["header"]["name"] == "Response"
    assert await harness.sent() == [sent]
