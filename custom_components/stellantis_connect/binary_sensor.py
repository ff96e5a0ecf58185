"""Binary sensors of a car."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import re
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .api.models.alarms import AlarmActivation, AlarmTriggerType
from .api.models.alerts import Alert, AlertSeverity, AlertType
from .api.models.blocks import BeltState, ECallTriggering, PrivacyState, Seat
from .api.models.doors import OpeningIdentifier, OpeningState
from .api.models.preconditioning import PreconditioningStatus
from .api.models.remote_actions import PRECONDITIONING_SLOTS
from .availability.catalog import (
    ADAS,
    ALARM_STATUS,
    ALARM_TRIGGER,
    ALERTS,
    DOORS,
    ELECTRIC_ENERGY,
    KINETIC,
    LIGHTING_SYSTEM,
    LOCAL,
    LUMINOSITY,
    PRECONDITIONING,
    PRIVACY,
    SAFETY,
    TRANSMISSION,
    WIPING_BLADES,
    Source,
)
from .availability.conditions import is_command_available
from .commands.programs import is_program_enabled, program_attributes, reported_program
from .coordinator import VehicleCoordinator
from .entity import (
    StellantisEntity,
    StellantisEntityDescription,
    account_device_info,
    async_setup_entities,
)
from .history.events import alert_kind
from .models import VehicleState
from .runtime import StellantisConfigEntry, StellantisData
from .translation import alert_name

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class StellantisBinarySensorDescription(
    BinarySensorEntityDescription, StellantisEntityDescription[bool]
):
    """A binary sensor of a car."""


@dataclass(frozen=True, kw_only=True)
class AlertDescription(StellantisBinarySensorDescription):
    """A binary sensor of alerts."""

    source: Source = ALERTS
    device_class: BinarySensorDeviceClass | None = BinarySensorDeviceClass.PROBLEM


@dataclass(frozen=True, kw_only=True)
class AlertGroupDescription(AlertDescription):
    """A binary sensor of a group of alerts; it exists once there was one."""

    types: frozenset[AlertType]
    entity_registry_enabled_default: bool = False

    @override
    def is_supported(self, car: VehicleCoordinator) -> bool:
        """Return whether the car has sent such an alert."""
        return any(alert.type in self.types for alert in car.data.history.alerts)


@dataclass(frozen=True, kw_only=True)
class TelemetryDescription(StellantisBinarySensorDescription):
    """A binary sensor of telemetry, which is fetched only while such an entity is enabled."""

    source: Source = ADAS
    entity_registry_enabled_default: bool = False


class StellantisBinarySensor(StellantisEntity[bool], BinarySensorEntity):
    """A binary sensor of a car."""

    entity_description: StellantisBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        return self.reported_value


@dataclass(frozen=True, kw_only=True)
class ConnectionDescription(StellantisBinarySensorDescription):
    """Whether Stellantis responds with the status of a car."""

    @override
    def value(self, car: VehicleCoordinator) -> bool:
        """Return whether the last requests have not failed."""
        return car.disconnected_since is None


class ConnectionSensor(StellantisBinarySensor):
    """Whether Stellantis responds; it says since when not, and how old the data is."""

    _unrecorded_attributes = frozenset({"last_update"})

    @property
    @override
    def extra_state_attributes(self) -> dict[str, object]:
        return {
            "disconnected_since": self.coordinator.disconnected_since,
            "last_update": self.coordinator.data.status.updated_at,
        }


CONNECTION = ConnectionDescription(
    key="connection",
    source=LOCAL,
    is_local=True,
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)


PUSH_WORKING = BinarySensorEntityDescription(
    key="push_working",
    translation_key="push_working",
    entity_category=EntityCategory.DIAGNOSTIC,
)


class PushWorkingSensor(BinarySensorEntity):
    """Whether the platform's messages about an account arrive."""

    entity_description = PUSH_WORKING
    _attr_has_entity_name = True
    _unrecorded_attributes = frozenset({"last_message"})

    def __init__(self, data: StellantisData) -> None:
        """Initialize the sensor on the account's device."""
        entry = data.account.config_entry
        self._push = data.push
        self._attr_unique_id = f"{entry.unique_id}_{PUSH_WORKING.key}"
        self._attr_device_info = account_device_info(data.account)

    @property
    @override
    def is_on(self) -> bool:
        return self._push.is_working

    @property
    @override
    def extra_state_attributes(self) -> dict[str, object]:
        return {"last_message": self._push.received_at}

    @override
    async def async_added_to_hass(self) -> None:
        self.async_on_remove(self._push.async_add_listener(self.async_write_ha_state))


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of each car, and of the account."""
    await async_setup_entities(
        entry, async_add_entities, StellantisBinarySensor, DESCRIPTIONS
    )
    await async_setup_entities(
        entry, async_add_entities, ConnectionSensor, [CONNECTION]
    )
    async_add_entities([PushWorkingSensor(entry.runtime_data)])


def _is[T](
    value_fn: Callable[[VehicleState], T | None], *on: T
) -> Callable[[VehicleState], bool | None]:
    """Return whether a value is one of those that mean on; None if it is not known."""

    def is_on(car: VehicleState) -> bool | None:
        value = value_fn(car)
        return None if value is None else value in on

    return is_on


OPENING_CLASSES = {
    OpeningIdentifier.DRIVER: BinarySensorDeviceClass.DOOR,
    OpeningIdentifier.PASSENGER: BinarySensorDeviceClass.DOOR,
    OpeningIdentifier.REAR_LEFT: BinarySensorDeviceClass.DOOR,
    OpeningIdentifier.REAR_RIGHT: BinarySensorDeviceClass.DOOR,
    OpeningIdentifier.TRUNK: BinarySensorDeviceClass.OPENING,
    OpeningIdentifier.REAR_WINDOW: BinarySensorDeviceClass.WINDOW,
    OpeningIdentifier.ROOF_WINDOW: BinarySensorDeviceClass.WINDOW,
}


# Cars without a roof window report it as open.
RARE_OPENINGS = {OpeningIdentifier.REAR_WINDOW, OpeningIdentifier.ROOF_WINDOW}


def _opening(identifier: OpeningIdentifier) -> StellantisBinarySensorDescription:
    return StellantisBinarySensorDescription(
        key=f"opening_{identifier.name.lower()}",
        source=DOORS,
        device_class=OPENING_CLASSES[identifier],
        entity_registry_enabled_default=identifier not in RARE_OPENINGS,
        value_fn=_is(
            lambda car: car.status.doors_state.opening_state(identifier),
            OpeningState.OPEN,
        ),
    )


def _belt(seat: Seat) -> StellantisBinarySensorDescription:
    """Return the description of a belt, whose state means something only while driving."""
    is_unfastened = _is(
        lambda car: car.status.safety.belts.get(seat), BeltState.OMISSION
    )
    return StellantisBinarySensorDescription(
        key=f"belt_{seat.name.lower()}",
        source=SAFETY,
        device_class=BinarySensorDeviceClass.SAFETY,
        entity_registry_enabled_default=False,
        exists_fn=lambda car: seat in car.status.safety.belts,
        value_fn=lambda car: is_unfastened(car) if car.status.driving else None,
    )


def _program(slot: int) -> StellantisBinarySensorDescription:
    def is_replaced(car: VehicleCoordinator) -> bool:
        return bool(
            is_command_available(car, "remote_preconditioning_programs")
        ) and slot <= (car.vehicle.remotes.preconditioning.programs_size or 0)

    return StellantisBinarySensorDescription(
        key=f"program_{slot}",
        slot=slot,
        source=PRECONDITIONING,
        entity_category=EntityCategory.DIAGNOSTIC,
        replaced_fn=is_replaced,
        value_fn=lambda car: is_program_enabled(car, slot),
        attributes_fn=lambda hass, car: program_attributes(reported_program(car, slot)),
    )


# The groups of alerts that people automate on, by what the names of their types contain.
ALERT_NAMES: Mapping[str, str] = {
    "assistance": (
        "AutomaticBraking|Collision|DrivingAssistance|InterVehicleTime|Lane|ParkAssist"
    ),
    "brakes": "AbsBraking|BrakingSystem|EspAsr|ParkingBrake|BrakePads",
    "doors": "DoorOpen|WindowOpen|TrunkOrHood",
    "electrical": "ElectricalCircuit",
    "engine": "AdBlue|Engine|Gearbox|FilterFull|FilterRegenerating",
    "fluids": "^FuelLevel|OilLevel|AdditiveLevel|Coolant|WasherFluid|Water",
    "lamps": "Lamp|Headlight|FlashingIndicator",
    "safety": "Airbag|AssistanceButton",
    "steering": "Steering|Suspension",
    "tires": "Tire|SpareWheel",
    "traction": "ChargingFailure|ElectricTraction",
}
ALERT_GROUPS: Mapping[str, frozenset[AlertType]] = {
    group: frozenset(one for one in AlertType if re.search(names, one))
    for group, names in ALERT_NAMES.items()
}


def _is_critical(alert: Alert) -> bool:
    return alert.severity is AlertSeverity.CRITICAL


def _critical_alerts(hass: HomeAssistant, car: VehicleState) -> dict[str, object]:
    """Return the names of the critical alerts, which the recorder keeps."""
    critical = filter(_is_critical, car.history.alerts.open)
    return {"alerts": [alert_name(hass, alert_kind(one.type)) for one in critical]}


def _any_open_alert(
    is_one: Callable[[Alert], bool],
) -> Callable[[VehicleState], bool | None]:
    """Return whether an open alert is one of some; None before alerts are fetched."""

    def is_on(car: VehicleState) -> bool | None:
        alerts = car.history.alerts
        return any(map(is_one, alerts.open)) if alerts.read_until else None

    return is_on


def _alert_group(group: str) -> AlertGroupDescription:
    types = ALERT_GROUPS[group]
    return AlertGroupDescription(
        key=f"alert_{group}",
        types=types,
        value_fn=_any_open_alert(lambda alert: alert.type in types),
    )


def _gearbox(mode: str) -> TelemetryDescription:
    return TelemetryDescription(
        key=f"gearbox_{mode}",
        source=TRANSMISSION,
        value_fn=lambda car: getattr(car.telemetry.gearbox, mode),
    )


STATUS_DESCRIPTIONS = (
    StellantisBinarySensorDescription(
        key="plugged",
        source=ELECTRIC_ENERGY,
        device_class=BinarySensorDeviceClass.PLUG,
        value_fn=lambda car: car.electric.charging.plugged,
    ),
    StellantisBinarySensorDescription(
        key="charging",
        source=ELECTRIC_ENERGY,
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        value_fn=lambda car: car.status.charging,
    ),
    StellantisBinarySensorDescription(
        key="moving",
        source=KINETIC,
        device_class=BinarySensorDeviceClass.MOVING,
        value_fn=lambda car: car.status.kinetic.moving,
    ),
    *map(_opening, OpeningIdentifier),
    StellantisBinarySensorDescription(
        key="any_opening",
        source=DOORS,
        device_class=BinarySensorDeviceClass.OPENING,
        value_fn=lambda car: car.status.doors_state.any_open,
    ),
    StellantisBinarySensorDescription(
        key="locked",
        source=DOORS,
        device_class=BinarySensorDeviceClass.LOCK,
        replaced_fn=lambda car: is_command_available(car, "remote_door"),
        # On means unlocked.
        value_fn=_is(lambda car: car.status.doors_state.locked, False),
    ),
    *map(_belt, Seat),
    *map(_program, sorted(PRECONDITIONING_SLOTS)),
    StellantisBinarySensorDescription(
        key="daylight",
        source=LUMINOSITY,
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.environment.luminosity.day,
    ),
    StellantisBinarySensorDescription(
        key="lights",
        source=LIGHTING_SYSTEM,
        device_class=BinarySensorDeviceClass.LIGHT,
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.lighting_system.any_on,
    ),
    StellantisBinarySensorDescription(
        key="alarm_armed",
        source=ALARM_STATUS,
        entity_registry_enabled_default=False,
        value_fn=_is(
            lambda car: car.status.alarm.status.activation, AlarmActivation.ACTIVE
        ),
    ),
    StellantisBinarySensorDescription(
        key="alarm_triggered",
        source=ALARM_TRIGGER,
        device_class=BinarySensorDeviceClass.TAMPER,
        value_fn=_is(
            lambda car: car.status.alarm.trigger.type,
            *(set(AlarmTriggerType) - {AlarmTriggerType.NO_BREAK_IN}),
        ),
    ),
    StellantisBinarySensorDescription(
        key="emergency_call",
        source=SAFETY,
        device_class=BinarySensorDeviceClass.SAFETY,
        entity_registry_enabled_default=False,
        value_fn=_is(
            lambda car: car.status.safety.auto_e_call_triggering,
            ECallTriggering.DETECTED,
        ),
    ),
    StellantisBinarySensorDescription(
        key="preconditioning",
        source=PRECONDITIONING,
        device_class=BinarySensorDeviceClass.RUNNING,
        replaced_fn=lambda car: is_command_available(car, "remote_preconditioning"),
        value_fn=_is(
            lambda car: car.status.preconditioning.status,
            PreconditioningStatus.ENABLED,
        ),
    ),
    StellantisBinarySensorDescription(
        key="privacy_limits_data",
        source=PRIVACY,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=_is(
            lambda car: car.status.privacy.state,
            PrivacyState.GEOLOCATION,
            PrivacyState.FULL,
        ),
    ),
)

ALERT_DESCRIPTIONS = (
    AlertDescription(
        key="problem",
        value_fn=_any_open_alert(_is_critical),
        attributes_fn=_critical_alerts,
    ),
    *map(_alert_group, ALERT_GROUPS),
)

TELEMETRY_DESCRIPTIONS = (
    *map(_gearbox, ("automatic", "sport", "snow", "sequential", "semi_manual")),
    TelemetryDescription(
        key="speed_limiter",
        value_fn=lambda car: car.telemetry.adas.lvv,
    ),
    TelemetryDescription(
        key="stability_control",
        value_fn=lambda car: car.telemetry.adas.esp,
    ),
    TelemetryDescription(
        key="anti_lock_braking",
        value_fn=lambda car: car.telemetry.adas.abs,
    ),
    TelemetryDescription(
        key="electric_brake",
        value_fn=lambda car: car.telemetry.adas.fse,
    ),
    TelemetryDescription(
        key="wipers",
        source=WIPING_BLADES,
        value_fn=lambda car: car.telemetry.wiping_blades.active,
    ),
)

DESCRIPTIONS = STATUS_DESCRIPTIONS + ALERT_DESCRIPTIONS + TELEMETRY_DESCRIPTIONS
