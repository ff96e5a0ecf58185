"""When devices and entities exist, and when entities write their state."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.const import CONF_SCOPES, DOMAIN
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from simulator.brands import BRANDS
from simulator.cars.car import Car
from simulator.cars.garage import Recording
from simulator.server import Simulator

from .api.recorded import load
from .common import (
    RECORDINGS_ACCOUNT,
    advance_time,
    devices,
    entity_ids,
    entity_states,
    recording,
    requested_paths,
    set_status,
)
from .conftest import SetupIntegration
from .simulator_client import control

LIST_INTERVAL = timedelta(hours=6, seconds=1)
LABELS = {
    "Compact Electric",
    "Family Plug-in Hybrid",
    "City Petrol",
    "City Electric 2021",
}
PETROL = "City Petrol"


def names(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, str | None]:
    """Return the names of the devices of an account's cars by their ids."""
    return {key: device.name for key, device in devices(hass, entry).items()}


def car(simulator: Simulator, label: str) -> Car:
    """Return the only car with a label."""
    [found] = [
        car
        for car in simulator.backend.garages.built()
        if label in car.model.label and car.brand.name == Brand.PEUGEOT
    ]
    return found


class TestDevices:
    """The devices of an account's cars."""

    @pytest.fixture
    async def init_integration(
        self, setup_integration: SetupIntegration
    ) -> MockConfigEntry:
        """Return an account with four cars."""
        return await setup_integration()

    async def present(self, simulator: Simulator, label: str, is_there: bool) -> None:
        """Add a car to the account's list, or remove it."""
        listed = car(simulator, label)
        await control(simulator, "PATCH", f"vehicles/{listed.id}", present=is_there)

    async def test_car_is_a_device(
        self,
        hass: HomeAssistant,
        init_integration: MockConfigEntry,
        simulator: Simulator,
    ) -> None:
        """The device has the label, the brand, and the VIN."""
        assert {*names(hass, init_integration).values()} == LABELS
        vin = car(simulator, PETROL).vin
        [device] = [
            device
            for device in devices(hass, init_integration).values()
            if device.identifiers == {(DOMAIN, vin)}
        ]
        assert (device.manufacturer, device.model) == ("Peugeot", PETROL)
        assert (device.name, device.serial_number) == (PETROL, vin)

    async def test_car_is_added_and_removed_without_a_reload(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        init_integration: MockConfigEntry,
        simulator: Simulator,
    ) -> None:
        """Its device and entities are, too, and its lists are fetched at once."""
        await self.present(simulator, PETROL, False)
        await advance_time(hass, freezer, LIST_INTERVAL)
        assert {*names(hass, init_integration).values()} == LABELS - {PETROL}
        assert not [
            state for state in hass.states.async_entity_ids() if "petrol" in state
        ]
        requested_paths(simulator)
        await advance_time(hass, freezer, timedelta(hours=3))
        assert requested_paths(simulator, f"{car(simulator, PETROL).id}/status") == []

        await self.present(simulator, PETROL, True)
        await advance_time(hass, freezer, LIST_INTERVAL)
        assert requested_paths(simulator, f"{car(simulator, PETROL).id}/trips")
        assert {*names(hass, init_integration).values()} == LABELS
        assert (
            entity_states(hass, init_integration, PETROL)["fuel_level"] != "unavailable"
        )

    @pytest.mark.parametrize("at_start", [False, True], ids=["running", "at start"])
    @pytest.mark.parametrize(
        "fault",
        [
            pytest.param(
                {"kind": "error", "status": 404, "code": 40410, "form": "api"}, id="404"
            ),
            pytest.param({"kind": "error", "status": 500, "form": "gateway"}, id="500"),
            pytest.param({"kind": "error", "status": 502, "form": "html"}, id="html"),
            pytest.param({"kind": "empty"}, id="empty"),
            pytest.param({"kind": "truncate"}, id="truncated"),
            pytest.param({"kind": "mistype"}, id="of wrong types"),
            pytest.param({"kind": "mistype", "key": "vin"}, id="without VINs"),
            pytest.param({"kind": "mistype", "key": "id"}, id="without ids"),
        ],
    )
    async def test_devices_stay_while_the_list_fails(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        init_integration: MockConfigEntry,
        simulator: Simulator,
        fault: dict[str, Any],
        at_start: bool,
    ) -> None:
        """So do the changes that a person has made to them."""
        known = names(hass, init_integration)
        await control(
            simulator, "POST", "faults", path="*/user/vehicles", times=None, **fault
        )
        if at_start:
            await hass.config_entries.async_reload(init_integration.entry_id)
        await advance_time(hass, freezer, LIST_INTERVAL)
        assert known.items() <= names(hass, init_integration).items()

        await control(simulator, "DELETE", "faults")
        await advance_time(hass, freezer, LIST_INTERVAL)
        assert names(hass, init_integration) == known
        assert (
            entity_states(hass, init_integration, PETROL)["fuel_level"] != "unavailable"
        )

    async def test_car_with_another_id_keeps_its_device(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        init_integration: MockConfigEntry,
        simulator: Simulator,
    ) -> None:
        """The platform gives a car another ID when it returns to an account."""
        known = names(hass, init_integration)
        car(simulator, PETROL).id = "f00d" * 16
        await advance_time(hass, freezer, LIST_INTERVAL)
        requested_paths(simulator)
        await advance_time(hass, freezer, timedelta(hours=1))
        assert requested_paths(simulator, f"{'f00d' * 16}/status")
        assert names(hass, init_integration) == known


async def test_car_without_a_label_is_named_after_its_brand(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
) -> None:
    """Some cars have no label."""
    await control(
        connected_simulator,
        "POST",
        "faults",
        kind="mistype",
        key="label",
        path="*/vehicles",
    )
    entry = await setup_integration(Brand.CITROEN)
    assert {*names(hass, entry).values()} == {"Citroën"}


async def test_car_of_two_accounts_is_two_devices(
    hass: HomeAssistant, simulator: Simulator, setup_integration: SetupIntegration
) -> None:
    """Each account has its own permissions."""
    first = await setup_integration()
    vin = car(simulator, PETROL).vin
    second = await setup_integration(email="second@example.com")
    [second_car] = second.runtime_data.account.data.values()
    [shared] = [
        one for one in simulator.backend.garages.built() if one.id == second_car.id
    ]
    shared.vin = vin
    await hass.config_entries.async_reload(second.entry_id)
    await hass.async_block_till_done()
    assert [*names(hass, second).values()] == [PETROL]
    assert len(names(hass, first)) == 4
    keys = (
        entity_states(hass, second).keys() ^ entity_states(hass, first, PETROL).keys()
    )
    # What either platform's car has complained of is its own.
    assert not [key for key in keys if not key.startswith("alert_")]


async def test_battery_car_has_at_most_45_enabled_entities(
    hass: HomeAssistant, setup_integration: SetupIntegration
) -> None:
    """The others are disabled or diagnostic."""
    entry = await setup_integration()
    registry = er.async_get(hass)
    shown = [
        entity.unique_id
        for entity_id in entity_ids(hass, entry, "Compact Electric").values()
        if (entity := registry.async_get(entity_id))
        and entity.disabled_by is None
        and entity.entity_category is not EntityCategory.DIAGNOSTIC
    ]
    assert len(shown) <= 45


class TestExistence:
    """Entities exist from their first value on."""

    @pytest.fixture
    def recordings(self) -> Sequence[Recording]:
        """Return the car with most values."""
        return [recording("made-status-phev")]

    async def test_entity_is_added_with_its_first_value(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """It needs no reload."""
        simulator.backend.garages.of(RECORDINGS_ACCOUNT, BRANDS["peugeot"])
        status = load("made-status-phev")
        set_status(simulator, {key: status[key] for key in status if key != "odometer"})
        entry = await setup_integration()
        assert "odometer" not in entity_states(hass, entry)

        set_status(simulator, status)
        await advance_time(hass, freezer, timedelta(hours=2))
        assert entity_states(hass, entry)["odometer"] == "24471.3"

    async def test_entity_without_value_anymore_is_unknown(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """It still exists after a restart."""
        entry = await setup_integration()
        status = load("made-status-phev")
        set_status(simulator, {key: status[key] for key in status if key != "energies"})
        await advance_time(hass, freezer, timedelta(hours=2))
        assert entity_states(hass, entry)["fuel_level"] == "unknown"
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
        assert entity_states(hass, entry)["fuel_level"] == "unknown"

    async def test_entity_without_permission_is_removed(
        self,
        hass: HomeAssistant,
        simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """No other entity is."""
        entry = await setup_integration()
        before = set(entity_ids(hass, entry))
        hass.config_entries.async_update_entry(
            entry,
            data={**entry.data, CONF_SCOPES: [*set(Scope) - {Scope.POSITION}]},
        )
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
        assert set(entity_ids(hass, entry)) == before - {
            "position",
            "position_time",
        }

    async def test_changed_value_is_written_by_its_entity_only(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """A higher mileage is written by the odometer alone."""
        entry = await setup_integration()
        before = reported(hass, entry)
        status = load("made-status-phev")
        status["odometer"]["mileage"] += 1
        set_status(simulator, status)
        await advance_time(hass, freezer, timedelta(hours=2))
        after = reported(hass, entry)
        assert {key for key in after if after[key] != before[key]} == {"odometer"}

    async def test_equal_response_writes_no_state(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """A parked car causes no state changes."""
        entry = await setup_integration()
        before = reported(hass, entry)
        await advance_time(hass, freezer, timedelta(hours=2))
        assert requested_paths(simulator, "/status")
        assert reported(hass, entry) == before


def reported(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, datetime]:
    """Return when each entity has last written its state.

    Images are left out: Home Assistant itself writes them, with a new key every few minutes.
    """
    return {
        key: state.last_reported
        for key, entity_id in entity_ids(hass, entry).items()
        if (state := hass.states.get(entity_id)) and state.domain != Platform.IMAGE
    }
