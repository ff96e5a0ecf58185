"""What the actions answer, and how they refuse."""

from collections.abc import Iterable
from datetime import timedelta
import json
from pathlib import Path
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol
import yaml

from custom_components.stellantis_connect.api.models.energy import Energy
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.availability.catalog import CATALOGUE
from custom_components.stellantis_connect.availability.conditions import (
    Condition,
    Reason,
    Verdict,
)
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.coordinator import VehicleCoordinator
from custom_components.stellantis_connect.models import VehicleState
from custom_components.stellantis_connect.services import SERVICE_EXPLAIN_AVAILABILITY
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
from simulator.server import Simulator

from .conftest import SetupIntegration
from .simulator_client import control

INTEGRATION = Path(__file__).parents[1] / "custom_components/stellantis_connect"
SERVICES: dict[str, Any] = yaml.safe_load((INTEGRATION / "services.yaml").read_text())
TRANSLATIONS = sorted((INTEGRATION / "translations").glob("*.json"))

BATTERY = "Compact Electric"
PETROL = "City Petrol"
OLD_BATTERY = "City Electric 2021"


@pytest.fixture(autouse=True)
def _morning(freezer: FrozenDateTimeFactory) -> None:
    """Hold the time, at which all cars of the garage stand."""
    freezer.move_to("2026-03-18T05:00:00+00:00")


def device_of(
    hass: HomeAssistant, entry: ConfigEntry, label: str = BATTERY
) -> dr.DeviceEntry:
    """Return the device of the car with a label."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return next(device for device in devices if device.name == label)


async def explain(hass: HomeAssistant, device_id: str, **data: object) -> Any:
    """Return the answer of the action."""
    return await hass.services.async_call(
        DOMAIN,
        SERVICE_EXPLAIN_AVAILABILITY,
        {"device_id": device_id, **data},
        blocking=True,
        return_response=True,
    )


def car_of(entry: ConfigEntry, label: str = BATTERY) -> VehicleCoordinator:
    """Return the coordinator of the car with a label."""
    cars: Iterable[VehicleCoordinator] = entry.runtime_data.account.vehicles.values()
    return next(car for car in cars if car.vehicle.label == label)


class TestWords:
    """What people choose from and read."""

    @pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.stem)
    def test_each_reason_has_a_sentence(self, path: Path) -> None:
        """Nothing goes unexplained, and no sentence is there in vain."""
        sentences = json.loads(path.read_text())["common"]
        assert {key for key in sentences if key.startswith("availability_")} == {
            f"availability_{reason}" for reason in Reason
        }

    @pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.stem)
    def test_each_datum_and_command_has_a_name(self, path: Path) -> None:
        """What can be chosen is named, each by another name."""
        names = json.loads(path.read_text())["selector"]["datum"]["options"]
        assert names.keys() == CATALOGUE.keys()
        assert len(set(names.values())) == len(names)

    def test_everything_can_be_chosen(self) -> None:
        """The action offers what can be explained, in the same order."""
        fields = SERVICES[SERVICE_EXPLAIN_AVAILABILITY]["fields"]
        assert fields["datum"]["selector"]["select"]["options"] == [*CATALOGUE]

    @pytest.mark.parametrize("action", SERVICES)
    def test_each_field_is_explained(self, action: str) -> None:
        """An action and its fields have names, descriptions and an icon."""
        for path in TRANSLATIONS:
            words = json.loads(path.read_text())["services"][action]
            assert words["name"]
            assert words["description"]
            assert words["fields"].keys() == SERVICES[action]["fields"].keys()
        icons = json.loads((INTEGRATION / "icons.json").read_text())
        assert icons["services"].keys() == SERVICES.keys()


class TestExplainAvailability:
    """The three unavoidable questions, and all others."""

    async def test_why_no_position(
        self,
        hass: HomeAssistant,
        connected_simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """The privacy setting in the car is named."""
        entry = await setup_integration()
        car = car_of(entry)
        await control(
            connected_simulator,
            "PATCH",
            f"vehicles/{car.vehicle.id}",
            privacy="Geolocation",
        )
        await car.async_refresh()
        device = device_of(hass, entry)
        assert await explain(hass, device.id, datum="position") == {
            "position": {
                "name": "Position",
                "available": False,
                "conditions": {
                    "reference": "holds",
                    "produced": "holds",
                    "uploaded": "fails",
                    "authorized": "holds",
                },
                "failing": ["uploaded"],
                "explanation": (
                    "The privacy setting in the car keeps the position back. "
                    "Choose in the car's settings to share data and position."
                ),
                "updated_at": None,
            }
        }

    async def test_why_no_position_without_consent(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """The right that is missing is called what enrolment calls it."""
        entry = await setup_integration(scopes=set(Scope) - {Scope.POSITION})
        answer = await explain(hass, device_of(hass, entry).id, datum="position")
        assert answer["position"]["failing"] == [Condition.AUTHORIZED]
        assert "withdrew it: Position." in answer["position"]["explanation"]

    async def test_why_the_range_is_old(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """A parked car sends nothing, and the age of the value is told."""
        entry = await setup_integration()
        answer = await explain(hass, device_of(hass, entry).id, datum="electric_range")
        told = answer["electric_range"]
        assert told["available"]
        assert re.match(
            r"The last value is \d+ (min|h|d) old, because the car has sent nothing",
            told["explanation"],
        )
        assert told["updated_at"] < "2026-03-18T04:00:00+00:00"

    @pytest.mark.parametrize(
        ("minutes", "age"),
        [(0, "0 min"), (119, "119 min"), (150, "2 h"), (4000, "2 d")],
    )
    async def test_how_old_the_range_is(
        self,
        hass: HomeAssistant,
        setup_integration: SetupIntegration,
        minutes: int,
        age: str,
    ) -> None:
        """The age is told in a unit that fits it."""
        entry = await setup_integration()
        told_at = dt_util.utcnow() - timedelta(minutes=minutes)
        electric = Energy(autonomy=200, updated_at=told_at)
        car_of(entry).data = VehicleState(
            status=Status(electric=electric, updated_at=told_at)
        )
        answer = await explain(hass, device_of(hass, entry).id, datum="electric_range")
        assert f" is {age} old" in answer["electric_range"]["explanation"]

    async def test_why_no_lock_button(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """A car that cannot be locked from afar is named as such."""
        device = device_of(hass, await setup_integration(), OLD_BATTERY)
        told = (await explain(hass, device.id, datum="remote_door"))["remote_door"]
        assert told["failing"] == [Condition.PRODUCED]
        assert told["explanation"].startswith(
            "This car does not carry out this command, says the platform."
        )

    async def test_everything_that_is_wrong_is_told(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """A petrol car cannot be charged, with or without consent."""
        entry = await setup_integration(scopes=set(Scope) - {Scope.CHARGING})
        device = device_of(hass, entry, PETROL)
        answer = await explain(hass, device.id, datum=["remote_charging_start"])
        told = answer["remote_charging_start"]
        assert told["failing"] == [Condition.PRODUCED, Condition.AUTHORIZED]
        assert "no battery to drive on" in told["explanation"]
        assert "withdrew it: Charging." in told["explanation"]

    async def test_tells_what_is_missing_by_default(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """What is there is told on request only."""
        device = device_of(hass, await setup_integration())
        everything = await explain(hass, device.id, only_missing=False)
        assert everything.keys() == CATALOGUE.keys()
        assert await explain(hass, device.id) == {
            key: told for key, told in everything.items() if not told["available"]
        }

    async def test_tells_what_was_asked_for(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """A choice is answered in full, unless only what is missing of it is wanted."""
        device = device_of(hass, await setup_integration())
        chosen = ["fuel_level", "odometer"]
        assert [*await explain(hass, device.id, datum=chosen)] == chosen
        missing = await explain(hass, device.id, datum=chosen, only_missing=True)
        assert [*missing] == ["fuel_level"]

    @pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.stem)
    async def test_speaks_the_language_of_home_assistant(
        self, hass: HomeAssistant, setup_integration: SetupIntegration, path: Path
    ) -> None:
        """Names and sentences are those of the language that is set."""
        hass.config.language = path.stem
        words = json.loads(path.read_text())
        device = device_of(hass, await setup_integration())
        told = (await explain(hass, device.id, datum="fuel_level"))["fuel_level"]
        assert told["name"] == words["selector"]["datum"]["options"]["fuel_level"]
        assert (
            told["explanation"]
            == words["common"][f"availability_{Reason.NO_COMBUSTION_ENGINE}"]
        )

    async def test_speaks_english_where_a_language_is_missing(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """A language without translations falls back to English."""
        hass.config.language = "eo"
        device = device_of(hass, await setup_integration())
        told = await explain(hass, device.id, datum="fuel_level")
        assert told["fuel_level"]["explanation"].startswith("This car has neither")

    @pytest.mark.parametrize("label", [BATTERY, PETROL])
    async def test_leaves_no_placeholder(
        self, hass: HomeAssistant, setup_integration: SetupIntegration, label: str
    ) -> None:
        """Sentences are complete, and tell nothing of the person."""
        device = device_of(
            hass, await setup_integration(scopes=[Scope.TELEMETRY]), label
        )
        for told in (await explain(hass, device.id, only_missing=False)).values():
            assert not re.search(r"[{}?]", told["explanation"])
            assert device.serial_number not in told["explanation"]
            assert set(told["conditions"].values()) <= set(Verdict)


class TestRefusals:
    """What an action cannot be called for."""

    async def test_there_is_no_such_device(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """A device that Home Assistant does not know."""
        await setup_integration()
        with pytest.raises(ServiceValidationError) as refusal:
            await explain(hass, "no such device")
        assert refusal.value.translation_key == "service_device_not_found"

    async def test_device_is_of_another_integration(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """A device that is no car."""
        await setup_integration()
        other = MockConfigEntry(domain="other")
        other.add_to_hass(hass)
        device = dr.async_get(hass).async_get_or_create(
            config_entry_id=other.entry_id, identifiers={("other", "lamp")}
        )
        with pytest.raises(ServiceValidationError) as refusal:
            await explain(hass, device.id)
        assert refusal.value.translation_key == "service_device_wrong_domain"

    async def test_account_is_not_set_up(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """The action is there, and says that the account is not."""
        entry = await setup_integration()
        device = device_of(hass, entry)
        assert await hass.config_entries.async_unload(entry.entry_id)
        with pytest.raises(ServiceValidationError) as refusal:
            await explain(hass, device.id)
        assert refusal.value.translation_key == "service_config_entry_not_loaded"

    async def test_car_is_not_listed(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """A car that Home Assistant remembers and the platform does not name."""
        entry = await setup_integration()
        device = dr.async_get(hass).async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={(DOMAIN, "sold")}
        )
        with pytest.raises(ServiceValidationError) as refusal:
            await explain(hass, device.id)
        assert refusal.value.translation_key == "vehicle_not_listed"

    async def test_there_is_no_such_datum(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """A datum that nobody knows."""
        device = device_of(hass, await setup_integration())
        with pytest.raises(vol.Invalid):
            await explain(hass, device.id, datum="number_of_wheels")
