"""Errors of commands and requests, whose texts name the car and the command."""

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..api.models.remotes import RemoteFailureCause, RemoteStatus
from ..const import DOMAIN
from ..coordinator import VehicleCoordinator
from ..translation import command_name, exception_text
from .models import Command


def pending_key(status: RemoteStatus) -> str | None:
    """Return the translation key of a remote that the platform warns of."""
    match status:
        case RemoteStatus.VEHICLE_BATTERY_CHARGE_TOO_LOW:
            return "pending_battery_charge_too_low"
        case RemoteStatus.TOO_MANY_WAKE_UPS_OVER_MONTH:
            return "pending_too_many_wake_ups"
        case _:
            return None


def failure_key(cause: RemoteFailureCause | None, car: VehicleCoordinator) -> str:
    """Return the translation key of a remote that failed."""
    cause = cause or RemoteFailureCause.GENERAL_ERROR
    low_battery = RemoteFailureCause.NOT_POSSIBLE_DUE_TO_VEHICLE_BATTERY_LEVEL
    if cause is low_battery and car.data.status.electric is None:
        return "remote_auxiliary_battery_low"
    return f"remote_{cause.name.lower()}"


@callback
def vehicle_device(car: VehicleCoordinator) -> dr.DeviceEntry | None:
    """Return the device of a car once it exists."""
    return dr.async_get(car.hass).async_get_device_by_identifier(
        (DOMAIN, car.key), car.config_entry.entry_id
    )


@callback
def vehicle_entity_id(car: VehicleCoordinator, key: str) -> str | None:
    """Return the entity of a car with the key of its description; None without any."""
    entries = er.async_entries_for_config_entry(
        er.async_get(car.hass), car.config_entry.entry_id
    )
    ending = f"_{car.key}_{key}"
    return next(
        (one.entity_id for one in entries if one.unique_id.endswith(ending)), None
    )


@callback
def device_name(car: VehicleCoordinator) -> str:
    """Return the name that the owner gave to the device of a car, or else its own."""
    device = vehicle_device(car)
    return (device and (device.name_by_user or device.name)) or car.name


@callback
def vehicle_error(
    car: VehicleCoordinator, command: str, key: str
) -> HomeAssistantError:
    """Return the error of a request about a car, by the name of the command."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={"car": device_name(car), "command": command},
    )


@callback
def command_error(
    car: VehicleCoordinator, command: Command
) -> HomeAssistantError | None:
    """Return the error of a command that failed."""
    if command.error_key is None:
        return None
    name = command_name(car.hass, command.action.key)
    return vehicle_error(car, name, command.error_key)


@callback
def command_problem(car: VehicleCoordinator, command: Command) -> str:
    """Return what went wrong with a command, why, and what to do; empty if nothing did."""
    error = command_error(car, command)
    return exception_text(car.hass, error) if error else ""
