"""The status: the platform's dialects, and the implausible values of cars."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.stellantis_connect.api.models.blocks import Seat
from custom_components.stellantis_connect.api.models.doors import (
    OpeningIdentifier,
    OpeningState,
)
from custom_components.stellantis_connect.api.models.energy import Energy
from custom_components.stellantis_connect.api.models.position import PositionType
from custom_components.stellantis_connect.api.models.program import (
    Day,
    Program,
    Recurrence,
)
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.vehicle import Motorization

from .recorded import load

NOW = datetime(2026, 2, 3, 12, 0, tzinfo=UTC)
FUEL = {"type": "Fuel", "level": 42, "autonomy": 300}
ELECTRIC = {"type": "Electric", "level": 70, "autonomy": 192}


def ago(**span: float) -> str:
    """Return a time before now in the platform's format."""
    return (NOW - timedelta(**span)).isoformat()


def status(motorization: Motorization | None = None, /, **blocks: Any) -> Status:
    """Return a current status with these blocks."""
    return Status.from_json({"updatedAt": ago(), **blocks}, motorization)


def electric(**blocks: Any) -> Energy:
    """Return the electric energy of a current status with these blocks."""
    energy = status(**blocks).electric
    assert energy
    return energy


def charging(level: float | None = None, /, **fields: Any) -> Status:
    """Return a current status with these fields of the charging."""
    return status(energies=[{**_energy(charging=fields), "level": level}])


def _energy(**extension: Any) -> dict[str, Any]:
    return {
        "type": "Electric",
        "createdAt": ago(),
        "extension": {"electric": extension},
    }


def test_status_with_two_dialects_prefers_the_newer_per_field() -> None:
    """`energies` has precedence, and `energy` provides what it does not have."""
    energy = electric(
        energies=[_energy(charging={"status": "Stopped"}) | {"level": 60}],
        energy=[
            ELECTRIC
            | {"level": 10, "charging": {"status": "InProgress", "plugged": True}}
        ],
    )
    assert (energy.level, energy.autonomy) == (60, 192)
    assert (energy.charging.status, energy.charging.plugged) == ("Stopped", True)


@pytest.mark.parametrize("key", ["preconditioning", "preconditionning"])
def test_preconditioning_in_either_spelling_is_decoded(key: str) -> None:
    """The older one has another n."""
    car = status(**{key: {"airConditioning": {"status": "Enabled"}}})
    assert car.preconditioning.status == "Enabled"


def test_energy_with_frozen_time_keeps_its_values() -> None:
    """The time of the older dialect is right on many cars."""
    energy = electric(
        energies=[ELECTRIC | {"createdAt": ago(days=200)}],
        energy=[ELECTRIC | {"createdAt": ago(days=200), "updatedAt": ago(minutes=1)}],
    )
    assert energy.level == 70
    assert energy.updated_at == NOW - timedelta(minutes=1)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("motorization", "service"),
    [(Motorization.ELECTRIC, "Hybrid"), (None, "Electric")],
)
def test_electric_car_has_no_tank_and_no_engine(
    motorization: Motorization | None, service: str, order: int
) -> None:
    """At any level, in any order; the vehicle list has precedence over the service."""
    car = status(
        motorization,
        service={"type": service},
        energies=[FUEL, ELECTRIC][::order],
        engines=[{"type": "Thermic", "extension": {"thermic": {"oil": {"temp": 90}}}}],
    )
    assert (car.fuel, car.thermic) == (None, None)
    assert car.electric
    assert car.electric.level == 70


@pytest.mark.parametrize(
    "tank", [{"level": 0}, {"autonomy": 0}, {"level": 42, "autonomy": 0}], ids=str
)
def test_empty_tank_without_range_means_electric_car(tank: dict[str, float]) -> None:
    """If neither the vehicle list nor the service has a motorization."""
    car = status(
        service={"type": "Unknown"},
        energies=[{"type": "Fuel", **tank}, ELECTRIC],
        engines=[
            {"type": "Thermic", "extension": {"thermic": {"air": {"temp": 215.0}}}}
        ],
    )
    assert car.electric
    assert (car.fuel, car.thermic) == (None, None)


@pytest.mark.parametrize("tank", [FUEL, {"type": "Fuel", "level": 42}], ids=str)
@pytest.mark.parametrize("service", ["Hybrid", "Unknown"])
def test_plug_in_has_both_energies(service: str, tank: dict[str, Any]) -> None:
    """A tank with a level is a tank, also without a range."""
    car = status(service={"type": service}, energies=[tank, ELECTRIC])
    assert car.fuel
    assert car.electric
    assert (car.fuel.level, car.electric.level) == (42, 70)


@pytest.mark.parametrize(
    ("motorization", "levels"),
    [
        (Motorization.ELECTRIC, (70, None)),
        (Motorization.THERMIC, (None, 70)),
        (Motorization.HYBRID, (None, None)),
        (None, (None, None)),
    ],
)
def test_energy_without_type_has_the_only_type_of_the_car(
    motorization: Motorization | None, levels: tuple[float | None, float | None]
) -> None:
    """An electric car of unknown motorization does not get a fuel level."""
    car = status(motorization, energies=[{"level": 70, "autonomy": 192}])
    energies = (car.electric, car.fuel)
    assert tuple(energy and energy.level for energy in energies) == levels


def test_energy_and_engine_without_type_have_the_type_that_is_left() -> None:
    """A plug-in hybrid has two of each."""
    car = status(
        Motorization.HYBRID,
        energies=[{"level": 42, "autonomy": 300}, ELECTRIC],
        engines=[{"type": "Thermic"}, {"speed": 3000}],
    )
    assert car.fuel
    assert car.electric_engine
    assert (car.fuel.level, car.electric_engine.speed) == (42, 3000)


def test_plug_in_without_electric_entry_has_tank_and_engine() -> None:
    """The electric energy is unknown."""
    car = status(
        Motorization.HYBRID,
        energies=[FUEL],
        engines=[{"type": "Thermic", "speed": 800}],
    )
    assert car.electric is None
    assert car.fuel
    assert car.thermic


def test_thermic_car_has_no_electric_energy() -> None:
    """Even if there is an entry."""
    car = status(Motorization.THERMIC, energies=[FUEL, ELECTRIC])
    assert car.electric is None
    assert car.fuel


@pytest.mark.parametrize("entry", [ELECTRIC, [ELECTRIC]], ids=["object", "list"])
def test_older_energy_as_object_or_list_is_decoded(entry: Any) -> None:
    """An object in the specification, a list in responses."""
    assert electric(energy=entry).level == 70


def test_temperature_of_215_degrees_is_unknown() -> None:
    """There is no sensor."""
    liquids = {
        "coolant": {"temp": 215.0, "level": 80},
        "oil": {"temp": 67.5},
        "air": {"temp": 215},
    }
    car = status(
        engines=[{"type": "Thermic", "extension": {"thermic": liquids}}],
        environment={"air": {"temp": 215.0}},
    )
    assert car.thermic
    assert (car.thermic.coolant_temp, car.thermic.air_temp) == (None, None)
    assert (car.thermic.coolant_level, car.thermic.oil_temp) == (80, 67.5)
    assert car.environment.air.temp is None


def test_12_volt_battery_has_a_level() -> None:
    """The platform calls it voltage."""
    assert status(battery={"voltage": 93.5}).battery.level == 93.5


def test_fuel_total_in_centiliters_is_liters() -> None:
    """The instant consumption is not converted."""
    total = {"fuel": {"consumptions": {"total": 17800.0, "instant": 6.5}}}
    car = status(Motorization.THERMIC, energies=[FUEL | {"extension": total}])
    assert car.fuel
    assert (car.fuel.consumptions.total, car.fuel.consumptions.instant) == (178, 6.5)


@pytest.mark.parametrize(
    ("level", "capacity", "residual", "expected"),
    [
        (43, 33280, 4096, (33280, None)),
        (72, 51900, 27380, (51900, None)),
        (70, 36672, 20536, (36672, 20536)),
        (82, 36672, 25664, (36672, 25664)),
        (None, 36672, 25664, (36672, 25664)),
        (None, 36672, 45000, (36672, None)),
        (82, None, 25664, (None, 25664)),
        (0, 36672, 0, (36672, None)),
        (82, 0, 25664, (None, 25664)),
        (82, -1, 1e9, (None, None)),
    ],
)
def test_residual_energy_that_contradicts_level_and_capacity_is_unknown(
    level: float | None,
    capacity: float | None,
    residual: float,
    expected: tuple[float | None, float | None],
) -> None:
    """They differ by up to 14 percent on cars that are right; 0 means not known."""
    load = {"capacity": capacity, "residual": residual}
    battery = electric(
        energies=[_energy(battery={"load": load}) | {"level": level}]
    ).battery
    assert (battery.load.capacity, battery.load.residual) == expected


@pytest.mark.parametrize(
    ("sent", "known"), [(97, 97), (100, 100), (0, None), (255, None), (-1, None)]
)
def test_health_of_zero_or_out_of_bounds_is_unknown(
    sent: float, known: float | None
) -> None:
    """Both of capacity and of resistance."""
    health = {"capacity": sent, "resistance": sent}
    battery = electric(energies=[_energy(battery={"health": health})]).battery
    assert (battery.health.capacity, battery.health.resistance) == (known, known)


def test_older_dialect_has_capacity_beside_health() -> None:
    """Each value of the newer dialect has precedence."""
    older = {"capacity": 50000, "health": {"capacity": 97, "resistance": 8}}
    battery = electric(energy=[ELECTRIC | {"battery": older}]).battery
    assert (battery.load.capacity, battery.health.capacity) == (50000, 97)

    battery = electric(
        energies=[_energy(battery={"load": {"capacity": 46000}})],
        energy=[ELECTRIC | {"battery": older}],
    ).battery
    assert (battery.load.capacity, battery.health.resistance) == (46000, 8)


@pytest.mark.parametrize(
    ("level", "autonomy", "expected"),
    [
        (100, 0, (None, None)),
        (11, 0, (None, None)),
        (10, 0, (10, 0)),
        (0, 0, (0, 0)),
        (100, None, (100, None)),
        (5, 12, (5, 12)),
        (-1, 65535, (None, None)),
        (255, 300, (None, 300)),
    ],
)
def test_level_that_contradicts_the_range_is_unknown(
    level: float, autonomy: float | None, expected: tuple[float | None, float | None]
) -> None:
    """Batteries that the car has not read are sent as full and without range."""
    energy = electric(energies=[ELECTRIC | {"level": level, "autonomy": autonomy}])
    assert (energy.level, energy.autonomy) == expected


def test_car_that_is_plugged_in_and_disconnected_does_not_charge() -> None:
    """It waits for its delayed start."""
    car = charging(plugged=True, status="Disconnected", chargingMode="Slow")
    assert car.electric
    assert car.electric.charging.plugged
    assert car.charging is False


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"status": "InProgress", "plugged": True}, "charging"),
        ({"status": "Unheard-of", "chargingRate": 20}, "charging"),
        ({"status": "Disconnected", "plugged": True}, "connected"),
        ({"status": "Stopped", "plugged": True}, "connected"),
        ({"status": "Finished", "plugged": True, "chargingRate": 20}, "connected"),
        ({"status": "Disconnected", "plugged": False}, "disconnected"),
        ({"plugged": False}, "disconnected"),
        ({"status": "InProgress", "plugged": False}, None),
        ({"status": "Disconnected"}, None),
        ({"plugged": True}, None),
        ({}, None),
    ],
)
def test_charging_state_follows_from_plug_and_charging(
    fields: dict[str, Any], state: str | None
) -> None:
    """A car that is plugged in and waits is connected; what is not known is unknown."""
    car = charging(**fields)
    assert car.electric
    assert car.electric.charging_state == state


@pytest.mark.parametrize(
    ("fields", "in_progress"),
    [
        ({"status": "InProgress", "chargingRate": 0}, True),
        ({"status": "Finished", "chargingRate": 20}, False),
        ({"status": "Unheard-of", "chargingRate": 20}, True),
        ({"status": "InProgress", "plugged": True}, True),
        ({"status": "InProgress", "plugged": False}, None),
        ({"status": "Disconnected", "plugged": True, "chargingRate": 20}, False),
        ({"chargingRate": 20, "plugged": True}, True),
        ({"chargingRate": 20, "plugged": False}, None),
        ({"chargingRate": 0}, False),
        ({"chargingRate": 65535, "plugged": True}, None),
        ({"plugged": True}, None),
        ({"plugged": False}, False),
    ],
)
def test_charging_follows_from_status_rate_and_plug(
    fields: dict[str, Any], in_progress: bool | None
) -> None:
    """An unknown status does not hide that the car charges; contradictions are unknown."""
    assert charging(**fields).charging is in_progress


@pytest.mark.parametrize(
    ("level", "rate", "state"),
    [
        (100, 0, "connected"),
        (100, None, "connected"),
        (100, 4, "charging"),
        (99, 0, "charging"),
    ],
)
def test_charge_of_a_full_battery_is_in_progress_only_with_a_rate(
    level: float, rate: float | None, state: str
) -> None:
    """Cars report it for hours after it has ended."""
    car = charging(level, status="InProgress", plugged=True, chargingRate=rate)
    assert car.electric
    assert car.electric.charging_state == state
    assert car.charging is (state == "charging")


@pytest.mark.parametrize(
    ("state", "remaining", "end"),
    [
        ("InProgress", "PT2H15M", NOW + timedelta(hours=2, minutes=15)),
        ("InProgress", "PT0S", None),
        ("InProgress", None, None),
        ("InProgress", "P30D", None),
        ("InProgress", "PT90000000H", None),
        ("Disconnected", "PT10H30M", None),
        ("Stopped", "PT3H40M", None),
    ],
)
def test_charging_end_is_known_only_while_charging(
    state: str, remaining: str | None, end: datetime | None
) -> None:
    """Cars send remaining times at any time, and implausible ones."""
    assert charging(status=state, remainingTime=remaining).charging_end == end


@pytest.mark.parametrize(
    ("created_at", "end"),
    [
        (ago(minutes=10), NOW + timedelta(minutes=50)),
        (ago(days=200), NOW + timedelta(hours=1)),
        (None, NOW + timedelta(hours=1)),
    ],
)
def test_charging_end_counts_from_the_time_of_the_energy(
    created_at: str | None, end: datetime
) -> None:
    """Or from the time of the status, if that of the energy is frozen or missing."""
    energy = _energy(charging={"status": "InProgress", "remainingTime": "PT1H"})
    assert status(energies=[energy | {"createdAt": created_at}]).charging_end == end


@pytest.mark.parametrize(
    ("sent", "start"),
    [
        ("PT22H31M", timedelta(hours=22, minutes=31)),
        ("PT0S", timedelta()),
        ("PT34H7M", None),
        ("PT90000000H", None),
        ("2026-02-03T22:05:00+01:00", datetime(2026, 2, 3, 21, 5, tzinfo=UTC)),
        ("22:05", None),
    ],
)
def test_delayed_charge_starts_at_time_of_day_or_point_in_time(
    sent: str, start: timedelta | datetime | None
) -> None:
    """A duration since midnight in responses, a point in time in the specification."""
    energy = charging(nextDelayedTime=sent).electric
    assert energy
    assert energy.charging.next_delayed_time == start


PROGRAM = {"slot": 1, "enabled": True, "start": "PT22H", "end": "PT30H"}


@pytest.mark.parametrize(
    "schedule", [[PROGRAM], {"programs": [PROGRAM]}], ids=["list", "object"]
)
def test_schedule_as_object_or_list_is_decoded(schedule: Any) -> None:
    """An object in the specification, a list in responses."""
    energy = charging(schedule=schedule).electric
    assert energy
    assert energy.charging.programs == (
        Program(
            slot=1, enabled=True, start=timedelta(hours=22), end=timedelta(hours=30)
        ),
    )


@pytest.mark.parametrize(
    "occurence", [{}, {"occurence": None}, {"occurence": {"day": []}}]
)
def test_unset_slots_of_programs_are_left_out(occurence: dict[str, Any]) -> None:
    """They start at midnight of no day."""
    empty = {"enabled": False, "recurrence": "Daily", "start": "PT0S", **occurence}
    programs = [{"slot": slot, **empty} for slot in range(1, 5)]
    programs[2] |= {"start": "PT7H30M", "occurence": {"day": ["Mon", "Sun", "Someday"]}}

    car = status(preconditioning={"airConditioning": {"programs": programs}})

    assert car.preconditioning.programs == (
        Program(
            slot=3,
            enabled=False,
            recurrence=Recurrence.DAILY,
            start=timedelta(hours=7, minutes=30),
            days=frozenset({Day.MONDAY, Day.SUNDAY}),
        ),
    )


@pytest.mark.parametrize("start", ["PT34H7M", "PT24H", "PT90000000H", None])
def test_program_without_time_of_day_is_unset(start: str | None) -> None:
    """Even if it is enabled and has days."""
    program = {
        "slot": 1,
        "enabled": True,
        "start": start,
        "occurence": {"day": ["Mon"]},
    }
    car = status(
        preconditioning={"airConditioning": {"programs": [program]}},
        energies=[_energy(charging={"schedule": [program]})],
    )
    assert car.preconditioning.programs == ()
    assert car.electric
    assert car.electric.charging.programs == ()


@pytest.mark.parametrize(
    ("states", "locked"),
    [
        (["Locked", "SuperLocked"], True),
        (["SuperLocked", "Locked"], True),
        (["RearDoorsLocked", "Locked"], True),
        (["Unlocked"], False),
        (["Locked", "DriverDoorUnlocked"], False),
        (["TrunkUnLocked", "Locked"], False),
        (["TrunkLocked"], None),
        (["Unheard-of"], None),
        ([], None),
        (None, None),
    ],
)
def test_lock_with_an_unlocked_part_is_unlocked(
    states: list[str] | None, locked: bool | None
) -> None:
    """In any order; a single locked part does not tell about the others."""
    assert status(doorsState={"lockedStates": states}).doors_state.locked is locked


def test_doors_with_only_a_time_are_unknown() -> None:
    """Neither locked nor open."""
    doors = status(doorsState={"createdAt": ago()}).doors_state
    assert (doors.locked, doors.any_open, doors.openings) == (None, None, {})


def test_open_roof_window_is_not_an_open_door() -> None:
    """It is Open on cars without one."""
    roof = {"identifier": "RoofWindow", "state": "Open"}
    driver = {"identifier": "Driver", "state": "Closed"}
    trunk = {"identifier": "Trunk", "state": "Open"}

    doors = status(doorsState={"opening": [roof, driver]}).doors_state
    assert doors.openings[OpeningIdentifier.ROOF_WINDOW] is OpeningState.OPEN
    assert doors.any_open is False
    assert status(doorsState={"opening": [roof]}).doors_state.any_open is None
    assert status(doorsState={"opening": [roof, trunk]}).doors_state.any_open is True


def position(coordinates: list[Any], **properties: Any) -> dict[str, Any]:
    """Return a GeoJSON position."""
    return {
        "geometry": {"type": "Point", "coordinates": coordinates},
        "properties": properties,
    }


@pytest.mark.parametrize(
    ("coordinates", "place"),
    [
        ([2.35, 48.85, 35], (2.35, 48.85, 35)),
        ([2.35, 48.85, -1], (2.35, 48.85, None)),
        ([2.35, 48.85], (2.35, 48.85, None)),
        ([181, 91, 0], (None, None, 0)),
        ([2.35, 48.85, 65535], (2.35, 48.85, None)),
        ([], (None, None, None)),
    ],
)
def test_position_with_longitude_first_is_decoded(
    coordinates: list[float], place: tuple[float | None, ...]
) -> None:
    """An altitude of -1 is unknown."""
    at = status(lastPosition=position(coordinates)).last_position
    assert (at.longitude, at.latitude, at.altitude) == place


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ("Aquire", PositionType.ACQUIRE),
        ("Estimate", PositionType.ESTIMATED),
        ("Guess", None),
    ],
)
def test_misspelled_position_type_is_decoded(
    sent: str, kind: PositionType | None
) -> None:
    """An unknown one affects no other field."""
    at = status(lastPosition=position([1, 2], type=sent, heading=90)).last_position
    assert (at.type, at.heading, at.longitude) == (kind, 90, 1)


@pytest.mark.parametrize(
    ("created_at", "moving"),
    [(ago(minutes=2), True), (ago(hours=2), None), (ago(days=365), None), (None, None)],
)
def test_old_claim_to_move_is_unknown(
    created_at: str | None, moving: bool | None
) -> None:
    """Moving cars report every minute; some have claimed to move for a year."""
    car = status(kinetic={"createdAt": created_at, "moving": True, "speed": 50})
    assert car.kinetic.moving is moving
    assert car.driving is bool(moving)


def test_future_claim_to_move_is_unknown() -> None:
    """The time of the block contradicts that of the status."""
    car = status(kinetic={"createdAt": ago(hours=-3), "moving": True})
    assert car.kinetic.moving is None


def test_old_claim_to_stand_still_is_true() -> None:
    """A parked car has nothing to report."""
    car = status(kinetic={"createdAt": ago(days=50), "moving": False})
    assert car.kinetic.moving is False


@pytest.mark.parametrize(
    ("sent", "mileage"), [(0, None), (-1, None), (1e9, None), (0.1, 0.1)]
)
def test_odometer_of_zero_or_out_of_bounds_is_unknown(
    sent: float, mileage: float | None
) -> None:
    """It is sent while the ignition is off."""
    assert status(odometer={"mileage": sent}).odometer.mileage == mileage


@pytest.mark.parametrize(
    ("sent", "kept"), [({"mileage": 0}, 1539), ({}, 1539), ({"mileage": 1540}, 1540)]
)
def test_previous_odometer_reading_is_kept(sent: dict[str, Any], kept: float) -> None:
    """Also in the stored status."""
    previous = status(odometer={"createdAt": ago(days=1), "mileage": 1539})
    current = status(odometer=sent).with_odometer(previous)
    assert current.odometer.mileage == kept
    assert Status.from_json(current.raw).odometer == current.odometer
    assert status().with_odometer(status()).odometer.mileage is None


@pytest.mark.parametrize("key", ["odometer", "timed.odometer"])
def test_odometer_under_either_key_is_decoded(key: str) -> None:
    """Also with a time of null."""
    odometer = status(**{key: {"createdAt": None, "mileage": 1539}}).odometer
    assert (odometer.mileage, odometer.created_at) == (1539, None)


@pytest.mark.parametrize(
    "times",
    [
        {"createdAt": ago(days=1), "updatedAt": ago()},
        {"createdAt": ago()},
        {"updatedAt": ago(), "createdAt": None},
        {"privacy": {"createdAt": ago()}, "battery": {"createdAt": ago(days=3)}},
        {"createdAt": ago(), "updatedAt": ago(days=1)},
        {"updatedAt": ago(), "privacy": {"createdAt": ago(hours=-1)}},
        {"privacy": {"updatedAt": ago()}},
        {"environment": {"air": {"createdAt": ago()}}},
        {
            "createdAt": ago(days=200),
            "energies": [{"type": "Electric", "createdAt": ago(days=200)}],
            "energy": [{"type": "Electric", "updatedAt": ago()}],
        },
        {"updatedAt": "2099-01-01T00:00:00Z", "privacy": {"createdAt": ago()}},
    ],
)
def test_status_is_as_new_as_the_newest_time_in_it(times: dict[str, Any]) -> None:
    """Its own times or, without its time of update, those of its blocks."""
    assert Status.from_json(times).updated_at == NOW


def test_block_has_its_own_time() -> None:
    """Under either name; times without a time zone are UTC."""
    car = status(
        safety={"createdAt": ago(days=400)},
        service={"updatedAt": ago(days=7)},
        privacy={"createdAt": "2026-02-03T12:00:00"},
    )
    assert car.safety.created_at == NOW - timedelta(days=400)
    assert car.service.created_at == NOW - timedelta(days=7)
    assert car.privacy.created_at == NOW


def test_wrong_belts_and_lights_affect_no_others() -> None:
    """Belts are identified by either key."""
    car = status(
        safety={
            "beltStatus": [
                {"id": "Driver", "belt": "Normal"},
                {"identifier": "Passenger", "belt": "Omission"},
                {"id": "Dog"},
                "nonsense",
            ]
        },
        lightingSystem={"turn": [{"status": "Off"}], "fog": [7, {"status": "On"}]},
    )
    assert car.safety.belts == {Seat.DRIVER: "Normal", Seat.PASSENGER: "Omission"}
    assert car.lighting_system.any_on is True
    assert status().lighting_system.any_on is None


def test_block_without_values_is_present() -> None:
    """Its values are None; energies and engines are None as a whole."""
    car = Status()
    assert car.alarm.trigger.position.longitude is None
    assert (car.driving, car.charging, car.charging_end) == (False, None, None)
    assert (car.electric, car.fuel, car.thermic, car.electric_engine) == (None,) * 4


def test_full_status_is_decoded_completely() -> None:
    """It has every field of the specification."""
    car = Status.from_json(load("made-status-phev"))
    assert car.alarm.trigger.type == "VehicleLifting"
    assert car.alarm.trigger.start_at == datetime(2026, 1, 3, 1, 40, tzinfo=UTC)
    assert car.alarm.trigger.position.latitude == 48.85
    assert car.driving_behavior.mode == "ZEVEco"
    assert car.safety.auto_e_call_triggering == "NotDetected"
    assert car.kinetic.acceleration == 0.4
    assert car.electric_engine
    assert car.electric_engine.speed == 3000
    assert car.preconditioning.failure_cause == "DoorOpened"


def test_invalid_fields_are_reported_by_name() -> None:
    """Without their values, which may be personal."""
    unexpected_fields: list[str] = []
    Status.from_json(
        {
            "kinetic": {"moving": "yes"},
            "privacy": {"state": "Sometimes"},
            "doorsState": {"opening": [{"identifier": "Hood", "state": "Open"}, 3]},
            "energies": [{"type": "Electric", "level": "full"}],
            "odometer": {"mileage": None},
            "new": {"block": 1},
        },
        on_invalid=unexpected_fields.append,
    )
    assert sorted(unexpected_fields) == [
        "doors_state.opening",
        "doors_state.opening.identifier",
        "electric.level",
        "kinetic.moving",
        "privacy.state",
    ]
