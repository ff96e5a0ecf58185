"""The target that triggers and conditions share: the cars that they are about."""

from collections.abc import Callable, Collection
from typing import cast, override

import voluptuous as vol

from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.target import (
    TargetEntityChangeTracker,
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


class VehicleTracker(TargetEntityChangeTracker):
    """Tracks each car of a target, also while areas and labels change."""

    def __init__(
        self,
        hass: HomeAssistant,
        target: ConfigType | None,
        track: Callable[[str], CALLBACK_TYPE],
    ) -> None:
        """Initialize the tracker.

        Args:
            hass: Home Assistant.
            target: the target.
            track: tracks the car of a device; returns what stops that.

        """
        super().__init__(hass, TargetSelection(target or {}), set)
        self._track = track
        self._tracked: dict[str, CALLBACK_TYPE] = {}

    @property
    def device_ids(self) -> Collection[str]:
        """Return the devices of the cars."""
        return self._tracked.keys()

    @callback
    @override
    def _handle_entities_update(self, tracked_entities: set[str]) -> None:
        """Track the cars, whether or not their entities are enabled."""
        device_ids = _target_devices(self._hass, self._target_selection)
        for device_id in self._tracked.keys() - device_ids:
            self._tracked.pop(device_id)()
        for device_id in device_ids - self._tracked.keys():
            self._tracked[device_id] = self._track(device_id)

    @override
    def _unsubscribe(self) -> None:
        super()._unsubscribe()
        for untrack in self._tracked.values():
            untrack()
        self._tracked.clear()


@callback
def _target_devices(hass: HomeAssistant, selection: TargetSelection) -> set[str]:
    """Return the devices of the cars that a target has, also by areas, labels, or entities."""
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
    return {one for one in devices if _is_vehicle(hass, one)}


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
