"""The cars' lies and the platform's dialects end in the status: a test for each."""

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
    """Return a time before now, as the platform writes it."""
    return (NOW - timedelta(**span)).isoformat()


def status(motorization: Motorization | None = None, /, **blocks: Any) -> Status:
    """Return a status of now that tells these blocks."""
    return Status.from_json({"updatedAt": ago(), **blocks}, motorization)


def electric(**blocks: Any) -> Energy:
    """Return what a status of now tells of the traction battery."""
    energy = status(**blocks).electric
    assert energy
    return energy


def charging(**fields: Any) -> Status:
    """Return a status of now that tells this of the charging."""
    return status(energies=[_energy(charging=fields)])


def _energy(**extension: Any) -> dict[str, Any]:
    return {
        "type": "Electric",
        "createdAt": ago(),
        "extension": {"electric": extension},
    }


def test_each_field_comes_from_the_newer_dialect_else_the_older() -> None:
    """Both in one answer: `energies` is preferred, and `energy` fills its gaps."""
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
def test_preconditioning_has_two_spellings(key: str) -> None:
    """Either is read."""
    car = status(**{key: {"airConditioning": {"status": "Enabled"}}})
    assert car.preconditioning.status == "Enabled"


def test_frozen_time_does_not_throw_values_away() -> None:
    """The newer dialect's time stands still on many cars; the values and the older one's move."""
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
def test_battery_car_has_no_tank_and_no_engine(
    motorization: Motorization | None, service: str, order: int
) -> None:
    """Whatever level the tank has, wherever it stands; the vehicle list outranks the service."""
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


def test_plug_in_may_miss_its_electric_entry() -> None:
    """Then only the tank and the engine are told."""
    car = status(
        Motorization.HYBRID,
        energies=[FUEL],
        engines=[{"type": "Thermic", "speed": 800}],
    )
    assert car.electric is None
    assert car.fuel
    assert car.thermic


def test_thermic_car_has_no_battery_to_charge() -> None:
    """An Electric entry on a thermic car is nobody's."""
    car = status(Motorization.THERMIC, energies=[FUEL, ELECTRIC])
    assert car.electric is None
    assert car.fuel


@pytest.mark.parametrize("entry", [ELECTRIC, [ELECTRIC]], ids=["object", "list"])
def test_older_energy_may_be_a_lone_object(entry: Any) -> None:
    """As the specification has it; cars send a list."""
    assert electric(energy=entry).level == 70


def test_215_degrees_is_no_sensor_anywhere() -> None:
    """Each temperature on its own."""
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


def test_12_volt_battery_is_a_percentage() -> None:
    """Whatever the platform calls it."""
    assert status(battery={"voltage": 93.5}).battery.level == 93.5


def test_fuel_totals_are_centilitres() -> None:
    """They come out in litres."""
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


def test_plugged_in_and_disconnected() -> None:
    """A car that waits for its hour: plugged in, and its charger disconnected."""
    car = charging(plugged=True, status="Disconnected", chargingMode="Slow")
    assert car.electric
    assert car.electric.charging.plugged
    assert car.charging is False


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
def test_only_a_running_charge_has_an_end(
    state: str, remaining: str | None, end: datetime | None
) -> None:
    """Remaining times are sent at any time, and mean something while it charges."""
    assert charging(status=state, remainingTime=remaining).charging_end == end


@pytest.mark.parametrize(
    ("told", "end"),
    [
        (ago(minutes=10), NOW + timedelta(minutes=50)),
        (ago(days=200), NOW + timedelta(hours=1)),
        (None, NOW + timedelta(hours=1)),
    ],
)
def test_end_of_charge_counts_from_when_it_was_told(
    told: str | None, end: datetime
) -> None:
    """Or from the answer, where the energy's own time stands still or is missing."""
    energy = _energy(charging={"status": "InProgress", "remainingTime": "PT1H"})
    assert status(energies=[energy | {"createdAt": told}]).charging_end == end


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
def test_delayed_charge_starts_at_a_time_of_day_or_a_point_in_time(
    sent: str, start: timedelta | datetime | None
) -> None:
    """A duration since midnight in practice, a date in the specification."""
    energy = charging(nextDelayedTime=sent).electric
    assert energy
    assert energy.charging.next_delayed_time == start


PROGRAM = {"slot": 1, "enabled": True, "start": "PT22H", "end": "PT30H"}


@pytest.mark.parametrize(
    "schedule", [[PROGRAM], {"programs": [PROGRAM]}], ids=["list", "object"]
)
def test_schedule_is_an_object_or_a_list(schedule: Any) -> None:
    """An object in the specification, a list in answers."""
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
    """Four of them, at midnight of no day, are the platform's way of saying none."""
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
def test_lock_follows_the_least_locked_part(
    states: list[str] | None, locked: bool | None
) -> None:
    """In whatever order the parts come; a locked part says nothing of the others."""
    assert status(doorsState={"lockedStates": states}).doors_state.locked is locked


def test_doors_with_nothing_but_a_time_are_unknown() -> None:
    """Neither locked nor open."""
    doors = status(doorsState={"createdAt": ago()}).doors_state
    assert (doors.locked, doors.any_open, doors.openings) == (None, None, {})


def test_roof_that_may_not_exist_opens_nothing() -> None:
    """It stays Open on cars that have none; any other opening counts."""
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
def test_longitude_comes_first(
    coordinates: list[float], place: tuple[float | None, ...]
) -> None:
    """And an altitude of -1 is none."""
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
def test_misspelt_position_types_are_understood(
    sent: str, kind: PositionType | None
) -> None:
    """An unheard-of one hides nothing else."""
    at = status(lastPosition=position([1, 2], type=sent, heading=90)).last_position
    assert (at.type, at.heading, at.longitude) == (kind, 90, 1)


@pytest.mark.parametrize(
    ("told", "moving"),
    [(ago(minutes=2), True), (ago(hours=2), None), (ago(days=365), None), (None, None)],
)
def test_old_claim_to_move_says_nothing_of_now(
    told: str | None, moving: bool | None
) -> None:
    """Cars have claimed to move for a year; on their way they report every minute."""
    car = status(kinetic={"createdAt": told, "moving": True, "speed": 50})
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
def test_odometer_had_a_key_with_a_dot(key: str) -> None:
    """And a time of null."""
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


def test_blocks_age_on_their_own() -> None:
    """Each keeps its own time, under either name; times without a zone are UTC."""
    car = status(
        safety={"createdAt": ago(days=400)},
        service={"updatedAt": ago(days=7)},
        privacy={"createdAt": "2026-02-03T12:00:00"},
    )
    assert car.safety.created_at == NOW - timedelta(days=400)
    assert car.service.created_at == NOW - timedelta(days=7)
    assert car.privacy.created_at == NOW


def test_belts_and_lights_are_told_one_by_one() -> None:
    """A wrong one drops alone."""
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


def test_what_is_not_told_is_none_in_a_block_that_is_there() -> None:
    """So nobody needs to ask whether a block is there."""
    car = Status()
    assert car.alarm.trigger.position.longitude is None
    assert (car.driving, car.charging, car.charging_end) == (False, None, None)
    assert (car.electric, car.fuel, car.thermic, car.electric_engine) == (None,) * 4


def test_everything_of_a_full_status_is_read() -> None:
    """A made-up status with all that the specification knows leaves nothing unread."""
    car = Status.from_json(load("made-status-phev"))
    assert car.alarm.trigger.type == "VehicleLifting"
    assert car.alarm.trigger.start_at == datetime(2026, 1, 3, 1, 40, tzinfo=UTC)
    assert car.alarm.trigger.position.latitude == 48.85
    assert car.driving_behavior.mode == "ZEVEco"
    assert car.safety.auto_e_call_triggering == "NotDetected"
    assert car.kinetic.acceleration == 0.4
    assert car.electric_engine
    assert (car.electric_engine.speed, car.electric_engine.gmp_status) == (
        3000,
        "Running",
    )
    assert car.preconditioning.failure_cause == "DoorOpened"


def test_oddities_are_noted_by_name_and_without_their_value() -> None:
    """So that a new word of the platform is found out."""
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
