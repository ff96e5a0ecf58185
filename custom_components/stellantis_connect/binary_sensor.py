"""Binary sensors: what of a car is open, on, or under way."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .alert import GROUPS, is_critical
from .api.models.alarms import AlarmActivation, AlarmTriggerType
from .api.models.alerts import AlertType
from .api.models.blocks import BeltState, ECallTriggering, PrivacyState, Seat
from .api.models.doors import OpeningIdentifier, OpeningState
from .api.models.energy import ChargingStatus, Energy
from .api.models.preconditioning import PreconditioningStatus
from .api.models.scope import Scope
from .coordinator import VehicleCoordinator
from .entity import StellantisEntity, StellantisEntityDescription, async_setup_entities
from .models import VehicleState
from .polling.endpoints import Endpoint
from .runtime import StellantisConfigEntry
from .telemetry_entity import ADAS, TRANSMISSION, WIPING_BLADES, TelemetryDescription

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StellantisBinarySensorDescription(
    BinarySensorEntityDescription, StellantisEntityDescription[bool]
):
    """A binary sensor of a car."""


@dataclass(frozen=True, kw_only=True)
class AlertDescription(StellantisBinarySensorDescription):
    """A binary sensor of alerts."""

    device_class: BinarySensorDeviceClass | None = BinarySensorDeviceClass.PROBLEM
    resource: Endpoint = Endpoint.ALERTS
    scope: Scope | None = Scope.ALERT


@dataclass(frozen=True, kw_only=True)
class AlertGroupDescription(AlertDescription):
    """A binary sensor of alerts about the same part of a car; exists once there was one."""

    kinds: frozenset[AlertType]

    @override
    def is_seen(self, car: VehicleCoordinator) -> bool:
        """Tell whether the car has sent such an alert."""
        return any(alert.type in self.kinds for alert in car.data.history.alerts)


@dataclass(frozen=True, kw_only=True)
class TelemetryBinaryDescription(
    TelemetryDescription[bool], StellantisBinarySensorDescription
):
    """A binary sensor of what a car's messages tell."""


class StellantisBinarySensor(StellantisEntity[bool], BinarySensorEntity):
    """A binary sensor of a car."""

    entity_description: StellantisBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Return the value."""
        return self.value


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of each car."""
    descriptions = DESCRIPTIONS + ALERT_DESCRIPTIONS + TELEMETRY_DESCRIPTIONS
    await async_setup_entities(
        entry, async_add_entities, StellantisBinarySensor, descriptions
    )


def _is[T](
    value_fn: Callable[[VehicleState], T | None], *on: T
) -> Callable[[VehicleState], bool | None]:
    """Return whether a value, where it is known, is one of those that mean on."""

    def is_on(car: VehicleState) -> bool | None:
        value = value_fn(car)
        return None if value is None else value in on

    return is_on


def _electric(car: VehicleState) -> Energy:
    return car.status.electric or Energy()


def _alarm_trigger(car: VehicleState) -> AlarmTriggerType | None:
    return car.status.alarm.trigger.type


OPENING_CLASSES = {
    OpeningIdentifier.DRIVER: BinarySensorDeviceClass.DOOR,
    OpeningIdentifier.PASSENGER: BinarySensorDeviceClass.DOOR,
    OpeningIdentifier.REAR_LEFT: BinarySensorDeviceClass.DOOR,
    OpeningIdentifier.REAR_RIGHT: BinarySensorDeviceClass.DOOR,
    OpeningIdentifier.TRUNK: BinarySensorDeviceClass.OPENING,
    OpeningIdentifier.REAR_WINDOW: BinarySensorDeviceClass.WINDOW,
    OpeningIdentifier.ROOF_WINDOW: BinarySensorDeviceClass.WINDOW,
}


def _opening(identifier: OpeningIdentifier) -> StellantisBinarySensorDescription:
    key = f"opening_{identifier.name.lower()}"
    return StellantisBinarySensorDescription(
        key=key,
        translation_key=key,
        device_class=OPENING_CLASSES[identifier],
        # Cars without a roof window say that it is open.
        entity_registry_enabled_default=identifier is not OpeningIdentifier.ROOF_WINDOW,
        value_fn=_is(
            lambda car: car.status.doors_state.openings.get(identifier),
            OpeningState.OPEN,
        ),
    )


def _belt(seat: Seat) -> StellantisBinarySensorDescription:
    key = f"belt_{seat.name.lower()}"
    return StellantisBinarySensorDescription(
        key=key,
        translation_key=key,
        device_class=BinarySensorDeviceClass.SAFETY,
        value_fn=_is(lambda car: car.status.safety.belts.get(seat), BeltState.OMISSION),
    )


def _has_critical_alert(car: VehicleState) -> bool | None:
    alerts = car.history.alerts
    return is_critical(alerts.open) if alerts.read_until else None


def _alert_group(group: str) -> AlertGroupDescription:
    kinds = GROUPS[group]

    def is_on(car: VehicleState) -> bool | None:
        alerts = car.history.alerts
        stands = any(alert.type in kinds for alert in alerts.open)
        return stands if alerts.read_until else None

    key = f"alert_{group}"
    return AlertGroupDescription(
        key=key, translation_key=key, kinds=kinds, value_fn=is_on
    )


DESCRIPTIONS = (
    StellantisBinarySensorDescription(
        key="plugged",
        device_class=BinarySensorDeviceClass.PLUG,
        value_fn=lambda car: _electric(car).charging.plugged,
    ),
    StellantisBinarySensorDescription(
        key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        value_fn=_is(
            lambda car: _electric(car).charging.status, ChargingStatus.IN_PROGRESS
        ),
    ),
    StellantisBinarySensorDescription(
        key="moving",
        device_class=BinarySensorDeviceClass.MOVING,
        value_fn=lambda car: car.status.kinetic.moving,
    ),
    *map(_opening, OpeningIdentifier),
    StellantisBinarySensorDescription(
        key="any_opening",
        translation_key="any_opening",
        device_class=BinarySensorDeviceClass.OPENING,
        value_fn=lambda car: car.status.doors_state.any_open,
    ),
    StellantisBinarySensorDescription(
        key="locked",
        translation_key="locked",
        device_class=BinarySensorDeviceClass.LOCK,
        unless="remote_door",
        # The device class means unlocked by on.
        value_fn=_is(lambda car: car.status.doors_state.locked, False),
    ),
    *map(_belt, Seat),
    StellantisBinarySensorDescription(
        key="daylight",
        translation_key="daylight",
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.environment.luminosity.day,
    ),
    StellantisBinarySensorDescription(
        key="lights",
        translation_key="lights",
        device_class=BinarySensorDeviceClass.LIGHT,
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.lighting_system.any_on,
    ),
    StellantisBinarySensorDescription(
        key="alarm_armed",
        translation_key="alarm_armed",
        value_fn=_is(
            lambda car: car.status.alarm.status.activation, AlarmActivation.ACTIVE
        ),
    ),
    StellantisBinarySensorDescription(
        key="alarm_triggered",
        translation_key="alarm_triggered",
        device_class=BinarySensorDeviceClass.TAMPER,
        value_fn=_is(
            _alarm_trigger, *(set(AlarmTriggerType) - {AlarmTriggerType.NO_BREAK_IN})
        ),
    ),
    StellantisBinarySensorDescription(
        key="emergency_call",
        translation_key="emergency_call",
        device_class=BinarySensorDeviceClass.SAFETY,
        value_fn=_is(
            lambda car: car.status.safety.auto_e_call_triggering,
            ECallTriggering.DETECTED,
        ),
    ),
    StellantisBinarySensorDescription(
        key="preconditioning",
        translation_key="preconditioning",
        device_class=BinarySensorDeviceClass.RUNNING,
        value_fn=_is(
            lambda car: car.status.preconditioning.status,
            PreconditioningStatus.ENABLED,
        ),
    ),
    StellantisBinarySensorDescription(
        key="privacy_limits_data",
        translation_key="privacy_limits_data",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_is(
            lambda car: car.status.privacy.state,
            PrivacyState.GEOLOCATION,
            PrivacyState.FULL,
        ),
    ),
)

ALERT_DESCRIPTIONS = (
    AlertDescription(key="problem", value_fn=_has_critical_alert),
    *map(_alert_group, GROUPS),
)

TELEMETRY_DESCRIPTIONS = (
    TelemetryBinaryDescription(
        key="gearbox_automatic",
        translation_key="gearbox_automatic",
        capability=TRANSMISSION,
        value_fn=lambda car: car.telemetry.gearbox.automatic,
    ),
    TelemetryBinaryDescription(
        key="gearbox_sport",
        translation_key="gearbox_sport",
        capability=TRANSMISSION,
        value_fn=lambda car: car.telemetry.gearbox.sport,
    ),
    TelemetryBinaryDescription(
        key="gearbox_snow",
        translation_key="gearbox_snow",
        capability=TRANSMISSION,
        value_fn=lambda car: car.telemetry.gearbox.snow,
    ),
    TelemetryBinaryDescription(
        key="gearbox_sequential",
        translation_key="gearbox_sequential",
        capability=TRANSMISSION,
        value_fn=lambda car: car.telemetry.gearbox.sequential,
    ),
    TelemetryBinaryDescription(
        key="gearbox_semi_manual",
        translation_key="gearbox_semi_manual",
        capability=TRANSMISSION,
        value_fn=lambda car: car.telemetry.gearbox.semi_manual,
    ),
    TelemetryBinaryDescription(
        key="speed_limiter",
        translation_key="speed_limiter",
        capability=ADAS,
        value_fn=lambda car: car.telemetry.adas.lvv,
    ),
    TelemetryBinaryDescription(
        key="stability_control",
        translation_key="stability_control",
        capability=ADAS,
        value_fn=lambda car: car.telemetry.adas.esp,
    ),
    TelemetryBinaryDescription(
        key="anti_lock_braking",
        translation_key="anti_lock_braking",
        capability=ADAS,
        value_fn=lambda car: car.telemetry.adas.abs,
    ),
    TelemetryBinaryDescription(
        key="electric_brake",
        translation_key="electric_brake",
        capability=ADAS,
        value_fn=lambda car: car.telemetry.adas.fse,
    ),
    TelemetryBinaryDescription(
        key="wipers",
        translation_key="wipers",
        capability=WIPING_BLADES,
        value_fn=lambda car: car.telemetry.wiping_blades.active,
    ),
)
