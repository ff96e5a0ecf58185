"""The binary sensors of a car."""

from collections.abc import Sequence
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.stellantis_connect.api.models.alerts import AlertType
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.binary_sensor import (
    ALERT_GROUPS,
    STATUS_DESCRIPTIONS,
)
from custom_components.stellantis_connect.models import VehicleState
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from simulator.cars.garage import Recording

from .common import entity_ids, recording
from .conftest import SetupIntegration


@pytest.fixture
def recordings() -> Sequence[Recording]:
    """Return the car with most values."""
    return [recording("made-status-phev")]


def test_binary_sensors_few_people_need_are_disabled_by_default() -> None:
    """The roof window is open on cars that have none."""
    assert {
        one.key
        for one in STATUS_DESCRIPTIONS
        if not one.entity_registry_enabled_default
    } == {
        "alarm_armed",
        "belt_driver",
        "belt_passenger",
        "daylight",
        "emergency_call",
        "lights",
        "opening_rear_window",
        "opening_roof_window",
        "privacy_limits_data",
    }


def test_privacy_and_programs_are_diagnostic() -> None:
    """Programs are settings, shown read-only."""
    assert [
        one.key
        for one in STATUS_DESCRIPTIONS
        if one.entity_category is EntityCategory.DIAGNOSTIC
    ] == ["program_1", "program_2", "program_3", "program_4", "privacy_limits_data"]


def charging(**reported: Any) -> dict[str, Any]:
    """Return the status of a car with a charger."""
    extension = {"electric": {"charging": reported}}
    return {"energies": [{"type": "Electric", "extension": extension}]}


def doors(*states: str, **openings: str) -> dict[str, Any]:
    """Return the status of a car with doors."""
    opening = [
        {"identifier": identifier, "state": state}
        for identifier, state in openings.items()
    ]
    return {"doorsState": {"lockedStates": [*states], "opening": opening}}


def belts(moving: bool = True, **reported: str) -> dict[str, Any]:
    """Return the status of a car with belts."""
    now = "2026-03-18T05:00:00Z"
    return {
        "updatedAt": now,
        "kinetic": {"createdAt": now, "moving": moving},
        "safety": {
            "beltStatus": [
                {"id": seat, "belt": belt} for seat, belt in reported.items()
            ]
        },
    }


def conditioned(status: str) -> dict[str, Any]:
    """Return the status of a car that can be preconditioned."""
    return {"preconditioning": {"airConditioning": {"status": status}}}


ON, OFF, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("key", "status", "expected"),
    [
        ("plugged", charging(plugged=True), ON),
        ("plugged", charging(plugged=False), OFF),
        ("plugged", charging(), UNKNOWN),
        ("charging", charging(status="InProgress"), ON),
        ("charging", charging(status="Disconnected", plugged=True), OFF),
        ("charging", charging(status="Stopped", remainingTime="PT3H"), OFF),
        ("charging", charging(chargingMode="Slow"), UNKNOWN),
        ("charging", charging(status="Unheard-of", chargingRate=30), ON),
        # On means unlocked.
        ("locked", doors("Locked"), OFF),
        ("locked", doors("SuperLocked", "Locked"), OFF),
        ("locked", doors("Unlocked"), ON),
        ("locked", doors("Locked", "TrunkUnLocked"), ON),
        ("locked", doors(), UNKNOWN),
        ("locked", doors("Unheard-of"), UNKNOWN),
        ("opening_driver", doors(Driver="Open"), ON),
        ("opening_driver", doors(Driver="Closed"), OFF),
        ("opening_driver", doors(Passenger="Open"), UNKNOWN),
        ("opening_trunk", doors(Trunk="Open", Driver="Closed"), ON),
        ("any_opening", doors(Trunk="Open", Driver="Closed"), ON),
        ("any_opening", doors(RoofWindow="Open", Driver="Closed"), OFF),
        ("any_opening", doors(RoofWindow="Open"), UNKNOWN),
        # On means unsafe.
        ("belt_driver", belts(Driver="Omission"), ON),
        ("belt_driver", belts(Driver="Normal"), OFF),
        ("belt_driver", belts(moving=False, Driver="Omission"), UNKNOWN),
        ("belt_passenger", belts(Driver="Normal"), UNKNOWN),
        ("alarm_armed", {"alarm": {"status": {"activation": "Active"}}}, ON),
        ("alarm_armed", {"alarm": {"status": {"activation": "Inactive"}}}, OFF),
        ("alarm_triggered", {"alarm": {"trigger": {"type": "VehicleLifting"}}}, ON),
        ("alarm_triggered", {"alarm": {"trigger": {"type": "NoBreakIn"}}}, OFF),
        ("alarm_triggered", {}, UNKNOWN),
        ("emergency_call", {"safety": {"autoECallTriggering": "Detected"}}, ON),
        ("emergency_call", {"safety": {"autoECallTriggering": "NotDetected"}}, OFF),
        ("preconditioning", conditioned("Enabled"), ON),
        ("preconditioning", conditioned("Finished"), OFF),
        ("preconditioning", conditioned("Unheard-of"), UNKNOWN),
        ("privacy_limits_data", {"privacy": {"state": "None"}}, OFF),
        ("privacy_limits_data", {"privacy": {"state": "Geolocation"}}, ON),
        ("privacy_limits_data", {"privacy": {"state": "Full"}}, ON),
        ("daylight", {"environment": {"luminosity": {"day": False}}}, OFF),
        ("lights", {"lightingSystem": {"fog": [{"status": "On"}]}}, ON),
        ("lights", {"lightingSystem": {"turn": [{"status": "Off"}]}}, OFF),
    ],
)
def test_state_follows_status(
    key: str, status: dict[str, Any], expected: bool | None
) -> None:
    """On and off have Home Assistant's meaning."""
    [description] = [one for one in STATUS_DESCRIPTIONS if one.key == key]
    state = VehicleState(status=Status.from_json(status))
    assert description.value_fn(state) is expected


def test_alert_type_is_in_one_group_or_in_none_on_purpose(
    snapshot: SnapshotAssertion,
) -> None:
    """All 104 types are placed; those without a group are only in the list of all."""
    groups = {group: sorted(types) for group, types in ALERT_GROUPS.items()}
    grouped = [alert for types in groups.values() for alert in types]
    none = sorted({*AlertType} - {*grouped})
    assert len(grouped) + len(none) == len(AlertType) == 104
    assert {**groups, "none": none} == snapshot


def test_alert_of_12_v_battery_is_not_of_electric_drive() -> None:
    """Cars with a combustion engine have a 12 V battery, too."""
    alert = AlertType.BATTERY_CHARGE_OR_ELECTRICAL_CIRCUIT_SYSTEM_FAILURE
    assert [group for group, types in ALERT_GROUPS.items() if alert in types] == [
        "electrical"
    ]


async def test_program_without_permission_is_shown_read_only(
    hass: HomeAssistant, setup_integration: SetupIntegration
) -> None:
    """It has its start, days and recurrence as attributes."""
    entry = await setup_integration(scopes=set(Scope) - {Scope.PRECONDITIONING})
    entity_id = entity_ids(hass, entry)["program_1"]
    state = hass.states.get(entity_id)
    assert state
    assert entity_id.startswith("binary_sensor.")
    assert state.state == "on"
    assert {
        name: state.attributes[name] for name in ("start", "days", "recurrence")
    } == {"start": "07:30:00", "days": ["monday", "friday"], "recurrence": "daily"}


async def test_program_with_permission_is_a_switch_with_its_days(
    hass: HomeAssistant, init_integration: MockConfigEntry
) -> None:
    """There is no second entity of it."""
    entity_id = entity_ids(hass, init_integration)["program_1"]
    state = hass.states.get(entity_id)
    assert state
    assert entity_id.startswith("switch.")
    assert state.attributes["days"] == ["monday", "friday"]
