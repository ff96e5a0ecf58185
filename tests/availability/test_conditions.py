"""The four conditions of each datum and command."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
import json
from operator import attrgetter

import pytest

from custom_components.stellantis_connect import lock
from custom_components.stellantis_connect.api import rate_limit
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.vehicle import (
    Motorization,
    OnboardCapabilities,
    RemoteCapabilities,
    RemoteCapability,
    Vehicle,
)
from custom_components.stellantis_connect.availability.catalog import (
    OTHER_DATA,
    REMOTES,
    Datum,
    Remote,
)
from custom_components.stellantis_connect.availability.conditions import (
    Availability,
    Condition,
    ConditionResult,
    ConditionStatus,
    Reason,
    availability,
    unavailable,
)
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.coordinator import VehicleCoordinator
from custom_components.stellantis_connect.entity import unique_id
from custom_components.stellantis_connect.services.availability import (
    CATALOG,
    ENTITY_DATA,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.helpers import entity_registry as er
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
AGES = {Reason.RECENT, Reason.CAR_INACTIVE, Reason.VALUE_OLD, Reason.AGE_UNKNOWN}
READ_SCOPES = {scope for scope in Scope if scope.startswith("data:")}
DATA = {key: item for key, item in CATALOG.items() if isinstance(item, Datum)}


pytestmark = pytest.mark.usefixtures("freezer")


def car_of(entry: ConfigEntry, label: str = BATTERY) -> VehicleCoordinator:
    """Return the car with a label."""
    cars: Iterable[VehicleCoordinator] = entry.runtime_data.account.vehicles.values()
    return next(car for car in cars if car.vehicle.label == label)


async def change(
    connected_simulator: Simulator, car: VehicleCoordinator, **changes: object
) -> None:
    """Change a simulated car, and refresh its status."""
    await control(connected_simulator, "PATCH", f"vehicles/{car.vehicle.id}", **changes)
    await car.async_refresh()


def available(car: VehicleCoordinator, key: str) -> Availability:
    """Return the availability of an item of the catalog."""
    return availability(car, CATALOG[key])


def not_met(car: VehicleCoordinator, condition: Condition, reason: Reason) -> set[str]:
    """Return the keys whose condition is not met for a reason."""
    expected = ConditionResult(ConditionStatus.NOT_MET, reason)
    return {
        key for key in CATALOG if available(car, key).results[condition] == expected
    }


def scopes(item: Datum[object] | Remote) -> frozenset[Scope]:
    """Return the permissions that an item requires."""
    return item.source.scopes if isinstance(item, Datum) else item.scopes


def requiring(scope: Scope) -> set[str]:
    """Return the keys of what requires a permission."""
    return {key for key, item in CATALOG.items() if scope in scopes(item)}


def from_car() -> set[str]:
    """Return the keys of what comes from the car or goes to it."""
    return {
        key
        for key, item in CATALOG.items()
        if isinstance(item, Remote) or item.source.capability
    }


class TestCatalog:
    """The data and commands of the platform."""

    @pytest.mark.parametrize(("field", "key"), SPECIFIED)
    def test_field_of_the_specification_is_in_the_catalog(
        self, field: str, key: str
    ) -> None:
        """The last part of a capability's name is in that of the field."""
        if capability := DATA[key].source.capability:
            assert capability.rpartition(":")[2].lower() in field.lower()

    def test_key_is_unique(self) -> None:
        """No entity hides a datum or a command with the same key."""
        assert len(CATALOG) == len(ENTITY_DATA) + len(OTHER_DATA) + len(REMOTES)

    def test_scope_is_required_by_something(self) -> None:
        """Each permission gives something."""
        assert all(requiring(scope) for scope in Scope)

    @pytest.mark.parametrize("remote", REMOTES.values(), ids=REMOTES)
    def test_remote_is_a_capability(self, remote: Remote) -> None:
        """The model of the capabilities has each command."""
        attrgetter(f"{remote.kind}.{remote.detail}")(RemoteCapabilities())


class TestProduced:
    """Whether a car produces a datum and supports a command."""

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
    async def test_produced_follows_from_motorization_capabilities_and_values(
        self,
        setup_integration: SetupIntegration,
        label: str,
        expected: Mapping[str, Reason | None],
    ) -> None:
        """Each simulated car lacks something for a different reason."""
        car = car_of(await setup_integration(), label)
        for key, reason in expected.items():
            result = available(car, key).results[Condition.PRODUCED]
            assert result.reason is reason
            assert result.status is (
                ConditionStatus.NOT_MET if reason else ConditionStatus.MET
            )

    async def test_missing_value_among_others_is_unknown(
        self, setup_integration: SetupIntegration
    ) -> None:
        """A car that reports its charging without programs may have none set."""
        found = available(car_of(await setup_integration()), "charging_programs")
        assert found.available is None
        assert found.reasons == [Reason.VALUE_MISSING]
        assert found.results[Condition.UPLOADED].status is ConditionStatus.MET

    async def test_value_outweighs_capabilities(
        self, setup_integration: SetupIntegration
    ) -> None:
        """A car produces what it sends, whatever its capabilities are."""
        car = car_of(await setup_integration())
        car.vehicle = replace(
            car.vehicle, capabilities=OnboardCapabilities(data=frozenset())
        )
        assert available(car, "odometer").available

    @pytest.mark.parametrize(
        "capabilities",
        [
            None,
            OnboardCapabilities(),
            OnboardCapabilities(data=frozenset(), remote=RemoteCapabilities()),
        ],
    )
    async def test_command_without_capabilities_is_unknown(
        self,
        setup_integration: SetupIntegration,
        capabilities: OnboardCapabilities | None,
    ) -> None:
        """An existing lock stays, and none is created."""
        car = car_of(await setup_integration())
        car.vehicle = replace(car.vehicle, capabilities=capabilities)
        found = available(car, "remote_door")
        assert found.available is None
        assert found.reasons == [Reason.CAPABILITIES_UNKNOWN]
        assert lock.DESCRIPTION.is_allowed(car)
        assert not lock.DESCRIPTION.is_supported(car)

    async def test_command_missing_in_capabilities_is_unknown(
        self, setup_integration: SetupIntegration
    ) -> None:
        """The other commands stay."""
        car = car_of(await setup_integration())
        remotes = car.vehicle.capabilities and car.vehicle.capabilities.remote
        assert remotes
        car.vehicle = replace(
            car.vehicle,
            capabilities=OnboardCapabilities(
                remote=replace(remotes, horn=RemoteCapability())
            ),
        )
        assert available(car, "remote_horn").available is None
        assert available(car, "remote_door").available


class TestUploaded:
    """What the connected services and the privacy setting let through."""

    async def test_privacy_geolocation_withholds_positions(
        self, connected_simulator: Simulator, setup_integration: SetupIntegration
    ) -> None:
        """Nothing but positions is withheld."""
        car = car_of(await setup_integration())
        await change(connected_simulator, car, privacy="Geolocation")
        withheld = not_met(car, Condition.UPLOADED, Reason.PRIVACY_GEOLOCATION)
        assert withheld == requiring(Scope.POSITION)
        assert available(car, "electric_range").available

    async def test_privacy_full_withholds_all_data(
        self, connected_simulator: Simulator, setup_integration: SetupIntegration
    ) -> None:
        """Only the privacy setting itself and the pictures are left."""
        car = car_of(await setup_integration())
        await change(connected_simulator, car, privacy="Full")
        withheld = not_met(car, Condition.UPLOADED, Reason.PRIVACY_FULL)
        assert withheld == from_car() - {"privacy", "privacy_limits_data"}
        assert available(car, "privacy").available
        assert available(car, "pictures").available

    async def test_car_without_status_has_never_connected(
        self, connected_simulator: Simulator, setup_integration: SetupIntegration
    ) -> None:
        """It has sent no data, and gets no command."""
        car = car_of(await setup_integration())
        await change(connected_simulator, car, missing=["status"])
        assert not_met(car, Condition.UPLOADED, Reason.NEVER_CONNECTED) == from_car()
        assert available(car, "pictures").available

    async def test_produced_but_missing_data_have_an_inactive_service(
        self, connected_simulator: Simulator, setup_integration: SetupIntegration
    ) -> None:
        """The platform has no maintenance of a car that produces it."""
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
        assert not_met(car, Condition.UPLOADED, Reason.SERVICE_INACTIVE) == {
            "days_before_maintenance",
            "mileage_before_maintenance",
        }

    async def test_outage_leaves_conditions_unknown(
        self, connected_simulator: Simulator, setup_integration: SetupIntegration
    ) -> None:
        """An outage is neither the car's nor the owner's."""
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
            found = available(car, key)
            assert found.available is None
            assert Reason.NO_RESPONSE in found.reasons

    async def test_telemetry_without_enabled_entity_is_not_fetched(
        self, setup_integration: SetupIntegration
    ) -> None:
        """Whether the car sends it is unknown."""
        found = available(car_of(await setup_integration()), "speed_limit")
        assert found.available is None
        assert found.reasons == [Reason.NOT_FETCHED]

    async def test_datum_without_capabilities_and_values_is_unknown(
        self, setup_integration: SetupIntegration
    ) -> None:
        """The car may have the datum or not."""
        car = car_of(await setup_integration())
        car.vehicle = Vehicle(id=car.vehicle.id, motorization=Motorization.HYBRID)
        assert available(car, "fuel_level").reasons == [
            Reason.CAPABILITIES_UNKNOWN,
            Reason.NEVER_RECEIVED,
        ]
        assert available(car, "pictures").reasons == [Reason.NEVER_RECEIVED]


class TestAge:
    """Why a value is as old as it is."""

    async def test_value_of_now_is_recent(
        self, connected_simulator: Simulator, setup_integration: SetupIntegration
    ) -> None:
        """A driving car sends all the time."""
        car = car_of(await setup_integration())
        await change(connected_simulator, car, trip="start")
        found = available(car, "electric_range")
        assert found.reasons == [Reason.RECENT]
        assert found.updated_at == car.data.status.updated_at

    async def test_value_of_parked_car_is_as_old_as_its_status(
        self, setup_integration: SetupIntegration
    ) -> None:
        """A parked car sends nothing."""
        found = available(car_of(await setup_integration()), "electric_range")
        assert found.available
        assert found.reasons == [Reason.CAR_INACTIVE]

    async def test_value_older_than_status_is_old(
        self, setup_integration: SetupIntegration
    ) -> None:
        """The time of a block is frozen, or the block has not changed."""
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
        found = available(car, "electric_range")
        assert found.available
        assert found.reasons == [Reason.VALUE_OLD]
        assert found.updated_at == frozen

    async def test_time_is_that_of_the_innermost_block(
        self, setup_integration: SetupIntegration
    ) -> None:
        """The health of a battery has a time of its own."""
        car = car_of(await setup_integration())
        electric = car.data.status.electric
        assert electric
        assert (
            available(car, "battery_health_capacity").updated_at
            == electric.battery.health.created_at
        )

    async def test_value_without_time_has_unknown_age(
        self, setup_integration: SetupIntegration
    ) -> None:
        """Pictures have no time."""
        assert available(car_of(await setup_integration()), "pictures").reasons == [
            Reason.AGE_UNKNOWN
        ]


class TestAuthorized:
    """The permissions that the owner has granted."""

    @pytest.mark.parametrize("scope", Scope)
    async def test_missing_scope_affects_what_requires_it(
        self, setup_integration: SetupIntegration, scope: Scope
    ) -> None:
        """Nothing else is affected."""
        car = car_of(await setup_integration(scopes=set(Scope) - {scope}))
        missing = not_met(car, Condition.AUTHORIZED, Reason.SCOPE_MISSING)
        assert missing == requiring(scope)
        assert all(available(car, key).missing_scopes == {scope} for key in missing)


class TestReference:
    """What the API has."""

    async def test_data_for_fleets_are_not_for_owners(
        self, setup_integration: SetupIntegration
    ) -> None:
        """They are explained as such."""
        car = car_of(await setup_integration())
        assert not_met(car, Condition.REFERENCE, Reason.FOR_FLEETS) == {
            key for key, datum in DATA.items() if not datum.source.for_end_users
        }


class TestEveryCar:
    """What recorded and simulated cars send."""

    @pytest.fixture
    def accounts(self) -> Iterable[Account]:
        """Return accounts with simulated and recorded cars."""
        return ACCOUNTS

    @pytest.fixture
    def recordings(self) -> Collection[Recording]:
        """Return all recorded cars."""
        return [recording(name) for name in STATUSES]

    @pytest.fixture(autouse=True)
    def _large_burst(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the requests of all cars be sent in the instant that the test holds."""
        monkeypatch.setattr(rate_limit, "MAX_BURST", 200)

    @pytest.fixture
    async def cars(
        self, setup_integration: SetupIntegration
    ) -> Collection[VehicleCoordinator]:
        """Return the recorded and the simulated cars."""
        entry = await setup_integration()
        cars: Collection[VehicleCoordinator] = (
            entry.runtime_data.account.vehicles.values()
        )
        assert len(cars) == 4 + len(STATUSES)
        return cars

    async def test_availability_has_a_reason(
        self, cars: Collection[VehicleCoordinator]
    ) -> None:
        """It is unavailable if, and only if, a condition is not met."""
        for car in cars:
            for key in CATALOG:
                found = available(car, key)
                assert found.reasons
                assert (found.available is False) == bool(found.not_met)

    @pytest.mark.parametrize("scopes", [set(Scope), READ_SCOPES])
    @pytest.mark.usefixtures("_all_entities_enabled")
    async def test_reported_value_is_shown(
        self,
        setup_integration: SetupIntegration,
        entity_registry: er.EntityRegistry,
        scopes: Collection[Scope],
    ) -> None:
        """An entity shows it, or the entity of the command that changes it."""
        entry = await setup_integration(scopes=scopes)
        for car in entry.runtime_data.account.vehicles.values():
            for platform, description in ENTITY_DATA.values():
                if description.value(car) is not None:
                    assert description.replaced_fn(
                        car
                    ) or entity_registry.async_get_entity_id(
                        platform, DOMAIN, unique_id(car, description)
                    ), (car.name, description.key)

    async def test_summary_has_the_keys_of_each_status(
        self, cars: Collection[VehicleCoordinator]
    ) -> None:
        """The keys of met conditions are left out."""
        for car in cars:
            summary = unavailable(car, CATALOG)
            for key in CATALOG:
                for condition, result in available(car, key).results.items():
                    statuses = {
                        status
                        for status, keys in summary[condition].items()
                        if key in keys
                    }
                    assert statuses == {result.status} - {ConditionStatus.MET}
