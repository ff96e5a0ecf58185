"""The action explain_availability, and what all actions refuse."""

from collections.abc import Iterable
from datetime import timedelta
import json
from pathlib import Path
import re
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol
import yaml

from custom_components.stellantis_connect.api.models.energy import Energy
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.status import Status
from custom_components.stellantis_connect.availability.catalog import (
    OTHER_DATA,
    REMOTES,
)
from custom_components.stellantis_connect.availability.conditions import (
    Condition,
    ConditionStatus,
    Reason,
)
from custom_components.stellantis_connect.const import DOMAIN
from custom_components.stellantis_connect.coordinator import VehicleCoordinator
from custom_components.stellantis_connect.entity import unique_id
from custom_components.stellantis_connect.models import VehicleState
from custom_components.stellantis_connect.services.availability import (
    CATALOG,
    ENTITY_DATA,
    SERVICE_EXPLAIN_AVAILABILITY,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
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


pytestmark = pytest.mark.usefixtures("freezer")


def device_of(
    hass: HomeAssistant, entry: ConfigEntry, label: str = BATTERY
) -> dr.DeviceEntry:
    """Return the device of the car with a label."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return next(device for device in devices if device.name == label)


async def explain(hass: HomeAssistant, device_id: str, **data: object) -> Any:
    """Return the response of the action."""
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


class TestTranslations:
    """The texts of the responses."""

    @pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.stem)
    def test_reason_has_a_text(self, path: Path) -> None:
        """No text is left over."""
        sentences = json.loads(path.read_text())["common"]
        assert {key for key in sentences if key.startswith("availability_")} == {
            f"availability_{reason}" for reason in Reason
        }

    @pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.stem)
    def test_item_without_entity_has_a_name(self, path: Path) -> None:
        """Each name is unique; the other items are named like their entities."""
        texts = json.loads(path.read_text())["common"]
        names = {key: texts[key] for key in texts if key.startswith("datum_")}
        assert names.keys() == {f"datum_{key}" for key in [*OTHER_DATA, *REMOTES]}
        assert len(set(names.values())) == len(names)

    @pytest.mark.parametrize("action", SERVICES)
    def test_action_has_texts_and_icon(self, action: str) -> None:
        """Its fields have names and descriptions, too."""
        for path in TRANSLATIONS:
            texts = json.loads(path.read_text())["services"][action]
            assert texts["name"]
            assert texts["description"]
            assert texts["fields"].keys() == SERVICES[action]["fields"].keys()
        icons = json.loads((INTEGRATION / "icons.json").read_text())
        assert icons["services"].keys() == SERVICES.keys()


class TestExplainAvailability:
    """The response of explain_availability."""

    async def test_position_withheld_by_privacy_is_explained(
        self,
        hass: HomeAssistant,
        connected_simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """The explanation names the privacy setting."""
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
                    "reference": "met",
                    "produced": "met",
                    "uploaded": "not_met",
                    "authorized": "met",
                },
                "not_met": ["uploaded"],
                "explanation": (
                    "The privacy setting in the car blocks the position. "
                    "To share the position, change the setting in the car."
                ),
                "updated_at": None,
            }
        }

    async def test_position_without_permission_is_explained(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """The permission is named as in the flow."""
        entry = await setup_integration(scopes=set(Scope) - {Scope.POSITION})
        response = await explain(hass, device_of(hass, entry).id, datum="position")
        assert response["position"]["not_met"] == [Condition.AUTHORIZED]
        assert (
            "These permissions are missing: Position."
            in response["position"]["explanation"]
        )

    async def test_old_value_is_explained(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """A parked car sends nothing, and the response has the age of the value."""
        entry = await setup_integration()
        response = await explain(
            hass, device_of(hass, entry).id, datum="electric_range"
        )
        explained = response["electric_range"]
        assert explained["available"]
        assert re.match(
            r"The last value is \d+ (min|h|d) old because the car hasn't sent anything",
            explained["explanation"],
        )
        assert explained["updated_at"] < "2026-03-18T04:00:00+00:00"

    @pytest.mark.parametrize(
        ("minutes", "age"),
        [(0, "0 min"), (119, "119 min"), (150, "2 h"), (4000, "2 d")],
    )
    async def test_explanation_has_the_age_of_the_value(
        self,
        hass: HomeAssistant,
        setup_integration: SetupIntegration,
        minutes: int,
        age: str,
    ) -> None:
        """The unit fits the age."""
        entry = await setup_integration()
        updated_at = dt_util.utcnow() - timedelta(minutes=minutes)
        electric = Energy(autonomy=200, updated_at=updated_at)
        car_of(entry).data = VehicleState(
            status=Status(electric=electric, updated_at=updated_at)
        )
        response = await explain(
            hass, device_of(hass, entry).id, datum="electric_range"
        )
        assert f" is {age} old" in response["electric_range"]["explanation"]

    async def test_unsupported_command_is_explained(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """The car cannot be locked remotely."""
        device = device_of(hass, await setup_integration(), OLD_BATTERY)
        explained = (await explain(hass, device.id, datum="remote_door"))["remote_door"]
        assert explained["not_met"] == [Condition.PRODUCED]
        assert explained["explanation"].startswith(
            "This car doesn't support this command, according to Stellantis."
        )

    async def test_all_unmet_conditions_are_explained(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """A car without a traction battery lacks the permission to charge, too."""
        entry = await setup_integration(scopes=set(Scope) - {Scope.CHARGING})
        device = device_of(hass, entry, PETROL)
        response = await explain(hass, device.id, datum=["remote_charging_start"])
        explained = response["remote_charging_start"]
        assert explained["not_met"] == [Condition.PRODUCED, Condition.AUTHORIZED]
        assert "no traction battery" in explained["explanation"]
        assert "These permissions are missing: Charging." in explained["explanation"]

    async def test_response_has_unavailable_items_by_default(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """What is available is returned on request only."""
        device = device_of(hass, await setup_integration())
        everything = await explain(hass, device.id, only_missing=False)
        assert everything.keys() == CATALOG.keys()
        assert await explain(hass, device.id) == {
            key: explained
            for key, explained in everything.items()
            if not explained["available"]
        }

    async def test_response_has_the_given_data(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """A selection is returned in full, unless only what is missing is requested."""
        device = device_of(hass, await setup_integration())
        chosen = ["fuel_level", "odometer"]
        assert [*await explain(hass, device.id, datum=chosen)] == chosen
        missing = await explain(hass, device.id, datum=chosen, only_missing=True)
        assert [*missing] == ["fuel_level"]

    @pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.stem)
    async def test_texts_are_in_the_language_of_home_assistant(
        self, hass: HomeAssistant, setup_integration: SetupIntegration, path: Path
    ) -> None:
        """So are the names."""
        hass.config.language = path.stem
        texts = json.loads(path.read_text())
        device = device_of(hass, await setup_integration())
        explained = (await explain(hass, device.id, datum="fuel_level"))["fuel_level"]
        assert explained["name"] == texts["entity"]["sensor"]["fuel_level"]["name"]
        assert (
            explained["explanation"]
            == texts["common"][f"availability_{Reason.NO_COMBUSTION_ENGINE}"]
        )

    async def test_texts_of_unknown_language_are_english(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """There is no translation."""
        hass.config.language = "eo"
        device = device_of(hass, await setup_integration())
        explained = await explain(hass, device.id, datum="fuel_level")
        assert explained["fuel_level"]["explanation"].startswith(
            "This car has no fuel tank"
        )

    @pytest.mark.parametrize("label", [BATTERY, PETROL])
    async def test_explanation_has_no_placeholder_and_no_personal_data(
        self, hass: HomeAssistant, setup_integration: SetupIntegration, label: str
    ) -> None:
        """Every item has a complete one."""
        device = device_of(
            hass, await setup_integration(scopes=[Scope.TELEMETRY]), label
        )
        for explained in (await explain(hass, device.id, only_missing=False)).values():
            assert not re.search(r"[{}?]", explained["explanation"])
            assert device.serial_number not in explained["explanation"]
            assert set(explained["conditions"].values()) <= set(ConditionStatus)


class TestNames:
    """Data are named like the entities that show them."""

    @pytest.mark.usefixtures("_all_entities_enabled")
    @pytest.mark.parametrize("language", ["en", "de", "fr"])
    async def test_name_is_that_of_the_entity(
        self, hass: HomeAssistant, setup_integration: SetupIntegration, language: str
    ) -> None:
        """Both names come from the same text; a tracker is named like its car."""
        hass.config.language = language
        entry = await setup_integration(
            scopes={scope for scope in Scope if scope.startswith("data:")}
        )
        registry = er.async_get(hass)
        compared = set()
        for car in entry.runtime_data.account.vehicles.values():
            [device_id] = [
                device.id
                for device in dr.async_entries_for_config_entry(
                    dr.async_get(hass), entry.entry_id
                )
                if device.serial_number == car.vehicle.vin
            ]
            explained = await explain(hass, device_id, only_missing=False)
            for key, (platform, description) in ENTITY_DATA.items():
                entity_id = registry.async_get_entity_id(
                    platform, DOMAIN, unique_id(car, description)
                )
                if entity_id and platform is not Platform.DEVICE_TRACKER:
                    entity = registry.async_get(entity_id)
                    assert entity
                    assert entity.original_name == explained[key]["name"]
                    compared.add(key)
                assert explained[key]["name"]
        assert len(compared) > 90


class TestRefusals:
    """What actions refuse."""

    async def test_unknown_device_is_refused(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """Home Assistant has no such device."""
        await setup_integration()
        with pytest.raises(ServiceValidationError) as error:
            await explain(hass, "no such device")
        assert error.value.translation_key == "service_device_not_found"

    async def test_device_of_another_integration_is_refused(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """It is no car."""
        await setup_integration()
        other = MockConfigEntry(domain="other")
        other.add_to_hass(hass)
        device = dr.async_get(hass).async_get_or_create(
            config_entry_id=other.entry_id, identifiers={("other", "lamp")}
        )
        with pytest.raises(ServiceValidationError) as error:
            await explain(hass, device.id)
        assert error.value.translation_key == "service_device_wrong_domain"

    async def test_account_not_set_up_is_refused(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """The action exists without it."""
        entry = await setup_integration()
        device = device_of(hass, entry)
        assert await hass.config_entries.async_unload(entry.entry_id)
        with pytest.raises(ServiceValidationError) as error:
            await explain(hass, device.id)
        assert error.value.translation_key == "service_config_entry_not_loaded"

    async def test_car_not_listed_is_refused(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """Its device still exists."""
        entry = await setup_integration()
        device = dr.async_get(hass).async_get_or_create(
            config_entry_id=entry.entry_id, identifiers={(DOMAIN, "sold")}
        )
        with pytest.raises(ServiceValidationError) as error:
            await explain(hass, device.id)
        assert error.value.translation_key == "vehicle_not_listed"

    async def test_unknown_datum_is_refused(
        self, hass: HomeAssistant, setup_integration: SetupIntegration
    ) -> None:
        """It is not in the catalog."""
        device = device_of(hass, await setup_integration())
        with pytest.raises(vol.Invalid):
            await explain(hass, device.id, datum="number_of_wheels")
