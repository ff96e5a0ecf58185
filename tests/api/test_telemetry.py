"""Messages of a car."""

from collections.abc import Mapping
from typing import Any

import pytest

from custom_components.stellantis_connect.api.models.adas import (
    AdaptiveCruiseControl,
    Adas,
    GearboxRatio,
    GearIndicator,
    ParkAssist,
    WipingBlades,
    WipingSpeed,
)
from custom_components.stellantis_connect.api.models.alarms import AlarmActivation
from custom_components.stellantis_connect.api.models.blocks import PrivacyState
from custom_components.stellantis_connect.api.models.energy import ChargingStatus
from custom_components.stellantis_connect.api.models.maintenance import Maintenance
from custom_components.stellantis_connect.api.models.telemetry import Telemetry
from custom_components.stellantis_connect.api.models.vehicle import Motorization

MESSAGE: Mapping[str, Any] = {
    "createdAt": "2026-02-03T12:00:00Z",
    "privacy": {"state": "None"},
    "environment": {"air": {"temp": 7.5}, "luminosity": {"day": False}},
    "vehicle": {
        "energies": [
            {"type": "Fuel", "level": 0, "autonomy": 0},
            {
                "type": "Electric",
                "level": 53.1,
                "extension": {"electric": {"charging": {"status": "InProgress"}}},
            },
        ],
        "engines": [
            {"type": "Thermic", "extension": {"thermic": {"oil": {"temp": 215.0}}}},
            {"type": "Electric", "speed": 3000},
        ],
        "transmission": {"gearbox": {"ratio": "Ratio2", "mode": {"semiManual": True}}},
        "adas": {
            "parkAssist": {"front": ["Wait"], "rear": ["Active", "Unheard-of"]},
            "accr": "HoldWithOverSpeeding",
            "rgi": "None",
            "abs": False,
            "sli": 110,
        },
        "wipingBlades": {"active": True, "speed": "Low"},
        "battery": {"voltage": 83},
        "kinetic": {"moving": True, "speed": 81.5},
        "odometer": {"mileage": 20870.3},
        "alarm": {"status": {"activation": "Active"}},
    },
    "_embedded": {
        "extension": {
            "location": {"geometry": {"coordinates": [-1.69, 48.15]}},
            "maintenance": {"daysBeforeMaintenance": 200},
        }
    },
}


def test_message_has_the_blocks_of_a_status() -> None:
    """Without implausible values."""
    message = Telemetry.from_json(MESSAGE, Motorization.ELECTRIC)
    assert message.created_at
    assert message.electric
    assert message.electric.level == 53.1
    assert message.electric.charging.status is ChargingStatus.IN_PROGRESS
    assert message.electric_engine
    assert message.electric_engine.speed == 3000
    assert message.fuel is None
    assert message.thermic is None
    assert message.privacy.state is PrivacyState.NONE
    assert message.environment.air.temp == 7.5
    assert message.battery.level == 83
    assert message.kinetic.moving
    assert message.odometer.mileage == 20870.3
    assert message.alarm.status.activation is AlarmActivation.ACTIVE


def test_message_of_unknown_car_has_no_empty_tank_and_no_engine_without_reading() -> (
    None
):
    """The motorization is not known."""
    message = Telemetry.from_json(MESSAGE)
    assert message.fuel is None
    assert message.thermic is None


def test_message_has_more_than_a_status() -> None:
    """Gearbox, wipers, driver assistance, and the requested extensions."""
    message = Telemetry.from_json(MESSAGE)
    assert message.gearbox.ratio is GearboxRatio.RATIO_2
    assert message.gearbox.semi_manual
    assert message.gearbox.sport is None
    assert message.wiping_blades == WipingBlades(active=True, speed=WipingSpeed.LOW)
    assert message.adas == Adas(
        park_assist_front=(ParkAssist.WAIT,),
        park_assist_rear=(ParkAssist.ACTIVE,),
        accr=AdaptiveCruiseControl.HOLD_WITH_OVER_SPEEDING,
        rgi=GearIndicator.NONE,
        abs=False,
        sli=110,
    )
    assert (message.location.longitude, message.location.latitude) == (-1.69, 48.15)
    assert message.maintenance == Maintenance(days_before_maintenance=200)


@pytest.mark.parametrize("vehicle", [None, [], "rubbish", {}])
def test_message_without_vehicle_has_the_other_blocks(vehicle: object) -> None:
    """Null and wrong types, too."""
    message = Telemetry.from_json({**MESSAGE, "vehicle": vehicle})
    assert message.electric is None
    assert message.environment.air.temp == 7.5


@pytest.mark.parametrize("vehicle", [None, [], "rubbish"])
def test_newer_message_without_vehicle_keeps_the_blocks(vehicle: object) -> None:
    """Each block is from the newest message that has it, in whatever order they come."""
    held = Telemetry.from_json(MESSAGE, Motorization.ELECTRIC)
    newest = Telemetry.from_json(
        {
            "createdAt": "2026-02-03T12:02:00Z",
            "_links": {"self": {"href": "https://example.com"}},
            "vehicle": vehicle,
            "privacy": {"state": "Full"},
        }
    )
    newer = Telemetry.from_json(
        {
            "createdAt": "2026-02-03T12:01:00Z",
            "vehicle": {"battery": {"voltage": 84}},
            "privacy": {"state": "Geolocation"},
        }
    )
    undated = Telemetry.from_json({"privacy": {"state": "None"}})

    merged = held.with_newer([newest, newer, undated], Motorization.ELECTRIC)

    assert merged.created_at == newest.created_at
    assert merged.privacy.state is PrivacyState.FULL
    assert merged.battery.level == 84
    assert merged.electric == held.electric
    assert "_links" not in merged.raw
    assert held.with_newer([], Motorization.ELECTRIC) == held


def test_message_can_be_stored() -> None:
    """The stored one is equal."""
    message = Telemetry.from_json(MESSAGE, Motorization.ELECTRIC)
    assert Telemetry.from_json(message.raw, Motorization.ELECTRIC) == message
