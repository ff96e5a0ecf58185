"""When entities and devices exist, and when entities speak."""

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
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
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
    """Return the only car with a label that somebody has asked for."""
    [found] = [
        car
        for car in simulator.backend.garages.built()
        if label in car.model.label and car.brand.name == Brand.PEUGEOT
    ]
    return found


class TestDevices:
    """Devices come and go with the cars of the account."""

    @pytest.fixture
    async def entry(self, setup_integration: SetupIntegration) -> MockConfigEntry:
        """Return an account with four cars."""
        return await setup_integration()

    async def present(self, simulator: Simulator, label: str, is_there: bool) -> None:
        """Put a car on the account's list, or take it off."""
        there = car(simulator, label)
        await control(simulator, "PATCH", f"vehicles/{there.id}", present=is_there)

    async def test_each_car_is_a_device(
        self, hass: HomeAssistant, entry: MockConfigEntry, simulator: Simulator
    ) -> None:
        """A device says what car it is, and bears its label."""
        assert {*names(hass, entry).values()} == LABELS
        vin = car(simulator, PETROL).vin
        [device] = [
            device
            for device in devices(hass, entry).values()
            if device.identifiers == {(DOMAIN, vin)}
        ]
        assert (device.manufacturer, device.model) == ("Peugeot", PETROL)
        assert (device.name, device.serial_number) == (PETROL, vin)

    async def test_come_and_go_without_a_reload(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        entry: MockConfigEntry,
        simulator: Simulator,
    ) -> None:
        """A car that is sold takes its device along; one that is bought brings one."""
        await self.present(simulator, PETROL, False)
        await advance_time(hass, freezer, LIST_INTERVAL)
        assert {*names(hass, entry).values()} == LABELS - {PETROL}
        assert not [
            state for state in hass.states.async_entity_ids() if "petrol" in state
        ]
        requested_paths(simulator)
        await advance_time(hass, freezer, timedelta(hours=3))
        assert requested_paths(simulator, f"{car(simulator, PETROL).id}/status") == []

        await self.present(simulator, PETROL, True)
        await advance_time(hass, freezer, LIST_INTERVAL)
        assert {*names(hass, entry).values()} == LABELS
        assert entity_states(hass, entry, PETROL)["fuel_level"] != "unavailable"

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
    async def test_stay_while_the_list_is_broken(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        entry: MockConfigEntry,
        simulator: Simulator,
        fault: dict[str, Any],
        at_start: bool,
    ) -> None:
        """What is known of the cars outlives an incident, with whatever a person made of it."""
        known = names(hass, entry)
        await control(
            simulator, "POST", "faults", path="*/user/vehicles", times=None, **fault
        )
        if at_start:
            await hass.config_entries.async_reload(entry.entry_id)
        await advance_time(hass, freezer, LIST_INTERVAL)
        assert known.items() <= names(hass, entry).items()

        await control(simulator, "DELETE", "faults")
        await advance_time(hass, freezer, LIST_INTERVAL)
        assert names(hass, entry) == known
        assert entity_states(hass, entry, PETROL)["fuel_level"] != "unavailable"

    async def test_survive_another_id(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        entry: MockConfigEntry,
        simulator: Simulator,
    ) -> None:
        """A car that left the account and came back has another id, and is the same car."""
        known = names(hass, entry)
        car(simulator, PETROL).id = "f00d" * 16
        await advance_time(hass, freezer, LIST_INTERVAL)
        requested_paths(simulator)
        await advance_time(hass, freezer, timedelta(hours=1))
        assert requested_paths(simulator, f"{'f00d' * 16}/status")
        assert names(hass, entry) == known


async def test_car_without_a_label_bears_its_brand(
    hass: HomeAssistant,
    connected_simulator: Simulator,
    setup_integration: SetupIntegration,
) -> None:
    """Some cars do not tell what they are."""
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


async def test_two_accounts_may_share_a_car(
    hass: HomeAssistant, simulator: Simulator, setup_integration: SetupIntegration
) -> None:
    """Husband and wife see the same car, each by their own account and rights."""
    hers = await setup_integration()
    vin = car(simulator, PETROL).vin
    his = await setup_integration(email="second@example.com")
    [his_car] = his.runtime_data.account.data.values()
    [shared] = [
        one for one in simulator.backend.garages.built() if one.id == his_car.id
    ]
    shared.vin = vin
    await hass.config_entries.async_reload(his.entry_id)
    await hass.async_block_till_done()
    assert [*names(hass, his).values()] == [PETROL]
    assert len(names(hass, hers)) == 4
    keys = entity_states(hass, his).keys() ^ entity_states(hass, hers, PETROL).keys()
    # What either platform's car has complained of is its own.
    assert not [key for key in keys if not key.startswith("alert_")]


class TestExistence:
    """What has never been told is not shown; what was told once stays."""

    @pytest.fixture
    def recordings(self) -> Sequence[Recording]:
        """Return a car that tells much."""
        return [recording("made-status-phev")]

    async def test_entity_appears_with_its_first_value(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """A datum that a car sends for the first time needs no reload."""
        simulator.backend.garages.of(RECORDINGS_ACCOUNT, BRANDS["peugeot"])
        told = load("made-status-phev")
        set_status(simulator, {key: told[key] for key in told if key != "odometer"})
        entry = await setup_integration()
        assert "odometer" not in entity_states(hass, entry)

        set_status(simulator, told)
        await advance_time(hass, freezer, timedelta(hours=2))
        assert entity_states(hass, entry)["odometer"] == "24471.3"

    async def test_entity_outlives_its_last_value(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """What is not told any more is not known, and that survives a restart."""
        entry = await setup_integration()
        told = load("made-status-phev")
        set_status(simulator, {key: told[key] for key in told if key != "energies"})
        await advance_time(hass, freezer, timedelta(hours=2))
        assert entity_states(hass, entry)["fuel_level"] == "unknown"
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done()
        assert entity_states(hass, entry)["fuel_level"] == "unknown"

    async def test_entity_goes_with_its_scope(
        self,
        hass: HomeAssistant,
        simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """What the owner does not consent to any more is removed, and nothing else."""
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

    async def test_entity_speaks_only_of_its_own_news(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """A kilometre more is written by the odometer, and by no other entity."""
        entry = await setup_integration()
        before = reported(hass, entry)
        told = load("made-status-phev")
        told["odometer"]["mileage"] += 1
        told["lastPosition"]["properties"]["createdAt"] = "2026-02-03T18:00:00Z"
        set_status(simulator, told)
        await advance_time(hass, freezer, timedelta(hours=2))
        after = reported(hass, entry)
        assert {key for key in after if after[key] != before[key]} == {
            "odometer",
            "position_time",
        }

    async def test_equal_answers_are_no_news(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        simulator: Simulator,
        setup_integration: SetupIntegration,
    ) -> None:
        """A car that stands still keeps still."""
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
