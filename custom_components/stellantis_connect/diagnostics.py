"""Diagnostics: what helps to find a fault, and nothing of the person."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import AnyDeviceEntry

from .const import DOMAIN
from .coordinator import AccountCoordinator, StellantisConfigEntry, VehicleCoordinator

# Keys of the platform's answers and of the entry whose values say who and where.
TO_REDACT = {
    "_links",
    "auth_implementation",
    "coordinates",
    "id",
    "pictures",
    "token",
    "vin",
}
# A shorter value could stand anywhere by chance.
SHORTEST_SECRET = 6


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: StellantisConfigEntry
) -> dict[str, Any]:
    """Return what is known of an account and its cars."""
    account = entry.runtime_data
    return _without_secrets(
        account,
        {
            "entry": {"data": dict(entry.data), "options": dict(entry.options)},
            "requests_left_today": account.client.ledger.remaining_today,
            "oddities": sorted(account.client.oddities),
            "vehicles": [_vehicle(car) for car in account.vehicles.values()],
        },
    )


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: StellantisConfigEntry, device: AnyDeviceEntry
) -> dict[str, Any]:
    """Return what is known of one car."""
    account = entry.runtime_data
    keys = {key for domain, key in device.identifiers if domain == DOMAIN}
    cars = [car for key, car in account.vehicles.items() if key in keys]
    return _without_secrets(account, {"vehicles": [_vehicle(car) for car in cars]})


def _vehicle(car: VehicleCoordinator) -> dict[str, Any]:
    capabilities = car.vehicle.capabilities
    return {
        "label": car.vehicle.label,
        "motorization": car.vehicle.motorization,
        "capabilities": {
            "data": sorted(capabilities.data or ()),
            "remote": capabilities.remote and asdict(capabilities.remote),
        }
        if capabilities
        else None,
        "activity": car.data.activity,
        "last_update_success": car.last_update_success,
        "update_interval": car.update_interval and car.update_interval.total_seconds(),
        **car.as_stored(),
    }


def _without_secrets(
    account: AccountCoordinator, data: dict[str, Any]
) -> dict[str, Any]:
    """Redact by key, and whatever equals or contains a secret wherever it stands."""
    secrets = {secret for secret in _secrets(account) if len(secret) >= SHORTEST_SECRET}
    return {
        key: _without(secrets, value)
        for key, value in async_redact_data(data, TO_REDACT).items()
    }


def _secrets(account: AccountCoordinator) -> Iterator[str]:
    entry = account.config_entry
    yield from _texts(entry.data[CONF_TOKEN])
    if entry.unique_id:
        yield from entry.unique_id.split("_", 1)
    for vehicle in account.data.values():
        yield vehicle.id
        if vehicle.vin:
            yield vehicle.vin


def _texts(value: object) -> Iterator[str]:
    """Yield every text in nested JSON."""
    match value:
        case str():
            yield value
        case Mapping():
            for item in value.values():
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)


def _without(secrets: Collection[str], value: object) -> object:
    """Return nested JSON without the secrets, in keys as well as in values."""
    match value:
        case str():
            for secret in secrets:
                value = value.replace(secret, REDACTED)
            return value
        case Mapping():
            return {
                _without(secrets, key): _without(secrets, item)
                for key, item in value.items()
            }
        case list():
            return [_without(secrets, item) for item in value]
    return value
