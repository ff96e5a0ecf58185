"""The states of simulated cars over time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings, strategies as st
import pytest

from simulator.brands import BRANDS
from simulator.cars.car import Car
from simulator.cars.changes import charged
from simulator.cars.charging import Charge
from simulator.cars.models import MODELS

from .client import Client

HISTORY_START = date(2026, 3, 2)
BATTERY_CARS = [key for key, model in MODELS.items() if model.battery]


def car(key: str = "battery", seed: str = "1") -> Car:
    """Return a car whose history begins on a Monday."""
    return Car(MODELS[key], BRANDS["peugeot"], "dev@example.com", seed, HISTORY_START)


def noon(day: int, hour: int = 12) -> datetime:
    """Return a moment of March."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


@pytest.mark.parametrize("key", MODELS)
def test_state_after_one_jump_equals_state_after_many_steps(key: str) -> None:
    """So do trips and alerts."""
    jumped, waited = car(key), car(key)
    moment = noon(3)
    while moment < noon(9):
        moment += timedelta(minutes=7)
        waited.at(moment)
    assert jumped.at(moment) == waited.at(moment)
    assert jumped.trips == waited.trips
    assert jumped.alerts == waited.alerts


@pytest.mark.parametrize("key", MODELS)
@given(minutes=st.integers(0, 60 * 24 * 40), seed=st.sampled_from("123"))
@settings(max_examples=25, deadline=None)
def test_values_at_any_time_are_plausible(key: str, minutes: int, seed: str) -> None:
    """Levels, speeds, and temperatures are within the limits of a real car."""
    one = car(key, seed)
    state = one.at(noon(2) + timedelta(minutes=minutes))
    battery, tank = one.model.battery, one.model.tank
    if battery:
        assert 0 < state.energy <= battery.capacity
    if tank:
        assert 0 < state.fuel <= tank.capacity
    assert 0 <= state.fix.speed < 140
    assert (state.fix.speed > 0) == (state.drive is not None)
    assert -15 < state.engine_temperature < 95
    assert 45 <= state.auxiliary_level <= 96
    assert not (state.plugged and state.drive)
    assert (state.charging_status == "InProgress") == (state.charge is not None)


@pytest.mark.parametrize("key", MODELS)
def test_odometer_increases_by_distances_of_trips(key: str) -> None:
    """Nothing else changes it."""
    one = car(key)
    start = one.at(noon(2, 0)).odometer
    end = one.at(noon(30)).odometer
    driven = sum(
        trip.stop.odometer - trip.start.odometer for trip in one.trips if trip.stop
    )
    assert end - start == pytest.approx(driven)
    assert driven > 300


@pytest.mark.parametrize("key", BATTERY_CARS)
def test_battery_within_a_month_is_charged(key: str) -> None:
    """All statuses of charging occur."""
    one = car(key)
    moments = list(one.uploads(noon(2, 0), noon(30)))
    statuses = {one.at(moment).charging_status for moment in moments}
    assert {"Disconnected", "InProgress", "Finished"} <= statuses


def test_charging_power_decreases_towards_the_end() -> None:
    """The end is reached at the announced time."""
    charge = Charge(noon(1), energy=10_000, capacity=50_000, power=7_400, target=50_000)
    powers = [
        charge.power_at(noon(1) + timedelta(minutes=30 * step)) for step in range(20)
    ]
    assert powers == sorted(powers, reverse=True)
    assert charge.energy_at(charge.ends) == pytest.approx(50_000, abs=1)
    assert charge.energy_at(charge.ends - timedelta(minutes=10)) < 49_700
    hours = (charge.ends - charge.started) / timedelta(hours=1)
    assert 5.5 < hours < 8


async def test_plugged_car_charges_from_its_delayed_time(client: Client) -> None:
    """It stops at the target."""
    path = await client.car()
    clock = client.simulator.clock
    await client.patch(path, trip="home")
    clock.advance(timedelta(hours=1))
    await client.renew()
    truth = await client.patch(path, level=40, plugged=True)
    assert (truth["where"], truth["charging"]) == ("home", "Stopped")
    clock.advance(timedelta(hours=9))
    await client.renew()
    status = await client.get(f"{path}/status")
    charging = status["energies"][1]["extension"]["electric"]["charging"]
    assert charging["status"] == "InProgress"
    assert charging["chargingMode"] == "Slow"
    assert charging["chargingRate"] == round(7400 / 158)
    assert charging["remainingTime"].startswith("PT")
    clock.advance(timedelta(hours=8))
    await client.renew()
    status = await client.get(f"{path}/status")
    assert status["energies"][1]["level"] == 100
    assert (
        status["energies"][1]["extension"]["electric"]["charging"]["status"]
        == "Finished"
    )


@pytest.mark.parametrize("key", BATTERY_CARS)
def test_charged_energy_equals_used_and_stored_energy(key: str) -> None:
    """The rest was used by preconditioning."""
    one = car(key)
    start = one.at(noon(2, 0))
    end = one.at(noon(30))
    used = sum(trip.start.energy - trip.stop.energy for trip in one.trips if trip.stop)
    balance = end.energy - start.energy + used
    preconditioned = balance - charged(one, end)
    runs = preconditioned / -600
    assert preconditioned <= 1
    assert abs(runs - round(runs)) < 0.01


async def test_partial_charge_ends_at_80_percent(client: Client) -> None:
    """The charge is finished then."""
    path = await client.car()
    await client.patch(
        path, level=70, charge_type="Partial", plugged=True, charging=True
    )
    client.simulator.clock.advance(timedelta(hours=2))
    truth = await client.patch(path)
    assert (truth["charging"], truth["level"]) == ("Finished", 80)


async def test_engine_temperature_rises_while_driving_and_falls_while_parked(
    client: Client,
) -> None:
    """The coolant has the temperature of the engine."""
    path = await client.car(motorization="Thermic")

    async def coolant() -> float:
        engine = (await client.get(f"{path}/status"))["engines"][0]
        return float(engine["extension"]["thermic"]["coolant"]["temp"])

    await client.patch(path, trip="start")
    client.simulator.clock.advance(timedelta(minutes=12))
    warm = await coolant()
    await client.patch(path, trip="stop")
    client.simulator.clock.advance(timedelta(hours=3))
    await client.renew()
    cold = await client.patch(path, auxiliary=80)
    assert warm > 70
    assert await coolant() < 40
    assert cold["auxiliary"] == 80


@pytest.mark.parametrize("privacy", ["None", "Full"])
async def test_status_in_full_privacy_is_not_updated(
    client: Client, privacy: str
) -> None:
    """Without privacy it is updated, and has a position."""
    path = await client.car()
    before = (await client.get(f"{path}/status"))["odometer"]
    await client.patch(path, privacy=privacy)
    client.simulator.clock.advance(timedelta(days=2))
    await client.renew()
    status = await client.get(f"{path}/status")
    assert status["privacy"]["state"] == privacy
    assert (status["odometer"] == before) is (privacy == "Full")
    assert ("lastPosition" in status) is (privacy == "None")


async def test_car_after_a_trip_falls_asleep(client: Client) -> None:
    """It is awake during the trip and minutes after it."""
    path = await client.car()
    await client.patch(path, trip="start")
    client.simulator.clock.advance(timedelta(minutes=5))
    assert (await client.patch(path))["sleep"] == "awake"
    assert (await client.patch(path, trip="stop"))["sleep"] == "awake"
    client.simulator.clock.advance(timedelta(minutes=10))
    assert (await client.patch(path))["sleep"] == "asleep"
    assert (await client.patch(path, sleep="deep"))["sleep"] == "deep"


def test_car_without_long_trip_for_a_week_is_in_deep_sleep() -> None:
    """A long trip takes fifteen minutes."""
    state = car().at(noon(2, 2))
    later = replace(state, at=state.at + timedelta(days=8))
    assert (state.asleep, later.asleep) == ("asleep", "deep")


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"locked": False}, {"locked": ["Unlocked"]}),
        (
            {"locked": ["DriverDoorUnlocked", "TrunkLocked"]},
            {"locked": ["DriverDoorUnlocked", "TrunkLocked"]},
        ),
        (
            {"open": ["Driver", "Trunk"]},
            {"open": ["Driver", "Trunk"], "locked": ["Unlocked"]},
        ),
        ({"odometer": 99_999.5}, {"odometer": 99_999.5}),
        ({"position": [2.35, 48.85]}, {"position": [2.35, 48.85]}),
        ({"preconditioning": True}, {"preconditioning": "Enabled"}),
        ({"preconditioning": "LowBattery"}, {"preconditioning": "Failure"}),
        ({"charging": True}, {"charging": "InProgress", "plugged": True}),
        ({"charging": "Failure"}, {"charging": "Failure"}),
        ({"next_delayed_time": "PT6H15M"}, {"next_delayed_time": "PT6H15M"}),
        ({"alarm": "RoofBreakIn"}, {"alarm": "RoofBreakIn"}),
        ({"level": 33.3}, {"level": 33.3}),
        ({"auxiliary": 44}, {"auxiliary": 44}),
    ],
)
async def test_change_of_a_car_is_in_its_truth(
    client: Client, changes: dict[str, object], shown: dict[str, object]
) -> None:
    """A value has the effects that it has in a real car."""
    truth = await client.patch(await client.car(), **changes)
    assert shown.items() <= truth.items()


async def test_alarm_ends_after_minutes(client: Client) -> None:
    """The alarm is armed again."""
    path = await client.car()
    await client.patch(path, alarm="VolumetricBreakIn")
    alarm = (await client.get(f"{path}/status"))["alarm"]
    assert alarm["trigger"]["type"] == "VolumetricBreakIn"
    client.simulator.clock.advance(timedelta(minutes=6))
    assert (await client.get(f"{path}/status"))["alarm"]["status"][
        "activation"
    ] == "Active"


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "red"},
        {"charging": "fast"},
        {"open": ["Window"]},
        {"trip": "moon"},
        {"trip": "home", "privacy": "Maybe"},
        {"sleep": "soundly"},
        {"preconditioning": 3},
        {"alert": 3},
        {"collision": "Above"},
        {"position": "home"},
        {"odometer": "far"},
        {"charge_type": "Half"},
    ],
)
async def test_invalid_change_is_refused(
    client: Client, changes: dict[str, object]
) -> None:
    """The car keeps its state."""
    path = await client.car()
    before = await client.patch(path)
    async with client.session.patch(
        f"/_sim{path.removeprefix('/user')}", json=changes
    ) as response:
        assert response.status == 400
        assert (await response.json())["message"]
    assert await client.patch(path) == before
