"""Sensors of a car and of its account."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
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
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM

from .api.models.adas import (
    AdaptiveCruiseControl,
    Adas,
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
    NO_ENERGY,
    ChargingMode,
    ChargingPowerLevel,
    ChargingState,
    ChargingStatus,
    ChargingType,
    Energy,
    EnergySubType,
    EnergyType,
)
from .api.models.engine import NO_ENGINE, Engine, PowertrainStatus
from .api.models.preconditioning import (
    PreconditioningFailureCause,
    PreconditioningStartingCause,
    PreconditioningStatus,
)
from .api.models.remotes import RemoteStatus
from .auth.certificate import certificate_expiration
from .availability.catalog import (
    ADAS,
    AIR,
    ALARM_TRIGGER,
    ALERTS,
    AUXILIARY_BATTERY,
    BATTERY_HEALTH,
    BATTERY_LOAD,
    DRIVING_BEHAVIOR,
    ELECTRIC_ENERGY,
    ELECTRIC_ENGINE,
    FUEL_ENERGY,
    IGNITION,
    KINETIC,
    MAINTENANCE,
    ODOMETER,
    POSITION,
    POWERTRAIN,
    PRECONDITIONING,
    PRIVACY,
    THERMIC_ENGINE,
    TRANSMISSION,
    TRIPS,
    WIPING_BLADES,
    Source,
)
from .availability.conditions import is_command_available
from .commands.models import CommandStage
from .commands.programs import program_attributes, time_of_day
from .coordinator import AccountCoordinator
from .entity import (
    AnyCommandDescription,
    CommandDescription,
    StellantisEntity,
    StellantisEntityDescription,
    account_device_info,
    async_setup_entities,
)
from .history.charging import Charge, EnergySource
from .history.consumption import Consumption
from .history.events import Attributes, alert_kind, position_data, state_of
from .models import VehicleState
from .runtime import StellantisConfigEntry, VehicleData
from .translation import alert_name

PARALLEL_UPDATES = 0

type SensorValue = float | datetime | time | StrEnum

# The account's sensors are polled: each request changes the number of those left.
SCAN_INTERVAL = timedelta(hours=1)
# More is noise of calculations with floats.
MAX_DECIMALS = 2
# Attributes of more alerts than these would exceed what the recorder takes.
MAX_LISTED_ALERTS = 50
# The logbook has a line for each change.
CHARGING_END_VARIANCE = timedelta(minutes=5)
# 100 km per liter in miles per US gallon.
MPG = 235.214583


@dataclass(frozen=True, kw_only=True)
class StellantisSensorDescription(
    SensorEntityDescription, StellantisEntityDescription[SensorValue]
):
    """A sensor of a car; members of an enumeration are shown by their names."""


@dataclass(frozen=True, kw_only=True)
class EnumDescription(StellantisSensorDescription):
    """A sensor whose states are the members of an enumeration."""

    device_class: SensorDeviceClass | None = SensorDeviceClass.ENUM


@dataclass(frozen=True, kw_only=True)
class MeasurementDescription(StellantisSensorDescription):
    """A sensor with statistics."""

    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT


@dataclass(frozen=True, kw_only=True)
class PercentageDescription(MeasurementDescription):
    """A sensor of a level."""

    native_unit_of_measurement: str | None = PERCENTAGE
    suggested_display_precision: int | None = 0


@dataclass(frozen=True, kw_only=True)
class RangeDescription(MeasurementDescription):
    """A sensor of a range."""

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
    """A sensor of the status of the latest command."""

    # The defaults of the first base win, even those that it inherits.
    device_class: SensorDeviceClass | None = SensorDeviceClass.ENUM


@dataclass(frozen=True, kw_only=True)
class WakeUpsDescription(CommandDescription[SensorValue], StellantisSensorDescription):
    """A sensor of the number of wake-ups of a car."""


@dataclass(frozen=True, kw_only=True)
class LastTripDescription(StellantisSensorDescription):
    """A sensor of the last trip."""

    source: Source = TRIPS


@dataclass(frozen=True, kw_only=True)
class FuelConsumptionDescription(StellantisSensorDescription):
    """A sensor of a fuel consumption, for which Home Assistant has no device class."""

    native_unit_of_measurement: str | None = "L/100 km"
    suggested_display_precision: int | None = 1


@dataclass(frozen=True, kw_only=True)
class CostDescription(StellantisSensorDescription):
    """A sensor of the cost of the last charge, in its currency."""

    device_class: SensorDeviceClass | None = SensorDeviceClass.MONETARY
    suggested_display_precision: int | None = 2


@dataclass(frozen=True, kw_only=True)
class TelemetryEnumDescription(EnumDescription):
    """A sensor of telemetry, which is fetched only while such an entity is enabled."""

    entity_registry_enabled_default: bool = False


class StellantisSensor(StellantisEntity[SensorValue], SensorEntity):
    """A sensor of a car."""

    entity_description: StellantisSensorDescription
    _unrecorded_attributes = frozenset({"alerts", "programs"})

    @property
    @override
    def native_value(self) -> float | datetime | str | None:
        match self.reported_value:
            case float() as number:
                return round(number, MAX_DECIMALS)
            case StrEnum() as member:
                return member.name.lower()
            case time() as time_of_day:
                return time_of_day.isoformat()
            case value:
                return value

    @property
    @override
    def suggested_unit_of_measurement(self) -> str | None:
        """Return the unit of consumption per distance, which no unit system has."""
        if (
            self.device_class is SensorDeviceClass.ENERGY_DISTANCE
            and self.hass.config.units is US_CUSTOMARY_SYSTEM
        ):
            return UnitOfEnergyDistance.MILES_PER_KILO_WATT_HOUR
        return super().suggested_unit_of_measurement


class FuelConsumptionSensor(StellantisSensor):
    """A sensor of a fuel consumption in the unit of the owner's unit system."""

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        if self.hass.config.units is US_CUSTOMARY_SYSTEM:
            return "mpg"
        return super().native_unit_of_measurement

    @property
    @override
    def native_value(self) -> float | datetime | str | None:
        value = super().native_value
        if self.hass.config.units is US_CUSTOMARY_SYSTEM and isinstance(
            value, int | float
        ):
            return MPG / value if value else None
        return value


class ChargingEndSensor(StellantisSensor):
    """A sensor of the end of a charge, without the small changes of an estimate."""

    _estimate: datetime | None = None

    @property
    @override
    def reported_value(self) -> datetime | None:
        end = self.coordinator.data.charging_end
        last = self._estimate
        if not (end and last and abs(end - last) < CHARGING_END_VARIANCE):
            self._estimate = end
        return self._estimate


class CostSensor(StellantisSensor):
    """A sensor of the cost of the last charge."""

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        """Return the currency."""
        return self.coordinator.data.history.charges.currency


@dataclass(frozen=True, kw_only=True)
class AccountSensorDescription(SensorEntityDescription):
    """A sensor of an account; it exists if the account has a value."""

    value_fn: Callable[[AccountCoordinator], int | datetime | None]
    entity_category: EntityCategory | None = EntityCategory.DIAGNOSTIC


class AccountSensor(SensorEntity):
    """A sensor of an account; updating it takes no request."""

    entity_description: AccountSensorDescription
    _attr_has_entity_name = True

    def __init__(
        self, account: AccountCoordinator, description: AccountSensorDescription
    ) -> None:
        """Initialize the sensor on the account's device."""
        entry = account.config_entry
        self.entity_description = description
        self._account = account
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{entry.unique_id}_{description.key}"
        self._attr_device_info = account_device_info(account)

    async def async_update(self) -> None:
        """Update the value."""
        self._attr_native_value = self.entity_description.value_fn(self._account)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: StellantisConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of each car, and of the account."""
    await async_setup_entities(entry, async_add_entities, _sensor, VEHICLE_DESCRIPTIONS)
    account = entry.runtime_data.account
    async_add_entities(
        (
            AccountSensor(account, description)
            for description in ACCOUNT_DESCRIPTIONS
            if description.value_fn(account) is not None
        ),
        update_before_add=True,
    )


def _sensor(
    vehicle: VehicleData, description: StellantisSensorDescription
) -> StellantisSensor:
    if isinstance(description, FuelConsumptionDescription):
        return FuelConsumptionSensor(vehicle, description)
    if description is CHARGING_END:
        return ChargingEndSensor(vehicle, description)
    if isinstance(description, CostDescription):
        return CostSensor(vehicle, description)
    return StellantisSensor(vehicle, description)


def _names(enumeration: type[StrEnum]) -> list[str]:
    return [member.name.lower() for member in enumeration]


def _liquid_fuel(car: VehicleState) -> Energy:
    """Return the fuel unless it is hydrogen, which is measured in kilograms."""
    is_hydrogen = car.fuel.sub_type is EnergySubType.HYDROGEN
    return NO_ENERGY if is_hydrogen else car.fuel


def _thermic(car: VehicleState) -> Engine:
    return car.status.thermic or NO_ENGINE


def _total_range(car: VehicleState) -> float | None:
    """Return the range of both energies of a car that has both."""
    electric, fuel = car.electric.autonomy, car.fuel.autonomy
    return None if electric is None or fuel is None else electric + fuel


def _charging_programs(hass: HomeAssistant, car: VehicleState) -> Attributes:
    programs = car.electric.charging.programs
    return {"programs": [program_attributes(program) for program in programs]}


def _enabled_charging_programs(car: VehicleState) -> int | None:
    programs = car.electric.charging.programs
    return sum(bool(one.enabled) for one in programs) if programs else None


def _last_stage(car: VehicleState) -> CommandStage | RemoteStatus | None:
    command = car.commands.current
    return command.stage if command else None


def _alarm_attributes(hass: HomeAssistant, car: VehicleState) -> Attributes:
    trigger = car.status.alarm.trigger
    return {
        "started_at": trigger.start_at,
        **position_data(trigger.position),
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
            for alert in car.history.alerts.open[-MAX_LISTED_ALERTS:]
        ]
    }


def _last_used(
    energy: EnergyType, part: Callable[[Consumption], float | None]
) -> Callable[[VehicleState], float | None]:
    """Return a part of the last trip's consumption of an energy."""

    def value(car: VehicleState) -> float | None:
        last = car.history.last_consumptions.get(energy)
        return part(last) if last else None

    return value


def _is_estimated(
    energy: EnergyType,
) -> Callable[[HomeAssistant, VehicleState], Attributes]:
    """Return whether the consumption of the last trip is estimated from levels."""

    def attributes(hass: HomeAssistant, car: VehicleState) -> Attributes:
        last = car.history.last_consumptions.get(energy)
        return {"estimated": last.estimated} if last else {}

    return attributes


def _cost_attributes(hass: HomeAssistant, car: VehicleState) -> Attributes:
    """Return the price per kWh of the last charge, and its zone."""
    charge = car.history.charges.latest
    if charge is None or charge.price is None:
        return {}
    return {"price": charge.price, "zone": charge.place.zone}


def _last_charge[T](
    part: Callable[[Charge], T | None],
) -> Callable[[VehicleState], T | None]:
    """Return a part of the last charge."""

    def value(car: VehicleState) -> T | None:
        charge = car.history.charges.latest
        return part(charge) if charge else None

    return value


def _is_electric(car: VehicleState) -> bool:
    return car.status.electric is not None


def _charging_power(car: VehicleState) -> float | None:
    power = car.charging_power
    return power.value if power else None


def _is_power_estimated(hass: HomeAssistant, car: VehicleState) -> Attributes:
    power = car.charging_power
    return {"estimated": power is not None and power.source is EnergySource.LEVELS}


def _energy_charged(car: VehicleState) -> float | None:
    """Return the energy charged, unless that of charges is not known at all."""
    charged, capacity = car.history.charged, car.usable_capacity
    if charged is None or (not charged.total and capacity is None):
        return None
    return charged.total


def _has_battery_load(car: VehicleState) -> bool:
    load = car.electric.battery.load
    return load.capacity is not None or load.residual is not None


def _battery_health(car: VehicleState) -> float | None:
    health = car.history.charges.battery_health
    return health.percent if health else None


def _battery_health_attributes(hass: HomeAssistant, car: VehicleState) -> Attributes:
    health = car.history.charges.battery_health
    if health is None:
        return {}
    return {
        "sessions": health.charges,
        "reference_capacity": health.reference,
        "since": health.since,
    }


def _worst(states: tuple[ParkAssist, ...]) -> ParkAssist | None:
    """Return the first in the order of the enumeration, which lists faults first."""
    return min(states, key=[*ParkAssist].index, default=None)


def _adas(
    key: str, enumeration: type[StrEnum], state_fn: Callable[[Adas], StrEnum | None]
) -> TelemetryEnumDescription:
    """Return the description of the state of a driver assistance system."""
    return TelemetryEnumDescription(
        key=key,
        source=ADAS,
        options=_names(enumeration),
        value_fn=lambda car: state_fn(car.telemetry.adas),
    )


CHARGING_END = StellantisSensorDescription(
    key="charging_end",
    source=ELECTRIC_ENERGY,
    device_class=SensorDeviceClass.TIMESTAMP,
    exists_fn=_is_electric,
    value_fn=lambda car: car.charging_end,
    attributes_fn=lambda hass, car: {"estimated": car.is_charging_to_limit},
)

STATUS_DESCRIPTIONS = (
    PercentageDescription(
        key="battery_level",
        source=ELECTRIC_ENERGY,
        device_class=SensorDeviceClass.BATTERY,
        value_fn=lambda car: car.electric.level,
    ),
    RangeDescription(
        key="electric_range",
        source=ELECTRIC_ENERGY,
        value_fn=lambda car: car.electric.autonomy,
    ),
    RangeDescription(
        key="fuel_range",
        source=FUEL_ENERGY,
        value_fn=lambda car: car.fuel.autonomy,
    ),
    RangeDescription(
        key="total_range",
        source=ELECTRIC_ENERGY,
        value_fn=_total_range,
    ),
    PercentageDescription(
        key="fuel_level",
        source=FUEL_ENERGY,
        value_fn=lambda car: car.fuel.level,
    ),
    StellantisSensorDescription(
        key="odometer",
        source=ODOMETER,
        device_class=SensorDeviceClass.DISTANCE,
        native_unit_of_measurement=UnitOfLength.KILOMETERS,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=0,
        value_fn=lambda car: car.status.odometer.mileage,
    ),
    EnumDescription(
        key="charging_state",
        source=ELECTRIC_ENERGY,
        # Plug and charge in one, for charge controllers.
        entity_category=EntityCategory.DIAGNOSTIC,
        options=_names(ChargingState),
        value_fn=lambda car: car.electric.charging_state,
    ),
    EnumDescription(
        key="charging_status",
        source=ELECTRIC_ENERGY,
        entity_category=EntityCategory.DIAGNOSTIC,
        options=_names(ChargingStatus),
        # The charging state is made of it and of the plug.
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.electric.charging.status,
    ),
    EnumDescription(
        key="charging_mode",
        source=ELECTRIC_ENERGY,
        options=_names(ChargingMode),
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.electric.charging.charging_mode,
    ),
    MeasurementDescription(
        key="charging_rate",
        source=ELECTRIC_ENERGY,
        device_class=SensorDeviceClass.SPEED,
        native_unit_of_measurement=UnitOfSpeed.KILOMETERS_PER_HOUR,
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.electric.charging.charging_rate,
    ),
    CHARGING_END,
    MeasurementDescription(
        key="charging_power",
        source=ELECTRIC_ENERGY,
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=1,
        exists_fn=_is_electric,
        value_fn=_charging_power,
        attributes_fn=_is_power_estimated,
    ),
    StellantisSensorDescription(
        key="charging_next_delayed_time",
        source=ELECTRIC_ENERGY,
        replaced_fn=lambda car: is_command_available(
            car, "remote_charging_next_delayed_time"
        ),
        value_fn=lambda car: time_of_day(car.electric.charging.next_delayed_time),
    ),
    EnumDescription(
        key="charging_power_level",
        source=ELECTRIC_ENERGY,
        options=_names(ChargingPowerLevel),
        entity_category=EntityCategory.DIAGNOSTIC,
        replaced_fn=lambda car: is_command_available(
            car, "remote_charging_power_level"
        ),
        value_fn=lambda car: car.electric.charging.charging_power_level,
    ),
    EnumDescription(
        key="charging_type",
        source=ELECTRIC_ENERGY,
        options=_names(ChargingType),
        entity_category=EntityCategory.DIAGNOSTIC,
        replaced_fn=lambda car: is_command_available(car, "remote_charging_type"),
        value_fn=lambda car: car.electric.charging.type,
    ),
    StellantisSensorDescription(
        key="charging_programs",
        source=ELECTRIC_ENERGY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_enabled_charging_programs,
        attributes_fn=_charging_programs,
    ),
    StellantisSensorDescription(
        key="battery_capacity",
        source=BATTERY_LOAD,
        device_class=SensorDeviceClass.ENERGY_STORAGE,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.electric.battery.load.capacity,
    ),
    MeasurementDescription(
        key="battery_residual",
        source=BATTERY_LOAD,
        device_class=SensorDeviceClass.ENERGY_STORAGE,
        native_unit_of_measurement=UnitOfEnergy.WATT_HOUR,
        suggested_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.electric.battery.load.residual,
    ),
    PercentageDescription(
        key="battery_health_capacity",
        source=BATTERY_HEALTH,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda car: car.electric.battery.health.capacity,
    ),
    PercentageDescription(
        key="battery_health_resistance",
        source=BATTERY_HEALTH,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.electric.battery.health.resistance,
    ),
    FuelConsumptionDescription(
        key="fuel_consumption_instant",
        source=FUEL_ENERGY,
        state_class=SensorStateClass.MEASUREMENT,
        entity_registry_enabled_default=False,
        value_fn=lambda car: _liquid_fuel(car).consumptions.instant,
    ),
    StellantisSensorDescription(
        key="fuel_consumption_total",
        source=FUEL_ENERGY,
        device_class=SensorDeviceClass.VOLUME,
        native_unit_of_measurement=UnitOfVolume.LITERS,
        suggested_display_precision=1,
        # No state class: models are known to disagree on the unit.
        entity_registry_enabled_default=False,
        value_fn=lambda car: _liquid_fuel(car).consumptions.total,
    ),
    MeasurementDescription(
        key="electric_consumption_instant",
        source=ELECTRIC_ENERGY,
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.electric.consumptions.instant,
    ),
    TemperatureDescription(
        key="outside_temperature",
        source=AIR,
        value_fn=lambda car: car.status.environment.air.temp,
    ),
    MeasurementDescription(
        key="speed",
        source=KINETIC,
        device_class=SensorDeviceClass.SPEED,
        native_unit_of_measurement=UnitOfSpeed.KILOMETERS_PER_HOUR,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.kinetic.speed,
    ),
    MeasurementDescription(
        key="acceleration",
        source=KINETIC,
        native_unit_of_measurement="m/s²",
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.kinetic.acceleration,
    ),
    TemperatureDescription(
        key="oil_temperature",
        source=THERMIC_ENGINE,
        entity_registry_enabled_default=False,
        value_fn=lambda car: _thermic(car).oil_temp,
    ),
    PercentageDescription(
        key="oil_level",
        source=THERMIC_ENGINE,
        entity_registry_enabled_default=False,
        value_fn=lambda car: _thermic(car).oil_level,
    ),
    TemperatureDescription(
        key="coolant_temperature",
        source=THERMIC_ENGINE,
        entity_registry_enabled_default=False,
        value_fn=lambda car: _thermic(car).coolant_temp,
    ),
    PercentageDescription(
        key="coolant_level",
        source=THERMIC_ENGINE,
        entity_registry_enabled_default=False,
        value_fn=lambda car: _thermic(car).coolant_level,
    ),
    TemperatureDescription(
        key="engine_air_temperature",
        source=THERMIC_ENGINE,
        entity_registry_enabled_default=False,
        value_fn=lambda car: _thermic(car).air_temp,
    ),
    MeasurementDescription(
        key="thermic_engine_speed",
        source=THERMIC_ENGINE,
        native_unit_of_measurement=REVOLUTIONS_PER_MINUTE,
        entity_registry_enabled_default=False,
        value_fn=lambda car: _thermic(car).speed,
    ),
    MeasurementDescription(
        key="electric_engine_speed",
        source=ELECTRIC_ENGINE,
        native_unit_of_measurement=REVOLUTIONS_PER_MINUTE,
        entity_registry_enabled_default=False,
        value_fn=lambda car: (car.status.electric_engine or NO_ENGINE).speed,
    ),
    EnumDescription(
        key="ignition",
        source=IGNITION,
        options=_names(IgnitionType),
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.ignition.type,
    ),
    EnumDescription(
        key="powertrain",
        source=POWERTRAIN,
        options=_names(PowertrainStatus),
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.powertrain.status,
    ),
    EnumDescription(
        key="driving_mode",
        source=DRIVING_BEHAVIOR,
        options=_names(DrivingMode),
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.driving_behavior.mode,
    ),
    EnumDescription(
        key="privacy",
        source=PRIVACY,
        options=_names(PrivacyState),
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda car: car.status.privacy.state,
    ),
    PercentageDescription(
        key="auxiliary_battery_level",
        source=AUXILIARY_BATTERY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda car: car.status.battery.level,
    ),
    EnumDescription(
        key="preconditioning_status",
        source=PRECONDITIONING,
        options=_names(PreconditioningStatus),
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.preconditioning.status,
    ),
    EnumDescription(
        key="preconditioning_starting_cause",
        source=PRECONDITIONING,
        options=_names(PreconditioningStartingCause),
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.preconditioning.starting_cause,
    ),
    EnumDescription(
        key="preconditioning_failure_cause",
        source=PRECONDITIONING,
        options=_names(PreconditioningFailureCause),
        value_fn=lambda car: car.status.preconditioning.failure_cause,
    ),
    StellantisSensorDescription(
        key="days_before_maintenance",
        source=MAINTENANCE,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.DAYS,
        value_fn=lambda car: car.maintenance.days_before_maintenance,
    ),
    StellantisSensorDescription(
        key="mileage_before_maintenance",
        source=MAINTENANCE,
        device_class=SensorDeviceClass.DISTANCE,
        native_unit_of_measurement=UnitOfLength.KILOMETERS,
        suggested_display_precision=0,
        value_fn=lambda car: car.maintenance.mileage_before_maintenance,
    ),
    StellantisSensorDescription(
        key="last_update",
        is_local=True,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        # The logbook would have a line for each update of the car.
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.updated_at,
    ),
    StellantisSensorDescription(
        key="position_time",
        source=POSITION,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.status.last_position.created_at,
    ),
    LastCommandDescription(
        key="last_command",
        # Each control shows the progress of its own command.
        entity_registry_enabled_default=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        options=[*_names(CommandStage), *_names(RemoteStatus)],
        value_fn=_last_stage,
    ),
    WakeUpsDescription(
        key="wake_ups",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.TOTAL_INCREASING,
        remotes=("remote_wake_up",),
        value_fn=lambda car: car.commands.wake_ups.count_of_this_month,
    ),
)

ACCOUNT_DESCRIPTIONS = (
    AccountSensorDescription(
        key="requests_left",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda account: account.quota.rate_limiter.remaining_today,
    ),
    AccountSensorDescription(
        key="certificate_expires",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda account: certificate_expiration(account.config_entry.data),
    ),
)

HISTORY_DESCRIPTIONS = (
    EnumDescription(
        key="alarm_trigger",
        source=ALARM_TRIGGER,
        # The binary sensor shows whether, the event shows what.
        entity_registry_enabled_default=False,
        options=_names(AlarmTriggerType),
        value_fn=lambda car: car.status.alarm.trigger.type,
        attributes_fn=_alarm_attributes,
    ),
    StellantisSensorDescription(
        key="active_alerts",
        source=ALERTS,
        value_fn=_active_alerts,
        attributes_fn=_alert_list,
    ),
    LastTripDescription(
        key="last_trip_end",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda car: car.history.last_trip.stopped_at,
    ),
    LastTripDescription(
        key="last_trip_distance",
        device_class=SensorDeviceClass.DISTANCE,
        native_unit_of_measurement=UnitOfLength.KILOMETERS,
        suggested_display_precision=1,
        value_fn=lambda car: car.history.last_trip.distance,
        attributes_fn=lambda hass, car: {"ended_at": car.history.last_trip.stopped_at},
    ),
    LastTripDescription(
        key="last_trip_duration",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.history.last_trip.duration,
    ),
    LastTripDescription(
        key="last_trip_average_speed",
        device_class=SensorDeviceClass.SPEED,
        native_unit_of_measurement=UnitOfSpeed.KILOMETERS_PER_HOUR,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.history.last_trip.avg_speed,
    ),
    LastTripDescription(
        key="last_trip_top_speed",
        device_class=SensorDeviceClass.SPEED,
        native_unit_of_measurement=UnitOfSpeed.KILOMETERS_PER_HOUR,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=lambda car: car.history.last_trip.max_speed,
    ),
    LastTripDescription(
        key="last_trip_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        value_fn=_last_used(EnergyType.ELECTRIC, lambda one: one.amount),
        attributes_fn=_is_estimated(EnergyType.ELECTRIC),
    ),
    LastTripDescription(
        key="last_trip_electric_consumption",
        device_class=SensorDeviceClass.ENERGY_DISTANCE,
        native_unit_of_measurement=UnitOfEnergyDistance.KILO_WATT_HOUR_PER_100_KM,
        suggested_display_precision=1,
        # Home Assistant can't convert 0 kWh per 100 km to km per kWh.
        value_fn=_last_used(EnergyType.ELECTRIC, lambda one: one.average or None),
        attributes_fn=_is_estimated(EnergyType.ELECTRIC),
    ),
    LastTripDescription(
        key="last_trip_fuel",
        device_class=SensorDeviceClass.VOLUME,
        native_unit_of_measurement=UnitOfVolume.LITERS,
        suggested_display_precision=1,
        value_fn=_last_used(EnergyType.FUEL, lambda one: one.amount),
    ),
    FuelConsumptionDescription(
        key="last_trip_fuel_consumption",
        source=TRIPS,
        value_fn=_last_used(EnergyType.FUEL, lambda one: one.average),
    ),
    StellantisSensorDescription(
        key="energy_charged",
        source=ELECTRIC_ENERGY,
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=1,
        exists_fn=_is_electric,
        value_fn=_energy_charged,
    ),
    PercentageDescription(
        key="battery_health_measured",
        source=ELECTRIC_ENERGY,
        entity_category=EntityCategory.DIAGNOSTIC,
        suggested_display_precision=1,
        exists_fn=_has_battery_load,
        value_fn=_battery_health,
        attributes_fn=_battery_health_attributes,
    ),
    StellantisSensorDescription(
        key="last_charge_end",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=_last_charge(lambda charge: charge.ended_at),
    ),
    StellantisSensorDescription(
        key="last_charge_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        value_fn=_last_charge(lambda charge: charge.energy),
    ),
    CostDescription(
        key="last_charge_cost",
        value_fn=_last_charge(lambda charge: charge.cost),
        attributes_fn=_cost_attributes,
    ),
    StellantisSensorDescription(
        key="last_charge_level",
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=_last_charge(lambda charge: charge.end_level - charge.start_level),
    ),
    StellantisSensorDescription(
        key="last_charge_duration",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.MINUTES,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=_last_charge(
            lambda charge: charge.duration.total_seconds() if charge.duration else None
        ),
    ),
    StellantisSensorDescription(
        key="last_charge_power",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        value_fn=_last_charge(lambda charge: charge.power),
    ),
)

TELEMETRY_DESCRIPTIONS = (
    StellantisSensorDescription(
        key="speed_limit",
        source=ADAS,
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.SPEED,
        native_unit_of_measurement=UnitOfSpeed.KILOMETERS_PER_HOUR,
        suggested_display_precision=0,
        value_fn=lambda car: car.telemetry.adas.sli,
    ),
    TelemetryEnumDescription(
        key="gearbox_ratio",
        source=TRANSMISSION,
        options=_names(GearboxRatio),
        value_fn=lambda car: car.telemetry.gearbox.ratio,
    ),
    TelemetryEnumDescription(
        key="wiper_speed",
        source=WIPING_BLADES,
        options=_names(WipingSpeed),
        value_fn=lambda car: car.telemetry.wiping_blades.speed,
    ),
    _adas("park_assist_front", ParkAssist, lambda adas: _worst(adas.park_assist_front)),
    _adas("park_assist_rear", ParkAssist, lambda adas: _worst(adas.park_assist_rear)),
    _adas("adaptive_cruise_control", AdaptiveCruiseControl, lambda adas: adas.accr),
    _adas("cruise_control", CruiseControl, lambda adas: adas.rvv),
    _adas("emergency_braking", EmergencyBraking, lambda adas: adas.aebs),
    _adas("lane_departure_warning", LaneDepartureWarning, lambda adas: adas.afil),
    _adas("distance_assist", DistanceAssist, lambda adas: adas.artiv),
    _adas("blind_spot_monitoring", BlindSpotMonitoring, lambda adas: adas.bsm),
    _adas("lane_keeping_right", LaneKeeping, lambda adas: adas.rlka),
    _adas("lane_keeping_left", LaneKeeping, lambda adas: adas.llka),
    _adas("gear_suggestion", GearIndicator, lambda adas: adas.rgi),
)

VEHICLE_DESCRIPTIONS = (
    STATUS_DESCRIPTIONS + HISTORY_DESCRIPTIONS + TELEMETRY_DESCRIPTIONS
)
