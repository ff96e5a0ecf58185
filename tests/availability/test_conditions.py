"""For each datum and command, owners learn which of the four conditions fails."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from importlib import import_module
import json
from operator import attrgetter
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.stellantis_connect import lock
from custom_components.stellantis_connect.api.models.energy import Energy
from custom_components.stellantis_connect.api.models.engine import Engine
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.api.models.vehicle import (
    Motorization,
    OnboardCapabilities,
    RemoteCapabilities,
    RemoteCapability,
    Vehicle,
)
from custom_components.stellantis_connect.availability.catalog import (
    CATALOGUE,
    DATA,
    REMOTES,
    Remote,
)
from custom_components.stellantis_connect.availability.conditions import (
    Condition,
    Finding,
    Reason,
    Verdict,
    availability,
    unavailable,
)
from custom_components.stellantis_connect.coordinator import VehicleCoordinator
from custom_components.stellantis_connect.entity import StellantisEntityDescription
from custom_components.stellantis_connect.models import VehicleState
from homeassistant.config_entries import ConfigEntry
from simulator.cars.garage import Recording
from simulator.identity import Account
from simulator.server import ACCOUNTS, Simulator

from ..api.recorded import FIXTURES, STATUSES
from ..common import recording
from ..conftest import SetupIntegration
from ..simulator_client import control

BATTERY = "Compact Electric"
PLUG_IN = "Family Plug-in Hybrid"
PETROL = "City Petrol"
OLD_BATTERY = "City Electric 2021"

SPECIFIED = [
    (f"{schema}.{field}", key)
    for schema, fields in json.loads(
        (FIXTURES / "specification-fields.json").read_text()
    ).items()
    for field, keys in fields.items()
    for key in keys
]
# What the models call otherwise than the specification does.
CALLED_OTHERWISE = {
    "position": "coordinates",
    "altitude": "coordinates",
    "alarm_position": "trigger.position",
    "auxiliary_battery_level": "battery.voltage",
    "belts": "belt_status",
    "charging_programs": "charging.schedule.programs",
    "electric_consumption_instant": "electric.consumption",
    "openings": "opening",
}
AGES = {Reason.FRESH, Reason.CAR_SILENT, Reason.BLOCK_OLD, Reason.UNDATED}


@pytest.fixture(autouse=True)
def _morning(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time, at which all cars of the garage stand."""
    freezer.move_to("2026-03-18T05:00:00+00:00")


def car_of(entry: ConfigEntry, label: str = BATTERY) -> VehicleCoordinator:
    """Return the car with a label."""
    cars: Iterable[VehicleCoordinator] = entry.runtime_data.account.vehicles.values()
    return next(car for car in cars if car.vehicle.label == label)


async def change(
    connected_simulator: Simulator, car: VehicleCoordinator, **changes: object
) -> None:
    """Change a car by hand, and look at it again."""
    await control(connected_simulator, "PATCH", f"vehicles/{car.vehicle.id}", **changes)
    await car.async_refresh()


def failing(car: VehicleCoordinator, condition: Condition, reason: Reason) -> set[str]:
    """Return the keys of which a condition fails for a reason."""
    return {
        key
        for key in CATALOGUE
        if availability(car, key).findings[condition] == Finding(Verdict.FAILS, reason)
    }


def taking(scope: Scope) -> set[str]:
    """Return the keys of what takes a right."""
    return {key for key, item in CATALOGUE.items() if scope in item.scopes}


def from_car() -> set[str]:
    """Return the keys of what comes from the car or goes to it."""
    return {
        key
        for key, item in CATALOGUE.items()
        if isinstance(item, Remote) or item.capability
    }


class TestCatalogue:
    """What can be told and done."""

    def test_is_what_the_specification_has(self) -> None:
        """Each field of the specification is a datum, and each datum a field."""
        assert {key for _, key in SPECIFIED} == {
            key for key, datum in DATA.items() if datum.for_end_users
        }

    @pytest.mark.parametrize(("field", "key"), SPECIFIED)
    def test_value_is_where_the_specification_has_it(
        self, field: str, key: str
    ) -> None:
        """The path to a value ends as the name of the field does, or leads to the list it is in."""
        snake_case = re.sub(r"(?=[A-Z])", "_", field).lower().replace(".", "_")
        if DATA[key].field == "read_until":
            assert DATA[key].block.rpartition(".")[2] in snake_case
            return
        kept = CALLED_OTHERWISE.get(key, DATA[key].field)
        assert snake_case.endswith(kept.replace(".", "_"))

    @pytest.mark.parametrize(("field", "key"), SPECIFIED)
    def test_capability_is_called_as_the_field_is(self, field: str, key: str) -> None:
        """The last part of a capability's name is in that of the field."""
        if capability := DATA[key].capability:
            assert capability.rpartition(":")[2].lower() in field.lower()

    def test_has_each_scope(self) -> None:
        """Something takes each right."""
        assert all(taking(scope) for scope in Scope)

    @pytest.mark.parametrize(
        "path",
        sorted(
            f"{datum.block}.{datum.field}" for datum in DATA.values() if datum.block
        ),
    )
    def test_paths_lead_to_values(self, path: str) -> None:
        """The models have what the catalogue points at."""

        class Everything:
            vehicle = Vehicle()
            data = VehicleState(
                status=Status(
                    electric=Energy(),
                    fuel=Energy(),
                    thermic=Engine(),
                    electric_engine=Engine(),
                )
            )

        attrgetter(path)(Everything())

    @pytest.mark.parametrize("remote", REMOTES.values(), ids=REMOTES)
    def test_remotes_are_capabilities(self, remote: Remote) -> None:
        """The model of the capabilities has each command."""
        attrgetter(f"{remote.kind}.{remote.detail}")(RemoteCapabilities())


class TestProduced:
    """What a car makes and carries out."""

    @pytest.mark.parametrize(
        ("label", "expected"),
        [
            (
                BATTERY,
                {
                    "battery_level": None,
                    "fuel_level": Reason.NO_COMBUSTION_ENGINE,
                    "oil_temperature": Reason.NO_COMBUSTION_ENGINE,
                    "remote_charging_stop": None,
                },
            ),
            (
                PLUG_IN,
                {
                    "battery_level": None,
                    "fuel_level": None,
                    "remote_charging_start": None,
                    "remote_charging_stop": Reason.NOT_SUPPORTED,
                    "remote_navigation": Reason.NOT_SUPPORTED,
                },
            ),
            (
                PETROL,
                {
                    "fuel_level": None,
                    "battery_level": Reason.NO_TRACTION_BATTERY,
                    "preconditioning_status": Reason.NOT_PRODUCED,
                    "remote_charging_start": Reason.NO_TRACTION_BATTERY,
                    "remote_preconditioning": Reason.NOT_SUPPORTED,
                },
            ),
            (
                OLD_BATTERY,
                {
                    "battery_level": None,
                    "locked": Reason.NOT_PRODUCED,
                    "remote_door": Reason.NOT_SUPPORTED,
                },
            ),
        ],
    )
    async def test_is_told_of_each_car(
        self,
        setup_integration: SetupIntegration,
        label: str,
        expected: Mapping[str, Reason | None],
    ) -> None:
        """Motorization, capabilities and the values themselves tell it."""
        car = car_of(await setup_integration(), label)
        for key, reason in expected.items():
            finding = availability(car, key).findings[Condition.PRODUCED]
            assert finding.reason is reason
            assert finding.verdict is (Verdict.FAILS if reason else Verdict.HOLDS)

    async def test_missing_value_among_others_stays_open(
        self, setup_integration: SetupIntegration
    ) -> None:
        """A car that tells its charge without programs may have none set."""
        found = availability(car_of(await setup_integration()), "charging_programs")
        assert found.available is None
        assert found.reasons == [Reason.VALUE_MISSING]
        assert found.findings[Condition.UPLOADED].verdict is Verdict.HOLDS

    async def test_value_proves_more_than_a_list(
        self, setup_integration: SetupIntegration
    ) -> None:
        """What a car sends it makes, whatever its capabilities say."""
        car = car_of(await setup_integration())
        car.vehicle = replace(
            car.vehicle, capabilities=OnboardCapabilities(data=frozenset())
        )
        assert availability(car, "odometer").available

    @pytest.mark.parametrize(
        "capabilities",
        [
            None,
            OnboardCapabilities(),
            OnboardCapabilities(data=frozenset(), remote=RemoteCapabilities()),
        ],
    )
    async def test_is_not_known_where_nothing_is_told(
        self,
        setup_integration: SetupIntegration,
        capabilities: OnboardCapabilities | None,
    ) -> None:
        """Nobody knows whether the car can be locked: a lock that is there stays, and none is made."""
        car = car_of(await setup_integration())
        car.vehicle = replace(car.vehicle, capabilities=capabilities)
        found = availability(car, "remote_door")
        assert found.available is None
        assert found.reasons == [Reason.CAPABILITIES_UNTOLD]
        assert lock.DESCRIPTION.is_allowed(car)
        assert not lock.DESCRIPTION.is_seen(car)

    async def test_capabilities_may_lack_a_remote(
        self, setup_integration: SetupIntegration
    ) -> None:
        """Of a command that the list leaves out nothing is known; the others stay."""
        car = car_of(await setup_integration())
        remotes = car.vehicle.capabilities and car.vehicle.capabilities.remote
        assert remotes
        car.vehicle = replace(
            car.vehicle,
            capabilities=OnboardCapabilities(
                remote=replace(remotes, horn=RemoteCapability())
            ),
        )
        assert availability(car, "remote_horn").available is None
        assert availability(car, "remote_door").available


class TestUploaded:
    """What the services and the privacy setting let out."""

    async def test_position_is_private(
        self, connected_simulator: Simulator, setup_integration: SetupIntegration
    ) -> None:
        """The privacy setting is named for positions alone."""
        car = car_of(await setup_integration())
        await change(connected_simulator, car, privacy="Geolocation")
        withheld = failing(car, Condition.UPLOADED, Reason.PRIVACY_GEOLOCATION)
        assert withheld == taking(Scope.POSITION)
        assert availability(car, "electric_range").available

    async def test_everything_is_private(
        self, connected_simulator: Simulator, setup_integration: SetupIntegration
    ) -> None:
        """The privacy setting is named for everything but itself and the pictures."""
        car = car_of(await setup_integration())
        await change(connected_simulator, car, privacy="Full")
        withheld = failing(car, Condition.UPLOADED, Reason.PRIVACY_FULL)
        assert withheld == from_car() - {"privacy"}
        assert availability(car, "privacy").available
        assert availability(car, "pictures").available

    async def test_car_has_never_connected(
        self, connected_simulator: Simulator, setup_integration: SetupIntegration
    ) -> None:
        """A car of which the platform has no status has told nothing, and hears nothing."""
        car = car_of(await setup_integration())
        await change(connected_simulator, car, missing=["status"])
        unheard = failing(car, Condition.UPLOADED, Reason.NEVER_CONNECTED)
        assert unheard == from_car()
        assert availability(car, "pictures").available

    async def test_service_is_inactive(
        self, connected_simulator: Simulator, setup_integration: SetupIntegration
    ) -> None:
        """What the car makes and nobody receives waits for a service."""
        for vehicle in (await control(connected_simulator, "GET", "vehicles"))[
            "vehicles"
        ]:
            await control(
                connected_simulator,
                "PATCH",
                f"vehicles/{vehicle['id']}",
                missing=["maintenance"],
            )
        car = car_of(await setup_integration())
        assert failing(car, Condition.UPLOADED, Reason.SERVICE_INACTIVE) == {
            "days_before_maintenance",
            "mileage_before_maintenance",
        }

    async def test_platform_did_not_answer(
        self, connected_simulator: Simulator, setup_integration: SetupIntegration
    ) -> None:
        """An outage is no fault of the car or its owner."""
        await control(
            connected_simulator,
            "POST",
            "faults",
            kind="error",
            status=502,
            form="html",
            path="*/status",
            times=None,
        )
        car = car_of(await setup_integration())
        for key in ("electric_range", "remote_door"):
            found = availability(car, key)
            assert found.available is None
            assert Reason.NO_ANSWER in found.reasons

    async def test_nothing_is_claimed_of_what_was_not_asked(
        self, setup_integration: SetupIntegration
    ) -> None:
        """Telemetry that no entity shows may be there or not."""
        found = availability(car_of(await setup_integration()), "speed_limit")
        assert found.available is None
        assert found.reasons == [Reason.NOT_ASKED]

    async def test_nothing_is_claimed_where_nothing_is_told(
        self, setup_integration: SetupIntegration
    ) -> None:
        """A car without capabilities and without values may have the datum or not."""
        car = car_of(await setup_integration())
        car.vehicle = Vehicle(id=car.vehicle.id, motorization=Motorization.HYBRID)
        assert availability(car, "fuel_level").reasons == [
            Reason.CAPABILITIES_UNTOLD,
            Reason.NEVER_TOLD,
        ]
        assert availability(car, "pictures").reasons == [Reason.NEVER_TOLD]


class TestAge:
    """Why a value is as old as it is."""

    async def test_car_has_just_told(
        self, connected_simulator: Simulator, setup_integration: SetupIntegration
    ) -> None:
        """A fresh value needs no excuse."""
        car = car_of(await setup_integration())
        await change(connected_simulator, car, trip="start")
        found = availability(car, "electric_range")
        assert found.reasons == [Reason.FRESH]
        assert found.updated_at == car.data.status.updated_at

    async def test_parked_car_is_silent(
        self, setup_integration: SetupIntegration
    ) -> None:
        """A value is as old as the last that was heard of the car."""
        found = availability(car_of(await setup_integration()), "electric_range")
        assert found.available
        assert found.reasons == [Reason.CAR_SILENT]

    async def test_part_of_an_answer_is_old(
        self, setup_integration: SetupIntegration
    ) -> None:
        """A part whose time stands still, or that did not change, is told apart."""
        car = car_of(await setup_integration())
        electric = car.data.status.electric
        assert electric
        assert electric.created_at
        frozen = electric.created_at.replace(year=2025)
        car.data = replace(
            car.data,
            status=replace(
                car.data.status,
                electric=replace(electric, created_at=frozen, updated_at=frozen),
            ),
        )
        found = availability(car, "electric_range")
        assert found.available
        assert found.reasons == [Reason.BLOCK_OLD]
        assert found.updated_at == frozen

    async def test_innermost_time_counts(
        self, setup_integration: SetupIntegration
    ) -> None:
        """The health of a battery has a time of its own within its energy."""
        car = car_of(await setup_integration())
        electric = car.data.status.electric
        assert electric
        assert (
            availability(car, "battery_health_capacity").updated_at
            == electric.battery.health.created_at
        )

    async def test_time_may_be_missing(
        self, setup_integration: SetupIntegration
    ) -> None:
        """Pictures carry none."""
        assert availability(car_of(await setup_integration()), "pictures").reasons == [
            Reason.UNDATED
        ]


class TestAuthorized:
    """What the owner consented to."""

    @pytest.mark.parametrize("scope", Scope)
    async def test_scope_is_withdrawn(
        self, setup_integration: SetupIntegration, scope: Scope
    ) -> None:
        """Exactly what takes the right is not authorized."""
        car = car_of(await setup_integration(scopes=set(Scope) - {scope}))
        withdrawn = failing(car, Condition.AUTHORIZED, Reason.SCOPE_MISSING)
        assert withdrawn == taking(scope)
        assert all(
            availability(car, key).missing_scopes == {scope} for key in withdrawn
        )


class TestReference:
    """What the API knows."""

    async def test_owners_lack_what_fleets_have(
        self, setup_integration: SetupIntegration
    ) -> None:
        """What only the API for fleets has is said to be out of reach."""
        car = car_of(await setup_integration())
        assert failing(car, Condition.REFERENCE, Reason.FOR_FLEETS) == {
            key for key, item in CATALOGUE.items() if not item.for_end_users
        }


def described() -> dict[str, StellantisEntityDescription[Any]]:
    """Return what entities show a datum of the catalogue, by its key."""
    return {
        description.key: description
        for platform in ("sensor", "binary_sensor")
        for description in import_module(
            f"custom_components.stellantis_connect.{platform}"
        ).DESCRIPTIONS
        if description.key in DATA
    }


class TestEveryCar:
    """What is said of whatever cars send."""

    @pytest.fixture
    def accounts(self) -> Iterable[Account]:
        """Return accounts with the garage's cars beside the recorded ones."""
        return ACCOUNTS

    @pytest.fixture
    def recordings(self) -> Collection[Recording]:
        """Return all recorded cars."""
        return [recording(name) for name in STATUSES]

    @pytest.fixture
    async def cars(
        self, setup_integration: SetupIntegration
    ) -> Collection[VehicleCoordinator]:
        """Return the recorded cars and those of the garage."""
        entry = await setup_integration()
        cars: Collection[VehicleCoordinator] = (
            entry.runtime_data.account.vehicles.values()
        )
        assert len(cars) == 4 + len(STATUSES)
        return cars

    async def test_there_is_something_to_say(
        self, cars: Collection[VehicleCoordinator]
    ) -> None:
        """Nothing is left without a word; what fails is said before what is not known."""
        for car in cars:
            for key in CATALOGUE:
                found = availability(car, key)
                assert found.reasons
                assert (found.available is False) == bool(found.failing)

    async def test_entities_and_explanations_agree(
        self, cars: Collection[VehicleCoordinator]
    ) -> None:
        """An entity has a value exactly where the datum is said to be there."""
        assert described()
        for car in cars:
            for key, description in described().items():
                uploaded = availability(car, key).findings[Condition.UPLOADED]
                shown = description.value_fn(car.data) is not None
                assert (uploaded.reason in AGES) == shown, (car.name, key)
                assert {description.scope} == CATALOGUE[key].scopes

    async def test_is_summed_up_without_values(
        self, cars: Collection[VehicleCoordinator]
    ) -> None:
        """The sum names each key where it fails or is not known, and nowhere else."""
        for car in cars:
            sum_of = unavailable(car)
            for key in CATALOGUE:
                for condition, finding in availability(car, key).findings.items():
                    listed = {
                        verdict
                        for verdict, keys in sum_of[condition].items()
                        if key in keys
                    }
                    assert listed == {finding.verdict} - {Verdict.HOLDS}
