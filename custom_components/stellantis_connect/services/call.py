"""What the actions have in common: their schemas, their cars, and their errors."""

from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv, service
from homeassistant.helpers.typing import VolDictType
from homeassistant.util import dt as dt_util

from ..api.models.program import Day
from ..commands.errors import device_name
from ..const import DOMAIN
from ..runtime import StellantisConfigEntry, VehicleData
from ..translation import text

ATTR_END = "end"
ATTR_START = "start"

type Handler = Callable[
    [ServiceCall], ServiceResponse | Coroutine[Any, Any, ServiceResponse]
]
type Action = tuple[Handler, VolDictType, SupportsResponse]

DEVICE: VolDictType = {vol.Required(ATTR_DEVICE_ID): cv.string}
DAYS = vol.All(
    cv.ensure_list, [vol.All(vol.In([day.name.lower() for day in Day]), str)]
)
RANGE: VolDictType = {
    vol.Optional(ATTR_START): cv.datetime,
    vol.Optional(ATTR_END): cv.datetime,
}


@callback
def vehicle_of(call: ServiceCall) -> VehicleData:
    """Return the car of the device that an action is called for.

    Raises:
        ServiceValidationError: The device is not of this integration, its account is not set
            up, or the account does not list the car anymore.

    """
    device, found = service.async_get_device_and_config_entry(
        call.hass, DOMAIN, call.data[ATTR_DEVICE_ID], include_child_devices=False
    )
    entry: StellantisConfigEntry = found
    vehicles = entry.runtime_data.vehicles
    for domain, key in device.identifiers:
        if domain == DOMAIN and key in vehicles:
            return vehicles[key]
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="vehicle_not_listed",
        translation_placeholders={"car": device.name_by_user or device.name or ""},
    )


def validation_error(
    call: ServiceCall, key: str, **placeholders: str
) -> ServiceValidationError:
    """Return the error of an action that is called with something invalid."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={
            "car": device_name(vehicle_of(call).coordinator),
            "command": action_name(call),
            **placeholders,
        },
    )


def action_name(call: ServiceCall) -> str:
    """Return the name of an action in the language of Home Assistant."""
    return text(call.hass, "services", f"{call.service}.name")


def range_of(call: ServiceCall, default: timedelta) -> tuple[datetime, datetime | None]:
    """Return the start and the end of the range that an action is called for.

    Raises:
        ServiceValidationError: The range ends before it starts, or starts in the future.

    """
    since = _moment(call, ATTR_START) or dt_util.utcnow() - default
    until = _moment(call, ATTR_END)
    if (until or dt_util.utcnow()) <= since:
        raise validation_error(call, "ends_before_start")
    return since, until


def _moment(call: ServiceCall, name: str) -> datetime | None:
    moment: datetime | None = call.data.get(name)
    return moment and dt_util.as_utc(moment)
