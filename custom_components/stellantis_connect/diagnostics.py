"""Diagnostics of an account and of a car, without personal data."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
import re
from typing import Any

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_ACCESS_TOKEN, CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import AnyDeviceEntry

from .availability.conditions import unavailable
from .const import CONF_BRAND, CONF_CERTIFICATE, CONF_SCOPES, DOMAIN
from .coordinator import AccountCoordinator, VehicleCoordinator
from .runtime import StellantisConfigEntry
from .services.availability import CATALOG

# Keys of the platform's responses, and of destinations, with personal values.
TO_REDACT = {
    "_links",
    "coordinates",
    "id",
    "latitude",
    "longitude",
    "pictures",
    "vin",
}
# A shorter text may occur anywhere by chance.
SHORTEST_SECRET = 6
SECRET_PATTERNS = (
    r"\b[A-HJ-NPR-Z0-9]{17}\b",  # a VIN
    r"[\w.+-]+@[\w-]+\.\w+",  # an e-mail address
)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: StellantisConfigEntry
) -> dict[str, Any]:
    """Return the diagnostics of an account and its cars."""
    data = _entry_data(entry)
    if entry.state is not ConfigEntryState.LOADED:
        return data
    account = entry.runtime_data.account
    rate_limiter = account.client.rate_limiter
    return _without_secrets(
        account,
        {
            **data,
            "requests": {
                "allowed_per_day": rate_limiter.limit,
                "sent_today": rate_limiter.sent_today,
                "left_today": rate_limiter.remaining_today,
                "blocked_until": rate_limiter.blocked_until,
            },
            "push": entry.runtime_data.push.diagnostics,
            "unexpected_fields": sorted(account.client.unexpected_fields),
            "vehicles": [_vehicle(car) for car in account.vehicles.values()],
        },
    )


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: StellantisConfigEntry, device: AnyDeviceEntry
) -> dict[str, Any]:
    """Return the diagnostics of a car; those of its account while that is not loaded."""
    if entry.state is not ConfigEntryState.LOADED:
        return _entry_data(entry)
    account = entry.runtime_data.account
    [key] = [key for domain, key in device.identifiers if domain == DOMAIN]
    car = account.vehicles.get(key)
    return _without_secrets(account, _vehicle(car)) if car else {}


def _entry_data(entry: StellantisConfigEntry) -> dict[str, Any]:
    return {
        "brand": entry.data[CONF_BRAND],
        "scopes": entry.data[CONF_SCOPES],
        "options": dict(entry.options),
        "client_certificate": entry.data[CONF_CERTIFICATE] is not None,
        "state": entry.state.value,
    }


def _vehicle(car: VehicleCoordinator) -> dict[str, Any]:
    vehicle = car.vehicle
    return {
        "label": vehicle.label,
        "motorization": vehicle.motorization,
        "capabilities": vehicle.capabilities and asdict(vehicle.capabilities),
        "unavailable": unavailable(car, CATALOG),
        "activity": car.data.activity,
        "update_interval": str(car.update_interval),
        "fetches": {endpoint: asdict(one) for endpoint, one in car.fetches.items()},
        "status_error": str(car.status_error or ""),
        "status": car.data.status.raw,
        "maintenance": car.data.maintenance.raw,
        "telemetry": car.data.telemetry.raw,
        "commands": car.data.commands.to_dict(),
        "charge_limit": car.data.charge_limit.to_dict(),
    }


def _without_secrets(
    account: AccountCoordinator, data: dict[str, Any]
) -> dict[str, Any]:
    """Redact by key, and by value whatever is or may be a secret."""
    secrets = [
        re.escape(secret)
        for secret in _secrets(account)
        if len(secret) >= SHORTEST_SECRET
    ]
    pattern = re.compile("|".join((*secrets, *SECRET_PATTERNS)))
    redacted: dict[str, Any] = _without(pattern, async_redact_data(data, TO_REDACT))
    return redacted


def _secrets(account: AccountCoordinator) -> Iterator[str]:
    entry = account.config_entry
    for name in (CONF_ACCESS_TOKEN, "refresh_token", "id_token"):
        yield entry.data[CONF_TOKEN].get(name, "")
    yield (entry.unique_id or "").removeprefix(f"{account.brand}_")
    for vehicle in account.data.values():
        yield from (vehicle.id, vehicle.vin or "")


def _without(pattern: re.Pattern[str], value: object) -> Any:
    """Return nested JSON without matches, in keys as well as in values."""
    match value:
        case str():
            return pattern.sub(REDACTED, value)
        case Mapping():
            return {
                _without(pattern, key): _without(pattern, item)
                for key, item in value.items()
            }
        case Iterable():
            return [_without(pattern, item) for item in value]
    return value
