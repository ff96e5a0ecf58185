"""Conditions: how a car is, whether or not its entities are enabled."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, ClassVar, Unpack, override

import voluptuous as vol

from homeassistant.const import CONF_ZONE
from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    Condition,
    ConditionCheckParams,
    ConditionConfig,
)
from homeassistant.helpers.typing import ConfigType, VolDictType
from homeassistant.util import dt as dt_util

from .coordinator import VehicleCoordinator
from .models import VehicleState
from .polling.endpoints import Endpoint
from .runtime import async_get_vehicle, async_track_vehicle
from .target import CONF_DURATION, VehicleTracker, async_validate_config
from .zones import is_in_zone


class VehicleCondition(Condition):
    """A condition that all of its cars meet; a car whose state is not known does not."""

    options_schema: ClassVar[VolDictType] = {}

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        return async_validate_config(hass, config, cls.options_schema)

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Initialize the condition."""
        super().__init__(hass, config)
        self._options: Mapping[str, Any] = config.options or {}
        # The cars are polled even if none of their entities is enabled.
        self._tracker = VehicleTracker(
            hass,
            config.target,
            lambda device_id: async_track_vehicle(
                hass, device_id, Endpoint.STATUS, _ignore
            ),
        )
        self._unsubscribe: CALLBACK_TYPE | None = None

    @override
    async def _async_setup(self) -> None:
        self._unsubscribe = await self._tracker.async_setup()

    @override
    def _async_unload(self) -> None:
        if self._unsubscribe:
            self._unsubscribe()

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        """Return whether all cars meet the condition; without cars it is not met."""
        vehicles = [
            async_get_vehicle(self._hass, device_id)
            for device_id in self._tracker.device_ids
        ]
        return bool(vehicles) and all(
            vehicle is not None and self._is_met(vehicle.coordinator.data) is True
            for vehicle in vehicles
        )

    @abstractmethod
    def _is_met(self, state: VehicleState) -> bool | None:
        """Return whether a car meets the condition; None if it is not known."""


def state_condition(
    is_met_fn: Callable[[VehicleState], bool | None],
) -> type[VehicleCondition]:
    """Return a condition on the state of a car alone."""

    class CustomCondition(VehicleCondition):
        """Test the state of a car."""

        @override
        def _is_met(self, state: VehicleState) -> bool | None:
            return is_met_fn(state)

    return CustomCondition


class InZoneCondition(VehicleCondition):
    """Test whether a car is in a zone."""

    options_schema = {vol.Required(CONF_ZONE): cv.entity_domain("zone")}

    @override
    def _is_met(self, state: VehicleState) -> bool | None:
        zone: str = self._options[CONF_ZONE]
        return is_in_zone(self._hass, state.status.last_position, zone)


class DataNewerCondition(VehicleCondition):
    """Test whether the data of a car is newer than a duration."""

    options_schema = {vol.Required(CONF_DURATION): cv.positive_time_period}

    @override
    def _is_met(self, state: VehicleState) -> bool | None:
        duration: timedelta = self._options[CONF_DURATION]
        updated_at = state.status.updated_at
        return updated_at is not None and updated_at > dt_util.utcnow() - duration


CONDITIONS: Mapping[str, type[VehicleCondition]] = {
    "has_data_newer_than": DataNewerCondition,
    "is_charging": state_condition(lambda state: state.status.charging),
    "is_in_zone": InZoneCondition,
    "is_locked": state_condition(lambda state: state.status.doors_state.locked),
    "is_plugged_in": state_condition(lambda state: state.electric.charging.plugged),
}


async def async_get_conditions(
    hass: HomeAssistant,
) -> Mapping[str, type[VehicleCondition]]:
    """Return the conditions of cars."""
    return CONDITIONS


def _ignore(car: VehicleCoordinator) -> None:
    """Ignore an update."""
