"""Sensors: what a car measures, and how it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    REVOLUTIONS_PER_MINUTE,
    EntityCategory,
    UnitOfEnergy,
    UnitOfEnergyDistance,
    UnitOfLength,
    UnitOfPower,
    UnitOfSpeed,
    UnitOfTemperature,
    UnitOfTime,
    UnitOfVolume,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .alert import alert_name
from .api.models.adas import (
    AdaptiveCruiseControl,
    BlindSpotMonitoring,
    CruiseControl,
    DistanceAssist,
    EmergencyBraking,
    GearboxRatio,
    GearIndicator,
    LaneDepartureWarning,
    LaneKeeping,
    ParkAssist,
    WipingSpeed,
)
from .api.models.alarms import AlarmTriggerType
from .api.models.blocks import DrivingMode, IgnitionType, PrivacyState
from .api.models.energy import (
    ChargingMode,
    ChargingStatus,
    Energy,
    EnergySubType,
    EnergyType,
)
from .api.models.engine import Engine, PowertrainStatus
from .api.models.preconditioning import (
    PreconditioningFailureCause,
    PreconditioningStatus,
)
from .api.models.remotes import RemoteStatus
from .api.models.scope import Scope
from .api.models.trips import Trip
from .auth.client import certificate_end
from .command_entity import AnyCommandDescription, CommandDescription
from .commands.models import CommandStage
from .const import DOMAIN
from .coordinator import AccountCoordinator
from .entity import StellantisEntity, StellantisEntityDescription, async_setup_entities
from .history.charging import Charge
from .history.consumption import Used, capacity_of, used
from .history.events import Attributes, alert_kind, place, state_of
from .models import VehicleState
from .polling.endpoints import Endpoint
from .runtime import StellantisConfigEntry
from .telemetry_entity import ADAS, TRANSMISSION, WIPING_BLADES, TelemetryDescription

PARALLEL_UPDATES = 0

type SensorValue = float | datetime | StrEnum


@dataclass(frozen=True, kw_only=True)
class StellantisSensorDescription(
    SensorEntityDescription, StellantisEntityDescription[SensorValue]
):
    """A sensor of a car; enumerations come as members and are shown by their names."""

    attributes_fn: Callable[[HomeAssistant, VehicleState], Attributes] | None = None


@dataclass(frozen=True, kw_only=True)
class EnumDescription(StellantisSensorDescription):
    """A sensor whose states are the members of an enumeration."""

    device_class: SensorDeviceClass | None = SensorDeviceClass.ENUM


@dataclass(frozen=True, kw_only=True)
class MeasurementDescription(StellantisSensorDescription):
    """A sensor whose past is worth a statistic."""

    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT


@dataclass(frozen=True, kw_only=True)
class PercentageDescription(MeasurementDescription):
    """A sensor of a level."""

    native_unit_of_measurement: str | None = PERCENTAGE
    suggested_display_precision: int | None = 0


@dataclass(frozen=True, kw_only=True)
class RangeDescription(MeasurementDescription):
    """A sensor of how far a car can go."""

    device_class: SensorDeviceClass | None = SensorDeviceClass.DISTANCE
    native_unit_of_measurement: str | None = UnitOfLength.KILOMETERS
    suggested_display_precision: int | None = 0


@dataclass(frozen=True, kw_only=True)
class TemperatureDescription(MeasurementDescription):
    """A sensor of a temperature."""

    device_class: SensorDeviceClass | None = SensorDeviceClass.TEMPERATURE
    native_unit_of_measurement: str | None = UnitOfTemperature.CELSIUS


@dataclass(frozen=True, kw_only=True)
class LastCommandDescription(AnyCommandDescription[SensorValue], EnumDescription):
    """A sensor of how far the latest command has come."""

    # Of two bases' defaults the first one's win, those that it has inherited among them.
    device_class: SensorDeviceClass | None = SensorDeviceClass.ENUM


@dataclass(frozen=True, kw_only=True)
class WakeUpsDescription(CommandDescription[SensorValue], StellantisSensorDescription):
    """A sensor of how often a car was woken."""


@dataclass(frozen=True, kw_only=True)
class LastTripDescription(StellantisSensorDescription):
    """A sensor of the last trip."""

    resource: Endpoint = Endpoint.TRIPS
    scope: Scope | None = Scope.TRIP


@dataclass(frozen=True, kw_only=True)
class TelemetryEnumDescription(TelemetryDescription[SensorValue], EnumDescription):
    """A sensor of what a car's messages tell of what is on in it."""

    device_class: SensorDeviceClass | None = SensorDeviceClass.ENUM


@dataclass(frozen=True, kw_only=True)
class SpeedLimitDescription(
    TelemetryDescription[SensorValue], StellantisSensorDescription
):
    """A sensor of the speed limit that a car has read."""


class StellantisSensor(StellantisEntity[SensorValue], SensorEntity):
    """A sensor of a car."""

    entity_description: StellantisSensorDescription

    @property
    @override
    def extra_state_attributes(self) -> dict[str, object] | None:
        """Return what belongs to the value."""
        attributes_fn = self.entity_description.attributes_fn
        if attributes_fn is None or self.value is None:
            return None
        return dict(attributes_fn(self.hass, self.coordinator.data))

    @property
    @override
    def _written_state(self) -> object:
        return (super()._written_state, self.extra_state_attributes)

    @property
    @override
    def native_value(self) -> float | datetime | str | None:
        """Return the value, of an enumeration the member's name."""
        value = self.value
        return value.name.lower() if isinstance(value, StrEnum) else value


@dataclass(frozen=True, kw_only=True)
class AccountSensorDescription(SensorEntityDescription):
    """A sensor of an account, where it has such a value."""

    value_fn: Callable[[AccountCoordinator], int | datetime | None]
    entity_category: EntityCategory | None = EntityCategory.DIAGNOSTIC


class AccountSensor(SensorEntity):
    """A sensor of an account; what it tells is at hand and costs no request."""

    entity_description: AccountSensorDescription
    _attr_has_entity_name = True

    def __init__(
        self, account: AccountCoordinator, description: AccountSensorDescription
    ) -> None:
        """Belong to the device that stands for the account."""
        entry = account.config_entry
        self.entity_description = description
        self._account = account
        self._attr_unique_id = f"{entry.unique_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, entry.entry_id)},
            entry_type=DeviceEntryType.SERVICE,
            manufacturer=account.brand.label,
            translation_key="account",
            translation_placeholders={"account": entry.title},
        )

    async def async_update(self) -> None:
        """Take the value of now."""
        self._attr_native_value = self.entity_description.value_fn(self._account)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of each car, and of the account."""
    descriptions = DESCRIPTIONS + PAST_DESCRIPTIONS + TELEMETRY_DESCRIPTIONS
    await async_setup_entities(
        entry, async_add_entities, StellantisSensor, descriptions
    )
    account = entry.runtime_data.account
    async_add_entities(
        (
            AccountSensor(account, description)
            for description in ACCOUNT_DESCRIPTIONS
            if description.value_fn(account) is not None
        ),
        update_before_add=True,
    )


def _names(enumeration: type[StrEnum]) -> list[str]:
    return [member.name.lower() for member in enumeration]


def _electric(car: VehicleState) -> Energy:
    return car.status.electric or Energy()


def _fuel(car: VehicleState) -> Energy:
    return car.status.fuel or Energy()


def _liquid_fuel(car: VehicleState) -> Energy:
    """Return the fuel unless it is hydrogen, which is told in kilograms."""
    fuel = _fuel(car)
    return Energy() if fuel.sub_type is EnergySubType.HYDROGEN else fuel


def _thermic(car: VehicleState) -> Engine:
    return car.status.thermic or Engine()


def _total_range(car: VehicleState) -> float | None:
    """Return the range of both energies, for cars that have both."""
    electric, fuel = _electric(car).autonomy, _fuel(car).autonomy
    return None if electric is None or fuel is None else electric + fuel


def _engine_speed(car: VehicleState) -> float | None:
    engine = car.status.thermic or car.status.electric_engine or Engine()
    return engine.speed


def _last_stage(car: VehicleState) -> CommandStage | RemoteStatus | None:
    command = car.commands.current
    return command.stage if command else None


def _alarm_data(hass: HomeAssistant, car: VehicleState) -> Attributes:
    trigger = car.status.alarm.trigger
    return {
        "started_at": trigger.start_at,
        **place(trigger.position),
    }


def _active_alerts(car: VehicleState) -> int | None:
    alerts = car.history.alerts
    return len(alerts.open) if alerts.read_until else None


def _alert_list(hass: HomeAssistant, car: VehicleState) -> Attributes:
    return {
        "alerts": [
            {
                "kind": alert_kind(alert.type),
                "name": alert_name(hass, alert_kind(alert.type)),
                "severity": state_of(alert.severity),
                "started_at": alert.started_at,
            }
            for alert in car.history.alerts.open
        ]
    }


def _last_trip(car: VehicleState) -> Trip:
    return car.history.trips.latest or Trip()


def _last_used(
    energy: EnergyType, part: Callable[[Used], float | None]
) -> Callable[[VehicleState], float | None]:
    """Return what the last trip used of an energy."""

    def value(car: VehicleState) -> float | None:
        last = used(_last_trip(car), energy, capacity_of(car.status))
        return part(last) if last else None

    return value


def _is_estimated(
    energy: EnergyType,
) -> Callable[[HomeAssistant, VehicleState], Attributes]:
    """Return whether what the last trip used is reckoned from levels."""

    def attributes(hass: HomeAssistant, car: VehicleState) -> Attributes:
        last = used(_last_trip(car), energy, capacity_of(car.status))
        return {"estimated": last.estimated} if last else {}

    return attributes


def _last_charge[T](
    part: Callable[[Charge], T | None],
) -> Callable[[VehicleState], T | None]:
    """Return something of the last charge."""

    def value(car: VehicleState) -> T | None:
        charge = car.history.charges.latest
        return part(charge) if charge else None

    return value


def _worst(states: tuple[ParkAssist, ...]) -> ParkAssist | None:
    """Return the first in the order of the enumeration, which has faults first."""
    return min(states, key=[*ParkAssist].index, default=None)


DESCRIPTIONS = (
    PercentageDescription(
        key="battery_level",
        device_class=SensorDeviceClass.BATTERY,
        value_fn=lambda car: _electric(car).level,
    ),
    RangeDescription(
        key="electric_range",
        translation_key="electric_range",
        value_fn=lambda car: _electric(car).autonomy,
    ),
    RangeDescription(
        key="fuel_range",
        translation_key="fuel_range",
        value_fn=lambda car: _fuel(car).autonomy,
    ),
    RangeDescription(
        key="total_range",
        translation_key="total_range",
        value_fn=_total_range,
    ),
    PercentageDescription(
        key="fuel_level",
        translation_key="fuel_level",
        value_fn=lambda car: _fuel(car).level,
    ),
    StellantisSensorDescription(
        key="odometer",
        translation_key="odometer",
        device_class=SensorDeviceClass.DISTANCE,
        native_unit_of_measurement=UnitOfLength.KILOMETERS,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=0,
        value_fn=lambda car: car.status.odometer.mileage,
    ),
    EnumDescription(
        key="charging_status",
        translation_key="charging_status",
        options=_names(ChargingStatus),
        value_fn=lambda car: _electric(car).charging.status,
    ),
    EnumDescription(
        key="charging_mode",
        translation_key="charging_mode",
        options=_names(ChargingMode),
        value_fn=lambda car: _electric(car).charging.charging_mode,
    ),
    MeasurementDescription(
        key="charging_rate",
        translation_key="charging_rate",
        device_class=SensorDeviceClass.SPEED,
        native_unit_of_measurement=UnitOfSpeed.KILOMETERS_PER_HOUR,
        value_fn=lambda car: _electric(car).charging.charging_rate,
    ),
    StellantisSensorDescription(
        key="charging_end",
        translation_key="charging_end",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda car: car.status.charging_end,
    ),
    StellantisSensorDescription(
        key="battery_capacity",
        translation_key="battery_capacity",
        device_class=SensorDeviceClass.ENERGY_STORAGE,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        value_fn=lambda car: _electric(car).battery.load.capacity,
    ),
    MeasurementDescription(
        key="battery_residual",
        translation_key="battery_residual",
        device_class=SensorDeviceClass.ENERGY_STORAGE,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        value_fn=lambda car: _electric(car).battery.load.residual,
    ),
    PercentageDescription(
        key="battery_health_capacity",
        translation_key="battery_health_capacity",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda car: _electric(car).battery.health.capacity,
    ),
    PercentageDescription(
        key="battery_health_resistance",
        translation_key="battery_health_resistance",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda car: _electric(car).battery.health.resistance,
    ),
    MeasurementDescription(
        key="fuel_consumption_instant",
        translation_key="fuel_consumption_instant",
        native_unit_of_measurement="L/100 km",
        entity_registry_enabled_default=False,
        value_fn=lambda car: _liquid_fuel(car).consumptions.instant,
    ),
    StellantisSensorDescription(
        key="fuel_consumption_total",
        translation_key="fuel_consumption_total",
        device_class=SensorDeviceClass.VOLUME,
        native_unit_of_measurement=UnitOfVolume.LITERS,
        suggested_display_precision=1,
        # No state class: models are known to disagree on the unit.
        entity_registry_enabled_default=False,
        value_fn=lambda car: _liquid_fuel(car).consumptions.total,
    ),
    MeasurementDescription(
        key="electric_consumption_instant",
        translation_key="electric_consumption_instant",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        entity_registry_enabled_default=False,
        value_fn=lambda car: _electric(car).consumptions.instant,
    ),
    TemperatureDescription(
        key="outside_temperature",
        translation_key="outside_temperature",
        value_fn=lambda car: car.status.environment.air.temp,
    ),
    MeasurementDescription(
        key="speed",
        device_class=SensorDeviceClass.SPEED,
        native_unit_of_measurement=UnitOfSpeed.KILOMETERS_PER_HOUR,
        suggested_display_precision=0,
        value_fn=lambda car: car.status.kinetic.speed,
    ),
    MeasurementDescription(
        key="acceleration",
        translation_key="acceleration",
        native_unit_of_measurement="m/s²",
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.kinetic.acceleration,
    ),
    TemperatureDescription(
        key="oil_temperature",
        translation_key="oil_temperature",
        value_fn=lambda car: _thermic(car).oil_temp,
    ),
    PercentageDescription(
        key="oil_level",
        translation_key="oil_level",
        value_fn=lambda car: _thermic(car).oil_level,
    ),
    TemperatureDescription(
        key="coolant_temperature",
        translation_key="coolant_temperature",
        value_fn=lambda car: _thermic(car).coolant_temp,
    ),
    PercentageDescription(
        key="coolant_level",
        translation_key="coolant_level",
        value_fn=lambda car: _thermic(car).coolant_level,
    ),
    TemperatureDescription(
        key="engine_air_temperature",
        translation_key="engine_air_temperature",
        value_fn=lambda car: _thermic(car).air_temp,
    ),
    MeasurementDescription(
        key="engine_speed",
        translation_key="engine_speed",
        native_unit_of_measurement=REVOLUTIONS_PER_MINUTE,
        entity_registry_enabled_default=False,
        value_fn=_engine_speed,
    ),
    EnumDescription(
        key="ignition",
        translation_key="ignition",
        options=_names(IgnitionType),
        value_fn=lambda car: car.status.ignition.type,
    ),
    EnumDescription(
        key="powertrain",
        translation_key="powertrain",
        options=_names(PowertrainStatus),
        value_fn=lambda car: car.status.powertrain.status,
    ),
    EnumDescription(
        key="driving_mode",
        translation_key="driving_mode",
        options=_names(DrivingMode),
        value_fn=lambda car: car.status.driving_behavior.mode,
    ),
    EnumDescription(
        key="privacy",
        translation_key="privacy",
        options=_names(PrivacyState),
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda car: car.status.privacy.state,
    ),
    PercentageDescription(
        key="auxiliary_battery_level",
        translation_key="auxiliary_battery_level",
        device_class=SensorDeviceClass.BATTERY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda car: car.status.battery.level,
    ),
    EnumDescription(
        key="preconditioning_status",
        translation_key="preconditioning_status",
        options=_names(PreconditioningStatus),
        value_fn=lambda car: car.status.preconditioning.status,
    ),
    EnumDescription(
        key="preconditioning_failure_cause",
        translation_key="preconditioning_failure_cause",
        options=_names(PreconditioningFailureCause),
        value_fn=lambda car: car.status.preconditioning.failure_cause,
    ),
    StellantisSensorDescription(
        key="days_before_maintenance",
        translation_key="days_before_maintenance",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.DAYS,
        resource=Endpoint.MAINTENANCE,
        value_fn=lambda car: car.maintenance.days_before_maintenance,
    ),
    StellantisSensorDescription(
        key="mileage_before_maintenance",
        translation_key="mileage_before_maintenance",
        device_class=SensorDeviceClass.DISTANCE,
        native_unit_of_measurement=UnitOfLength.KILOMETERS,
        suggested_display_precision=0,
        resource=Endpoint.MAINTENANCE,
        value_fn=lambda car: car.maintenance.mileage_before_maintenance,
    ),
    StellantisSensorDescription(
        key="last_update",
        translation_key="last_update",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda car: car.status.updated_at,
    ),
    StellantisSensorDescription(
        key="position_time",
        translation_key="position_time",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        scope=Scope.POSITION,
        value_fn=lambda car: car.status.last_position.created_at,
    ),
    LastCommandDescription(
        key="last_command",
        translation_key="last_command",
        entity_category=EntityCategory.DIAGNOSTIC,
        options=[*_names(CommandStage), *_names(RemoteStatus)],
        value_fn=_last_stage,
    ),
    WakeUpsDescription(
        key="wake_ups",
        translation_key="wake_ups",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.TOTAL_INCREASING,
        remotes=("remote_wake_up",),
        value_fn=lambda car: car.commands.wake_ups.of_this_month.count,
    ),
)

ACCOUNT_DESCRIPTIONS = (
    AccountSensorDescription(
        key="requests_left",
        translation_key="requests_left",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda account: account.quota.rate_limiter.remaining_today,
    ),
    AccountSensorDescription(
        key="certificate_expires",
        translation_key="certificate_expires",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda account: certificate_end(account.config_entry.data),
    ),
)

PAST_DESCRIPTIONS = (
    EnumDescription(
        key="alarm_trigger",
        translation_key="alarm_trigger",
        options=_names(AlarmTriggerType),
        value_fn=lambda car: car.status.alarm.trigger.type,
        attributes_fn=_alarm_data,
    ),
    StellantisSensorDescription(
        key="active_alerts",
        translation_key="active_alerts",
        resource=Endpoint.ALERTS,
        scope=Scope.ALERT,
        value_fn=_active_alerts,
        attributes_fn=_alert_list,
    ),
    LastTripDescription(
        key="last_trip_end",
        translation_key="last_trip_end",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda car: _last_trip(car).stopped_at,
    ),
    LastTripDescription(
        key="last_trip_distance",
        translation_key="last_trip_distance",
        device_class=SensorDeviceClass.DISTANCE,
        native_unit_of_measurement=UnitOfLength.KILOMETERS,
        suggested_display_precision=1,
        value_fn=lambda car: _last_trip(car).distance,
    ),
    LastTripDescription(
        key="last_trip_duration",
        translation_key="last_trip_duration",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        value_fn=lambda car: _last_trip(car).duration,
    ),
    LastTripDescription(
        key="last_trip_average_speed",
        translation_key="last_trip_average_speed",
        device_class=SensorDeviceClass.SPEED,
        native_unit_of_measurement=UnitOfSpeed.KILOMETERS_PER_HOUR,
        suggested_display_precision=0,
        value_fn=lambda car: _last_trip(car).avg_speed,
    ),
    LastTripDescription(
        key="last_trip_top_speed",
        translation_key="last_trip_top_speed",
        device_class=SensorDeviceClass.SPEED,
        native_unit_of_measurement=UnitOfSpeed.KILOMETERS_PER_HOUR,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=lambda car: _last_trip(car).max_speed,
    ),
    LastTripDescription(
        key="last_trip_energy",
        translation_key="last_trip_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        value_fn=_last_used(EnergyType.ELECTRIC, lambda one: one.amount),
        attributes_fn=_is_estimated(EnergyType.ELECTRIC),
    ),
    LastTripDescription(
        key="last_trip_electric_consumption",
        translation_key="last_trip_electric_consumption",
        device_class=SensorDeviceClass.ENERGY_DISTANCE,
        native_unit_of_measurement=UnitOfEnergyDistance.KILO_WATT_HOUR_PER_100_KM,
        suggested_display_precision=1,
        value_fn=_last_used(EnergyType.ELECTRIC, lambda one: one.average),
        attributes_fn=_is_estimated(EnergyType.ELECTRIC),
    ),
    LastTripDescription(
        key="last_trip_fuel",
        translation_key="last_trip_fuel",
        device_class=SensorDeviceClass.VOLUME,
        native_unit_of_measurement=UnitOfVolume.LITERS,
        suggested_display_precision=1,
        value_fn=_last_used(EnergyType.FUEL, lambda one: one.amount),
    ),
    LastTripDescription(
        key="last_trip_fuel_consumption",
        translation_key="last_trip_fuel_consumption",
        native_unit_of_measurement="L/100 km",
        suggested_display_precision=1,
        value_fn=_last_used(EnergyType.FUEL, lambda one: one.average),
    ),
    StellantisSensorDescription(
        key="last_charge_end",
        translation_key="last_charge_end",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=_last_charge(lambda charge: charge.ended_at),
    ),
    StellantisSensorDescription(
        key="last_charge_energy",
        translation_key="last_charge_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        value_fn=_last_charge(lambda charge: charge.energy),
    ),
    StellantisSensorDescription(
        key="last_charge_level",
        translation_key="last_charge_level",
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        value_fn=_last_charge(lambda charge: charge.end_level - charge.start_level),
    ),
    StellantisSensorDescription(
        key="last_charge_duration",
        translation_key="last_charge_duration",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        value_fn=_last_charge(
            lambda charge: charge.duration.total_seconds() if charge.duration else None
        ),
    ),
    StellantisSensorDescription(
        key="last_charge_power",
        translation_key="last_charge_power",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=1,
        value_fn=_last_charge(lambda charge: charge.power),
    ),
)

TELEMETRY_DESCRIPTIONS = (
    SpeedLimitDescription(
        key="speed_limit",
        translation_key="speed_limit",
        capability=ADAS,
        device_class=SensorDeviceClass.SPEED,
        native_unit_of_measurement=UnitOfSpeed.KILOMETERS_PER_HOUR,
        suggested_display_precision=0,
        value_fn=lambda car: car.telemetry.adas.sli,
    ),
    TelemetryEnumDescription(
        key="gearbox_ratio",
        translation_key="gearbox_ratio",
        capability=TRANSMISSION,
        options=_names(GearboxRatio),
        value_fn=lambda car: car.telemetry.gearbox.ratio,
    ),
    TelemetryEnumDescription(
        key="wiper_speed",
        translation_key="wiper_speed",
        capability=WIPING_BLADES,
        options=_names(WipingSpeed),
        value_fn=lambda car: car.telemetry.wiping_blades.speed,
    ),
    TelemetryEnumDescription(
        key="park_assist_front",
        translation_key="park_assist_front",
        capability=ADAS,
        options=_names(ParkAssist),
        value_fn=lambda car: _worst(car.telemetry.adas.park_assist_front),
    ),
    TelemetryEnumDescription(
        key="park_assist_rear",
        translation_key="park_assist_rear",
        capability=ADAS,
        options=_names(ParkAssist),
        value_fn=lambda car: _worst(car.telemetry.adas.park_assist_rear),
    ),
    TelemetryEnumDescription(
        key="adaptive_cruise_control",
        translation_key="adaptive_cruise_control",
        capability=ADAS,
        options=_names(AdaptiveCruiseControl),
        value_fn=lambda car: car.telemetry.adas.accr,
    ),
    TelemetryEnumDescription(
        key="cruise_control",
        translation_key="cruise_control",
        capability=ADAS,
        options=_names(CruiseControl),
        value_fn=lambda car: car.telemetry.adas.rvv,
    ),
    TelemetryEnumDescription(
        key="emergency_braking",
        translation_key="emergency_braking",
        capability=ADAS,
        options=_names(EmergencyBraking),
        value_fn=lambda car: car.telemetry.adas.aebs,
    ),
    TelemetryEnumDescription(
        key="lane_departure_warning",
        translation_key="lane_departure_warning",
        capability=ADAS,
        options=_names(LaneDepartureWarning),
        value_fn=lambda car: car.telemetry.adas.afil,
    ),
    TelemetryEnumDescription(
        key="distance_assist",
        translation_key="distance_assist",
        capability=ADAS,
        options=_names(DistanceAssist),
        value_fn=lambda car: car.telemetry.adas.artiv,
    ),
    TelemetryEnumDescription(
        key="blind_spot_monitoring",
        translation_key="blind_spot_monitoring",
        capability=ADAS,
        options=_names(BlindSpotMonitoring),
        value_fn=lambda car: car.telemetry.adas.bsm,
    ),
    TelemetryEnumDescription(
        key="lane_keeping_right",
        translation_key="lane_keeping_right",
        capability=ADAS,
        options=_names(LaneKeeping),
        value_fn=lambda car: car.telemetry.adas.rlka,
    ),
    TelemetryEnumDescription(
        key="lane_keeping_left",
        translation_key="lane_keeping_left",
        capability=ADAS,
        options=_names(LaneKeeping),
        value_fn=lambda car: car.telemetry.adas.llka,
    ),
    TelemetryEnumDescription(
        key="gear_suggestion",
        translation_key="gear_suggestion",
        capability=ADAS,
        options=_names(GearIndicator),
        value_fn=lambda car: car.telemetry.adas.rgi,
    ),
)
