"""A client of Stellantis' API for end users; knows nothing of Home Assistant."""

from .alerts import (
    Alert as Alert,
    AlertSeverity as AlertSeverity,
    AlertType as AlertType,
)
from .blocks import (
    Air as Air,
    Alarm as Alarm,
    AlarmActivation as AlarmActivation,
    AlarmStatus as AlarmStatus,
    AlarmTrigger as AlarmTrigger,
    AlarmTriggerType as AlarmTriggerType,
    AuxiliaryBattery as AuxiliaryBattery,
    BeltState as BeltState,
    BeltStatus as BeltStatus,
    DoorsState as DoorsState,
    DrivingBehavior as DrivingBehavior,
    DrivingMode as DrivingMode,
    ECallTriggering as ECallTriggering,
    Environment as Environment,
    Ignition as Ignition,
    IgnitionType as IgnitionType,
    Kinetic as Kinetic,
    Light as Light,
    LightDirection as LightDirection,
    LightingSystem as LightingSystem,
    LightPosition as LightPosition,
    LightStatus as LightStatus,
    LockedState as LockedState,
    Luminosity as Luminosity,
    Odometer as Odometer,
    Opening as Opening,
    OpeningIdentifier as OpeningIdentifier,
    OpeningState as OpeningState,
    Powertrain as Powertrain,
    Preconditioning as Preconditioning,
    PreconditioningFailureCause as PreconditioningFailureCause,
    PreconditioningStartingCause as PreconditioningStartingCause,
    PreconditioningStatus as PreconditioningStatus,
    Privacy as Privacy,
    PrivacyState as PrivacyState,
    Safety as Safety,
    Seat as Seat,
    Service as Service,
    ServiceType as ServiceType,
)
from .brand import Brand as Brand, Platform as Platform
from .callbacks import (
    Callback as Callback,
    CallbackSubscribe as CallbackSubscribe,
    CallbackType as CallbackType,
)
from .client import TokenSource as TokenSource
from .clock import Clock as Clock
from .common import (
    Day as Day,
    FixStatus as FixStatus,
    Position as Position,
    PositionType as PositionType,
    Program as Program,
    Recurrence as Recurrence,
)
from .driving import (
    AdaptiveCruiseControl as AdaptiveCruiseControl,
    Adas as Adas,
    BlindSpotMonitoring as BlindSpotMonitoring,
    CruiseControl as CruiseControl,
    DistanceAssist as DistanceAssist,
    EmergencyBraking as EmergencyBraking,
    Gearbox as Gearbox,
    GearboxRatio as GearboxRatio,
    GearIndicator as GearIndicator,
    LaneDepartureWarning as LaneDepartureWarning,
    LaneKeeping as LaneKeeping,
    ParkAssist as ParkAssist,
    WipingBlades as WipingBlades,
    WipingSpeed as WipingSpeed,
)
from .energy import (
    BatteryHealth as BatteryHealth,
    BatteryLoad as BatteryLoad,
    Charging as Charging,
    ChargingMode as ChargingMode,
    ChargingPowerLevel as ChargingPowerLevel,
    ChargingStatus as ChargingStatus,
    ChargingType as ChargingType,
    Consumptions as Consumptions,
    Energy as Energy,
    EnergySubType as EnergySubType,
    EnergyType as EnergyType,
    Engine as Engine,
    EngineType as EngineType,
    PowertrainStatus as PowertrainStatus,
    TractionBattery as TractionBattery,
)
from .errors import (
    BadRequest as BadRequest,
    CertificateRejected as CertificateRejected,
    Forbidden as Forbidden,
    InvalidClient as InvalidClient,
    NonsenseAnswer as NonsenseAnswer,
    NotForThisVehicle as NotForThisVehicle,
    NotRegisteredToPlan as NotRegisteredToPlan,
    NoVehicles as NoVehicles,
    Outage as Outage,
    OutcomeUnknown as OutcomeUnknown,
    QuotaExceeded as QuotaExceeded,
    SignInNeeded as SignInNeeded,
    StellantisError as StellantisError,
    TransientError as TransientError,
    Unreachable as Unreachable,
)
from .identity import IdentityProvider as IdentityProvider
from .incidents import (
    AlarmDetails as AlarmDetails,
    Collision as Collision,
    CollisionDetails as CollisionDetails,
    CollisionSeverity as CollisionSeverity,
    CollisionSide as CollisionSide,
)
from .ledger import RateLimitLedger as RateLimitLedger
from .maintenance import Maintenance as Maintenance
from .monitors import (
    DataTrigger as DataTrigger,
    ExtendedEvent as ExtendedEvent,
    Monitor as Monitor,
    MonitoredData as MonitoredData,
    MonitorParameter as MonitorParameter,
    TriggerOperation as TriggerOperation,
    ZoneTransition as ZoneTransition,
    ZoneTrigger as ZoneTrigger,
)
from .paging import Collection as Collection
from .remote_actions import (
    MOST_POSITIONS as MOST_POSITIONS,
    PRECONDITIONING_SLOTS as PRECONDITIONING_SLOTS,
    AirConditioning as AirConditioning,
    ChargingPreference as ChargingPreference,
    ChargingPrograms as ChargingPrograms,
    DelayedCharging as DelayedCharging,
    Door as Door,
    Horn as Horn,
    ImmediateCharging as ImmediateCharging,
    Lights as Lights,
    Navigation as Navigation,
    RemoteAction as RemoteAction,
    WakeUp as WakeUp,
)
from .remotes import (
    RemoteFailureCause as RemoteFailureCause,
    RemoteFeedbackDetail as RemoteFeedbackDetail,
    RemoteState as RemoteState,
    RemoteStatus as RemoteStatus,
    RemoteType as RemoteType,
)
from .scope import Scope as Scope
from .status import Status as Status
from .stellantis import StellantisClient as StellantisClient
from .subscriptions import (
    Attribute as Attribute,
    AttributeType as AttributeType,
    SubscriptionStatus as SubscriptionStatus,
)
from .telemetry import (
    Telemetry as Telemetry,
    TelemetryExtension as TelemetryExtension,
    TelemetryKind as TelemetryKind,
)
from .trips import (
    EnergyConsumption as EnergyConsumption,
    LiteEnergy as LiteEnergy,
    Propulsion as Propulsion,
    Trip as Trip,
    TripFault as TripFault,
    TripFaultCause as TripFaultCause,
    TripSegment as TripSegment,
    TripState as TripState,
)
from .vehicle import (
    ChargingCapability as ChargingCapability,
    Motorization as Motorization,
    OnboardCapabilities as OnboardCapabilities,
    PreconditioningCapability as PreconditioningCapability,
    RemoteCapabilities as RemoteCapabilities,
    RemoteCapability as RemoteCapability,
    User as User,
    Vehicle as Vehicle,
)
