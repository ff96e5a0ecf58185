"""The values of each recorded status, in the units of the models."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.stellantis_connect.api.models.status import Status

from .recorded import STATUSES, load, motorization, values

# All values, without the times of the blocks; programs have their own test.
VALUES: dict[str, dict[str, Any]] = {
    "ha104-status-peugeot-bev-stla-2025-03": {
        "last_position.longitude": 0.0,
        "last_position.latitude": 0.0,
        "last_position.heading": 253,
        "last_position.type": "Acquire",
        "last_position.fix_status": "3D",
        "last_position.signal_quality": 9,
        "ignition.type": "Stop",
        "powertrain.status": "Stopped",
        "electric_engine.type": "Electric",
        "electric_engine.speed": 0.0,
        "privacy.state": "None",
        "battery.level": 92.0,
        "doors_state.Trunk": "Closed",
        "doors_state.Driver": "Closed",
        "doors_state.RearRight": "Closed",
        "doors_state.RearLeft": "Closed",
        "doors_state.Passenger": "Closed",
        "doors_state.RearWindow": "Closed",
        "doors_state.RoofWindow": "Open",
        "doors_state.locked": True,
        "doors_state.any_open": False,
    },
    "ha211-status-2008-thermal-2025-06": {
        "ignition.type": "Stop",
        "thermic.type": "Thermic",
        "thermic.oil_temp": 67.0,
    },
    "ha282-status-corsae-2025-09": {
        "last_position.longitude": 0.0,
        "last_position.latitude": 0.0,
        "last_position.heading": 8,
        "last_position.type": "Acquire",
        "last_position.fix_status": "3D",
        "last_position.signal_quality": 9,
        "battery.level": 87.0,
        "odometer.mileage": 96034.1,
        "kinetic.moving": False,
        "environment.luminosity.day": True,
        "environment.air.temp": 18.0,
        "alarm.status.activation": "Active",
    },
    "ha3-status-vauxhall-bev-2025-01": {
        "electric.type": "Electric",
        "electric.sub_type": "ElectricEnergy",
        "electric.level": 54.0,
        "electric.autonomy": 124.0,
        "electric.charging.plugged": False,
        "electric.charging.status": "Disconnected",
        "charging": False,
        "electric.charging.charging_rate": 0.0,
        "electric.charging.charging_mode": "No",
        "electric.charging.next_delayed_time": timedelta(seconds=60),
        "electric.battery.load.capacity": 35168.0,
        "electric.battery.load.residual": 16832.0,
        "preconditioning.status": "Disabled",
        "alarm.status.activation": "Inactive",
    },
    "ha306-status-ec4-2025-09": {
        "electric.type": "Electric",
        "electric.sub_type": "ElectricEnergy",
        "electric.level": 97.0,
        "electric.autonomy": 308.0,
        "electric.charging.plugged": False,
        "electric.charging.status": "Disconnected",
        "charging": False,
        "electric.charging.charging_rate": 0.0,
        "electric.charging.charging_mode": "No",
        "electric.charging.next_delayed_time": timedelta(seconds=60),
        "electric.battery.load.capacity": 32608.0,
        "electric.battery.load.residual": 28320.0,
        "preconditioning.status": "Disabled",
    },
    "ha78-status-peugeot-bev-2025-03": {
        "last_position.longitude": 0.0,
        "last_position.latitude": 0.0,
        "last_position.heading": 321,
        "last_position.type": "Acquire",
        "last_position.fix_status": "3D",
        "last_position.signal_quality": 9,
        "ignition.type": "Stop",
        "electric.type": "Electric",
        "electric.sub_type": "ElectricEnergy",
        "electric.level": 82.0,
        "electric.autonomy": 206.0,
        "electric.charging.plugged": False,
        "electric.charging.status": "Disconnected",
        "charging": False,
        "electric.charging.charging_rate": 0.0,
        "electric.charging.charging_mode": "No",
        "electric.charging.next_delayed_time": timedelta(),
        "electric.battery.load.capacity": 36672.0,
        "electric.battery.load.residual": 25664.0,
        "preconditioning.status": "Disabled",
        "privacy.state": "None",
        "battery.level": 93.5,
        "odometer.mileage": 20661.3,
        "kinetic.moving": False,
        "environment.luminosity.day": True,
        "environment.air.temp": 4.5,
        "alarm.status.activation": "Active",
    },
    "openhab-status-2020-12": {
        "last_position.longitude": 0.0,
        "last_position.latitude": 0.0,
        "last_position.heading": 331,
        "last_position.type": "Estimated",
        "electric.type": "Electric",
        "electric.level": 77.0,
        "electric.autonomy": 200.0,
        "electric.charging.plugged": False,
        "electric.charging.status": "Disconnected",
        "charging": False,
        "electric.charging.remaining_time": timedelta(),
        "electric.charging.charging_rate": 0.0,
        "electric.charging.charging_mode": "No",
        "electric.charging.next_delayed_time": timedelta(seconds=18000),
        "preconditioning.status": "Disabled",
        "privacy.state": "None",
        "battery.level": 87.0,
        "odometer.mileage": 1539.0,
        "kinetic.moving": False,
    },
    "psa_ccc-status-bev-2023-03": {
        "last_position.longitude": 0.0,
        "last_position.latitude": 0.0,
        "last_position.altitude": 192.0,
        "last_position.heading": 278,
        "last_position.type": "Acquire",
        "electric.type": "Electric",
        "electric.level": 19.0,
        "electric.autonomy": 40.0,
        "electric.charging.plugged": False,
        "electric.charging.status": "Disconnected",
        "charging": False,
        "electric.charging.charging_rate": 0.0,
        "electric.charging.charging_mode": "No",
        "electric.charging.next_delayed_time": timedelta(),
        "preconditioning.status": "Disabled",
        "privacy.state": "None",
        "battery.level": 83.0,
        "odometer.mileage": 13890.3,
        "kinetic.moving": False,
    },
    "psa_ccc-status-bev-2023-04": {
        "last_position.longitude": 0.0,
        "last_position.latitude": 0.0,
        "last_position.altitude": 192.0,
        "last_position.heading": 278,
        "last_position.type": "Acquire",
        "ignition.type": "Stop",
        "electric.type": "Electric",
        "electric.sub_type": "ElectricEnergy",
        "electric.level": 43.0,
        "electric.autonomy": 128.0,
        "electric.charging.plugged": False,
        "electric.charging.status": "Disconnected",
        "charging": False,
        "electric.charging.charging_rate": 0.0,
        "electric.charging.charging_mode": "No",
        "electric.charging.next_delayed_time": timedelta(),
        "electric.battery.load.capacity": 33280.0,
        "preconditioning.status": "Disabled",
        "privacy.state": "None",
        "battery.level": 82.0,
        "odometer.mileage": 14529.9,
        "kinetic.moving": False,
        "environment.luminosity.day": False,
        "environment.air.temp": 15.0,
    },
    "psacc-status-bev-2022-03": {
        "last_position.longitude": 0.0,
        "last_position.latitude": 0.0,
        "last_position.altitude": 30.0,
        "last_position.type": "Acquire",
        "last_position.signal_quality": 9,
        "electric.type": "Electric",
        "electric.level": 59.0,
        "electric.autonomy": 122.0,
        "electric.charging.plugged": False,
        "electric.charging.status": "Disconnected",
        "charging": False,
        "electric.charging.remaining_time": timedelta(),
        "electric.charging.charging_rate": 0.0,
        "electric.charging.charging_mode": "No",
        "electric.charging.next_delayed_time": timedelta(seconds=81060),
        "preconditioning.status": "Disabled",
        "privacy.state": "None",
        "battery.level": 83.5,
        "odometer.mileage": 3196.5,
    },
    "psacc-status-bev-charging-2021-04": {
        "last_position.longitude": 0.0,
        "last_position.latitude": 0.0,
        "last_position.altitude": 21.0,
        "last_position.heading": 126,
        "last_position.type": "Estimated",
        "electric.type": "Electric",
        "electric.level": 70.0,
        "electric.autonomy": 192.0,
        "electric.charging.plugged": True,
        "electric.charging.status": "InProgress",
        "charging": True,
        "electric.charging.remaining_time": timedelta(),
        "electric.charging.charging_rate": 20.0,
        "electric.charging.charging_mode": "Slow",
        "electric.charging.next_delayed_time": timedelta(seconds=77400),
        "preconditioning.status": "Disabled",
        "privacy.state": "None",
        "battery.level": 99.0,
        "odometer.mileage": 1107.1,
        "kinetic.moving": False,
    },
}


@pytest.mark.parametrize("name", VALUES)
def test_recorded_status_has_only_real_values(name: str) -> None:
    """No sentinel, no contradiction, and no tank of an electric car."""
    unexpected_fields: set[str] = set()
    status = Status.from_json(
        load(name), motorization(name), on_invalid=unexpected_fields.add
    )

    known = {
        key: value
        for key, value in values(status).items()
        if not key.endswith(("_at", "programs")) and not key.startswith("service.")
    }
    assert known == VALUES[name]
    assert not unexpected_fields


@pytest.mark.parametrize("name", STATUSES)
def test_status_of_unknown_motorization_is_equal(name: str) -> None:
    """The service, the energies and the engines tell the motorization."""
    raw = load(name)
    assert Status.from_json(raw) == Status.from_json(raw, motorization(name))


@pytest.mark.parametrize("name", STATUSES)
@pytest.mark.parametrize("held_name", STATUSES)
def test_status_is_the_same_whatever_was_held(name: str, held_name: str) -> None:
    """What has not changed is kept, what is missing now is not."""
    held = Status.from_json(load(held_name), motorization(held_name))
    raw, kind = load(name), motorization(name)
    assert Status.from_json(raw, kind, held=held) == Status.from_json(raw, kind)


@pytest.mark.parametrize("name", STATUSES)
def test_unchanged_blocks_are_kept(name: str) -> None:
    """Nothing of them is decoded again."""
    held = Status.from_json(load(name), motorization(name))
    status = Status.from_json(load(name), motorization(name), held=held)
    for block in (
        "doors_state",
        "preconditioning",
        "environment",
        "odometer",
        "last_position",
    ):
        assert getattr(status, block) is getattr(held, block)
