"""The target that triggers and conditions share: the cars that they are about."""

from typing import cast

import voluptuous as vol

from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)
from homeassistant.helpers.typing import ConfigType, VolDictType

from .const import DOMAIN

CONF_DURATION = "duration"

TARGET_SCHEMA = vol.All(
    cv.TARGET_FIELDS, cv.has_at_least_one_key(*map(str, cv.TARGET_FIELDS))
)


@callback
def async_validate_config(
    hass: HomeAssistant, config: ConfigType, options_schema: VolDictType
) -> ConfigType:
    """Return the validated target and options of a trigger or a condition.

    Raises:
        Invalid: A device of the target is not of this integration, or is an account.

    """
    schema = vol.Schema(
        {
            vol.Required(CONF_TARGET): TARGET_SCHEMA,
            vol.Optional(CONF_OPTIONS, default=dict): options_schema,
        }
    )
    validated = cast(ConfigType, schema(config))
    for device_id in TargetSelection(validated[CONF_TARGET]).device_ids:
        if not _is_vehicle(hass, device_id):
            raise vol.Invalid(f"Device {device_id} is not a car of Stellantis Connect")
    return validated


@callback
def async_get_target_devices(
    hass: HomeAssistant, target: ConfigType | None
) -> list[str]:
    """Return the devices of the cars that a target has, also by areas, labels, or entities."""
    selection = TargetSelection(target or {})
    referenced = async_extract_referenced_entity_ids(
        hass, selection, expand_group=False, primary_entities_only=False
    )
    registry = er.async_get(hass)
    entity_ids = referenced.referenced | referenced.indirectly_referenced
    entities = map(registry.async_get, entity_ids)
    devices = {
        *referenced.referenced_devices,
        *(entity.device_id for entity in entities if entity and entity.device_id),
    }
    return sorted(one for one in devices if _is_vehicle(hass, one))


@callback
def _is_vehicle(hass: HomeAssistant, device_id: str) -> bool:
    device, entry = dr.async_get_device_and_config_entry_for_domain(
        hass, device_id, domain=DOMAIN, include_child_devices=False
    )
    return (
        device is not None
        and entry is not None
        and (DOMAIN, entry.entry_id) not in device.identifiers
    )
