"""The actions: what a person or an automation can ask for that is no entity."""

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service

from .availability.catalog import CATALOGUE
from .availability.explanation import explain
from .const import DOMAIN
from .runtime import StellantisConfigEntry, VehicleData

SERVICE_EXPLAIN_AVAILABILITY = "explain_availability"

ATTR_DATUM = "datum"
ATTR_ONLY_MISSING = "only_missing"

EXPLAIN_AVAILABILITY_SCHEMA = vol.Schema(
    {
        vol.Required(ATTR_DEVICE_ID): cv.string,
        vol.Optional(ATTR_DATUM): vol.All(cv.ensure_list, [vol.In(CATALOGUE)]),
        vol.Optional(ATTR_ONLY_MISSING): cv.boolean,
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, which are there whether an account is set up or not."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_EXPLAIN_AVAILABILITY,
        _explain_availability,
        EXPLAIN_AVAILABILITY_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )


@callback
def _explain_availability(call: ServiceCall) -> ServiceResponse:
    """Say what is available of what was asked for; of everything, only what is not."""
    keys = call.data.get(ATTR_DATUM)
    explained = explain(call.hass, vehicle_of(call).coordinator, keys or CATALOGUE)
    only_missing = call.data.get(ATTR_ONLY_MISSING, not keys)
    return {
        key: one
        for key, one in explained.items()
        if not (only_missing and one["available"])
    }


@callback
def vehicle_of(call: ServiceCall) -> VehicleData:
    """Return the car whose device an action names.

    Raises:
        ServiceValidationError: the device is none of this integration, its account is not set
            up, or the account does not list the car any more.

    """
    device, found = service.async_get_device_and_config_entry(
        call.hass, DOMAIN, call.data[ATTR_DEVICE_ID], include_child_devices=False
    )
    entry: StellantisConfigEntry = found
    vehicles = entry.runtime_data.vehicles
    cars = [
        vehicles[key]
        for domain, key in device.identifiers
        if domain == DOMAIN and key in vehicles
    ]
    if not cars:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="vehicle_not_listed"
        )
    return cars[0]
