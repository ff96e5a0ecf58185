"""Simulated cars, and the states that Home Assistant has of them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
import sys
from types import FrameType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.stellantis_connect.api.models.brand import Brand
from custom_components.stellantis_connect.api.models.scope import Scope
from custom_components.stellantis_connect.api.models.vehicle import User
from custom_components.stellantis_connect.auth.token import OPENID_SCOPES, account_ids
from custom_components.stellantis_connect.const import (
    CONF_ACCOUNT_IDS,
    CONF_BRAND,
    CONF_CERTIFICATE,
    CONF_EXPECTED_SCOPES,
    CONF_REQUESTED_SCOPES,
    CONF_SCOPES,
    DOMAIN,
)
from custom_components.stellantis_connect.sign_in_flow import CONF_AUTH_IMPLEMENTATION
from homeassistant.components.application_credentials import (
    ClientCredential,
    async_import_client_credential,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import slugify
from simulator.application import Application
from simulator.cars.car import Car
from simulator.cars.garage import Recording, read_recording
from simulator.cars.roads import Place
from simulator.identity import Account
from simulator.server import Simulator

from .api.recorded import FIXTURES
from .simulator_client import OWNER

CREDENTIAL_DOMAIN = "my_application"
# An account that has the recorded cars alone.
RECORDINGS_ACCOUNT = Account(OWNER, "Dev", "Eloper", recordings=True)


async def import_credentials(hass: HomeAssistant) -> None:
    """Import the credentials of the application that the simulator knows."""
    application = Application()
    await async_import_client_credential(
        hass,
        DOMAIN,
        ClientCredential(application.client_id, application.client_secret),
        CREDENTIAL_DOMAIN,
    )


def add_config_entry(
    hass: HomeAssistant,
    token: Mapping[str, Any],
    brand: Brand = Brand.PEUGEOT,
    scopes: Collection[Scope] = tuple(Scope),
    email: str = OWNER,
    entry_id: str | None = None,
) -> MockConfigEntry:
    """Add an entry of an account that has signed in; it is not set up yet."""
    ids = account_ids(brand, token, User(email=email))
    entry = MockConfigEntry(
        entry_id=entry_id,
        domain=DOMAIN,
        title=brand.label,
        unique_id=ids[0],
        data={
            CONF_ACCOUNT_IDS: ids,
            CONF_BRAND: brand,
            CONF_AUTH_IMPLEMENTATION: CREDENTIAL_DOMAIN,
            CONF_CERTIFICATE: None,
            CONF_EXPECTED_SCOPES: [*scopes],
            CONF_REQUESTED_SCOPES: [*OPENID_SCOPES, *scopes],
            CONF_SCOPES: [*scopes],
            CONF_TOKEN: token,
        },
    )
    entry.add_to_hass(hass)
    return entry


def recording(name: str) -> Recording:
    """Return a recorded car."""
    return read_recording(str(FIXTURES / f"{name}.json"))


def set_status(
    simulator: Simulator, status: Mapping[str, Any], label: str = ""
) -> None:
    """Set the status of a recorded car, the only one without a label."""
    [car] = [
        car
        for car in simulator.backend.garages.built()
        if car.recording is not None and label in car.model.label
    ]
    car.recording = dict(status)


def simulated_car(simulator: Simulator, label: str) -> Car:
    """Return the truth about the one car with this label."""
    [car] = [
        car for car in simulator.backend.garages.built() if car.model.label == label
    ]
    return car


def requested_paths(simulator: Simulator, ending: str = "") -> list[str]:
    """Return the requested paths since the last call."""
    log = simulator.backend.log
    paths = [entry.path for entry in log if entry.path.startswith("/connectedcar")]
    log.clear()
    return [path for path in paths if path.endswith(ending)]


async def advance_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, span: timedelta
) -> None:
    """Advance the time, and wait for all that is due."""
    freezer.tick(span)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


async def crash(
    hass: HomeAssistant, storage: dict[str, Any], entry: ConfigEntry
) -> None:
    """Restart the entry with the storage of before, as after a crash."""
    kept = deepcopy({key: data for key, data in storage.items() if DOMAIN in key})
    await hass.config_entries.async_unload(entry.entry_id)
    for key in [key for key in storage if DOMAIN in key]:
        del storage[key]
    storage.update(kept)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


def add_zone(hass: HomeAssistant, name: str, place: Place) -> str:
    """Add a zone at a place; return its entity."""
    attributes = {
        "friendly_name": name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "radius": 100,
    }
    entity_id = f"zone.{slugify(name)}"
    hass.states.async_set(entity_id, "0", attributes)
    return entity_id


def entity_ids(
    hass: HomeAssistant, entry: ConfigEntry, label: str = ""
) -> dict[str, str]:
    """Return the entities of the car with this label, the only one without, by their keys."""
    [vin] = [
        vin
        for vin, car in entry.runtime_data.account.vehicles.items()
        if label in car.vehicle.label
    ]
    prefix = f"{entry.unique_id}_{vin}_"
    return {
        entity.unique_id.removeprefix(prefix): entity.entity_id
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if entity.unique_id.startswith(prefix)
    }


def entity_states(
    hass: HomeAssistant, entry: ConfigEntry, label: str = ""
) -> dict[str, str]:
    """Return the states of a car's enabled entities by their keys."""
    return {
        key: state.state
        for key, entity_id in entity_ids(hass, entry, label).items()
        if (state := hass.states.get(entity_id))
    }


def devices(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, dr.DeviceEntry]:
    """Return the devices of an account's cars by their ids."""
    return {
        device.id: device
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if isinstance(device, dr.DeviceEntry) and device.entry_type is None
    }


@contextmanager
def counted_calls() -> Iterator[Counter[str]]:
    """Count the calls of each function of the integration."""
    calls = Counter[str]()

    def count(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and DOMAIN in frame.f_code.co_filename:
            calls[frame.f_code.co_qualname] += 1

    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(None)
