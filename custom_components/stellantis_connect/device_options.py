"""Options that triggers and conditions share: the cars that they are about."""

from collections.abc import Iterable

import voluptuous as vol

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import VolDictType

from .const import DOMAIN

CONF_DURATION = "duration"

DEVICES: VolDictType = {
    vol.Required(ATTR_DEVICE_ID): vol.All(
        cv.ensure_list, vol.Length(min=1), [cv.string]
    )
}


@callback
def async_validate_devices(hass: HomeAssistant, device_ids: Iterable[str]) -> None:
    """Validate that devices are cars.

    Raises:
        Invalid: A device is not of this integration, or is an account.

    """
    for device_id in device_ids:
        device, entry = dr.async_get_device_and_config_entry_for_domain(
            hass, device_id, domain=DOMAIN, include_child_devices=False
        )
        if (
            device is None
            or entry is None
            or (DOMAIN, entry.entry_id) in device.identifiers
        ):
            raise vol.Invalid(f"Device {device_id} is not a car of Stellantis Connect")
