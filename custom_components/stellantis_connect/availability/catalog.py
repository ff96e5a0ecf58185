"""The data and the commands of the platform, and what each of them requires."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, override

from ..api.models.energy import Energy
from ..api.models.engine import Engine
from ..api.models.scope import Scope
from ..api.models.vehicle import Motorization
from ..coordinator import VehicleCoordinator
from ..models import VehicleState
from ..polling.endpoints import Endpoint

THERMIC = frozenset({Motorization.THERMIC})
ELECTRIC = frozenset({Motorization.ELECTRIC})
NOT_COMBUSTING = frozenset({Motorization.ELECTRIC, Motorization.HYDROGEN})

# The fields of a block without data.
_TIMES = {"created_at", "updated_at"}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where data of one kind come from, and what they require.

    Attributes:
        capability: their name in a car's list of data; None if they do not come from the car.
        scopes: the permissions required, all of them.
        endpoint: what is polled for them.
        on_request: whether only actions fetch them, and nothing keeps them.
        absent_in: the motorizations that have no such data.
        private: whether the privacy setting in the car can withhold them.
        for_end_users: whether the API for end users has them, not only the one for fleets.
        blocks_fn: returns the parts of the state that hold them, the outermost first.
    """

    capability: str | None = None
    scopes: frozenset[Scope] = frozenset({Scope.TELEMETRY})
    endpoint: Endpoint = Endpoint.STATUS
    on_request: bool = False
    absent_in: frozenset[Motorization] = frozenset()
    private: bool = True
    for_end_users: bool = True
    blocks_fn: Callable[[VehicleState], tuple[Any, ...]] = lambda state: ()

    def has_values(self, state: VehicleState) -> bool:
        """Return whether the outermost block holds more than its time."""
        block = next(iter(self.blocks_fn(state)), None)
        if block is None:
            return False
        empty = type(block)()
        return any(
            getattr(block, field.name) != getattr(empty, field.name)
            for field in fields(block)
            if field.compare and field.name not in _TIMES
        )


def _electric(state: VehicleState) -> Energy:
    return state.status.electric or Energy()


# What the integration itself holds.
LOCAL = Source(scopes=frozenset(), private=False)
STATUS = Source(blocks_fn=lambda state: (state.status,))
POSITION = Source(
    capability="data:position",
    scopes=frozenset({Scope.POSITION}),
    blocks_fn=lambda state: (state.status.last_position,),
)
ELECTRIC_ENERGY = Source(
    capability="data:telemetry:vehicle:energies",
    absent_in=THERMIC,
    blocks_fn=lambda state: (_electric(state),),
)
BATTERY_LOAD = Source(
    capability="data:telemetry:vehicle:energies",
    absent_in=THERMIC,
    blocks_fn=lambda state: (_electric(state), _electric(state).battery.load),
)
BATTERY_HEALTH = Source(
    capability="data:telemetry:vehicle:energies",
    absent_in=THERMIC,
    blocks_fn=lambda state: (_electric(state), _electric(state).battery.health),
)
FUEL_ENERGY = Source(
    capability="data:telemetry:vehicle:energies",
    absent_in=ELECTRIC,
    blocks_fn=lambda state: (state.status.fuel or Energy(),),
)
THERMIC_ENGINE = Source(
    capability="data:telemetry:vehicle:engines",
    absent_in=NOT_COMBUSTING,
    blocks_fn=lambda state: (state.status.thermic or Engine(),),
)
ELECTRIC_ENGINE = Source(
    capability="data:telemetry:vehicle:engines",
    absent_in=THERMIC,
    blocks_fn=lambda state: (state.status.electric_engine or Engine(),),
)
ODOMETER = Source(
    capability="data:telemetry:vehicle:odometer",
    blocks_fn=lambda state: (state.status.odometer,),
)
KINETIC = Source(
    capability="data:telemetry:vehicle:kinetic",
    blocks_fn=lambda state: (state.status.kinetic,),
)
IGNITION = Source(
    capability="data:telemetry:vehicle:ignition",
    blocks_fn=lambda state: (state.status.ignition,),
)
POWERTRAIN = Source(
    capability="data:telemetry:vehicle:powertrain",
    blocks_fn=lambda state: (state.status.powertrain,),
)
DOORS = Source(
    capability="data:telemetry:vehicle:doorsState",
    blocks_fn=lambda state: (state.status.doors_state,),
)
PRECONDITIONING = Source(
    capability="data:telemetry:vehicle:preconditioning",
    blocks_fn=lambda state: (state.status.preconditioning,),
)
AUXILIARY_BATTERY = Source(
    capability="data:telemetry:vehicle:battery",
    blocks_fn=lambda state: (state.status.battery,),
)
SAFETY = Source(
    capability="data:telemetry:vehicle:safety",
    blocks_fn=lambda state: (state.status.safety,),
)
AIR = Source(
    capability="data:telemetry:environment",
    blocks_fn=lambda state: (
        state.status.environment,
        state.status.environment.air,
    ),
)
LUMINOSITY = Source(
    capability="data:telemetry:environment",
    blocks_fn=lambda state: (
        state.status.environment,
        state.status.environment.luminosity,
    ),
)
DRIVING_BEHAVIOR = Source(
    capability="data:telemetry:vehicle:drivingBehavior",
    blocks_fn=lambda state: (state.status.driving_behavior,),
)
LIGHTING_SYSTEM = Source(
    capability="data:telemetry:vehicle:lightingSystem",
    blocks_fn=lambda state: (state.status.lighting_system,),
)
ALARM_STATUS = Source(
    capability="data:telemetry:vehicle:alarm",
    blocks_fn=lambda state: (state.status.alarm, state.status.alarm.status),
)
ALARM_TRIGGER = Source(
    capability="data:telemetry:vehicle:alarm",
    blocks_fn=lambda state: (state.status.alarm, state.status.alarm.trigger),
)
PRIVACY = Source(
    capability="data:telemetry:privacy",
    private=False,
    blocks_fn=lambda state: (state.status.privacy,),
)
MAINTENANCE = Source(
    capability="data:telemetry:vehicle:maintenance",
    endpoint=Endpoint.MAINTENANCE,
    blocks_fn=lambda state: (state.maintenance,),
)
TRANSMISSION = Source(
    capability="data:telemetry:vehicle:transmission",
    endpoint=Endpoint.TELEMETRY,
    blocks_fn=lambda state: (state.telemetry.gearbox,),
)
ADAS = Source(
    capability="data:telemetry:vehicle:adas",
    endpoint=Endpoint.TELEMETRY,
    blocks_fn=lambda state: (state.telemetry.adas,),
)
WIPING_BLADES = Source(
    capability="data:telemetry:vehicle:wipingBlades",
    endpoint=Endpoint.TELEMETRY,
    blocks_fn=lambda state: (state.telemetry.wiping_blades,),
)
ALARMS = Source(
    capability="data:telemetry:vehicle:alarm",
    endpoint=Endpoint.ALARMS,
    blocks_fn=lambda state: (state.history.alarms,),
)
ALERTS = Source(
    capability="data:alert",
    scopes=frozenset({Scope.ALERT}),
    endpoint=Endpoint.ALERTS,
    blocks_fn=lambda state: (state.history.alerts,),
)
COLLISIONS = Source(
    capability="data:collision",
    scopes=frozenset({Scope.COLLISION}),
    endpoint=Endpoint.COLLISIONS,
    blocks_fn=lambda state: (state.history.collisions,),
)
TRIPS = Source(
    capability="data:trip",
    scopes=frozenset({Scope.TRIP}),
    endpoint=Endpoint.TRIPS,
    blocks_fn=lambda state: (state.history.trips,),
)


@dataclass(frozen=True, kw_only=True)
class Datum[ValueT]:
    """A datum of a car: what it is, and where it comes from."""

    value_fn: Callable[[VehicleState], ValueT | None]
    source: Source = STATUS

    def value(self, car: VehicleCoordinator) -> ValueT | None:
        """Return the value in the car's present state; None if it is not known."""
        return self.value_fn(car.data)


@dataclass(frozen=True, kw_only=True)
class _Pictures(Datum[tuple[str, ...]]):
    """The pictures of a car, which come with the list of cars."""

    source: Source = LOCAL
    value_fn: Callable[[VehicleState], tuple[str, ...] | None] = lambda state: None

    @override
    def value(self, car: VehicleCoordinator) -> tuple[str, ...] | None:
        return car.vehicle.pictures or None


def _on_request(*scopes: Scope) -> Datum[object]:
    """Return a datum that actions fetch and nothing keeps."""
    source = Source(capability="data:trip", scopes=frozenset(scopes), on_request=True)
    return Datum(source=source, value_fn=lambda state: None)


def _with_positions(
    source: Source, value_fn: Callable[[VehicleState], object]
) -> Datum[object]:
    """Return the positions within data of a source."""
    return Datum(
        source=Source(
            capability=source.capability,
            scopes=source.scopes | {Scope.POSITION},
            endpoint=source.endpoint,
            blocks_fn=source.blocks_fn,
        ),
        value_fn=value_fn,
    )


_FOR_FLEETS: Datum[object] = Datum(
    source=Source(
        scopes=frozenset(), on_request=True, private=False, for_end_users=False
    ),
    value_fn=lambda state: None,
)

# The data that no entity shows by itself.
OTHER_DATA: Mapping[str, Datum[Any]] = {
    "altitude": Datum(
        source=POSITION, value_fn=lambda state: state.status.last_position.altitude
    ),
    "heading": Datum(
        source=POSITION, value_fn=lambda state: state.status.last_position.heading
    ),
    "position_type": Datum(
        source=POSITION, value_fn=lambda state: state.status.last_position.type
    ),
    "fix_status": Datum(
        source=POSITION, value_fn=lambda state: state.status.last_position.fix_status
    ),
    "signal_quality": Datum(
        source=POSITION,
        value_fn=lambda state: state.status.last_position.signal_quality,
    ),
    "alarm_position": _with_positions(
        ALARM_TRIGGER,
        lambda state: state.status.alarm.trigger.position.latitude,
    ),
    "alert_positions": _with_positions(
        ALERTS, lambda state: state.history.alerts.read_until
    ),
    "trip_positions": _with_positions(
        TRIPS, lambda state: state.history.trips.read_until
    ),
    "trip_waypoints": _on_request(Scope.TRIP, Scope.POSITION),
    "trip_alerts": _on_request(Scope.TRIP, Scope.ALERT),
    "pictures": _Pictures(),
    "fleet": _FOR_FLEETS,
    "uin": _FOR_FLEETS,
    "trip_telemetry": _FOR_FLEETS,
    "trip_collisions": _FOR_FLEETS,
    "remote_immobilization": _FOR_FLEETS,
    "remote_stolen": _FOR_FLEETS,
}


@dataclass(frozen=True, kw_only=True)
class Remote:
    """A command.

    Attributes:
        scope: the permission required.
        kind: its name among a car's remote capabilities.
        detail: what of that kind must be supported.
        absent_in: the motorizations that have no such command.
    """

    scope: Scope
    kind: str
    detail: str = "supported"
    absent_in: frozenset[Motorization] = frozenset()

    @property
    def scopes(self) -> frozenset[Scope]:
        """The permissions required."""
        return frozenset({self.scope})


def _preconditioning(detail: str) -> Remote:
    return Remote(scope=Scope.PRECONDITIONING, kind="preconditioning", detail=detail)


def _charging(detail: str) -> Remote:
    return Remote(
        scope=Scope.CHARGING, kind="charging", detail=detail, absent_in=THERMIC
    )


REMOTES: Mapping[str, Remote] = {
    "remote_door": Remote(scope=Scope.DOOR, kind="door"),
    "remote_horn": Remote(scope=Scope.HORN, kind="horn"),
    "remote_lights": Remote(scope=Scope.LIGHTS, kind="lights"),
    "remote_wake_up": Remote(scope=Scope.WAKEUP, kind="wakeup"),
    "remote_navigation": Remote(scope=Scope.NAVIGATION, kind="navigation"),
    "remote_preconditioning": _preconditioning("immediate"),
    "remote_preconditioning_programs": _preconditioning("programs_size"),
    "remote_charging_start": _charging("immediate_start"),
    "remote_charging_stop": _charging("immediate_stop"),
    "remote_charging_next_delayed_time": _charging("next_delayed_time"),
    "remote_charging_programs": _charging("programs_supported"),
    "remote_charging_power_level": _charging("preferences_level"),
    "remote_charging_type": _charging("preferences_type"),
}
