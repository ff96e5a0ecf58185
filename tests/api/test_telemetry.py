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
from custom_components.stellantis_connect.api.models.energy import ChargingStatus
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
}


def test_message_has_battery_without_implausible_values() -> None:
    """The other blocks of a status are not read."""
    message = Telemetry.from_json(MESSAGE, Motorization.ELECTRIC)
    assert message.created_at
    assert message.electric
    assert message.electric.level == 53.1
    assert message.electric.charging.status is ChargingStatus.IN_PROGRESS


def test_message_has_more_than_a_status() -> None:
    """Gearbox, wipers, and driver assistance."""
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


@pytest.mark.parametrize("vehicle", [None, [], "rubbish", {}])
def test_message_without_vehicle_has_its_time(vehicle: object) -> None:
    """Null and wrong types, too."""
    message = Telemetry.from_json({**MESSAGE, "vehicle": vehicle})
    assert message.electric is None
    assert message.created_at


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
            "vehicle": {"wipingBlades": {"active": False}},
            "privacy": {"state": "Geolocation"},
        }
    )
    undated = Telemetry.from_json({"privacy": {"state": "None"}})

    merged = held.with_newer([newest, newer, undated], Motorization.ELECTRIC)

    assert merged.created_at == newest.created_at
    assert merged.raw["privacy"] == {"state": "Full"}
    assert merged.wiping_blades == WipingBlades(active=False)
    assert merged.electric == held.electric
    assert "_links" not in merged.raw
    assert held.with_newer([], Motorization.ELECTRIC) == held


def test_message_can_be_stored() -> None:
    """The stored one is equal."""
    message = Telemetry.from_json(MESSAGE, Motorization.ELECTRIC)
    assert Telemetry.from_json(message.raw, Motorization.ELECTRIC) == message
