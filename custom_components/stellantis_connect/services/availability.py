"""The action that explains why data of a car is missing."""

from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from homeassistant.const import Platform
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import VolDictType

from .. import binary_sensor, device_tracker, event, sensor
from ..availability.catalog import OTHER_DATA, REMOTES
from ..availability.conditions import Catalog
from ..availability.explanation import explain
from ..entity import StellantisEntityDescription
from ..translation import entity_name, text
from .call import Action, vehicle_of

SERVICE_EXPLAIN_AVAILABILITY = "explain_availability"
ATTR_DATUM = "datum"
ATTR_ONLY_MISSING = "only_missing"

# The data that entities show, with their platforms; those without a capability are the
# integration's own.
ENTITY_DATA: Mapping[str, tuple[Platform, StellantisEntityDescription[Any]]] = {
    description.key: (platform, description)
    for platform, descriptions in (
        (Platform.DEVICE_TRACKER, device_tracker.DESCRIPTIONS),
        (Platform.SENSOR, sensor.VEHICLE_DESCRIPTIONS),
        (Platform.BINARY_SENSOR, binary_sensor.STATUS_DESCRIPTIONS),
        (Platform.BINARY_SENSOR, binary_sensor.TELEMETRY_DESCRIPTIONS),
        (Platform.EVENT, event.DESCRIPTIONS),
    )
    for description in descriptions
    if description.source.capability
}
CATALOG: Catalog = {
    **{key: description for key, (_, description) in ENTITY_DATA.items()},
    **OTHER_DATA,
    **REMOTES,
}

EXPLAIN_AVAILABILITY: VolDictType = {
    vol.Optional(ATTR_DATUM): vol.All(cv.ensure_list, [vol.In(CATALOG)]),
    vol.Optional(ATTR_ONLY_MISSING): cv.boolean,
}


@callback
def _explain_availability(call: ServiceCall) -> ServiceResponse:
    """Return the availability of the given data, or of all that are not available."""
    keys = call.data.get(ATTR_DATUM)
    only_missing = call.data.get(ATTR_ONLY_MISSING, not keys)
    catalog = {key: CATALOG[key] for key in keys or CATALOG}
    return {
        key: {"name": _datum_name(call.hass, key), **explanation}
        for key, explanation in explain(
            call.hass, vehicle_of(call).coordinator, catalog
        ).items()
        if not (only_missing and explanation["available"])
    }


def _datum_name(hass: HomeAssistant, key: str) -> str:
    if datum := ENTITY_DATA.get(key):
        return entity_name(hass, *datum)
    return text(hass, "common", f"datum_{key}")


AVAILABILITY_ACTIONS: Mapping[str, Action] = {
    SERVICE_EXPLAIN_AVAILABILITY: (
        _explain_availability,
        EXPLAIN_AVAILABILITY,
        SupportsResponse.ONLY,
    )
}
